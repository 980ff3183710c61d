"""What the secretary types on the console while others lead the meeting: shown again, and on the right product."""

import pytest
from sqlalchemy import select

from app.models import Remark
from app.services.ballots import CastVotes, cast_votes
from tests.browsing import Browser, Page, squeeze
from tests.builders import World
from tests.meetings import YES, Sitting

TEXT = "Ông Khánh đề nghị bổ sung mã truy xuất."
OWN_PAGE = {"Origin": "http://localhost"}


class Console(Sitting):
    """The same council; its secretary's console is open in a browser."""

    def __init__(self, world: World, browser: Browser) -> None:
        super().__init__(world)
        self.browser = browser
        self.url = f"/council/{self.contest.id}/console"
        browser.sign_in(self.secretary)

    def form(self, name: str) -> dict[str, str]:
        """What one of its forms would send as it stands."""
        return self.browser.get(self.url).values(f"form[action$='/{name}']")

    def send(self, name: str, values: dict[str, str], status: int = 303) -> Page:
        """Send a form of the console."""
        headers = {**OWN_PAGE, "Referer": f"http://localhost{self.url}"}
        return self.browser.post(f"{self.url}/{name}", values, status=status, headers=headers)


@pytest.fixture
def console(world: World, browser: Browser) -> Console:
    return Console(world, browser)


def not_kept(page: Page) -> list[str]:
    """The texts that a page says were not kept, each with what it was."""
    return [squeeze(fact) for fact in page.select("dl.not-kept .fact")]


def test_a_remark_sent_after_the_meeting_ended_is_shown(console: Console) -> None:
    console.voted()
    typed = console.form("remark") | {"remark-text": TEXT}
    console.close()

    page = console.send("remark", typed, 409)

    assert squeeze(page.one(".alert-danger")) == "Hội đồng hiện không họp."
    assert not_kept(page) == [f"Ý kiến ghi vào biên bản {TEXT}"]


def test_a_remark_that_comes_back_after_the_meeting_ended_is_shown(console: Console) -> None:
    console.voted()
    typed = console.form("remark") | {"remark-text": TEXT}
    console.close()
    console.browser.client.delete_cookie("session")
    console.send("remark", typed)

    console.browser.sign_in(console.secretary)
    page = console.browser.get(console.url)

    assert not_kept(page) == [f"Ý kiến ghi vào biên bản {TEXT}"]
    assert not_kept(console.browser.get(console.url)) == []


def test_a_place_typed_for_a_meeting_that_a_colleague_opened_first_is_shown(console: Console) -> None:
    console.open_ballot()
    typed = console.form("open") | {"opening-place": "Hội trường A", "opening-clock": "08:00"}
    console.meet()

    page = console.send("open", typed, 409)

    assert squeeze(page.one(".alert-danger")) == "Cuộc họp đã được khai mạc."
    assert not_kept(page) == ["Địa điểm họp hội đồng Hội trường A", "Giờ khai mạc 08:00"]


def test_a_place_for_a_meeting_that_may_not_be_opened_stays_in_its_field(console: Console) -> None:
    console.open_ballot()
    typed = console.form("open") | {"opening-place": "Hội trường A"}
    votes = {entry.id: YES for entry in console.entries[:3]}
    console.do(cast_votes, CastVotes(console.contest.id, votes), by=console.users[2])

    page = console.send("open", typed, 409)

    assert page.one("[name=opening-place]")["value"] == "Hội trường A"
    assert not_kept(page) == []


def test_a_console_left_open_tells_that_ballot_and_meeting_ended_elsewhere(console: Console) -> None:
    def note() -> str:
        return console.browser.client.get(live).get_data(as_text=True)

    told = "Người khác đã điều hành tiếp"
    console.begin()
    for entry in range(3):
        console.by_hands(entry, 5, 0, 0)
    live = str(console.browser.get(console.url).one("[data-live]")["data-live"])
    before = note()
    console.close_ballot()
    closed = note()
    live = str(console.browser.get(console.url).one("[data-live]")["data-live"])
    seen = note()
    console.close()

    assert [told in text for text in (before, closed, seen, note())] == [False, True, False, True]


def shown_on(page: Page) -> tuple[str, str]:
    """What the remark on a page is about, and the remark."""
    return squeeze(page.one("#remark-text-hint")), str(page.one("[name=remark-text]").string).strip()


def kept(console: Console) -> list[tuple[int | None, str]]:
    """The remarks that were kept, with their items."""
    return [(one.item_id, one.text) for one in console.world.all(select(Remark).order_by(Remark.id))]


def test_a_remark_refused_and_shortened_stays_with_its_product(console: Console) -> None:
    console.begin()
    typed = console.form("remark") | {"remark-text": "x" * 2001}
    console.go(1, by=console.organiser)

    page = console.send("remark", typed, 422)
    console.send("remark", page.values("form[action$='/remark']") | {"remark-text": TEXT})

    code = console.entries[0].code
    about = f"Về sản phẩm {code} mà bạn đang nhập; cuộc họp đã chuyển sang sản phẩm khác"
    assert shown_on(page) == (about, "x" * 2001)
    assert kept(console) == [(console.item(0), TEXT)]
    assert shown_on(console.browser.get(console.url)) == (f"Về sản phẩm {console.entries[1].code}", "")


def test_a_remark_that_comes_back_after_sign_in_stays_with_its_product(console: Console) -> None:
    console.begin()
    typed = console.form("remark") | {"remark-text": TEXT}
    console.browser.client.delete_cookie("session")
    console.send("remark", typed)
    console.go(1, by=console.organiser)
    console.browser.sign_in(console.secretary)

    page = console.browser.get(console.url)
    console.send("remark", page.values("form[action$='/remark']"))

    hint, text = shown_on(page)
    assert (f"Về sản phẩm {console.entries[0].code} mà" in hint, text) == (True, TEXT)
    assert kept(console) == [(console.item(0), TEXT)]


def test_a_remark_begun_before_the_first_product_stays_on_the_meeting_in_general(console: Console) -> None:
    console.open()
    console.attend(0, 1, 2, 3)
    typed = console.form("remark") | {"remark-text": "x" * 2001}
    console.go(0)

    page = console.send("remark", typed, 422)
    console.send("remark", page.values("form[action$='/remark']") | {"remark-text": TEXT})

    assert shown_on(page)[0] == "Về cuộc họp nói chung"
    assert kept(console) == [(None, TEXT)]
