"""The organiser's page with the four ways of assigning, previews, and entries short of judges."""

import io

import pytest
from sqlalchemy import delete, select

from app.domain.contests import ContestState
from app.models import Contest, Entry, Judge, ScoreSheet
from tests.assignments import stand_aside
from tests.browsing import Browser, Page, squeeze
from tests.builders import World


class Desk:
    """An organiser before a contest with three judges and two entries, two sheets asked for."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self.browser = world, browser
        self.contest: Contest = world.contest(ContestState.REGISTRATION, rules=world.rules(min_sheets=2))
        self.judges: list[Judge] = [world.judge(self.contest, world.user(f"Nguyễn {n}")) for n in range(3)]
        self.entries: list[Entry] = [
            world.entry(self.contest, world.product(name=f"Trà sen {n}"), code=f"B-00{n}") for n in (1, 2)
        ]
        self.organiser = world.organiser(world.territory("Lâm Đồng"))
        browser.sign_in(self.organiser)
        self.url = f"/contests/{self.contest.id}/jury"

    def preview(self, status: int = 200, **options: str) -> Page:
        usual = {"wanted": "2", "mode": "none", "per_day": "45", "days": "10"}
        return self.browser.post(f"{self.url}/automatic", {**usual, **options}, status=status)

    def send(self, text: str, status: int = 200, name: str = "phân công.csv") -> Page:
        file = (io.BytesIO(text.encode()), name)
        return self.browser.post(f"{self.url}/assignment-file", {"file": file}, status=status)

    def apply(self, page: Page, status: int = 303) -> Page:
        form = "form[action$='/assignments/apply']"
        return self.browser.post(f"{self.url}/assignments/apply", page.values(form), status=status)

    @property
    def given(self) -> int:
        return len(self.world.all(select(ScoreSheet.id)))


@pytest.fixture
def desk(world: World, browser: Browser) -> Desk:
    return Desk(world, browser)


def test_the_page_of_assignments_leads_to_all_four_ways(desk: Desk) -> None:
    links = [str(link["href"]) for link in desk.browser.get(f"{desk.url}/assignments").select(".ways a")]

    assert links == ["#by-group", f"{desk.url}/automatic", f"{desk.url}/assignment-file", "#by-group"]


def test_the_options_begin_with_the_rules_and_the_days_that_are_left(desk: Desk) -> None:
    values = desk.browser.get(f"{desk.url}/automatic").values()

    assert (values["wanted"], values["mode"], values["per_day"]) == ("2", "none", "45")
    assert int(values["days"]) >= 1


def test_a_preview_is_shown_and_carried_out(desk: Desk) -> None:
    page = desk.preview()
    before = desk.given

    desk.apply(page)

    assert [squeeze(figure) for figure in page.select(".figure-number")] == ["4", "2", "0", "1–2"]
    assert (before, desk.given) == (0, 4)
    assert desk.browser.follow().flashes == ["Đã giao 4 phiếu chấm."]


def test_a_preview_names_what_cannot_be_satisfied_and_too_long_days(desk: Desk) -> None:
    actor = desk.world.actor(desk.organiser)
    for judge in desk.judges[:2]:
        stand_aside(desk.world, actor, judge, desk.entries[0], "Là em gái chủ cơ sở.")

    page = desk.preview(wanted="3", per_day="1", days="1")

    [row] = page.rows("table.data")
    assert row[1:3] == ["1/3", "1"]
    assert row[3] == (
        "Nguyễn 0 không tham gia chấm: Là em gái chủ cơ sở. Nguyễn 1 không tham gia chấm: Là em gái chủ cơ sở."
    )
    assert "Nguyễn 2: 2 phiếu, 2 phiếu mỗi ngày" in squeeze(page.one(".alert-warning"))


def test_ticked_groups_limit_who_gets_what(desk: Desk) -> None:
    ticks = {f"groups-{judge.id}": "A" for judge in desk.judges[:2]}

    page = desk.preview(200, mode="limit", **ticks)

    assert page.rows("table.data")[0][3] == "Thuộc nhóm sản phẩm khác: Nguyễn 0, Nguyễn 1"
    assert [bool(box.has_attr("checked")) for box in page.select("input[value=A]")] == [True, True, False]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"wanted": "1"}, {"wanted"}),
        ({"wanted": "9" * 5000}, {"wanted"}),
        ({"wanted": "hai"}, {"wanted"}),
        ({"wanted": ""}, {"wanted"}),
        ({"per_day": "0", "days": "-3"}, {"per_day", "days"}),
        ({"mode": "hostile"}, {"mode"}),
    ],
)
def test_options_that_make_no_sense_are_refused_beside_their_field(
    desk: Desk, typed: dict[str, str], fields: set[str]
) -> None:
    page = desk.preview(422, **typed)

    assert set(page.field_errors) == fields
    assert page.select("form[action$='/assignments/apply']") == []


def test_a_stale_preview_is_refused(desk: Desk) -> None:
    page = desk.preview()
    desk.world.sheet(desk.judges[0], desk.entries[0])

    desk.apply(page)

    assert desk.given == 1
    [said] = desk.browser.follow().flashes
    assert said.startswith("Ban giám khảo, phiếu đã giao hoặc việc không tham gia chấm đã thay đổi")


@pytest.mark.parametrize("seats", ["", "1:999", "x" * 400_000])
def test_what_is_no_preview_gives_nothing_out(desk: Desk, seats: str) -> None:
    form = {
        "source": "solver",
        "seats": seats,
        "seen": desk.preview().values("form[action$='/apply']")["seen"],
    }

    desk.browser.post(f"{desk.url}/assignments/apply", form, status=303 if seats else 409)

    assert desk.given == 0


def test_a_file_is_shown_first_and_then_carried_out(desk: Desk) -> None:
    page = desk.send("Mã số,Giám khảo\nB-001,GK1\nB-002,Nguyễn 2\n")

    desk.apply(page)

    assert page.rows("table.data") == [["B-001 Trà sen 1", "Nguyễn 0"], ["B-002 Trà sen 2", "Nguyễn 2"]]
    assert desk.given == 2


def test_a_file_with_faults_gives_nothing_out(desk: Desk) -> None:
    page = desk.send("Mã số,Giám khảo\nB-001,GK1\nB-009,GK1\n", status=422)

    assert page.rows("table.faulty-rows") == [
        ["ô A3", "Hiện không có sản phẩm mã “B-009” được chấm trong đợt bình chọn này."]
    ]
    assert page.select("form[action$='/apply']") == []


def test_a_file_that_is_none_is_refused_beside_its_field(desk: Desk) -> None:
    assert desk.send("", status=422).field_errors == {"file": "Tệp trống."}
    page = desk.browser.post(f"{desk.url}/assignment-file", {}, status=422)
    assert set(page.field_errors) == {"file"}


@pytest.mark.parametrize("page", ["jury", "assignments", "progress", "contest"])
def test_an_entry_short_of_judges_is_named_with_substitutes_and_one_click_assigns(
    world: World, desk: Desk, page: str
) -> None:
    first, second, third = desk.judges
    for judge in (first, second):
        for entry in desk.entries:
            world.sheet(judge, entry)
    stand_aside(world, world.actor(desk.organiser), first, desk.entries[0], "Là em gái chủ cơ sở.")
    path = {"jury": desk.url, "contest": f"/contests/{desk.contest.id}"}.get(page)
    path = path or (
        f"{desk.url}/assignments" if page == "assignments" else f"/contests/{desk.contest.id}/progress"
    )

    shown = desk.browser.get(path)
    values = shown.values("form[action$='/substitute']")
    desk.browser.post(f"{desk.url}/substitute", values)

    [row] = shown.rows("table.shortage")
    assert row[:3] == ["B-001 Trà sen 1", "1/2", "Nguyễn 0: Là em gái chủ cơ sở."]
    assert row[3] == "Nguyễn 2 (đang có 0 phiếu) cho B-001"
    assert (values["judge"], desk.browser.location) == (str(third.id), path)
    assert desk.browser.follow().select("table.shortage") == []
    desk.browser.post(f"{desk.url}/substitute", values, status=409)


def test_of_a_substitute_who_has_signed_nothing_it_is_said_that_no_conflict_can_be_known(
    world: World, desk: Desk
) -> None:
    for judge in desk.judges[:2]:
        world.sheet(judge, desk.entries[1])
    world.sheet(desk.judges[0], desk.entries[0])
    world.unsigned_judge(desk.contest, world.user("Trần Thị Mới"))

    [row] = desk.browser.get(desk.url).rows("table.shortage")

    assert row[3] == (
        "Nguyễn 1 (đang có 1 phiếu) cho B-001 Nguyễn 2 (đang có 0 phiếu) cho B-001 "
        "Trần Thị Mới (đang có 0 phiếu) cho B-001 "
        "chưa ký bản cam kết nên chưa biết có xung đột lợi ích hay không"
    )


@pytest.mark.parametrize(("judge", "entry"), [("0", "0"), ("x", "1"), ("9" * 30, "1"), ("", "")])
def test_a_substitute_who_is_nobody_is_not_found(desk: Desk, judge: str, entry: str) -> None:
    desk.browser.post(f"{desk.url}/substitute", {"judge": judge, "entry": entry}, status=404)


def test_those_of_the_group_come_first_and_then_those_with_the_least_to_do(world: World, desk: Desk) -> None:
    busy_of_group, idle, of_group = desk.judges
    machine = world.entry(desk.contest, world.product(group="C"), code="C-001")
    world.sheet(busy_of_group, machine)
    world.sheet(idle, machine)
    world.sheet(busy_of_group, desk.entries[0])
    world.sheet(of_group, desk.entries[0])

    rows = {row[0][:5]: row[3] for row in desk.browser.get(desk.url).rows("table.shortage")}

    assert rows["B-002"] == (
        "Nguyễn 2 (đang có 1 phiếu) cho B-002 Nguyễn 0 (đang có 2 phiếu) cho B-002 "
        "Nguyễn 1 (đang có 1 phiếu) cho B-002"
    )


def test_before_anybody_has_a_sheet_no_entry_is_called_short_on_the_overview(
    world: World, desk: Desk
) -> None:
    page = desk.browser.get(f"/contests/{desk.contest.id}")

    assert page.select("table.shortage") == []


def test_the_pages_are_for_those_who_appoint_the_jury(world: World, desk: Desk) -> None:
    with world.session() as session:
        session.execute(delete(ScoreSheet))
    desk.browser.sign_out()
    desk.browser.sign_in(world.organiser(world.territory("Quảng Ninh")))

    for path in ("automatic", "assignment-file"):
        desk.browser.get(f"{desk.url}/{path}", status=404)
    desk.browser.post(f"{desk.url}/assignments/apply", {"seats": "1:1", "seen": ""}, status=404)
    desk.browser.post(f"{desk.url}/substitute", {"judge": "1", "entry": "1"}, status=404)
