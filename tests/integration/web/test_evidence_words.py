from collections.abc import Callable
from fractions import Fraction

import pytest
from flask import Flask

from app.domain.results import Outcome
from app.services.evidence_records import Change
from app.web.contests.evidence_words import (
    alpha_words,
    assumption,
    decimal,
    exact,
    icc_words,
    percent,
    signed,
    undefined_words,
    w_words,
)
from scoring import Undefined


def one_judge(value: float) -> str:
    return icc_words(value, single=True)


def whole_panel(value: float) -> str:
    return icc_words(value, single=False)


@pytest.mark.parametrize(
    ("words", "edges"),
    [
        (w_words, (0.9, 0.7, 0.5, 0.3)),
        (one_judge, (0.75, 0.5)),
        (whole_panel, (0.9, 0.75, 0.5)),
        (alpha_words, (0.8, 0.667)),
    ],
)
def test_each_band_of_a_statistic_says_something_else(
    app: Flask, words: Callable[[float], str], edges: tuple[float, ...]
) -> None:
    with app.test_request_context():
        said = [words(edge) for edge in edges]
        below = [words(edge - 0.001) for edge in edges]

    assert len({*said, below[-1]}) == len(edges) + 1
    assert below[:-1] == said[1:]


def test_every_reason_without_a_number_has_words(app: Flask) -> None:
    with app.test_request_context():
        assert len({undefined_words(reason) for reason in Undefined}) == len(Undefined)


def test_numbers_are_written_as_in_the_language(app: Flask) -> None:
    with app.test_request_context():
        assert [decimal(value) for value in (1.5, -0.25, None)] == ["1,50", "−0,25", "–"]
        assert [percent(share) for share in (0.5, None)] == ["50%", "–"]
        assert [signed(Fraction(n, 3)) for n in (-1, 0, 300)] == ["−0,01", "0,00", "+1,00"]
        assert (signed(None), exact(None), exact(Fraction(7)), exact(Fraction(-7, 2))) == (
            "–",
            "",
            "",
            "−7/200",
        )


def test_another_threshold_is_named_in_points(app: Flask) -> None:
    with app.test_request_context():
        assert assumption(Change(Outcome.BELOW, threshold=7050)) == "với điểm tối thiểu 70,5"
