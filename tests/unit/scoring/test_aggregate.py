"""The four methods, one behaviour at a time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from scoring import Method, Rubric, Rules, aggregate, tally

TRIMMED = Rules(method=Method.TRIMMED)
MEDIAN = Rules(method=Method.MEDIAN)
NEAR = Rules(method=Method.WITHOUT_OUTLIERS)


def value(totals: list[int], rules: Rules) -> Fraction | None:
    """Give the value of one entry, in hundredths; None when it is not scored."""
    marks = np.array(totals, dtype=np.int64).reshape(1, -1, 1)
    values = aggregate(tally(marks, np.ones(marks.shape[:2], dtype=bool), Rubric((10000,))), rules)
    fraction = Fraction(int(values.numerators[0]), int(values.denominators[0]))
    return fraction if values.scored[0] else None


@pytest.mark.parametrize(
    ("totals", "rules", "wanted"),
    [
        ([7000, 7001], Rules(), Fraction(14001, 2)),
        ([0], Rules(), Fraction(0)),
        ([], Rules(), None),
        ([7000], Rules(min_sheets=2), None),
        ([0, 7000, 7100, 10000], TRIMMED, Fraction(7050)),
        ([0, 7000, 10000], TRIMMED, Fraction(7000)),
        ([7000, 7100], TRIMMED, None),
        ([1, 2, 3, 4, 6], Rules(method=Method.TRIMMED, trim=2), Fraction(3)),
        ([1, 2, 3, 4], Rules(method=Method.TRIMMED, trim=2), None),
        ([1, 2], Rules(method=Method.TRIMMED, trim=0), Fraction(3, 2)),
        ([0, 7000, 10000], MEDIAN, Fraction(7000)),
        ([0, 7000, 7001, 10000], MEDIAN, Fraction(14001, 2)),
        ([7000], MEDIAN, Fraction(7000)),
        ([], MEDIAN, None),
        ([7000, 7000, 8401], NEAR, Fraction(7000)),  # 933.9 from the mean
        ([7000, 8400], NEAR, Fraction(7700)),  # exactly 7 points away stays
        ([7000, 8401], NEAR, None),  # both are 7.005 away: none remains
        ([7000, 7000, 9000, 9000], NEAR, None),
        ([7000, 7000, 7000, 9000], Rules(method=Method.WITHOUT_OUTLIERS, min_sheets=4), None),
        ([7000, 7000, 7000, 9000], Rules(method=Method.WITHOUT_OUTLIERS, min_sheets=3), Fraction(7000)),
        ([], NEAR, None),
    ],
)
def test_a_method_gives_its_exact_value(totals: list[int], rules: Rules, wanted: Fraction | None) -> None:
    assert value(totals, rules) == wanted


@pytest.mark.parametrize("shape", [(1, 3, 1), (1, 1, 4), (4, 1, 1), (2, 3, 4)])
def test_the_callers_marks_stay_as_they_are(shape: tuple[int, int, int]) -> None:
    marks = np.full(shape, 7)

    tally(marks, np.zeros(shape[:2], dtype=bool), Rubric((10,) * shape[2]))

    assert marks.tolist() == np.full(shape, 7).tolist()
