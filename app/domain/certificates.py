"""Numbers, codes and validity of certificates."""

import calendar
import secrets
from datetime import date
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: no I, L, O, U to misread
CODE_LENGTH = 16  # 80 bits: cannot be guessed


class CertificateStatus(StrEnum):
    """Whether a certificate still stands. Expiry is not a status: it follows from the day."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Standing(StrEnum):
    """What the check page says of a certificate today."""

    VALID = "valid"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"


def standing_of(status: CertificateStatus, valid_until: date, today: date) -> Standing:
    """Whether a certificate stands on a day; its last day counts."""
    if status is CertificateStatus.VALID and today > valid_until:
        return Standing.EXPIRED
    return Standing(status.value)


def certificate_number(serial: int, year: int, series: str) -> str:
    """The number as printed: a leading zero below ten, as Nghị định 30/2020 numbers documents.

    >>> certificate_number(5, 2023, "GCN-KG")
    '05/2023/GCN-KG'
    """
    return f"{serial:02d}/{year}/{series}"


def new_code(length: int = CODE_LENGTH) -> str:
    """A random code in groups of four, safe to read out and to type."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(length))
    return "-".join(letters[at : at + 4] for at in range(0, length, 4))


def normalise_code(text: str) -> str:
    """A typed code as it is stored: capitals, look-alikes replaced, groups of four.

    >>> normalise_code("abcd efgh-ijkl o123")
    'ABCD-EFGH-1JK1-0123'
    """
    look_alikes = str.maketrans("ILO", "110")
    letters = "".join(char for char in text.upper().translate(look_alikes) if char in CODE_LETTERS)
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day if it has no such day.

    >>> add_months(date(2024, 8, 31), 18)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def leads_nowhere(public_url: str) -> bool:
    """Whether only the machine itself can open this address, so that nobody could check a printed QR code.

    >>> leads_nowhere("http://127.0.0.1:8000"), leads_nowhere("https://binhchon.example.vn")
    (True, False)
    """
    host = urlsplit(public_url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
