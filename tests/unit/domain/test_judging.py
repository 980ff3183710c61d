"""What a score sheet may hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import IllegalState, InvalidInput, StaleVersion
from app.domain.judging import (
    SheetProgress,
    SheetState,
    check_complete,
    check_reason,
    check_sheet,
    check_sheet_open,
    check_version,
    progress_of,
)
from app.domain.rules import ContestRules, CriterionRule

RULES = ContestRules(
    rubric="two",
    criteria=(
        CriterionRule("L1", "Thị trường", "Market", 4000),
        CriterionRule("L2", "Văn hóa", "Culture", 1000),
    ),
    groups=(),
    mark_step=50,
)


def refused(marks: Any = None, notes: Any = None, remark: str = "") -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        check_sheet(marks or {}, notes or {}, remark, RULES)
    return {field: str(message) for field, message in caught.value.fields.items()}


@pytest.mark.parametrize("value", [0, 50, 3950, 4000, None])
def test_a_mark_from_zero_to_the_maximum_on_a_step_may_stand(value: int | None) -> None:
    check_sheet({"L1": value}, {}, "", RULES)


@given(st.integers())
def test_no_other_mark_may_stand(value: int) -> None:
    if 0 <= value <= 1000 and value % 50 == 0:
        check_sheet({"L2": value}, {}, "", RULES)
    else:
        assert refused({"L2": value}).keys() == {"mark_L2"}


def test_every_wrong_mark_is_named_with_what_to_do() -> None:
    assert refused({"L1": 4050, "L2": 25}) == {
        "mark_L1": "40,5 is above the highest mark, 40.",
        "mark_L2": "Enter points in steps of 0,5.",
    }
    assert refused({"L1": -50}) == {"mark_L1": "Enter 0 or more points."}


def test_a_criterion_of_another_rubric_is_refused() -> None:
    assert refused({"L9": 100}) == {"mark_L9": "This contest has no such criterion."}
    assert refused(notes={"L9": "x"}) == {"mark_L9": "This contest has no such criterion."}


def test_texts_have_a_longest_length() -> None:
    check_sheet({}, {"L1": "ổ" * 500}, "ổ" * 2000, RULES)

    assert refused(notes={"L1": "ổ" * 501}, remark="ổ" * 2001) == {
        "note_L1": "At most 500 characters; there are 501.",
        "remark": "At most 2000 characters; there are 2001.",
    }


def test_a_sheet_is_complete_when_every_criterion_has_a_mark_and_zero_is_one() -> None:
    check_complete({"L1": 0, "L2": 0}, RULES)

    with pytest.raises(InvalidInput) as caught:
        check_complete({"L1": None}, RULES)
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
