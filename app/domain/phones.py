"""Vietnamese telephone numbers: mobiles of 10 digits, landlines of 11 with the area code."""

import re
from enum import StrEnum

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.vietnamese import normalise


class PhoneFault(StrEnum):
    """Why a number cannot be dialled in Vietnam."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    WRONG_LENGTH = "wrong_length"
    WRONG_PREFIX = "wrong_prefix"


MESSAGES = {
    PhoneFault.EMPTY: N_("Enter a telephone number."),
    PhoneFault.NOT_DIGITS: N_("A telephone number has digits only. Enter one number, like 0912 345 678."),
    PhoneFault.WRONG_LENGTH: N_(
        "Enter a mobile number of 10 digits, like 0912 345 678, or a landline of 11 digits with its "
        "area code, like 0210 3846 123."
    ),
    PhoneFault.WRONG_PREFIX: N_(
        "Mobile numbers begin with 03, 05, 07, 08 or 09 and landlines with 02. Check the first digits."
    ),
}


class InvalidPhone(InvalidInput):
    """A text that is not a Vietnamese telephone number; `fault` says why."""

    def __init__(self, fault: PhoneFault) -> None:
        super().__init__({"phone": Message(MESSAGES[fault])})
        self.fault = fault


def check_phone(text: str) -> str:
    """Read a typed number and return its digits from the leading 0; raise InvalidPhone.

    >>> check_phone("+84 (0) 912.345.678")
    '0912345678'
    """
    typed = re.sub(r"[\s().–-]", "", normalise(text))
    if not typed:
        raise InvalidPhone(PhoneFault.EMPTY)
    if not re.fullmatch(r"\+?[0-9]+", typed):
        raise InvalidPhone(PhoneFault.NOT_DIGITS)
    digits = re.sub(r"^(?:\+|00)840?|^84(?=[235789][0-9]{8,9}$)", "0", typed)
    if digits[0] == "+" or digits[:2] not in {"02", "03", "05", "07", "08", "09"}:
        raise InvalidPhone(PhoneFault.WRONG_PREFIX)
    if len(digits) != (11 if digits[:2] == "02" else 10):
        raise InvalidPhone(PhoneFault.WRONG_LENGTH)
    return digits
