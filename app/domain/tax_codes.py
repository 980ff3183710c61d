"""Tax codes (mã số thuế) of facilities: their forms, and what can be checked without the tax office.

Organisations have 10 digits, their dependent units 13, the last of the ten being a check digit
(Thông tư 105/2020/TT-BTC). Since 1 July 2025 household businesses and persons use the 12-digit
personal identification number, which has no check digit.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.exceptions import InvalidChecksum, InvalidComponent
from stdnum.vn import mst

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.vietnamese import normalise


class TaxCodeKind(StrEnum):
    """Whose number it is."""

    ORGANISATION = "organisation10"
    UNIT = "unit13"
    PERSONAL = "personal12"


@dataclass(frozen=True)
class TaxCode:
    """A tax code as it is stored: digits, with one dash before a dependent unit's last three."""

    value: str
    kind: TaxCodeKind


class TaxCodeFault(StrEnum):
    """Why a number cannot be a tax code."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    WRONG_LENGTH = "wrong_length"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    WRONG_SERIAL = "wrong_serial"
    WRONG_BRANCH = "wrong_branch"
    WRONG_PROVINCE = "wrong_province"
    WRONG_BIRTH = "wrong_birth"


MESSAGES = {
    TaxCodeFault.EMPTY: N_("Enter the tax code."),
    TaxCodeFault.NOT_DIGITS: N_("A tax code has digits only. Remove the letters and other signs."),
    TaxCodeFault.WRONG_LENGTH: N_(
        "This tax code has %(digits)d digits. Enter 10 digits for an enterprise or cooperative, 13 for a "
        "dependent unit, or the 12-digit personal identification number for a household business."
    ),
    TaxCodeFault.WRONG_CHECK_DIGIT: N_(
        "One of the first 10 digits must be mistyped: the check digit does not fit. "
        "Compare with the registration paper."
    ),
    TaxCodeFault.WRONG_SERIAL: N_("A tax code cannot have seven zeros in a row. Compare with the paper."),
    TaxCodeFault.WRONG_BRANCH: N_("The last three digits of a dependent unit run from 001 to 999."),
    TaxCodeFault.WRONG_PROVINCE: N_(
        "No personal identification number begins with %(province)s. Compare with the identity card."
    ),
    TaxCodeFault.WRONG_BIRTH: N_(
        "The fourth digit of a personal identification number is 0, 1, 2 or 3. "
        "Compare with the identity card."
    ),
}


class InvalidTaxCode(InvalidInput):
    """A number that no facility can have; `fault` says why."""

    def __init__(self, fault: TaxCodeFault, **values: str | int) -> None:
        super().__init__({"tax_code": Message(MESSAGES[fault], values)})
        self.fault = fault


# The 63 units of before July 2025: numbers given then stay as they are, and new ones follow the same list.
_PROVINCES = (
    "01 02 04 06 08 10 11 12 14 15 17 19 20 22 24 25 26 27 30 31 33 34 35 36 37 38 40 42 44 45 46 48 "
    "49 51 52 54 56 58 60 62 64 66 67 68 70 72 74 75 77 79 80 82 83 84 86 87 89 91 92 93 94 95 96"
)
PROVINCES_OF_BIRTH = frozenset(_PROVINCES.split())


def check_tax_code(text: str) -> TaxCode:
    """Read a typed tax code; spaces, dots and dashes do not matter.

    Raises InvalidTaxCode. That the number is given out and to whom, only the tax office knows.

    >>> check_tax_code("0100047516")
    TaxCode(value='0100047516', kind=<TaxCodeKind.ORGANISATION: 'organisation10'>)
    """
    digits = mst.compact(normalise(text))
    if not digits:
        raise InvalidTaxCode(TaxCodeFault.EMPTY)
    if not re.fullmatch("[0-9]+", digits):
        raise InvalidTaxCode(TaxCodeFault.NOT_DIGITS)
    if len(digits) == 12:
        return _personal(digits)
    if len(digits) in (10, 13):
        return _organisation(digits)
    raise InvalidTaxCode(TaxCodeFault.WRONG_LENGTH, digits=len(digits))


def _organisation(digits: str) -> TaxCode:
    if digits[10:] == "000":
        raise InvalidTaxCode(TaxCodeFault.WRONG_BRANCH)
    try:
        mst.validate(digits)
    except InvalidChecksum as error:
        raise InvalidTaxCode(TaxCodeFault.WRONG_CHECK_DIGIT) from error
    except InvalidComponent as error:
        raise InvalidTaxCode(TaxCodeFault.WRONG_SERIAL) from error
    kind = TaxCodeKind.UNIT if digits[10:] else TaxCodeKind.ORGANISATION
    return TaxCode(mst.format(digits), kind)


def _personal(digits: str) -> TaxCode:
    if not _is_birthplace(digits[:3]):
        raise InvalidTaxCode(TaxCodeFault.WRONG_PROVINCE, province=digits[:3])
    if digits[3] > "3":  # century and sex: 0 and 1 for the years to 1999, 2 and 3 for those to 2099
        raise InvalidTaxCode(TaxCodeFault.WRONG_BIRTH)
    return TaxCode(digits, TaxCodeKind.PERSONAL)


def _is_birthplace(code: str) -> bool:
    """Whether it is a province or, for a birth registered abroad, may be a country (from 101)."""
    return code[1:] in PROVINCES_OF_BIRTH if code[0] == "0" else "101" <= code <= "399"
