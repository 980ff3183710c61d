"""What was chosen when the session had ended comes back into the form that shows the same, or is said to be lost."""

import pytest
from flask import Flask

from app.domain.meetings import PollBy
from app.services.ballot_turns import TurnBack, withdraw_ballot
from tests.browsing import Browser, Page, squeeze
from tests.builders import World
from tests.meetings import YES, Sitting
from tests.outside_sheets import differing, office
from tests.signed_out import send_signed_out, sign_in_again, typed_again

FILLED_IN = (
    "Bạn đã bị đăng xuất trước khi lưu. Nội dung bạn nhập hoặc chọn đã được điền lại nhưng chưa được lưu:"
    " hãy kiểm tra rồi gửi."
)
TYPED = "Bạn đã bị đăng xuất trước khi nội dung này được lưu. Hãy kiểm tra lại rồi lưu."
LOST = (
    "Nội dung bạn gửi khi phiên đăng nhập đã kết thúc chưa được lưu và không thể điền lại vào biểu mẫu trên trang này."
    " Hãy xem tình trạng hiện tại rồi chọn hoặc nhập lại."
)
HANDS = "form[action$='/hands']"


class Council(Sitting):
    """A council with a browser for one of its members."""

    def __init__(self, world: World, browser: Browser) -> None:
        super().__init__(world)
        self.browser = browser
        self.url = f"/council/{self.contest.id}"

    def as_member(self, number: int) -> "Council":
        self.user = self.users[number]
        self.browser.sign_in(self.user)
        return self

    def form(self, page: str, form: str) -> dict[str, str]:
        return self.browser.get(f"{self.url}{page}").values(form)


@pytest.fixture
def council(world: World, browser: Browser) -> Council:
    return Council(world, browser)


def marks(page: Page) -> list[str]:
    """What stands in forms that were filled in."""
    return [squeeze(mark) for mark in page.select("form .saved-beside")]


def unkept(page: Page) -> list[str]:
    return [squeeze(text) for text in page.select("p.not-kept")]


def test_the_page_on_which_to_sign_in_promises_no_more_than_is_done(council: Council) -> None:
    council.open_ballot()
    council.as_member(2)
    paper = council.form("", "form[action$='#ballot']")

    page = send_signed_out(council.browser, council.url, paper | {f"choice_{council.entries[0].id}": "no"})

    [told] = page.flashes
    assert told == (
        "Phiên đăng nhập đã kết thúc nên chưa lưu được gì. Sau khi bạn đăng nhập, nội dung đã nhập hoặc chọn sẽ hiện"
        " lại, trừ khi trang đã thay đổi: hãy xem lại rồi gửi."
    )


def test_a_ballot_paper_comes_back_as_it_was_filled_in(council: Council) -> None:
    council.open_ballot()
    council.as_member(2)
    first, second = (f"choice_{entry.id}" for entry in council.entries[:2])
    paper = council.form("", "form[action$='#ballot']") | {first: "no", second: "abstain"}

    page = typed_again(council.browser, council.user, council.url, paper)

    shown = page.values("form[action$='#ballot']")
    assert {name: text for name, text in shown.items() if name.startswith("choice")} == {
        first: "no",
        second: "abstain",
    }
    assert (page.flashes, marks(page)) == ([FILLED_IN], ["Đã điền lại, chưa gửi"])
    assert council.votes == []
    assert council.form("", "form[action$='#ballot']").get(first) is None


def test_a_ballot_paper_over_which_another_was_sent_does_not_come_back(council: Council, app: Flask) -> None:
    council.open_ballot()
    council.as_member(2)
    old_tab = council.form("", "form[action$='#ballot']")
    votes = {f"choice_{entry.id}": "yes" for entry in council.entries[:3]}
    council.browser.post(council.url, old_tab | votes)

    page = typed_again(council.browser, council.user, council.url, old_tab | dict.fromkeys(votes, "no"))

    assert page.flashes[0] == LOST
    assert page.values("form[action$='#ballot']").items() >= votes.items()


def test_a_ballot_paper_of_a_withdrawn_ballot_is_said_to_be_lost(council: Council) -> None:
    council.open_ballot()
    council.as_member(2)
    paper = council.form("", "form[action$='#ballot']") | {f"choice_{council.entries[0].id}": "no"}
    asked = send_signed_out(council.browser, council.url, paper)
    council.do(withdraw_ballot, TurnBack(council.contest.id, "Thiếu."), by=council.organiser)
    sign_in_again(council.browser, council.user, asked)

    page = council.browser.follow()

    assert (page.flashes[0], unkept(page)) == (LOST, [])


def test_a_vote_that_was_pressed_is_named_and_not_cast(council: Council) -> None:
    council.begin().take()
    council.as_member(2)
    address = f"{council.url}/meeting"
    vote = council.form("/meeting", ".vote-buttons") | {"choice": "no"}

    page = typed_again(council.browser, council.user, address, vote, to=f"{address}/vote")

    [told] = page.flashes
    assert told == (
        "Bạn đã bị đăng xuất trước khi lựa chọn “Không đồng ý” được gửi nên chưa lưu được gì. Nếu vẫn giữ lựa chọn"
        " này, hãy bấm lại."
    )
    assert (council.votes, page.select("[aria-pressed]")) == ([], [])


def test_a_vote_on_one_product_is_not_offered_for_the_next(council: Council) -> None:
    poll = council.begin().take()
    council.as_member(2)
    address = f"{council.url}/meeting"
    vote = council.form("/meeting", ".vote-buttons") | {"choice": "no"}
    asked = send_signed_out(council.browser, address, vote, to=f"{address}/vote")
    for member in (0, 1, 3, 4):
        council.vote(poll, member, YES)
    council.count(poll, without_them=True)
    council.go(1)
    council.take()
    sign_in_again(council.browser, council.user, asked)

    assert council.browser.follow().flashes == [LOST]


def test_counts_of_hands_come_back_into_the_same_vote(council: Council) -> None:
    council.begin().take(PollBy.HANDS)
    council.as_member(1)
    console = f"{council.url}/console"
    typed = {"hands-yes": "3", "hands-no": "1", "hands-abstain": "x<1"}

    page = typed_again(
        council.browser, council.user, console, council.form("/console", HANDS) | typed, to=f"{console}/hands"
    )

    assert page.values(HANDS).items() >= typed.items()
    assert (page.flashes, marks(page)) == ([FILLED_IN], ["Đã điền lại, chưa gửi"])


def test_counts_of_hands_never_come_back_into_another_vote(council: Council) -> None:
    poll = council.begin().take(PollBy.HANDS)
    council.as_member(1)
    console = f"{council.url}/console"
    typed = council.form("/console", HANDS) | {"hands-yes": "3", "hands-no": "2", "hands-abstain": "0"}
    asked = send_signed_out(council.browser, console, typed, to=f"{console}/hands")
    council.annul(poll)
    council.take(PollBy.HANDS)
    sign_in_again(council.browser, council.user, asked)

    page = council.browser.follow()

    assert page.flashes == [LOST]
    assert [page.values(HANDS)[f"hands-{name}"] for name in ("yes", "no", "abstain")] == ["", "", ""]


def test_a_remark_comes_back_as_one_on_its_product_when_the_next_is_before_the_council(
    council: Council,
) -> None:
    council.begin()
    council.as_member(1)
    console = f"{council.url}/console"
    remark = council.form("/console", "form[action$='/remark']") | {"remark-text": "Bao bì <b>đẹp</b>."}
    asked = send_signed_out(council.browser, console, remark, to=f"{console}/remark")
    council.go(1)
    sign_in_again(council.browser, council.user, asked)

    page = council.browser.follow()

    back = page.values("form[action$='/remark']")
    assert (page.flashes, unkept(page)) == ([TYPED], [])
    assert {name: back[name] for name in remark if name.startswith("remark-")} == {
        name: text for name, text in remark.items() if name.startswith("remark-")
    }


def test_a_remark_on_the_same_product_comes_back(council: Council) -> None:
    council.begin()
    council.as_member(1)
    console = f"{council.url}/console"
    remark = council.form("/console", "form[action$='/remark']") | {"remark-text": "Đẹp & bền.\nNên chọn."}

    page = typed_again(council.browser, council.user, console, remark, to=f"{console}/remark")

    assert page.values("form[action$='/remark']")["remark-text"] == "Đẹp & bền.\nNên chọn."
    assert page.flashes == [TYPED]


def test_the_place_of_a_meeting_that_somebody_else_opened_is_shown_as_not_kept(council: Council) -> None:
    council.open_ballot()
    council.as_member(1)
    console = f"{council.url}/console"
    opening = council.form("/console", "form[action$='/open']") | {"opening-place": "Phòng số 5"}
    asked = send_signed_out(council.browser, console, opening, to=f"{console}/open")
    council.meet()
    sign_in_again(council.browser, council.user, asked)

    page = council.browser.follow()

    assert [squeeze(fact) for fact in page.select("dl.not-kept .fact")] == [
        "Địa điểm họp hội đồng Phòng số 5"
    ]
    assert (page.flashes, unkept(page)) == ([], [])


def test_the_choice_between_two_typings_comes_back(world: World, browser: Browser) -> None:
    desk = office(world)
    page = differing(desk, browser)
    form = browser.get(page).values("form[action$='/differences']")
    chosen = form | {"choice_L2": str(desk.organiser.id)}

    shown = typed_again(browser, desk.second, page, chosen)

    assert shown.values("form[action$='/differences']")["choice_L2"] == str(desk.organiser.id)
    assert (shown.flashes, marks(shown)) == ([FILLED_IN], ["Đã điền lại, chưa gửi"])


def test_a_choice_between_typings_that_are_gone_is_said_to_be_lost(world: World, browser: Browser) -> None:
    desk = office(world)
    page = differing(desk, browser)
    form = browser.get(page).values("form[action$='/differences']")
    asked = send_signed_out(browser, page, form | {"choice_L2": str(desk.organiser.id)})
    other = Browser(browser.app)
    other.sign_in(desk.organiser)
    other.post(page.replace("differences", "again"), {"seen": form["seen"]})
    sign_in_again(browser, desk.second, asked)

    browser.get(page, status=303)
    key = browser.get(page.removesuffix("/differences"))

    assert key.flashes[-1] == "Nội dung bạn gửi khi phiên đăng nhập đã kết thúc chưa được lưu."


def test_a_ballot_paper_of_a_tab_from_before_signing_in_anew_comes_back_too(council: Council) -> None:
    council.open_ballot()
    council.as_member(2)
    choice = f"choice_{council.entries[0].id}"
    paper = council.form("", "form[action$='#ballot']") | {choice: "no"}
    council.browser.sign_out()
    council.as_member(2)

    own_page = {"Origin": "http://localhost", "Referer": f"http://localhost{council.url}"}
    council.browser.post(council.url, paper, headers=own_page)
    page = council.browser.follow()

    assert page.flashes == ["Chưa lưu được gì vì bạn vừa đăng nhập lại.", FILLED_IN]
    assert page.values("form[action$='#ballot']")[choice] == "no"


def test_somebody_else_at_the_browser_is_told_nothing(council: Council) -> None:
    council.open_ballot()
    council.as_member(2)
    paper = council.form("", "form[action$='#ballot']") | {f"choice_{council.entries[0].id}": "no"}
    asked = send_signed_out(council.browser, council.url, paper)
    sign_in_again(council.browser, council.users[3], asked)

    page = council.browser.follow()

    assert (page.flashes, marks(page)) == ([], [])
