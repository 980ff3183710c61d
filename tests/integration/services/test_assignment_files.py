"""Assignments from a spreadsheet: both forms, every fault by its cell, hostile files."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.models import LedgerEvent
from app.services.assignment_files import FilePlan, plan_file
from app.services.grids import LARGEST
from app.services.seat_plans import ApplySeats, SeatSource, apply_seats, write_seats
from tests.assignments import REASON, sheets, stand_aside
from tests.builders import NOW, World
from tests.outside_sheets import csv_table, with_part, workbook

Rows = Sequence[Sequence[object]]


class Counter:
    """Two judges without sheets, two entries, and the organiser who sends files in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.contest = world.contest(ContestState.REGISTRATION)
        self.people = [world.user("Trần Thị Hạnh"), world.user("Lê Văn Đức")]
        self.judges = [world.judge(self.contest, person) for person in self.people]
        self.entries = [
            world.entry(self.contest, world.product(name=f"Trà sen {number}"), code=f"B-{number:03d}")
            for number in (1, 2)
        ]
        self.actor = world.actor(world.organiser(world.territory("Lâm Đồng")))

    def plan(self, content: bytes) -> FilePlan:
        with self.world.session() as session:
            return plan_file(session, self.actor, self.contest.id, content)

    def faults(self, rows: Rows) -> list[tuple[str, str]]:
        return [(fault.cell, str(fault.message)) for fault in self.plan(csv_table(rows)).faults]

    def seats(self, content: bytes) -> list[tuple[int, int]]:
        """By place: judge and entry."""
        plan = self.plan(content)
        assert plan.faults == ()
        judges, entries = [one.id for one in self.judges], [one.id for one in self.entries]
        return sorted((judges.index(judge), entries.index(entry)) for judge, entry in plan.seats)


@pytest.fixture
def counter(world: World) -> Counter:
    return Counter(world)


def test_a_row_for_each_sheet_names_judges_by_number_name_or_address(counter: Counter) -> None:
    rows = [
        ["Phân công chấm"],
        ["STT", "Mã số", "Tên sản phẩm", "Giám khảo"],
        [1, "B-001", "Trà sen 1", "GK1"],
        [2, "b-001", "", "lê văn đức"],
        [3, "B-002", "TRÀ SEN 2", counter.people[0].email.upper()],
        ["", "", "", ""],
    ]

    assert counter.seats(csv_table(rows)) == counter.seats(workbook(rows)) == [(0, 0), (0, 1), (1, 0)]


def test_a_table_with_crosses_has_a_column_for_each_judge(counter: Counter) -> None:
    rows = [
        ["Mã số", "Sản phẩm", "GK1 – Trần Thị Hạnh", "GK2", "Ghi chú"],
        ["B-001", "Trà sen 1", "x", "", "gấp"],
        ["B-002", "Trà sen 2", "X", "✓", ""],
    ]

    assert counter.seats(csv_table(rows, ";")) == counter.seats(workbook(rows)) == [(0, 0), (0, 1), (1, 1)]


def test_what_is_given_already_is_counted_and_the_rest_is_carried_out(counter: Counter) -> None:
    first, second = counter.judges
    counter.world.sheet(first, counter.entries[0])
    plan = counter.plan(csv_table([["Mã số", "GK1", "GK2"], ["B-001", "x", "x"], ["B-002", "", "1"]]))

    command = ApplySeats(counter.contest.id, SeatSource.FILE, write_seats(plan.seats), plan.seen)
    with counter.world.session() as session:
        given = apply_seats(session, command, actor=counter.actor, now=NOW)

    assert (plan.standing, given, len(sheets(counter.world, second))) == (1, 2, 2)
    assert [(entry.code, names) for entry, names in plan.entries] == [
        ("B-001", ("Lê Văn Đức",)),
        ("B-002", ("Lê Văn Đức",)),
    ]
    [event] = counter.world.all(select(LedgerEvent))
    assert '"source":"file"' in event.details


def test_every_fault_is_named_by_its_cell(counter: Counter) -> None:
    stand_aside(counter.world, counter.actor, counter.judges[1], counter.entries[0])
    rows = [
        ["Mã số", "Sản phẩm", "Giám khảo"],
        ["B-999", "", "GK1"],
        ["", "", "GK1"],
        ["B-001", "", ""],
        ["B-001", "", "GK9"],
        ["B-001", "Trà sen 2", "GK1"],
        ["B-001", "", "GK1"],
        ["B-001", "", "Trần Thị Hạnh"],
        ["B-001", "", "GK2"],
    ]

    assert counter.faults(rows) == [
        ("A2", "No product with the code “B-999” is scored in this contest now."),
        ("A3", "This row names a judge but no code of a product."),
        ("C4", "This row names a product but no judge."),
        ("C5", "No judge of this contest is “GK9”. Write the number (GK1), name or e-mail address."),
        ("B6", "B-001 is “Trà sen 1”, not “Trà sen 2”. Check that the rows have not been mixed up."),
        ("C8", "The same judge and product stand in cell C7 already."),
        ("C9", f"It is on record that this judge does not score the product: {REASON}"),
    ]


def test_faults_of_a_table_with_crosses_are_named_too(counter: Counter) -> None:
    rows = [["Mã số", "GK1", "GK7"], ["B-001", "8,5", "x"], ["", "x", ""], ["B-002", "không", "x"]]

    assert counter.faults(rows) == [
        ("B2", "“8,5” is no cross. Write x where the judge scores the product, otherwise nothing."),
        ("C1", "No judge of this contest is “GK7”. Write the number (GK1), name or e-mail address."),
        ("A3", "This row names a judge but no code of a product."),
    ]


def test_namesakes_and_the_own_facility_are_faults(counter: Counter) -> None:
    world = counter.world
    world.judge(counter.contest, world.user("Trần Thị Hạnh"))
    facility = world.facility()
    world.entry(counter.contest, world.product(facility), code="B-003")
    world.judge(counter.contest, world.facility_user(facility))

    assert counter.faults([["Mã số", "Giám khảo"], ["B-001", "Trần Thị Hạnh"], ["B-003", "GK4"]]) == [
        ("B2", "More than one judge could be “Trần Thị Hạnh”. Write the number (GK1) or the e-mail address."),
        ("B3", "This judge belongs to the facility of the entry and may not score it."),
    ]


def test_an_open_possible_conflict_is_told_but_is_no_fault(counter: Counter) -> None:
    world = counter.world
    facility = world.facility("Hợp tác xã Ngọc Liên")
    world.entry(counter.contest, world.product(facility), code="B-003")
    world.signed(counter.judges[0], links="HTX Ngọc Liên")

    plan = counter.plan(csv_table([["Mã số", "Giám khảo"], ["B-003", "GK1"]]))

    assert (plan.fault_count, plan.doubtful) == (0, (("Trần Thị Hạnh", "B-003"),))


def test_the_first_faults_are_named_and_all_are_counted(counter: Counter) -> None:
    plan = counter.plan(csv_table([["Mã số", "Giám khảo"], *(["B-001", f"Ai {n}"] for n in range(80))]))

    assert (len(plan.faults), plan.fault_count) == (50, 80)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\x00\x01", "This is neither an XLSX workbook nor a CSV file"),
        (b"%PDF-1.7", "This is neither an XLSX workbook nor a CSV file"),
        (b"x" * (LARGEST + 1), "The file is too large, at most 10 MB."),
        (csv_table([["Họ tên", "Lương"], ["An", 5]]), "No headings were found."),
        (csv_table([["Mã số", "Sản phẩm"], ["B-001", "Trà"]]), "The table needs a column “Giám khảo”"),
        (workbook([["Mã số", "GK1"]], [["Mã số", "GK1"]]), "More than one sheet of the workbook has codes"),
        (with_part(workbook([["Mã số", "GK1"]]), "xl/vbaProject.bin"), "This workbook holds macros."),
        (csv_table([["Mã số", "GK1"], *([["B-001", "x"]] * 20_001)]), "The table is too large"),
    ],
    ids=[
        "nothing",
        "binary",
        "PDF",
        "too large",
        "no headings",
        "no judges",
        "two sheets",
        "macros",
        "endless",
    ],
)
def test_a_file_that_is_no_table_of_assignments_is_refused(
    counter: Counter, content: bytes, said: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        counter.plan(content)

    assert str(error.value.fields["file"]).startswith(said)


def test_files_are_read_for_who_appoints_the_jury_until_scoring_closes(
    counter: Counter, world: World
) -> None:
    good = csv_table([["Mã số", "Giám khảo"], ["B-001", "GK1"]])
    closed = world.contest(ContestState.SCORED)
    abroad = world.actor(world.organiser(world.territory("Quảng Ninh")))

    with world.session() as session, pytest.raises(IllegalState):
        plan_file(session, counter.actor, closed.id, good)
    with world.session() as session, pytest.raises(NotFound):
        plan_file(session, abroad, counter.contest.id, good)
