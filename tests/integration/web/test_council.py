"""A council member's pages: the jury's list and the ballot."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.domain.contests import COUNCIL_SEES, ContestState
from app.domain.permissions import Role
from app.domain.results import Choice, Outcome
from app.models import Ballot, BallotItem, Contest, CouncilMember, Membership, Product, Result, Vote
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.queries import count_queries

YES, NO = Choice.YES, Choice.NO


class Chamber:
    """A council of two with an open ballot on two selected entries and an added one."""

    def __init__(self, world: World, browser: Browser, *, entries: int = 3) -> None:
        self.world, self.browser = world, browser
        self.contest = world.contest(ContestState.VOTING)
        names = ["Trà sen Tây Hồ", "Mây tre Bảo Lâm", "Mật ong Cát Tiên"]
        self.entries = [
            world.entry(self.contest, world.product(world.facility(f"Cơ sở {name}"), name))
            for name in names[:entries]
        ]
        outcomes = (Outcome.SELECTED, Outcome.SELECTED, Outcome.TIED)[:entries]
        world.computed(self.contest, *zip(self.entries, outcomes, (9125, 8850, 8400)[:entries], strict=True))
        self.user, self.colleague = world.user("Phạm Quốc Khánh"), world.user("Hồ Ngọc Ánh")
        self.seat, self.other_seat = (
            world.council_member(self.contest, user=user) for user in (self.user, self.colleague)
        )
        self.ballot: Ballot = world.add(
            Ballot(
                contest_id=self.contest.id,
                place="Sở Công Thương",
                members=2,
                quorum=2,
                opened_at=NOW,
                items=[
                    BallotItem(
                        entry_id=entry.id,
                        on_jury_list=outcome is Outcome.SELECTED,
                        reason="" if outcome is Outcome.SELECTED else "Cùng điểm.",
                    )
                    for entry, outcome in zip(self.entries, outcomes, strict=True)
                ],
            )
        )
        self.url = f"/council/{self.contest.id}"
        browser.sign_in(self.user)

    def choices(self, *values: str) -> dict[str, str]:
        return {f"choice_{entry.id}": value for entry, value in zip(self.entries, values, strict=False)}

    def vote_of(self, seat: CouncilMember, choice: Choice) -> None:
        for item in self.ballot.items:
            self.world.add(Vote(item_id=item.id, member_id=seat.id, choice=choice, cast_at=NOW))

    def close(self) -> None:
        with self.world.session() as session:
            session.execute(update(Ballot).values(closed_at=NOW, closing_note="Hội đồng đề nghị."))
            session.execute(update(BallotItem).values(yes=1, no=1, abstain=0, carried=False))
            session.execute(
                update(Contest).where(Contest.id == self.contest.id).values(state=ContestState.VOTED)
            )

    @property
    def votes(self) -> list[Choice]:
        """The member's own votes, in the order of the entries."""
        return self.world.all(
            select(Vote.choice)
            .join(BallotItem, BallotItem.id == Vote.item_id)
            .where(Vote.member_id == self.seat.id)
            .order_by(BallotItem.entry_id)
        )


@pytest.fixture
def chamber(world: World, browser: Browser) -> Chamber:
    return Chamber(world, browser)


def test_the_index_lists_the_own_councils_and_says_where_a_vote_is_awaited(
    chamber: Chamber, world: World
) -> None:
    early = world.contest(ContestState.SCORING, name="Chưa xong", year=2027)
    world.council_member(early, user=chamber.user)
    world.council_member(world.contest(name="Của người khác"))

    page = chamber.browser.get("/council/")

    assert [squeeze(card) for card in page.select(".council")] == [
        f"{chamber.contest.name} Hội đồng đang biểu quyết Ủy viên · Chờ bạn biểu quyết",
        "Chưa xong Đang chấm điểm Ủy viên",
    ]
    assert [link["href"] for link in page.select(".council a")] == [chamber.url]
    chamber.vote_of(chamber.seat, YES)
    assert "Chờ bạn biểu quyết" not in chamber.browser.get("/council/").get_text()


def test_the_jury_s_list_says_what_decided_a_place_where_the_average_did_not(
    chamber: Chamber, world: World
) -> None:
    with world.session() as session:
        session.execute(update(Result).where(Result.rank == 2).values(decided_by="L1"))

    page = chamber.browser.get(chamber.url)

    assert [row[3].partition("Thứ hạng quyết định bởi: ")[2] for row in page.rows()] == [
        "",
        "Điểm bình quân “Tiêu chí về đáp ứng thị trường và khả năng phát triển sản xuất”",
    ]


def test_the_council_member_goes_on_to_the_full_result(chamber: Chamber) -> None:
    [link] = chamber.browser.get(chamber.url).select(f"a[href='/contests/{chamber.contest.id}/results']")

    page = chamber.browser.get(str(link["href"]))

    assert page.heading == "Kết quả chấm điểm"
    assert [row[0] for row in page.rows("table.results")[1:3]] == ["1", "2"]


def test_the_jury_s_list_shows_rank_value_and_outcome(chamber: Chamber) -> None:
    page = chamber.browser.get(chamber.url)

    codes = [entry.code for entry in chamber.entries]
    selected, tied = "Đạt, trong danh sách đề nghị", "Bằng điểm tại mức cắt"
    assert page.rows() == [
        ["1", f"Trà sen Tây Hồ {codes[0]} · Cơ sở Trà sen Tây Hồ", "91,25", selected, "B"],
        ["2", f"Mây tre Bảo Lâm {codes[1]} · Cơ sở Mây tre Bảo Lâm", "88,50", selected, "B"],
    ]
    assert page.rows("div[aria-label='Bằng điểm tại mức cắt'] table") == [
        ["3", f"Mật ong Cát Tiên {codes[2]} · Cơ sở Mật ong Cát Tiên", "84,00", tied, "B"],
    ]
    assert squeeze(page.select_one(".digest")) == chamber.contest.rules_digest
    assert "cần 2 phiếu đồng ý nếu đủ 2 thành viên biểu quyết" in squeeze(page.select_one("main"))


def test_the_full_result_is_one_link_away(chamber: Chamber) -> None:
    link = chamber.browser.get(chamber.url).one(f"a[href='/contests/{chamber.contest.id}/results']")

    chamber.browser.get(str(link["href"]))


def test_nothing_is_chosen_before_the_member_chooses(chamber: Chamber) -> None:
    page = chamber.browser.get(chamber.url)

    assert [squeeze(legend) for legend in page.select("legend")] == [
        f"{entry.code} {name}"
        for entry, name in zip(
            chamber.entries, ("Trà sen Tây Hồ", "Mây tre Bảo Lâm", "Mật ong Cát Tiên"), strict=True
        )
    ]
    assert page.select("input[type=radio][checked]") == []
    assert len(page.select("input[type=radio]")) == 9


def test_a_vote_is_recorded_shown_and_can_be_changed(chamber: Chamber) -> None:
    chamber.browser.post(chamber.url, chamber.choices("yes", "no", "abstain"))
    page = chamber.browser.follow()

    shown = page.values("form[action^='/council/']")
    assert {name: shown[name] for name in chamber.choices("", "", "")} == chamber.choices(
        "yes", "no", "abstain"
    )
    assert chamber.votes == [YES, NO, Choice.ABSTAIN]
    chamber.browser.post(chamber.url, {**shown, **chamber.choices("no", "no", "no")})
    assert chamber.votes == [NO, NO, NO]


def test_a_second_tab_that_was_left_open_overwrites_nothing_and_shows_both(chamber: Chamber) -> None:
    tab = chamber.browser.get(chamber.url).values("form[action^='/council/']")
    chamber.browser.post(chamber.url, {**tab, **chamber.choices("yes", "no", "yes")})

    page = chamber.browser.post(chamber.url, {**tab, **chamber.choices("no", "no", "yes")}, status=409)

    assert chamber.votes == [YES, NO, YES]
    assert "Phiếu của bạn đã được gửi từ một cửa sổ khác" in squeeze(page.select_one("[role=alert]"))
    assert [squeeze(beside) for beside in page.select(".saved-beside")] == ["Đã gửi: Đồng ý"]
    shown = page.values("form[action^='/council/']")
    assert {name: shown[name] for name in chamber.choices("", "", "")} == chamber.choices("no", "no", "yes")
    chamber.browser.post(chamber.url, shown)
    assert chamber.votes == [NO, NO, YES]


@pytest.mark.parametrize("seen", ["", "1:yes", "x:yes 1:<script> :: \0", "9" * 10_000])
def test_a_page_that_says_nothing_of_the_vote_before_is_stale(chamber: Chamber, seen: str) -> None:
    chamber.browser.post(chamber.url, chamber.choices("yes", "yes", "yes"))

    chamber.browser.post(chamber.url, {**chamber.choices("no", "no", "no"), "seen": seen}, status=409)

    assert chamber.votes == [YES, YES, YES]


@pytest.mark.parametrize("bad", ["", "maybe", "YES", "<script>"])
def test_every_product_needs_a_choice_and_those_made_are_kept(chamber: Chamber, bad: str) -> None:
    page = chamber.browser.post(chamber.url, chamber.choices("yes", bad, "no"), status=422)

    field = f"choice_{chamber.entries[1].id}"
    assert page.field_errors == {field: "Hãy chọn đồng ý, không đồng ý hoặc không ý kiến."}
    checked = [f"{radio['name']}={radio['value']}" for radio in page.select("input[checked]")]
    assert checked == [f"choice_{chamber.entries[0].id}=yes", f"choice_{chamber.entries[2].id}=no"]
    assert chamber.votes == []


def test_yes_to_all_the_jury_s_list_is_filled_in_and_sent_only_by_the_member(chamber: Chamber) -> None:
    page = chamber.browser.post(
        chamber.url, {**chamber.choices("no", "", "abstain"), "fill": "yes"}, status=200
    )

    shown = page.values("form[action^='/council/']")
    assert {name: shown[name] for name in chamber.choices("", "", "")} == chamber.choices(
        "yes", "yes", "abstain"
    )
    assert "nhưng chưa gửi" in squeeze(page.select_one("[role=alert]"))
    assert chamber.votes == []
    chamber.browser.post(chamber.url, shown)
    assert chamber.votes == [YES, YES, Choice.ABSTAIN]


def without_token(page: Page) -> str:
    """What the page says, apart from the token that differs each time."""
    for token in page.select("input[name=csrf_token]"):
        token.decompose()
    return str(page.one("main"))


def test_how_others_vote_is_never_shown_before_the_ballot_closes(chamber: Chamber) -> None:
    before = without_token(chamber.browser.get(chamber.url))

    chamber.vote_of(chamber.other_seat, NO)

    after = chamber.browser.get(chamber.url)
    assert without_token(after) == before
    assert "Hồ Ngọc Ánh" not in str(after)


def test_once_closed_the_counts_the_own_vote_and_the_reason_are_shown(chamber: Chamber) -> None:
    chamber.vote_of(chamber.seat, YES)
    chamber.vote_of(chamber.other_seat, NO)
    chamber.close()

    page = chamber.browser.get(chamber.url)

    ballot = page.select("table")[2]
    cells = [squeeze(cell) for cell in ballot.select("tbody tr")[2].select("td")]
    assert cells == ["Không được thông qua", "1", "1", "0", "Đồng ý", "Đưa thêm: Cùng điểm."]
    assert "Hội đồng đề nghị." in page.get_text()
    assert page.select("input[type=radio]") == []
    chamber.browser.post(chamber.url, chamber.choices("no", "no", "no"), status=409)
    assert chamber.votes == [YES, YES, YES]


def test_a_member_s_own_facility_is_not_theirs_to_vote_on(chamber: Chamber, world: World) -> None:
    facility_id = world.get(Product, chamber.entries[0].product_id).facility_id
    world.add(
        Membership(user_id=chamber.user.id, role=Role.FACILITY_USER, facility_id=facility_id, created_at=NOW)
    )

    page = chamber.browser.get(chamber.url)
    assert "Sản phẩm của cơ sở mình" in squeeze(page.select_one("div.ballot-line"))
    assert len(page.select("fieldset")) == 2
    chamber.browser.post(chamber.url, chamber.choices("yes", "yes", "yes"))

    assert len(chamber.votes) == 2
    assert "Chờ bạn biểu quyết" not in chamber.browser.get("/council/").get_text()


@pytest.mark.parametrize("state", [state for state in ContestState if state not in COUNCIL_SEES])
def test_the_jury_s_list_is_not_shown_before_scoring_has_closed(
    chamber: Chamber, world: World, state: ContestState
) -> None:
    contest = world.contest(state)
    world.council_member(contest, user=chamber.user)

    chamber.browser.get(f"/council/{contest.id}", status=409)
    chamber.browser.post(f"/council/{contest.id}", {}, status=409)


def test_the_council_of_another_contest_does_not_exist(chamber: Chamber, world: World) -> None:
    foreign = world.contest(ContestState.VOTING)
    entry = world.entry(foreign)
    world.computed(foreign, (entry, Outcome.SELECTED, 9000))

    for contest_id in (foreign.id, 999_999, 10**15):
        chamber.browser.get(f"/council/{contest_id}", status=404)
        chamber.browser.post(f"/council/{contest_id}", {"fill": "yes"}, status=404)
        chamber.browser.get(f"/council/{contest_id}/entries/{entry.id}", status=404)
    chamber.browser.get(f"{chamber.url}/entries/{entry.id}", status=404)


def test_the_dossier_of_an_entry_can_be_read(chamber: Chamber) -> None:
    page = chamber.browser.get(f"{chamber.url}/entries/{chamber.entries[0].id}")

    assert page.heading == "Trà sen Tây Hồ"
    assert "Trà ướp hương sen." in page.get_text()
    assert "0912345678" not in page.get_text()


@pytest.mark.parametrize("url", ["/council/", "/council/1", "/council/1/entries/1"])
def test_only_council_members_come_here(browser: Browser, world: World, url: str) -> None:
    browser.get(url, status=303)
    contest = world.contest()
    user = world.user()
    world.judge(contest, user)
    browser.sign_in(user)

    browser.get(url, status=403)


def test_the_page_takes_the_same_statements_for_one_entry_and_for_three(world: World, app: Flask) -> None:
    counts = []
    for entries in (1, 3):
        chamber = Chamber(world, Browser(app), entries=entries)
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            chamber.browser.get(chamber.url)
        counts.append(len(sent))

    assert counts[0] == counts[1]
