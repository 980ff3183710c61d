"""What a score sheet may hold."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import IllegalState, InvalidInput, StaleVersion
from app.domain.judging import (
    SheetProgress,
    SheetState,
    check_complete,
    check_pass,
    check_reason,
    check_sheet,
    check_sheet_open,
    check_version,
    progress_of,
    sheet_parts,
)
from app.domain.rules import ContestRules, CriterionRule, SubCriterionRule

RULES = ContestRules(
    rubric="two",
    criteria=(
        CriterionRule("L1", "Thị trường", "Market", 4000),
        CriterionRule("L2", "Văn hóa", "Culture", 1000),
    ),
    groups=(),
    mark_step=50,
)
IN_A = SubCriterionRule("L1.1", "L1", "A", "Tay nghề", "Craft", 4000)
IN_B = SubCriterionRule("L1.1", "L1", "B", "Chế biến", "Processing", 2500)
ALSO_IN_B = SubCriterionRule("L1.2", "L1", "B", "Mở rộng", "Growth", 1500)
DETAILED = replace(RULES, sub_criteria=(IN_A, IN_B, ALSO_IN_B))


def refused(
    marks: Any = None, notes: Any = None, remark: str = "", rules: ContestRules = RULES
) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        check_sheet(marks or {}, notes or {}, remark, rules, "B")
    return {field: str(message) for field, message in caught.value.fields.items()}


@pytest.mark.parametrize("value", [0, 50, 3950, 4000, None])
def test_a_mark_from_zero_to_the_maximum_on_a_step_may_stand(value: int | None) -> None:
    check_sheet({"L1": value}, {}, "", RULES, "B")


@given(st.integers())
def test_no_other_mark_may_stand(value: int) -> None:
    if 0 <= value <= 1000 and value % 50 == 0:
        check_sheet({"L2": value}, {}, "", RULES, "B")
    else:
        assert refused({"L2": value}).keys() == {"mark_L2"}


def test_every_wrong_mark_is_named_with_what_to_do() -> None:
    assert refused({"L1": 4050, "L2": 25}) == {
        "mark_L1": "40.5 is above the highest mark, 40.",
        "mark_L2": "Enter points in steps of 0.5.",
    }
    assert refused({"L1": -50}) == {"mark_L1": "Enter 0 or more points."}


def test_a_criterion_of_another_rubric_is_refused() -> None:
    assert refused({"L9": 100}) == {"mark_L9": "This sheet has no such criterion."}
    assert refused(notes={"L9": "x"}) == {"mark_L9": "This sheet has no such criterion."}


def test_the_sheet_of_each_group_has_its_own_lines_under_the_criteria() -> None:
    first, second = DETAILED.criteria

    found = {
        group: [(part.criterion, part.lines, part.has_lines) for part in sheet_parts(DETAILED, group)]
        for group in "ABC"
    }

    assert found == {
        "A": [(first, (IN_A,), True), (second, (second,), False)],
        "B": [(first, (IN_B, ALSO_IN_B), True), (second, (second,), False)],
        "C": [(first, (first,), False), (second, (second,), False)],
    }


def test_a_subtotal_adds_up_the_marks_that_are_there() -> None:
    detailed, plain = sheet_parts(DETAILED, "B")

    assert detailed.subtotal({"L1.1": 2000, "L1.2": 950, "L2": 800}) == 2950
    assert detailed.subtotal({"L1.1": 0, "L1.2": None}) == 0
    assert detailed.subtotal({"L2": 800}) is None
    assert plain.subtotal({"L1.1": 2000, "L2": 800}) == 800


@pytest.mark.parametrize(
    ("marks", "faults"),
    [
        ({"L1.1": 2550}, {"mark_L1.1": "25.5 is above the highest mark, 25."}),
        ({"L1.2": 25}, {"mark_L1.2": "Enter points in steps of 0.5."}),
        ({"L1.1": -50}, {"mark_L1.1": "Enter 0 or more points."}),
        ({"L1": 4000}, {"mark_L1": "This sheet has no such criterion."}),
        ({"L1.3": 50}, {"mark_L1.3": "This sheet has no such criterion."}),
    ],
)
def test_a_mark_stands_on_a_line_of_the_entrys_group_within_the_maximum_of_that_line(
    marks: dict[str, int], faults: dict[str, str]
) -> None:
    check_sheet({"L1.1": 2500, "L1.2": 1500, "L2": 1000}, {"L1.2": "Khá."}, "", DETAILED, "B")

    assert refused(marks, rules=DETAILED) == faults


def test_a_line_of_another_group_is_refused() -> None:
    sent: list[Any] = [({"L1.2": 50}, {}), ({}, {"L1.2": "x"})]
    check_sheet({"L1.1": 4000}, {}, "", DETAILED, "A")

    for marks, notes in sent:
        with pytest.raises(InvalidInput) as caught:
            check_sheet(marks, notes, "", DETAILED, "A")
        assert list(caught.value.fields) == ["mark_L1.2"]


def test_a_sheet_is_complete_when_every_line_of_its_group_has_a_mark() -> None:
    check_complete({"L1.1": 0, "L1.2": 0, "L2": 0}, DETAILED, "B")
    check_complete({"L1.1": 0, "L2": 0}, DETAILED, "A")

    with pytest.raises(InvalidInput) as caught:
        check_complete({"L1": 4000, "L1.1": 0}, DETAILED, "B")
    assert list(caught.value.fields) == ["mark_L1.2", "mark_L2"]


def test_marks_of_a_pass_that_is_over_do_not_change() -> None:
    check_pass(2, 2)

    for other in (1, 3):
        with pytest.raises(IllegalState):
            check_pass(other, 2)


def test_texts_have_a_longest_length() -> None:
    check_sheet({}, {"L1": "ổ" * 500}, "ổ" * 2000, RULES, "B")

    assert refused(notes={"L1": "ổ" * 501}, remark="ổ" * 2001) == {
        "note_L1": "At most 500 characters; there are 501.",
        "remark": "At most 2000 characters; there are 2001.",
    }


def test_a_sheet_is_complete_when_every_criterion_has_a_mark_and_zero_is_one() -> None:
    check_complete({"L1": 0, "L2": 0}, RULES, "B")

    with pytest.raises(InvalidInput) as caught:
        check_complete({"L1": None}, RULES, "B")
    assert list(caught.value.fields) == ["mark_L1", "mark_L2"]


@pytest.mark.parametrize(
    ("state", "scoring", "open_"),
    [
        (SheetState.DRAFT, True, True),
        (SheetState.REOPENED, True, True),
        (SheetState.SUBMITTED, True, False),
        (SheetState.DRAFT, False, False),
        (SheetState.REOPENED, False, False),
        (SheetState.SUBMITTED, False, False),
    ],
)
def test_marks_may_change_only_on_an_open_sheet_while_scoring_is_open(
    state: SheetState, scoring: bool, open_: bool
) -> None:
    if open_:
        check_sheet_open(state, scoring=scoring)
    else:
        with pytest.raises(IllegalState):
            check_sheet_open(state, scoring=scoring)


def test_a_save_over_another_version_is_stale() -> None:
    check_version(3, 3)

    for seen in (2, 4):
        with pytest.raises(StaleVersion):
            check_version(3, seen)


@pytest.mark.parametrize("reason", ["", "x" * 1001])
def test_a_reason_is_written_and_not_endless(reason: str) -> None:
    check_reason("Chấm nhầm sản phẩm.")

    with pytest.raises(InvalidInput) as caught:
        check_reason(reason)
    assert list(caught.value.fields) == ["reason"]


@pytest.mark.parametrize(
    ("state", "given_marks", "progress"),
    [
        (SheetState.DRAFT, 0, SheetProgress.EMPTY),
        (SheetState.DRAFT, 1, SheetProgress.PARTIAL),
        (SheetState.DRAFT, 2, SheetProgress.COMPLETE),
        (SheetState.REOPENED, 2, SheetProgress.REOPENED),
        (SheetState.SUBMITTED, 2, SheetProgress.SUBMITTED),
    ],
)
def test_progress_says_what_is_left_to_do(
    state: SheetState, given_marks: int, progress: SheetProgress
) -> None:
    assert progress_of(state, given_marks, 2) is progress
