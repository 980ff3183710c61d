"""Quantiles against SciPy's, to nine figures."""

from __future__ import annotations

import math

import pytest
import scipy.stats

from scoring.distributions import f_probability, f_quantile, t_quantile

PROBABILITIES = (0.001, 0.025, 0.5, 0.9, 0.975, 0.999)
FREEDOMS = (0.5, 1, 2, 3.7, 8, 31, 178, 1432.5, 40_000)


@pytest.mark.parametrize("freedom_1", FREEDOMS)
@pytest.mark.parametrize("freedom_2", FREEDOMS)
def test_quantiles_of_f_are_those_of_scipy(freedom_1: float, freedom_2: float) -> None:
    found = [f_quantile(probability, freedom_1, freedom_2) for probability in PROBABILITIES]

    wanted = scipy.stats.f.ppf(PROBABILITIES, freedom_1, freedom_2).tolist()
    assert found == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_quantiles_of_t_are_those_of_scipy(freedom: float) -> None:
    found = [t_quantile(probability, freedom) for probability in PROBABILITIES]

    assert found == pytest.approx(scipy.stats.t.ppf(PROBABILITIES, freedom).tolist(), rel=1e-9, abs=1e-9)


def test_t_has_no_side() -> None:
    assert (t_quantile(0.5, 3), t_quantile(0.1, 3)) == (0.0, -t_quantile(0.9, 3))


@pytest.mark.parametrize(("point", "wanted"), [(1e-300, 0.0), (1e300, 1.0), (1.0, 0.5)])
def test_a_probability_stays_between_none_and_all(point: float, wanted: float) -> None:
    assert f_probability(point, 40, 40) == pytest.approx(wanted)


def test_what_is_too_small_or_too_large_for_a_float_is_said_so() -> None:
    assert (f_quantile(0.025, 0.001, 5), f_quantile(0.975, 5, 0.001)) == (0.0, math.inf)
