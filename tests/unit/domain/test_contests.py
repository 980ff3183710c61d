from contextlib import nullcontext
from datetime import date

import pytest

from app.domain.contests import (
    BACK,
    TRANSITIONS,
    Calendar,
    ContestState,
    Readiness,
    check_calendar,
    check_return,
    check_transition,
    list_codes,
    what_scoring_waits_for,
)
from app.domain.entries import next_entry_code
from app.domain.errors import IllegalState

READY = Readiness(accepted=3, waiting=0, short=(), conflicts=(), min_sheets=5)


@pytest.mark.parametrize("current", list(ContestState))
@pytest.mark.parametrize("target", list(ContestState))
def test_a_contest_goes_on_or_back_by_its_declared_steps_and_nowhere_else(
    current: ContestState, target: ContestState
) -> None:
    on, back = target in TRANSITIONS.get(current, ()), BACK.get(current) is target

    with nullcontext() if on else pytest.raises(IllegalState):
        check_transition(current, target)
    with nullcontext() if back else pytest.raises(IllegalState):
        check_return(current, target)


def test_a_published_list_does_not_go_back() -> None:
    assert {state for state in ContestState if state not in BACK} == {
        ContestState.DRAFT,
        ContestState.REGISTRATION,
        ContestState.SCORING,
        ContestState.PROVISIONAL,
        ContestState.FINAL,
    }


def test_a_contest_may_begin_in_the_year_before_and_end_in_the_year_after() -> None:
    check_calendar(2026, Calendar(date(2025, 12, 1), date(2025, 12, 1), date(2027, 1, 31)))


def test_nothing_is_waited_for_when_all_is_ready() -> None:
    assert what_scoring_waits_for(READY) == ()


def test_a_long_list_of_codes_is_cut_and_counted() -> None:
    codes = [f"B-{number:03d}" for number in range(1, 16)]

    assert list_codes(codes[:2]) == "B-001, B-002"
    assert list_codes(codes) == f"{', '.join(codes[:12])}, … (+3)"


@pytest.mark.parametrize(
    ("taken", "code"), [([], "C-001"), (["C-002"], "C-003"), (["C-999", "C-1000", "C-001"], "C-1001")]
)
def test_a_code_is_the_one_after_the_last(taken: list[str], code: str) -> None:
    assert next_entry_code("C", taken) == code
