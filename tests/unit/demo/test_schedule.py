"""The example's judges work when offices are open, one sheet after the other."""

from datetime import date, time, timedelta
from itertools import pairwise
from random import Random
from statistics import median

import pytest

from app.demo.schedule import Act, office_day, timetable

FIRST, LAST = date(2023, 5, 1), date(2023, 6, 5)  # begins on a holiday


def acts_of(entries: int, *, judges: int = 4, seed: int = 1, last: date = LAST) -> list[Act]:
    return timetable(
        Random(seed), {judge: range(entries) for judge in range(judges)}, FIRST, last, hasty=judges - 1
    )


@pytest.mark.parametrize("entries", [1, 12, 179])
@pytest.mark.parametrize("seed", range(5))
def test_every_sheet_is_submitted_once_in_office_hours(entries: int, seed: int) -> None:
    acts = acts_of(entries, seed=seed)

    submitted = sorted((act.judge, act.entry_id) for act in acts if not act.is_draft)
    assert submitted == [(judge, entry) for judge in range(4) for entry in range(entries)]
    assert acts == sorted(acts)
    for act in acts:
        assert office_day(act.at.date()) == act.at.date()
        assert FIRST <= act.at.date() <= LAST
        assert time(8) < act.at.time() < time(12) or time(13, 30) < act.at.time() < time(17, 30)


def test_what_a_break_interrupts_is_saved_before_it_is_submitted() -> None:
    acts = acts_of(60)

    drafts = {(act.judge, act.entry_id): act.at for act in acts if act.is_draft}
    later = {(act.judge, act.entry_id): act.at for act in acts if not act.is_draft}
    assert len(drafts) >= 4
    assert all(timedelta(hours=1) < later[key] - at for key, at in drafts.items())


def test_one_judge_is_far_too_quick() -> None:
    acts = acts_of(40)

    paces = []
    for judge in range(4):
        times = [act.at for act in acts if act.judge == judge and not act.is_draft]
        paces.append(median((after - before).total_seconds() / 60 for before, after in pairwise(times)))
    assert paces[3] < 3.5
    assert min(paces[:3]) > 12


def test_a_short_time_makes_long_sessions() -> None:
    acts = acts_of(30, last=date(2023, 5, 2))

    assert len([act for act in acts if not act.is_draft]) == 120
    assert {act.at.date() for act in acts} == {date(2023, 5, 2)}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 4, 29), date(2023, 5, 2)),  # a Saturday before two holidays
        (date(2023, 5, 3), date(2023, 5, 3)),
        (date(2025, 8, 30), date(2025, 9, 3)),
    ],
)
def test_offices_are_closed_on_weekends_and_holidays(day: date, expected: date) -> None:
    assert office_day(day) == expected
