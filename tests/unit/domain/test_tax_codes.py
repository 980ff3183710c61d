import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.tax_codes import (
    PROVINCES_OF_BIRTH,
    InvalidTaxCode,
    TaxCode,
    TaxCodeFault,
    TaxCodeKind,
    check_tax_code,
)
from app.seeds import territories

ORGANISATION = TaxCode("0100047516", TaxCodeKind.ORGANISATION)
UNIT = TaxCode("0100047516-001", TaxCodeKind.UNIT)
PERSONAL = TaxCode("046185001234", TaxCodeKind.PERSONAL)
WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def fault_of(text: str) -> TaxCodeFault | None:
    try:
        check_tax_code(text)
    except InvalidTaxCode as error:
        return error.fault
    return None


def check_digit_of(nine: str) -> str | None:
    """The rule of Thông tư 105/2020 as stated; no digit where the remainder is 0."""
    remainder = sum(int(digit) * weight for digit, weight in zip(nine, WEIGHTS, strict=True)) % 11
    return str(10 - remainder) if remainder else None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0100047516", ORGANISATION),
        ("  0100 047 516\u00a0", ORGANISATION),
        ("01.000.475-16", ORGANISATION),
        ("０１０００４７５１６", ORGANISATION),
        ("0100047516\u200b", ORGANISATION),
        ("0100047516-001", UNIT),
        ("0100047516001", UNIT),
        ("0100047516 – 001", UNIT),
        ("0100047516-999", TaxCode("0100047516-999", TaxCodeKind.UNIT)),
        ("046185001234", PERSONAL),
        ("046 185 001 234", PERSONAL),
        ("096399999999", TaxCode("096399999999", TaxCodeKind.PERSONAL)),
        ("101085000001", TaxCode("101085000001", TaxCodeKind.PERSONAL)),
    ],
)
def test_a_tax_code_is_read_however_it_is_written(typed: str, code: TaxCode) -> None:
    assert check_tax_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", TaxCodeFault.EMPTY),
        (" - ", TaxCodeFault.EMPTY),
        ("O100047516", TaxCodeFault.NOT_DIGITS),
        ("0100047516;", TaxCodeFault.NOT_DIGITS),
        ("0100047516/001", TaxCodeFault.NOT_DIGITS),
        ("٠١٠٠٠٤٧٥١٦", TaxCodeFault.NOT_DIGITS),
        ("+100047516", TaxCodeFault.NOT_DIGITS),
        ("010004751³", TaxCodeFault.NOT_DIGITS),
        ("100047516", TaxCodeFault.WRONG_LENGTH),
        ("01000475160", TaxCodeFault.WRONG_LENGTH),
        ("0100047516-0011", TaxCodeFault.WRONG_LENGTH),
        ("9" * 400, TaxCodeFault.WRONG_LENGTH),
        ("0100047517", TaxCodeFault.WRONG_CHECK_DIGIT),
        ("0100047517-001", TaxCodeFault.WRONG_CHECK_DIGIT),
        ("0100047516-000", TaxCodeFault.WRONG_BRANCH),
        ("0000000000", TaxCodeFault.WRONG_SERIAL),
        ("003185001234", TaxCodeFault.WRONG_PROVINCE),
        ("000185001234", TaxCodeFault.WRONG_PROVINCE),
        ("097185001234", TaxCodeFault.WRONG_PROVINCE),
        ("100185001234", TaxCodeFault.WRONG_PROVINCE),
        ("999185001234", TaxCodeFault.WRONG_PROVINCE),
        ("001485001234", TaxCodeFault.WRONG_BIRTH),
    ],
)
def test_a_number_that_cannot_be_a_tax_code_is_refused_with_its_reason(
    typed: str, fault: TaxCodeFault
) -> None:
    assert fault_of(typed) is fault


@pytest.mark.parametrize("fault", TaxCodeFault)
def test_every_reason_is_told_beside_the_field(fault: TaxCodeFault) -> None:
    error = InvalidTaxCode(fault, digits=9, province="003")

    assert list(error.fields) == ["tax_code"]
    assert str(error.fields["tax_code"]).endswith(".")
    assert "%" not in str(error.fields["tax_code"])


def test_the_check_digit_follows_the_stated_rule() -> None:
    chance = random.Random(20)
    prefixes = [f"{chance.randrange(10, 10**9):09}" for _ in range(2000)]
    prefixes = [prefix for prefix in prefixes if prefix[2:] != "0000000"]

    for prefix in prefixes:
        accepted = [digit for digit in "0123456789" if fault_of(prefix + digit) is None]

        assert accepted == [digit for digit in [check_digit_of(prefix)] if digit]


@given(st.integers(min_value=1, max_value=9_999_999), st.integers(min_value=0, max_value=99))
def test_two_neighbours_swapped_are_noticed(serial: int, office: int) -> None:
    prefix = f"{office:02}{serial:07}"
    digit = check_digit_of(prefix)
    number = prefix + (digit or "0")

    swaps = [
        number[:at] + after + before + number[at + 2 :]
        for at, (before, after) in enumerate(pairwise(number))
        if before != after
    ]

    if digit:
        assert fault_of(number) is None
        assert None not in {fault_of(swap) for swap in swaps}


@given(st.text(alphabet="0123456789 .-–a", max_size=16))
def test_whatever_is_typed_gives_a_code_or_a_reason(text: str) -> None:
    if fault_of(text) is None:
        code = check_tax_code(text)

        assert check_tax_code(code.value) == code


def test_provinces_of_birth_are_those_of_before_the_mergers() -> None:
    old = {unit.code for unit in territories() if unit.tier == "provincial" and unit.valid_from.year < 2025}

    assert old == PROVINCES_OF_BIRTH
