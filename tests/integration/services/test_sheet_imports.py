"""Score sheets taken over from a spreadsheet."""

import json
import unicodedata
from typing import Any

import pytest
from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.judging import SheetState
from app.domain.paper import ImportState
from app.models import Contest, ScoreSheet, SheetImport
from app.services.judging import ReopenSheet, SaveSheet, reopen_sheet, save_sheet, submit_sheet
from app.services.sheet_imports import discard_import
from app.services.sheet_template import template_file
from tests.assignments import stand_aside
from tests.builders import NOW, World
from tests.outside_sheets import GOOD, LATER, MARKS, Office, csv_table, office, workbook

BLANK = ("", "", "", "")
NOT_POINTS = (
    "This cell holds a date, a time or a truth value (True). Format it as a number and type the points again."
)
TOTAL_ONLY = (
    "The file gives only a total for the sheet of GK1 – Trần Thị Hạnh for B-001. "
    "Enter the mark of each criterion."
)
SUBMITTED = (
    "The sheet of GK1 – Trần Thị Hạnh for B-001 is submitted with other marks. "
    "If these are right, the head of jury has to reopen it."
)


@pytest.fixture
def desk(world: World) -> Office:
    return office(world)


def own_marks(desk: Office, service: Any, **marks: int) -> None:
    """What GK1 does in the system."""
    command = SaveSheet(desk.sheets[0, 0].id, 1, marks, {}, "")
    with desk.world.session() as session:
        service(session, command, actor=desk.world.actor(desk.people[0]), now=NOW)


def reopen(desk: Office) -> None:
    head = desk.world.user()
    desk.world.judge(desk.contest, head, is_head=True)
    with desk.world.session() as session:
        command = ReopenSheet(desk.sheets[0, 0].id, "Nhầm sản phẩm.")
        reopen_sheet(session, command, actor=desk.world.actor(head), now=LATER)


@pytest.mark.parametrize("merged", [True, False])
def test_the_wide_form_under_two_rows_of_headings_is_read(desk: Office, merged: bool) -> None:
    def merge(_book: Any, pages: list[Any]) -> None:
        if merged:
            pages[0].merge_range(0, 0, 1, 0, "Mã số")
            pages[0].merge_range(0, 1, 0, 4, "GK1")
            pages[0].merge_range(0, 5, 0, 8, "GK2")

    content = workbook(desk.wide((*GOOD, *BLANK), (*GOOD, *GOOD)), prepare=merge)

    assert desk.planned(content) == [
        ("GK1", "B-001", MARKS, "new"),
        ("GK1", "B-002", MARKS, "new"),
        ("GK2", "B-002", MARKS, "new"),
    ]


def test_titles_and_columns_about_the_product_may_stand_beside_the_marks(desk: Office) -> None:
    rows = [
        ["Tổng hợp điểm của ban giám khảo"],
        ["TT", "Mã số", "Tên sản phẩm", "Cơ sở", "Trần Thị Hạnh", "", "", "", "", "Ghi chú"],
        ["", "", "", "", "L1", "L2", "L3", "L4", "Cộng", ""],
        [1, "b-001", "TRÀ SEN 1", "HTX Ngọc Liên", *GOOD, 75.5, "xem lại"],
    ]

    plan = desk.plan(desk.upload(workbook(rows)))

    assert [(one.sheet.code, dict(one.marks)) for one in plan.sheets] == [("B-001", MARKS)]
    assert (plan.faults, plan.unread) == ([], ["TT", "Cơ sở", "Ghi chú"])


@pytest.mark.parametrize("judge", ["GK1", "gk 1", "Trần Thị Hạnh", "trần thị hạnh", "Giám khảo 1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_wide_form_under_one_row_of_headings_is_read(desk: Office, judge: str, delimiter: str) -> None:
    rows = [["Mã số", *(f"{judge} {code}" for code in ("L1", "L2", "L3", "L4"))], ["B-001", *GOOD]]

    assert desk.planned(csv_table(rows, delimiter)) == [("GK1", "B-001", MARKS, "new")]


def test_the_long_form_is_read_with_judges_by_name_or_address(desk: Office) -> None:
    rows = desk.long(("B-001", "Lê Văn Đức", GOOD), ("B-002", desk.people[0].email, GOOD))

    assert desk.planned(csv_table(rows, ";", "utf-8-sig")) == [
        ("GK2", "B-001", MARKS, "new"),
        ("GK1", "B-002", MARKS, "new"),
    ]


def test_marks_with_a_decimal_comma_and_decomposed_letters_are_read(desk: Office) -> None:
    rows = desk.long(("B-001", unicodedata.normalize("NFD", "Lê Văn Đức"), ("30,5", "30", "8", "7")))

    assert desk.planned(csv_table(rows, ";")) == [("GK2", "B-001", MARKS, "new")]


def test_the_template_comes_back_as_it_was_filled_in(desk: Office) -> None:
    with desk.world.session() as session:
        slug, empty = template_file(session, desk.actor, desk.contest.id)

    assert slug == desk.contest.slug
    assert desk.planned(empty) == []
    assert desk.faults(empty) == []


def test_judges_and_criteria_are_told_apart_in_level_two(world: World) -> None:
    desk = office(world, rules=world.detailed_rules())
    codes = ["L1.1", "L1.2", "L2.1", "L2.2", "L3", "L4"]
    rows = [["Mã số", *(f"GK1 {code}" for code in codes)], ["B-001", 20, 10, 8, 25, 9, 8]]

    assert desk.planned(csv_table(rows)) == [
        (
            "GK1",
            "B-001",
            {"L1.1": 2000, "L1.2": 1000, "L2.1": 800, "L2.2": 2500, "L3": 900, "L4": 800},
            "new",
        )
    ]


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("C3", "abc", "“abc” is not a number. Enter points such as 8.5."),
        ("C3", -1, "Enter 0 or more points."),
        ("C3", 40.5, "40.5 is above the highest mark, 40."),
        ("C3", 8.25, "Enter points in steps of 0.5."),
        ("C3", 8.333, "“8.333” has more than two decimals. Enter points such as 8.25."),
        ("C3", 7.999999999, "“7.999999999” has more than two decimals. Enter points such as 8.25."),
        ("C3", 1e12, "This number is too long. Enter points such as 8.5."),
        ("C3", "NaN", "“NaN” is not a number. Enter points such as 8.5."),
        ("C3", "", "The sheet of GK1 – Trần Thị Hạnh for B-001 has no mark for L2."),
        ("A3", "X-999", "No product with the code “X-999” is scored in this contest now."),
        ("A3", "", "This row has a mark but no code of a product."),
        ("B1", "GK9", "No judge of this contest is “GK9”. Write the number (GK1), name or e-mail address."),
        ("C2", "L9", "B-001 has no criterion “L9” on its sheet."),
        (
            "C3",
            True,
            NOT_POINTS,
        ),
    ],
)
def test_each_fault_names_its_cell(desk: Office, cell: str, value: object, said: str) -> None:
    rows = desk.wide((*GOOD, *BLANK))
    rows[int(cell[1]) - 1]["ABCDE".index(cell[0])] = value
    where = "C3" if cell == "C2" else cell

    assert (where, said) in desk.faults(workbook(rows))
    assert desk.planned(workbook(rows)) == []


def test_a_total_that_is_not_the_sum_is_a_fault(desk: Office) -> None:
    rows = [["Mã số", "GK1 L1", "GK1 L2", "GK1 L3", "GK1 L4", "GK1 Tổng"], ["B-001", *GOOD, 75]]

    assert desk.faults(csv_table(rows)) == [("F2", "The total is 75, but the marks add up to 75.5.")]


@pytest.mark.parametrize("total", [10, "10", "9,5"])
def test_a_total_without_marks_is_a_fault_and_not_left_out_in_silence(desk: Office, total: object) -> None:
    rows = [["Mã số", "GK1 L1", "GK1 L2", "GK1 L3", "GK1 L4", "GK1 Tổng"], ["B-001", *BLANK, total]]
    rows.append(["B-002", *GOOD, 75.5])

    assert desk.faults(workbook(rows)) == [("F2", TOTAL_ONLY)]


def test_a_total_without_a_column_of_marks_is_a_fault(desk: Office) -> None:
    rows = [["Mã số", "GK1 Tổng"], ["B-001", 75.5]]

    assert [cell for cell, _said in desk.faults(workbook(rows))] == ["B2"]


def test_a_sum_of_nothing_beside_a_sheet_without_marks_is_no_fault(desk: Office) -> None:
    rows = [["Mã số", "GK1 L1", "GK1 L2", "GK1 L3", "GK1 L4", "GK1 Tổng"], ["B-001", *BLANK, 0]]

    assert (desk.faults(workbook(rows)), desk.planned(workbook(rows))) == ([], [])


def test_a_file_without_a_mark_says_so_and_not_that_all_is_submitted(desk: Office) -> None:
    row = desk.upload(workbook(desk.wide(BLANK * 2)))

    with pytest.raises(InvalidInput) as error:
        desk.apply(row)

    assert str(error.value.fields["file"]) == "There is nothing to take over: no mark was found in the file."


def test_a_product_under_the_code_of_another_is_a_fault(desk: Office) -> None:
    rows = [["Mã số", "Sản phẩm", "GK1 L1", "GK1 L2", "GK1 L3", "GK1 L4"], ["B-001", "Trà sen 2", *GOOD]]

    assert desk.faults(csv_table(rows)) == [
        ("B2", "B-001 is “Trà sen 1”, not “Trà sen 2”. Check that the rows have not been mixed up.")
    ]


def test_the_same_mark_given_twice_is_a_fault(desk: Office) -> None:
    rows = desk.long(("B-001", "GK1", GOOD), ("B-001", "Trần Thị Hạnh", GOOD))

    assert desk.faults(csv_table(rows))[0] == (
        "D6",
        "A second mark for the same judge, product and criterion; the first is in cell D2.",
    )


def test_a_name_that_two_judges_bear_is_not_guessed(desk: Office) -> None:
    desk.world.judge(desk.contest, desk.world.user("Trần Thị Hạnh"))

    faults = desk.faults(csv_table(desk.long(("B-001", "Trần Thị Hạnh", GOOD))))

    assert faults == [
        (
            "B2",
            "More than one judge could be “Trần Thị Hạnh”. Write the number (GK1) or the e-mail address.",
        )
    ]


def test_a_judge_who_stands_aside_or_has_no_sheet_is_a_fault(desk: Office) -> None:
    stand_aside(desk.world, desk.actor, desk.judges[0], desk.entries[0])
    newcomer = desk.world.judge(desk.contest, desk.world.user("Phạm Văn Tám"))
    rows = desk.long(("B-001", "GK1", GOOD), ("B-002", "GK3", GOOD))

    assert newcomer.id > desk.judges[1].id
    assert [said for _cell, said in desk.faults(csv_table(rows))] == [
        "GK1 – Trần Thị Hạnh is not assigned to score B-001.",
        "GK3 – Phạm Văn Tám is not assigned to score B-002.",
    ]


def test_an_import_submits_each_sheet_on_behalf_of_its_judge(desk: Office) -> None:
    row = desk.upload(workbook(desk.wide((*GOOD, *BLANK), (*BLANK, *GOOD))))

    assert desk.apply(row) == 2

    assert (desk.marks(0, 0), desk.marks(1, 1), desk.marks(0, 1)) == (MARKS, MARKS, {})
    assert (desk.stored(0, 0).state, desk.stored(0, 1).state) == (SheetState.SUBMITTED, SheetState.DRAFT)
    assert desk.world.get(SheetImport, row.id).state is ImportState.APPLIED
    events = [
        (event.action, event.actor_id, event.on_behalf_of, json.loads(event.details).get("source"))
        for event in desk.events()
    ]
    by = desk.organiser.id
    assert events == [
        ("sheet-import:upload", by, "", None),
        ("score-sheet:submit", by, "Trần Thị Hạnh", "import"),
        ("score-sheet:submit", by, "Lê Văn Đức", "import"),
        ("sheet-import:apply", by, "", None),
    ]


def test_a_file_applied_twice_is_applied_once(desk: Office) -> None:
    row = desk.upload(workbook(desk.wide((*GOOD, *BLANK))))
    seen = desk.plan(row).digest
    desk.apply(row, seen)
    events = len(desk.events())

    assert desk.apply(row, seen) == 0
    assert len(desk.events()) == events


def test_the_same_file_sent_in_again_has_nothing_to_do(desk: Office) -> None:
    content = workbook(desk.wide((*GOOD, *BLANK)))
    desk.apply(desk.upload(content))

    assert desk.planned(content) == [("GK1", "B-001", MARKS, "equal")]
    with pytest.raises(InvalidInput, match="nothing to take over"):
        desk.apply(desk.upload(content))


def test_a_plan_that_is_old_is_not_carried_out(desk: Office) -> None:
    row = desk.upload(workbook(desk.wide((*GOOD, *BLANK))))
    seen = desk.plan(row).digest
    own_marks(desk, save_sheet, L1=3050)

    with pytest.raises(StaleVersion):
        desk.apply(row, seen)

    assert desk.marks() == {"L1": 3050}


@pytest.mark.parametrize("first", [3050, 3100], ids=["the same mark", "another mark"])
def test_a_sheet_that_the_judge_has_begun_is_a_fault_that_tells_nothing_of_it(
    desk: Office, first: int
) -> None:
    own_marks(desk, save_sheet, L1=first)

    assert desk.faults(workbook(desk.wide((*GOOD, *BLANK)))) == [
        (
            "B3",
            "GK1 – Trần Thị Hạnh is filling in the sheet for B-001 in the system. Nobody else can submit it.",
        )
    ]


def test_a_sheet_that_the_judge_submitted_is_not_changed(desk: Office) -> None:
    own_marks(desk, submit_sheet, **{**MARKS, "L1": 3100})
    row = desk.upload(workbook(desk.wide((*GOOD, *BLANK))))

    with pytest.raises(InvalidInput, match="Nothing was taken over"):
        desk.apply(row)

    assert desk.marks() == {**MARKS, "L1": 3100}


def test_marks_from_a_file_can_be_replaced_once_the_sheet_is_reopened(desk: Office) -> None:
    desk.apply(desk.upload(workbook(desk.wide((*GOOD, *BLANK)))))
    better = workbook(desk.wide((31, 30, 8, 7, *BLANK)))
    assert [said for _cell, said in desk.faults(better)] == [SUBMITTED]
    reopen(desk)

    assert desk.planned(better) == [("GK1", "B-001", {**MARKS, "L1": 3100}, "changed")]
    desk.apply(desk.upload(better))
    assert desk.marks() == {**MARKS, "L1": 3100}


def test_one_fault_keeps_the_whole_file_from_being_taken_over(desk: Office) -> None:
    row = desk.upload(workbook(desk.wide((*GOOD, *BLANK), (99, 30, 8, 7, *BLANK))))

    with pytest.raises(InvalidInput):
        desk.apply(row)

    assert (desk.marks(0, 0), desk.world.get(SheetImport, row.id).state) == ({}, ImportState.UPLOADED)


def test_only_the_current_pass_is_filled_in(desk: Office) -> None:
    row = desk.upload(workbook(desk.wide((*GOOD, *BLANK))))
    seen = desk.plan(row).digest
    with desk.world.session() as session:
        session.execute(update(Contest).where(Contest.id == desk.contest.id).values(current_pass=2))

    with pytest.raises(IllegalState, match="a pass that is closed"):
        desk.apply(row, seen)

    second = desk.world.sheet(desk.judges[0], desk.entries[0], pass_no=2)
    desk.apply(desk.upload(workbook(desk.wide((*GOOD, *BLANK)))))
    assert (desk.marks(), desk.world.marks_of(second)) == ({}, MARKS)


@pytest.mark.parametrize("state", [state for state in ContestState if state is not ContestState.SCORING])
def test_nothing_is_sent_in_while_scoring_is_not_open(world: World, state: ContestState) -> None:
    desk = office(world, state=state)

    with pytest.raises(IllegalState):
        desk.upload(workbook(desk.wide((*GOOD, *BLANK))))


def test_a_discarded_file_is_kept_and_not_carried_out(desk: Office) -> None:
    content = workbook(desk.wide((*GOOD, *BLANK)))
    row = desk.upload(content)
    seen = desk.plan(row).digest
    with desk.world.session() as session:
        discard_import(session, desk.contest.id, row.id, actor=desk.actor, now=LATER)

    with pytest.raises(IllegalState, match="taken over or discarded"):
        desk.apply(row, seen)

    assert desk.store.read(row.file_sha256) == content


def test_the_organiser_of_another_province_cannot_send_in_or_see_a_file(desk: Office) -> None:
    row = desk.upload(workbook(desk.wide((*GOOD, *BLANK))))
    stranger = desk.world.actor(desk.world.organiser(desk.world.territory("An Giang")))

    with pytest.raises(NotFound):
        desk.upload(b"entry,judge,criterion,mark\n", actor=stranger)
    with desk.world.session() as session, pytest.raises(NotFound):
        discard_import(session, desk.contest.id, row.id, actor=stranger, now=LATER)


def test_a_hundred_sheets_are_taken_over_at_once(world: World) -> None:
    desk = office(world)
    for number in range(3, 101):
        entry = world.entry(desk.contest, code=f"B-{number:03d}")
        world.sheet(desk.judges[0], entry)
    rows = [["Mã số", *(f"GK1 {code}" for code in ("L1", "L2", "L3", "L4"))]]
    codes = world.all(select(ScoreSheet.id).where(ScoreSheet.judge_id == desk.judges[0].id))
    rows += [[f"B-{number:03d}", *map(str, GOOD)] for number in range(1, len(codes) + 1)]

    assert desk.apply(desk.upload(csv_table(rows))) == 100
