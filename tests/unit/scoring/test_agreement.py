"""Agreement: published tables, other people's programs, and the laws that each statistic keeps."""

from __future__ import annotations

from typing import Final

import krippendorff
import numpy as np
import pyirr
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring import MAX_TOTAL, Agreement, Estimate, Rubric, Undefined, agreement, tally

SHROUT_FLEISS: Final = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout & Fleiss (1979), table 2: six targets, four judges."""

SIEGEL_TIED: Final = np.array(
    [
        [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
        [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
        [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
    ]
).T
"""Siegel (1956), chapter 9: three rankings of ten objects with ties."""

GAP: Final = -1
KRIPPENDORFF: Final = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
        [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
    ]
).T
"""Krippendorff (2011), example C: four observers, twelve units, some not observed."""

panels = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def of(totals: object, counts: NDArray[np.bool_] | None = None) -> Agreement:
    """Measure totals of one criterion."""
    marks = np.array(totals, dtype=np.int64)
    counts = marks != GAP if counts is None else counts
    return agreement(tally(marks[:, :, None], counts, Rubric((MAX_TOTAL,))))


def some_panel(rng: np.random.Generator) -> NDArray[np.int64]:
    """Totals on half points, in which entries and judges differ and ties are frequent."""
    n_entries, n_judges = rng.integers(2, 20), rng.integers(2, 8)
    noise = rng.integers(-6, 7, (n_entries, n_judges))
    return 7000 + 50 * (noise + rng.integers(-9, 10, (n_entries, 1)) + rng.integers(-3, 4, n_judges))


def values(found: Agreement) -> list[float | None]:
    """Give the four statistics."""
    return [
        found.kendall_w.value,
        found.icc_2_1.value,
        found.icc_2_k.value,
        found.krippendorff_alpha.value,
    ]


def with_interval(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high


def test_shrout_and_fleiss_get_what_they_published() -> None:
    found = of(SHROUT_FLEISS)

    assert with_interval(found.icc_2_1) == pytest.approx((0.29, 0.02, 0.76), abs=0.005)
    assert with_interval(found.icc_2_k) == pytest.approx((0.62, 0.07, 0.93), abs=0.005)


def test_siegel_gets_his_w_with_the_correction_for_ties() -> None:
    assert of(2 * SIEGEL_TIED).kendall_w.value == pytest.approx(591 / 714)


def test_a_published_w_without_ties() -> None:
    ranks = [[1, 1, 6], [6, 5, 3], [3, 6, 2], [2, 4, 5], [5, 2, 4], [4, 3, 1]]

    assert of(ranks).kendall_w.value == pytest.approx(0.16, abs=0.005)


def test_krippendorff_gets_his_alpha_with_gaps() -> None:
    found = of(KRIPPENDORFF)

    assert (found.entries, found.complete, found.judges) == (12, 8, 4)
    assert found.krippendorff_alpha.value == pytest.approx(0.849, abs=0.0005)


@given(panels)
def test_the_correlations_are_those_of_another_program(rng: np.random.Generator) -> None:
    totals = some_panel(rng)
    found = of(totals)

    with np.errstate(all="ignore"):  # the other program divides by zero where there is no interval
        single, mean = (
            pyirr.intraclass_correlation(totals, model="twoway", mtype="agreement", unit=unit)
            for unit in ("single", "average")
        )
    if found.icc_2_1.low is not None and totals.std(axis=1).any() and totals.std(axis=0).any():
        wanted = (single.value, single.lower_bound, single.upper_bound)
        assert with_interval(found.icc_2_1) == pytest.approx(wanted, abs=1e-7)
    if found.icc_2_k.value is not None:
        assert found.icc_2_k.value == pytest.approx(mean.value, rel=1e-6, abs=1e-9)


@given(panels)
def test_w_is_that_of_friedmans_test_in_another_program(rng: np.random.Generator) -> None:
    totals = some_panel(rng)
    n_entries, n_judges = totals.shape
    found = of(totals).kendall_w

    if n_entries >= 3 and found.value is not None:
        statistic = scipy.stats.friedmanchisquare(*totals).statistic
        assert found.value == pytest.approx(statistic / (n_judges * (n_entries - 1)), abs=1e-9)


@given(panels)
def test_alpha_is_that_of_another_program(rng: np.random.Generator) -> None:
    totals = some_panel(rng)
    totals[rng.random(totals.shape) < 0.3] = GAP
    found = of(totals).krippendorff_alpha

    if found.value is not None:
        data = np.where(totals == GAP, np.nan, totals).T
        wanted = krippendorff.alpha(data, level_of_measurement="interval")
        assert found.value == pytest.approx(wanted, abs=1e-9)


@given(panels)
def test_neither_order_nor_a_shift_of_all_totals_matters(rng: np.random.Generator) -> None:
    totals = some_panel(rng)
    shuffled = rng.permutation(rng.permutation(totals, axis=0), axis=1) + 1_000_000

    assert of(shuffled) == of(totals)


@given(panels)
def test_a_judge_who_gives_more_to_all_ranks_them_as_before(rng: np.random.Generator) -> None:
    totals = some_panel(rng)
    generous = totals + 300 * (np.arange(totals.shape[1]) == 0)

    assert of(generous).kendall_w == of(totals).kendall_w


@given(panels)
def test_agreement_stays_within_its_bounds(rng: np.random.Generator) -> None:
    found = of(some_panel(rng))

    assert found.kendall_w.value is None or 0 <= found.kendall_w.value <= 1
    for estimate in (found.icc_2_1, found.krippendorff_alpha):
        assert estimate.value is None or estimate.value <= 1
    for estimate in (found.icc_2_1, found.icc_2_k):
        if estimate.value is not None and estimate.low is not None and estimate.high is not None:
            assert estimate.low <= estimate.value <= estimate.high


def test_judges_of_one_mind_agree_wholly() -> None:
    found = of([[7000, 7000], [8000, 8000], [9000, 9000]])

    assert values(found) == [1, 1, 1, 1]
    assert (found.icc_2_1.low, found.icc_2_1.high) == (1, 1)


def test_a_constant_distance_lowers_absolute_agreement_only() -> None:
    found = of([[7000, 7500], [8000, 8500], [9000, 9500]])

    assert found.kendall_w.value == 1
    assert found.icc_2_1.value == pytest.approx(8 / 9)


def test_a_hundredth_counts_at_the_far_end_of_the_scale() -> None:
    near, far = (
        [[0, 0], [1, 1], [2, 3]],
        [[MAX_TOTAL - 3, MAX_TOTAL - 3], [MAX_TOTAL - 2] * 2, [9_999_999, MAX_TOTAL]],
    )

    assert of(far) == of(near)


@pytest.mark.parametrize(
    ("totals", "reason"),
    [
        ([[]], Undefined.ONE_JUDGE),
        ([[7000]], Undefined.ONE_JUDGE),
        ([[7000], [8000], [9000]], Undefined.ONE_JUDGE),
        ([[7000, GAP], [8000, GAP]], Undefined.ONE_JUDGE),
        ([[GAP, GAP], [GAP, GAP]], Undefined.ONE_JUDGE),
        ([[7000, 7100]], Undefined.TOO_FEW_ENTRIES),
        ([[7000, GAP], [GAP, 7100]], Undefined.TOO_FEW_ENTRIES),
        ([[7000, 7000], [7000, 7000]], Undefined.NO_VARIANCE),
    ],
)
def test_what_is_undefined_has_its_reason(totals: list[list[int]], reason: Undefined) -> None:
    found = of(totals)

    nothing = Estimate(None, reason=reason)
    assert [found.kendall_w, found.icc_2_1, found.icc_2_k, found.krippendorff_alpha] == [nothing] * 4


def test_a_contest_without_entries_has_nothing_to_agree_on() -> None:
    assert values(of(np.empty((0, 3)))) == [None] * 4


def test_judges_who_contradict_each_other_have_no_reliable_mean() -> None:
    found = of([[7000, 9000], [9000, 7000], [8000, 8100]])

    assert found.icc_2_k == Estimate(None, reason=Undefined.DISAGREEMENT)
    assert found.icc_2_1.value is not None
    assert found.icc_2_1.value < 0


def test_two_entries_that_two_judges_swap_leave_nothing_to_divide_by() -> None:
    found = of([[7000, 9000], [9000, 7000]])

    assert (found.icc_2_1.reason, found.kendall_w.value) == (Undefined.NO_VARIANCE, 0)


def test_entries_that_differ_in_no_judges_ranking_have_no_w() -> None:
    found = of([[7000, 9000], [7000, 9000]])

    assert found.kendall_w == Estimate(None, reason=Undefined.NO_VARIANCE)
    assert found.krippendorff_alpha.value == pytest.approx(-0.5)


def test_a_panel_is_measured_over_its_own_entries_and_judges() -> None:
    totals = np.array([[9000, 8000, GAP], [7000, 7500, GAP], [GAP, 6000, 6500], [GAP, 8000, 9000]])
    sums = tally(totals[:, :, None], totals != GAP, Rubric((MAX_TOTAL,)))
    first = np.array([True, True, False, False])

    assert agreement(sums, first) == of([[9000, 8000], [7000, 7500]])
    assert agreement(sums, ~first) == of([[6000, 6500], [8000, 9000]])
    assert agreement(sums).complete == 0
