"""What a password must be: long, and not made of what everybody tries first."""

import re
import unicodedata

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.vietnamese import fold

MIN_PASSWORD, MAX_PASSWORD = 12, 128
MIN_DISTINCT = 5  # different letters
MIN_OWN = 8  # letters left once everything that is tried first is taken out

# fmt: off
COMMON = (
    "binhchon", "sanpham", "tieubieu", "congnghiep", "nongthon", "congthuong", "giamkhao", "hoidong",
    "vietnam", "hanoi", "saigon", "matkhau", "password", "passw0rd", "administrator", "admin",
    "welcome", "letmein", "iloveyou", "anhyeuem", "qwertyuiop", "qwerty", "asdfghjkl", "asdf", "zxcvbnm",
    "zxcv", "abcdef", "abc", "1234567890", "123456789", "12345678", "1234567", "123456", "12345", "1234",
    "123", "9876543210", "987654321",
)
# fmt: on


def check_password(password: str, *, email: str, field: str = "password") -> str:
    """Return the password as it is hashed (NFC: however the keyboard composed it); raise InvalidInput.

    >>> check_password("hoa sen nở trên hồ", email="minh@example.vn")
    'hoa sen nở trên hồ'
    """
    composed = unicodedata.normalize("NFC", password)
    if len(composed) < MIN_PASSWORD:
        text = N_("Use at least %(count)s characters; a short sentence is good.")
        raise InvalidInput({field: Message(text, {"count": MIN_PASSWORD})})
    if len(composed) > MAX_PASSWORD:
        raise InvalidInput({field: Message(N_("Use at most %(max)d characters."), {"max": MAX_PASSWORD})})
    if len(set(composed)) < MIN_DISTINCT or len(_own_letters(composed, email)) < MIN_OWN:
        text = N_(
            "This password is easy to guess: it is mostly common words, rows of keys or your e-mail address."
            " Use other words."
        )
        raise InvalidInput({field: Message(text)})
    return composed


def _own_letters(password: str, email: str) -> str:
    """What is left of a password without the words that are tried first."""
    parts = [_bare(email.partition("@")[0]), *map(_bare, re.split(r"[.@_+-]", email))]
    words = {*COMMON, *(part for part in parts if len(part) >= 3)}
    left = _bare(password)
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left


def _bare(text: str) -> str:
    """Letters and digits only, small and without marks."""
    return re.sub(r"[\W_]", "", fold(text))
