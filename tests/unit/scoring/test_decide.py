"""`decide` against the oracle on random contests, and the laws that any contest keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring import (
    SPREAD,
    InvalidRules,
    MarkOutOfRange,
    Method,
    Outcome,
    Rubric,
    Rules,
    Standing,
    ThresholdOp,
    TooLarge,
    WrongShape,
    WrongType,
    decide,
)
from tests.unit.scoring.oracle import Expected, expected_results

LEGAL = Rubric((4000, 4000, 1000, 1000))
WHOLE = Rubric((10000,))


@dataclass(frozen=True)
class Contest:
    """Everything that `decide` is given."""

    marks: NDArray[np.int64]
    counts: NDArray[np.bool_]
    rubric: Rubric
    rules: Rules
    groups: NDArray[np.int64] | None
    facilities: NDArray[np.int64]

    def decide(self) -> Standing:
        return decide(self.marks, self.counts, self.rubric, self.rules, self.groups, self.facilities)


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    maxima = draw(st.lists(st.sampled_from([1, 2, 3, 1000, 4000]), min_size=1, max_size=4))
    floors = draw(st.none() | st.tuples(*(st.integers(0, top) for top in maxima)))
    return Rubric(tuple(maxima), floors or ())


@st.composite
def contests(draw: st.DrawFn) -> Contest:
    rubric = draw(rubrics())
    n_entries, n_judges = draw(st.integers(0, 8)), draw(st.integers(0, 6))
    cells = st.tuples(*(st.integers(0, top) for top in rubric.max_marks))
    sheets = draw(
        st.lists(
            st.lists(cells, min_size=n_judges, max_size=n_judges), min_size=n_entries, max_size=n_entries
        )
    )
    counts = draw(
        st.lists(
            st.lists(st.sampled_from([True, True, True, False]), min_size=n_judges, max_size=n_judges),
            min_size=n_entries,
            max_size=n_entries,
        )
    )
    n_groups = draw(st.integers(0, 3))
    groups = draw(st.lists(st.integers(-1, n_groups - 1), min_size=n_entries, max_size=n_entries))
    facilities = draw(st.lists(st.sampled_from([-1, 3, 4, 70]), min_size=n_entries, max_size=n_entries))
    shape = (n_entries, n_judges)
    return Contest(
        marks=np.array(sheets, dtype=np.int64).reshape(*shape, len(rubric)),
        counts=np.array(counts, dtype=np.bool_).reshape(shape),
        rubric=rubric,
        rules=draw(rules_for(rubric, n_groups)),
        groups=np.array(groups, dtype=np.int64) if n_groups else None,
        facilities=np.array(facilities, dtype=np.int64),
    )


@st.composite
def rules_for(draw: st.DrawFn, rubric: Rubric, n_groups: int) -> Rules:
    chain = draw(st.lists(st.integers(SPREAD, len(rubric) - 1), unique=True, max_size=len(rubric) + 1))
    quotas = st.none() | st.integers(0, 5)
    return Rules(
        method=draw(st.sampled_from(Method)),
        trim=draw(st.integers(0, 2)),
        outlier=draw(st.integers(0, rubric.total)),
        threshold=draw(st.integers(0, rubric.total)),
        threshold_op=draw(st.sampled_from(ThresholdOp)),
        min_sheets=draw(st.integers(1, 4)),
        tie_break=tuple(chain),
        quota=draw(quotas),
        group_quotas=tuple(draw(st.lists(quotas, min_size=n_groups, max_size=n_groups))),
        facility_quota=draw(quotas),
    )


def results(standing: Standing) -> list[Expected]:
    """Bring a standing into the oracle's form."""
    found = []
    for entry, scored in enumerate(standing.scored.tolist()):
        value = Fraction(int(standing.numerators[entry]), int(standing.denominators[entry]))
        found.append(
            Expected(
                sheets=int(standing.sheets[entry]),
                value=value if scored else None,
                average=int(standing.averages[entry]) if scored else None,
                rank=int(standing.ranks[entry]) if scored else None,
                decided_by=int(standing.decided_by[entry]) if scored else None,
                outcome=Outcome(standing.outcomes[entry]).name.lower(),
            )
        )
    return found


def expected(contest: Contest) -> list[Expected]:
    """Ask the oracle."""
    entries = [
        [tuple(sheet) for sheet, counts in zip(sheets, counting, strict=True) if counts]
        for sheets, counting in zip(contest.marks.tolist(), contest.counts.tolist(), strict=True)
    ]
    groups = None if contest.groups is None else contest.groups.tolist()
    return expected_results(entries, contest.rubric, contest.rules, groups, contest.facilities.tolist())


def decide_totals(*entries: list[int], rules: Rules | None = None) -> list[Expected]:
    """Score entries given by the totals of their sheets, in hundredths."""
    n_judges = max(map(len, entries))
    padded = [entry + [0] * (n_judges - len(entry)) for entry in entries]
    counts = [[judge < len(entry) for judge in range(n_judges)] for entry in entries]
    return results(decide(np.array(padded)[:, :, None], np.array(counts), WHOLE, rules or Rules()))


@settings(max_examples=300)
@given(contest=contests())
def test_a_random_contest_is_decided_as_the_oracle_does(contest: Contest) -> None:
    assert results(contest.decide()) == expected(contest)


@given(contest=contests(), seed=st.randoms(use_true_random=False))
def test_the_order_of_the_judges_never_matters(contest: Contest, seed: Any) -> None:
    order = list(range(contest.counts.shape[1]))
    seed.shuffle(order)

    shuffled = replace(contest, marks=contest.marks[:, order], counts=contest.counts[:, order])

    assert results(shuffled.decide()) == results(contest.decide())


@given(contest=contests(), seed=st.randoms(use_true_random=False))
def test_the_order_of_the_entries_never_matters(contest: Contest, seed: Any) -> None:
    order = list(range(contest.counts.shape[0]))
    seed.shuffle(order)
    groups = None if contest.groups is None else contest.groups[order]

    shuffled = replace(
        contest,
        marks=contest.marks[order],
        counts=contest.counts[order],
        groups=groups,
        facilities=contest.facilities[order],
    )

    found = results(contest.decide())
    assert results(shuffled.decide()) == [found[entry] for entry in order]


@given(contest=contests(), garbage=st.integers(-(10**9), 10**9))
def test_marks_of_sheets_that_do_not_count_are_never_read(contest: Contest, garbage: int) -> None:
    marks = np.where(contest.counts[:, :, None], contest.marks, garbage)

    assert results(replace(contest, marks=marks).decide()) == results(contest.decide())


@pytest.mark.parametrize("dtype", ["uint16", "int16", "int32", "uint32", "uint64"])
def test_any_integer_type_gives_the_same_result(dtype: str) -> None:
    marks = np.array([[[4000, 4000, 1000, 1000], [1, 2, 3, 4]], [[3999, 4000, 999, 5], [0, 0, 0, 0]]])
    counts = np.array([[True, True], [True, False]])

    narrow = decide(marks.astype(dtype), counts, LEGAL, Rules())

    assert results(narrow) == results(decide(marks, counts, LEGAL, Rules()))


def test_totals_of_69_91_69_99_and_70_10_average_exactly_70_and_reach_it() -> None:
    assert decide_totals([6991, 6999, 7010]) == [
        Expected(sheets=3, value=Fraction(7000), average=7000, rank=1, decided_by=0, outcome="selected")
    ]


def test_an_average_of_69_995_prints_as_70_and_stays_below() -> None:
    assert decide_totals([6999, 7000]) == [
        Expected(sheets=2, value=Fraction(13999, 2), average=7000, rank=1, decided_by=0, outcome="below")
    ]


def test_an_average_of_70_does_not_exceed_70() -> None:
    (entry,) = decide_totals([7000], rules=Rules(threshold_op=ThresholdOp.GT))

    assert entry.outcome == "below"


def test_averages_that_are_equal_as_fractions_share_a_rank_whatever_their_number_of_sheets() -> None:
    found = decide_totals([7001, 7002, 7002], [7001, 7002, 7002, 7001, 7002, 7002], [7005], [7001])

    assert [(entry.rank, entry.decided_by) for entry in found] == [(2, -1), (2, -1), (1, 0), (4, 0)]


def test_averages_that_differ_by_a_three_hundred_and_sixtieth_of_a_hundredth_are_told_apart() -> None:
    twenty, eighteen = [7000] * 19 + [7001], [7000] * 17 + [7001]

    found = decide_totals(twenty, eighteen)

    assert [entry.rank for entry in found] == [2, 1]


def test_hundreds_of_entries_with_and_without_gaps_agree_with_the_oracle() -> None:
    chance = np.random.default_rng(20_221_015)
    contest = Contest(
        marks=chance.integers(0, 30, (600, 5, 3)),
        counts=chance.random((600, 5)) < 0.9,
        rubric=Rubric((30, 30, 30), (0, 12, 0)),
        rules=Rules(
            threshold=44, tie_break=(2, SPREAD, 0), quota=90, group_quotas=(40, None, 25), facility_quota=3
        ),
        groups=chance.integers(-1, 3, 600),
        facilities=chance.integers(-1, 150, 600),
    )

    assert results(contest.decide()) == expected(contest)


def test_no_entries_give_an_empty_standing() -> None:
    empty = decide(np.zeros((0, 3, 4), dtype=int), np.zeros((0, 3), dtype=bool), LEGAL, Rules(quota=1))

    assert results(empty) == []


def test_entries_that_nobody_judged_are_not_scored() -> None:
    unjudged = decide(np.zeros((2, 0, 4), dtype=int), np.zeros((2, 0), dtype=bool), LEGAL, Rules(threshold=0))

    assert results(unjudged) == [Expected(0, None, None, None, None, "not_scored")] * 2


@pytest.mark.parametrize(
    ("mark", "criterion", "max_mark"), [(-1, 0, 4000), (4001, 0, 4000), (1001, 3, 1000), (2**40, 1, 4000)]
)
def test_a_mark_out_of_range_is_refused_and_named(mark: int, criterion: int, max_mark: int) -> None:
    marks = np.zeros((600, 2, 4), dtype=np.int64)
    marks[555, 1, criterion] = mark

    with pytest.raises(MarkOutOfRange) as refused:
        decide(marks, np.ones((600, 2), dtype=bool), LEGAL, Rules())

    error = refused.value
    assert (error.entry, error.judge, error.criterion, error.mark, error.max_mark) == (
        555,
        1,
        criterion,
        mark,
        max_mark,
    )


def test_a_mark_too_large_for_64_signed_bits_is_refused() -> None:
    marks = np.full((1, 1, 1), 2**64 - 1, dtype=np.uint64)

    with pytest.raises(MarkOutOfRange):
        decide(marks, np.ones((1, 1), dtype=bool), WHOLE, Rules())


@pytest.mark.parametrize(
    ("marks", "counts", "error"),
    [
        (np.zeros((2, 3, 4)), np.ones((2, 3), dtype=bool), WrongType),
        (np.zeros((2, 3, 4), dtype=bool), np.ones((2, 3), dtype=bool), WrongType),
        ([[[0, 0, 0, 0]]], np.ones((1, 1), dtype=bool), WrongType),
        (np.zeros((2, 3, 4), dtype=int), np.ones((2, 3), dtype=int), WrongType),
        (np.zeros((2, 3, 4), dtype=int), [[True] * 3] * 2, WrongType),
        (np.zeros((2, 4), dtype=int), np.ones((2, 4), dtype=bool), WrongShape),
        (np.zeros((2, 3, 5), dtype=int), np.ones((2, 3), dtype=bool), WrongShape),
        (np.zeros((2, 3, 4), dtype=int), np.ones((3, 2), dtype=bool), WrongShape),
        (np.zeros((1, 100_000, 4), dtype=np.int8), np.ones((1, 100_000), dtype=bool), TooLarge),
    ],
)
def test_arrays_that_cannot_be_scored_are_refused(marks: Any, counts: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        decide(marks, counts, LEGAL, Rules())


def test_a_tie_break_beyond_the_rubric_is_refused() -> None:
    with pytest.raises(InvalidRules, match="does not have"):
        decide(np.zeros((1, 1, 4), dtype=int), np.ones((1, 1), dtype=bool), LEGAL, Rules(tie_break=(4,)))
