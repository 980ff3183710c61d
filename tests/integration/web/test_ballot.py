"""The organiser's page of the council's ballot."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.domain.results import Choice, Office, Outcome
from app.models import Ballot, BallotItem, Contest, Entry, LedgerEvent, Vote
from app.services.ballots import CastVotes, cast_votes
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.motions import show_hands
from tests.queries import count_queries

ADD = "motions/new/add"


class Bureau:
    """An organiser at a browser, a scored contest and a council of three."""

    def __init__(self, world: World, browser: Browser, *, state: ContestState = ContestState.SCORED) -> None:
        self.world, self.browser = world, browser
        self.contest = world.contest(state)
        self.entries = [
            world.entry(self.contest, world.product(name=f"Sản phẩm {number} của đợt {self.contest.id}"))
            for number in range(4)
        ]
        self.compute(Outcome.SELECTED, Outcome.REACHED, Outcome.REACHED, Outcome.BELOW)
        offices = {"Võ Thị Nhàn": Office.CHAIR, "Phạm Khánh": Office.MEMBER, "Hồ Ánh": Office.SECRETARY}
        self.seats = [
            world.council_member(self.contest, office, world.user(name)) for name, office in offices.items()
        ]
        self.url = f"/contests/{self.contest.id}/ballot"
        browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    def compute(self, *outcomes: Outcome) -> None:
        values = (9000, 8000, 8000, 6000)
        self.world.computed(self.contest, *zip(self.entries, outcomes, values, strict=True))

    def post(self, step: str, status: int = 303, **fields: str) -> Page:
        return self.browser.post(f"{self.url}/{step}", fields, status=status)

    def open(self) -> None:
        self.post("open", place="Hội trường Sở Công Thương")

    def add(self, entry: int, reason: str = "Cùng điểm.") -> None:
        """Have all three members show hands for one more product."""
        fields = {"proposer": "Bà Hồ Ánh", "how": "hands", "reason": reason}
        self.post(ADD, 303, entries=str(self.entries[entry].id), **fields)
        number = self.browser.location.rpartition("/")[2]
        show_hands(self.browser, f"{self.url}/motions/{number}", "3", "0", "0")

    def vote(self, *choices: Choice, members: int = 3) -> None:
        items = self.world.all(select(BallotItem).order_by(BallotItem.entry_id))
        for seat in self.seats[:members]:
            chosen = {item.entry_id: choice for item, choice in zip(items, choices, strict=True)}
            actor = self.world.actor(self.world.user_of(seat.user_id))
            with self.world.session() as session:
                cast_votes(session, CastVotes(self.contest.id, chosen), actor=actor, now=NOW)

    @property
    def state(self) -> ContestState:
        return self.world.get(Contest, self.contest.id).state


@pytest.fixture
def office(world: World, browser: Browser) -> Bureau:
    return Bureau(world, browser)


def test_the_ballot_opens_with_its_place(office: Bureau) -> None:
    page = office.browser.get(office.url)
    assert "Hội đồng có 3 thành viên. Phải có ít nhất 3 thành viên biểu quyết." in squeeze(
        page.select_one("main")
    )

    office.open()
    page = office.browser.follow()

    assert office.state is ContestState.VOTING
    assert page.flashes[0] == "Đã mở biểu quyết. Thành viên hội đồng có thể biểu quyết."
    assert "tại Hội trường Sở Công Thương." in squeeze(page.select_one("main"))
    [[product, origin]] = page.rows()
    assert (str(office.entries[0].code) in product, origin) == (True, "Danh sách của ban giám khảo")


@pytest.mark.parametrize("place", ["", "   ", "x" * 10_000])
def test_a_ballot_without_a_proper_place_does_not_open(office: Bureau, place: str) -> None:
    page = office.post("open", place=place, status=422)

    assert list(page.field_errors) == ["place"]
    assert page.values("form[action$=open]")["place"] == place.strip()
    assert office.state is ContestState.SCORED


def test_a_ballot_without_a_council_does_not_open(world: World, browser: Browser) -> None:
    office = Bureau(world, browser)
    lonely = world.contest(ContestState.SCORED)
    world.computed(lonely, (world.entry(lonely), Outcome.SELECTED, 9000))

    page = browser.post(f"/contests/{lonely.id}/ballot/open", {"place": "Sở Công Thương"}, status=409)

    assert "Hãy lập hội đồng trước" in squeeze(page.select_one("[role=alert]"))
    assert office.state is ContestState.SCORED


@pytest.mark.parametrize("office_left", [Office.CHAIR, Office.MEMBER])
def test_a_council_of_one_or_without_a_chair_is_sent_to_be_appointed(
    office: Bureau, world: World, office_left: Office
) -> None:
    lonely = world.contest(ContestState.SCORED)
    world.computed(lonely, (world.entry(lonely), Outcome.TIED, 9000))
    world.council_member(lonely, office_left)

    page = office.browser.get(f"/contests/{lonely.id}/ballot")

    assert "hội đồng cần có chủ tịch và ít nhất một thành viên nữa" in squeeze(
        page.select_one(".alert-warning")
    )
    assert page.select("main form") == []
    office.browser.post(f"/contests/{lonely.id}/ballot/open", {"place": "Sở"}, status=409)


def test_tied_entries_come_on_the_ballot_as_such_and_stand_under_their_own_heading(office: Bureau) -> None:
    office.compute(Outcome.TIED, Outcome.TIED, Outcome.BELOW, Outcome.BELOW)

    office.open()

    page = office.browser.follow()
    tied = [str(entry.code) for entry in office.entries[:2]]
    assert [row[1] for row in page.rows()] == ["Bằng điểm tại mức cắt: hội đồng quyết định"] * 2
    assert "Kết quả chấm điểm không chọn được sản phẩm nào." in squeeze(page.main)
    under = page.rows("div[aria-label='Bằng điểm tại mức cắt'] table")
    assert [code in row[1] for code, row in zip(tied, under, strict=True)] == [True, True]
    outside = page.rows("div[aria-label='Ngoài danh sách của ban giám khảo'] table")
    assert [row[0] for row in outside] == ["3", "4"]


def test_where_nothing_reached_the_threshold_the_council_closes_without_a_vote(office: Bureau) -> None:
    office.compute(*[Outcome.BELOW] * 4)
    page = office.browser.get(office.url)
    assert page.select("main form") == []
    assert [link["href"] for link in page.select("main .actions a")] == [f"{office.url}/without-vote"]

    form = office.browser.get(f"{office.url}/without-vote").values()
    refused = office.post("without-vote", **form, status=422)
    office.post("without-vote", place="Sở Công Thương", reason="Không sản phẩm nào đạt 70 điểm.")

    assert set(refused.field_errors) == {"place", "reason"}
    assert office.state is ContestState.VOTED
    assert "Không sản phẩm nào đạt 70 điểm." in squeeze(office.browser.follow().main)


def test_the_page_before_the_close_says_who_has_not_voted(office: Bureau) -> None:
    office.open()
    office.vote(Choice.YES, members=2)

    page = office.browser.get(f"{office.url}/close")

    assert "Thành viên đã biểu quyết đủ các sản phẩm: 2/3; cần ít nhất 3." in squeeze(page.main)
    assert squeeze(page.select_one(".alert-warning")) == "Chưa biểu quyết đủ các sản phẩm: Hồ Ánh."
    assert office.state is ContestState.VOTING


def test_a_ballot_opened_too_early_is_withdrawn_with_a_reason(office: Bureau) -> None:
    office.open()

    refused = office.post("withdraw", reason="", status=422)
    office.post("withdraw", reason="Thiếu một thành viên.")
    office.open()

    assert list(refused.field_errors) == ["reason"]
    assert "Thiếu một thành viên." in squeeze(office.browser.follow().main)


def test_a_ballot_with_too_few_votes_is_withdrawn_and_the_page_says_what_becomes_of_them(
    office: Bureau,
) -> None:
    office.open()
    office.vote(Choice.YES, members=2)

    page = office.browser.get(f"{office.url}/withdraw")
    office.post("withdraw", reason="Một ủy viên nghỉ <b>ốm</b>")
    office.open()

    assert "Đã có 2 thành viên biểu quyết. Các phiếu này bị hủy" in squeeze(page.main)
    said = squeeze(office.browser.follow().main)
    assert "Một ủy viên nghỉ <b>ốm</b>. Phiếu biểu quyết của 2 thành viên bị hủy." in said
    assert office.world.all(select(Vote)) == []


def test_a_ballot_that_can_be_closed_is_not_withdrawn_and_nothing_typed_is_lost(office: Bureau) -> None:
    office.open()
    office.vote(Choice.YES)

    links = [str(link["href"]) for link in office.browser.get(office.url).select("main p.actions a")]
    asked = office.browser.get(f"{office.url}/withdraw")
    page = office.post("withdraw", reason="Lần nữa", status=409)

    assert links == [f"{office.url}/close"]
    assert (asked.select("main form"), "Đã đủ số thành viên biểu quyết" in squeeze(asked.main)) == ([], True)
    assert "Đã đủ số thành viên biểu quyết" in squeeze(page.select_one("[role=alert]"))
    assert page.values()["reason"] == "Lần nữa"
    assert office.state is ContestState.VOTING


def test_a_closed_ballot_is_opened_again_until_the_list_is_published(office: Bureau) -> None:
    office.open()
    office.vote(Choice.YES)
    office.post("close", note="Hội đồng thống nhất.")

    link = office.browser.follow().one(f"main a[href='{office.url}/reopen']")
    refused = office.post("reopen", reason=" ", status=422)
    office.post("reopen", reason="Đếm thiếu <b>phiếu</b>.")

    assert squeeze(link) == "Mở lại biểu quyết"
    assert list(refused.field_errors) == ["reason"]
    assert "Đếm thiếu <b>phiếu</b>." in squeeze(office.browser.follow().main)
    assert office.state is ContestState.VOTING
    office.post("close", note="Hội đồng thống nhất.")
    office.browser.post(f"/contests/{office.contest.id}/publish")
    office.post("reopen", reason="Muộn", status=409)


def test_a_reached_entry_is_added_by_a_motion(office: Bureau) -> None:
    office.open()
    page = office.browser.get(f"{office.url}/{ADD}")
    assert [box["value"] for box in page.select("#entries input")] == [str(e.id) for e in office.entries[1:3]]

    office.add(1, reason="Cùng điểm <b>với</b> sản phẩm kế trên.")

    page = office.browser.get(office.url)
    assert page.rows()[1][1] == "Đưa thêm: Cùng điểm <b>với</b> sản phẩm kế trên."
    page = office.browser.get(f"{office.url}/{ADD}")
    assert [box["value"] for box in page.select("#entries input")] == [str(office.entries[2].id)]


def test_attendance_says_who_has_voted_and_never_how(office: Bureau) -> None:
    office.open()
    office.vote(Choice.NO, members=2)

    page = office.browser.get(office.url)

    assert page.rows("table:has(.tone-success):not(:has(.code))") == [
        ["Võ Thị Nhàn Chủ tịch", "Đã biểu quyết"],
        ["Phạm Khánh Ủy viên", "Đã biểu quyết"],
        ["Hồ Ánh Thư ký", "Chưa"],
    ]
    assert squeeze(page.select_one(".progress-text")) == "Thành viên đã biểu quyết đủ các sản phẩm: 2/3"
    assert "Không đồng ý" not in page.get_text()


def test_a_ballot_short_of_its_quorum_stays_open_and_the_note_stays_typed(office: Bureau) -> None:
    office.open()
    office.vote(Choice.YES, members=2)

    page = office.post("close", note="Ghi chú", status=409)

    assert squeeze(page.select_one("[role=alert]")) == (
        "Mới có 2/3 thành viên biểu quyết đủ các sản phẩm; cần ít nhất 3."
    )
    assert page.values()["note"] == "Ghi chú"
    assert office.state is ContestState.VOTING


def test_closing_shows_the_counts(office: Bureau) -> None:
    office.open()
    office.vote(Choice.YES)

    office.post("close", note="Hội đồng thống nhất.")
    page = office.browser.follow()

    assert office.state is ContestState.VOTED
    assert page.rows()[0][1:5] == ["Được thông qua", "3", "0", "0"]
    assert page.select("main form") == []


@pytest.mark.parametrize("choice", [Choice.YES, Choice.ABSTAIN])
def test_a_ballot_closes_with_a_conclusion_and_its_absence_tells_nothing(
    office: Bureau, choice: Choice
) -> None:
    office.open()
    office.vote(choice)

    page = office.post("close", note=" ", status=422)

    assert page.field_errors == {
        "note": "Hãy ghi kết luận của hội đồng; nội dung này được in trong biên bản."
    }
    assert "Không được thông qua" not in page.get_text()
    assert office.state is ContestState.VOTING


def test_the_conclusion_is_shown_with_the_counts(office: Bureau) -> None:
    office.open()
    office.vote(Choice.ABSTAIN)

    office.post("close", note="Hội đồng chưa nhất trí.")

    page = office.browser.follow()
    assert page.rows()[0][1:5] == ["Không được thông qua", "0", "0", "3"]
    assert "Kết luận của hội đồng: Hội đồng chưa nhất trí." in squeeze(page.main)


@pytest.mark.parametrize(
    "step", ["open", ADD, "motions/1/close", "run-off", "close", "withdraw", "without-vote"]
)
def test_a_step_out_of_its_turn_is_refused(world: World, browser: Browser, step: str) -> None:
    office = Bureau(world, browser, state=ContestState.VOTED)
    fields = {"place": "Sở", "entry_id": str(office.entries[1].id), "reason": "Lý do", "note": "Lý do"}

    office.post(step, **fields, status=409)

    assert world.all(select(LedgerEvent).where(LedgerEvent.action.startswith("ballot:"))) == []


def test_before_scoring_has_closed_there_is_nothing_to_see(world: World, browser: Browser) -> None:
    office = Bureau(world, browser, state=ContestState.SCORING)

    browser.get(office.url, status=409)
    office.post("open", place="Sở", status=409)


def test_a_contest_elsewhere_does_not_exist(office: Bureau, world: World) -> None:
    foreign = world.contest(ContestState.SCORED, world.territory("An Giang"))

    for contest_id in (foreign.id, 999_999):
        office.browser.get(f"/contests/{contest_id}/ballot", status=404)
        for step in ("open", ADD, "run-off", "close", "withdraw", "reopen", "without-vote"):
            office.browser.post(
                f"/contests/{contest_id}/ballot/{step}",
                {"place": "Sở", "entry_id": "1", "reason": "x", "note": "x"},
                status=404,
            )


def test_an_observer_looks_on_and_does_nothing(office: Bureau, world: World, app: Flask) -> None:
    observer = Browser(app)
    observer.sign_in(world.member(Role.OBSERVER, contest_id=office.contest.id))
    office.open()

    page = observer.get(office.url)

    assert page.select("main form") == []
    for step in ("open", ADD, "run-off", "close", "withdraw", "reopen", "without-vote"):
        observer.post(f"{office.url}/{step}", {"note": "x"}, status=403)
    assert office.state is ContestState.VOTING


def test_members_of_the_council_and_strangers_do_not_come_here(
    office: Bureau, world: World, app: Flask
) -> None:
    member = Browser(app)
    member.get(office.url, status=303)
    user = world.user()
    world.council_member(office.contest, user=user)
    member.sign_in(user)

    member.get(office.url, status=403)
    member.post(f"{office.url}/close", {"note": ""}, status=403)


def test_the_page_takes_the_same_statements_with_one_motion_and_with_two(
    office: Bureau, app: Flask, world: World
) -> None:
    office.open()
    counts = []
    for entry in (1, 2):
        office.add(entry)
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            office.browser.get(office.url)
        counts.append(len(sent))

    assert counts[0] == counts[1]
    assert len(world.all(select(Ballot))) == 1
    assert len(world.all(select(Entry))) == 4
