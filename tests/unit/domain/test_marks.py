"""Text of marks: what is read, what is refused and why, and that reading undoes writing."""

import doctest
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import marks
from app.domain.marks import InvalidMark, MarkFault, check_mark, format_average, format_mark, parse_mark


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("8.5", 850),
        ("8,5", 850),
        (" 8,5 ", 850),
        ("\u00a08,5\t", 850),
        ("8,50", 850),
        ("8,05", 805),
        ("08.5", 850),
        ("0", 0),
        ("0,00", 0),
        ("70", 7000),
        ("100", 10000),
        ("69.99", 6999),
    ],
)
def test_points_are_read_with_comma_or_point(text: str, hundredths: int) -> None:
    assert parse_mark(text) == hundredths


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0"])
def test_a_blank_is_missing_and_never_zero(text: str) -> None:
    assert parse_mark(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("7.999999999", MarkFault.TOO_MANY_DECIMALS),
        ("0,30000000000000004", MarkFault.TOO_MANY_DECIMALS),
        ("1234567890.123", MarkFault.TOO_LONG),
        ("abc", MarkFault.NOT_A_NUMBER),
        ("8.", MarkFault.NOT_A_NUMBER),
        (",5", MarkFault.NOT_A_NUMBER),
        ("85,5,5", MarkFault.NOT_A_NUMBER),
        ("1.234,5", MarkFault.NOT_A_NUMBER),
        ("8 5", MarkFault.NOT_A_NUMBER),
        ("+8", MarkFault.NOT_A_NUMBER),
        ("1e1", MarkFault.NOT_A_NUMBER),
        ("0x10", MarkFault.NOT_A_NUMBER),
        ("1_0", MarkFault.NOT_A_NUMBER),
        ("NaN", MarkFault.NOT_A_NUMBER),
        ("inf", MarkFault.NOT_A_NUMBER),
        ("Infinity", MarkFault.NOT_A_NUMBER),
        ("=1+1", MarkFault.NOT_A_NUMBER),
        ("-abc", MarkFault.NOT_A_NUMBER),
        ("8½", MarkFault.NOT_A_NUMBER),
        ("８,５", MarkFault.NOT_A_NUMBER),  # full-width digits
        ("٨", MarkFault.NOT_A_NUMBER),  # an Arabic digit
        ("-1", MarkFault.NEGATIVE),
        ("−1", MarkFault.NEGATIVE),  # a typographic minus
        ("-0,5", MarkFault.NEGATIVE),
        ("69.995", MarkFault.TOO_MANY_DECIMALS),
        ("70.000", MarkFault.TOO_MANY_DECIMALS),  # seventy thousand, as Vietnamese writes it
        ("1234567890", MarkFault.TOO_LONG),
        ("9" * 10_000, MarkFault.TOO_LONG),
    ],
)
def test_what_is_no_mark_is_refused_with_its_reason(text: str, reason: MarkFault) -> None:
    with pytest.raises(InvalidMark) as refused:
        parse_mark(text)

    assert (refused.value.reason, refused.value.text) == (reason, text)


@pytest.mark.parametrize("value", [0, 50, 4000])
def test_a_mark_within_its_range_and_on_the_step_is_kept(value: int) -> None:
    assert check_mark(value, 4000, 50) == value


@pytest.mark.parametrize(
    ("value", "reason", "text"),
    [
        (4001, MarkFault.ABOVE_MAXIMUM, "40,01"),
        (4050, MarkFault.ABOVE_MAXIMUM, "40,5"),
        (3990, MarkFault.OFF_STEP, "39,9"),
        (-50, MarkFault.NEGATIVE, "-0,5"),
    ],
)
def test_a_mark_out_of_range_or_off_the_step_is_refused(value: int, reason: MarkFault, text: str) -> None:
    with pytest.raises(InvalidMark) as refused:
        check_mark(value, 4000, 50)

    assert (refused.value.reason, refused.value.text) == (reason, text)


@pytest.mark.parametrize(
    ("hundredths", "mark", "average"),
    [
        (0, "0", "0,00"),
        (5, "0,05", "0,05"),
        (50, "0,5", "0,50"),
        (850, "8,5", "8,50"),
        (1000, "10", "10,00"),
        (7000, "70", "70,00"),
        (7072, "70,72", "70,72"),
        (-50, "-0,5", "-0,50"),
    ],
)
def test_a_mark_is_written_short_and_an_average_with_two_decimals(
    hundredths: int, mark: str, average: str
) -> None:
    assert (format_mark(hundredths), format_average(hundredths)) == (mark, average)


@given(hundredths=st.integers(0, 999_999), decimal=st.sampled_from([",", "."]))
def test_what_was_written_is_read_back(hundredths: int, decimal: str) -> None:
    assert parse_mark(format_mark(hundredths, decimal)) == hundredths
    assert parse_mark(format_average(hundredths, decimal)) == hundredths


@given(text=st.text(max_size=12))
def test_no_text_gives_anything_but_hundredths_or_a_reason(text: str) -> None:
    with suppress(InvalidMark):
        mark = parse_mark(text)

        assert mark is None or 0 <= mark < 10**11


def test_the_examples_in_the_documentation_run() -> None:
    found = doctest.testmod(marks)

    assert (found.failed, found.attempted > 0) == (0, True)
