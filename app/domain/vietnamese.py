"""Vietnamese text and dates: cleaning, search without marks, alphabetical order, the day in Vietnam."""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries
SHAPES = "\u0306\u0302\u031b"  # the marks that make another letter: ă, â ê ô, ơ ư

# Old keyboards give Icelandic or African letters that look exactly like Đ.
LOOK_ALIKES = str.maketrans("ÐƉ", "ĐĐ")
# Letters and marks that show nothing but are neither controls nor format characters.
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0]")
ENDED = re.compile("[.!?…][\"'”’)]*$")
NUMBERED = re.compile(r" \(\w+\)$")
# Controls, format characters (bidi, zero-width, byte order mark) and halves of surrogate pairs.
REMOVED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})


def normalise(text: str) -> str:
    r"""One line of text as it is stored: NFC, single spaces, nothing invisible.

    >>> normalise("  Cơ sở\u200b \n Ngọc\xa0Liên ")
    'Cơ sở Ngọc Liên'
    """
    shown = "".join(
        char for char in text if char.isspace() or unicodedata.category(char) not in REMOVED_CATEGORIES
    )
    composed = unicodedata.normalize("NFC", INVISIBLE.sub("", shown)).translate(LOOK_ALIKES)
    return " ".join(composed.split())


def normalise_lines(text: str) -> str:
    """Longer text as it is stored: each line normalised, at most one empty line between paragraphs."""
    lines = "\n".join(normalise(line) for line in text.splitlines())
    return re.sub("\n{3,}", "\n\n", lines).strip("\n")


def as_sentence(text: str) -> str:
    """What somebody wrote, with a full stop if it ends without one: another sentence follows it.

    >>> as_sentence("Đếm nhầm"), as_sentence("Vì sao?"), as_sentence("Bà Nhàn: “Thôi.”")
    ('Đếm nhầm.', 'Vì sao?', 'Bà Nhàn: “Thôi.”')
    """
    return text if ENDED.search(text) else f"{text}."


def fold(text: str) -> str:
    """Text as it is searched: small letters without marks, so that "nuoc mam" finds "Nước mắm".

    >>> fold("Đường phèn Hoà Bình")
    'duong phen hoa binh'
    """
    return " ".join(without_marks(text).casefold().replace("ð", "d").split())


def without_marks(text: str) -> str:
    """Text in the letters of English, small and capital as they were.

    >>> without_marks("Đắk Nông, Ea H'leo")
    "Dak Nong, Ea H'leo"
    """
    letters = unicodedata.normalize("NFKD", normalise(text)).translate(str.maketrans("Đđ", "Dd"))
    return "".join(char for char in letters if not unicodedata.combining(char))


def sort_key(text: str) -> bytes:
    """Key of the Vietnamese alphabetical order: letters, then tones, then small before capital.

    Plain bytes compared byte by byte, so that a database column can hold it. The order is that of
    the Unicode collation for Vietnamese: spaces, signs, digits, letters; ă, â after a; đ after d.
    The text itself ends the key: texts that differ once normalised never share a key.
    """
    clean = normalise(text)
    weights = [_weights(cluster) for cluster in _clusters(clean)]
    levels = [b"".join(level) for level in zip(*weights, strict=True)]
    return b"\0".join([*levels, clean.encode()])


def person_sort_key(name: str) -> bytes:
    """Key of offices' order of people: by given name, then family name, then middle names.

    A number in brackets after the name, as namesakes bear it, comes last.
    """
    *others, given = NUMBERED.sub("", normalise(name)).split(" ")
    parts = (given, " ".join(others[:1]), " ".join(others[1:]))
    return b"\0".join([*(sort_key(part.casefold()) for part in parts), sort_key(name)])


def _clusters(text: str) -> list[str]:
    """Each letter with the marks that follow it."""
    return re.findall("(?s).[\u0300-\u036f]*", unicodedata.normalize("NFD", text))


@lru_cache(maxsize=4096)
def _weights(cluster: str) -> tuple[bytes, bytes, bytes]:
    """Weights of one letter with its marks: letter, tone, case. No weight begins with a zero byte."""
    small = cluster.lower()
    base, marks = small[0], small[1:]
    letter = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark in SHAPES))
    tone = next((TONES.index(mark) + 2 for mark in marks if mark in TONES), 1)
    case = 1 if small == cluster else 2
    return _letter_weight(base, letter), bytes([tone]), bytes([case])


def _letter_weight(base: str, letter: str) -> bytes:
    """Spaces before signs before digits before Vietnamese letters before other letters."""
    if base.isspace():
        return b"\1"
    digit = unicodedata.digit(base, None)  # unlike int(), knows "³"
    if digit is not None:
        return bytes([3, digit])
    place = max(ALPHABET.find(letter), ALPHABET.find(base))
    if place >= 0:
        return bytes([4, place])
    return bytes([5 if base.isalpha() else 2]) + ord(base).to_bytes(3, "big")


def in_vietnam(moment: datetime) -> datetime:
    """The moment on a clock in Vietnam; ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone has no place on Vietnam's clock")
    return moment.astimezone(VIETNAM)


def format_date(day: date) -> str:
    """A date as officials write it; a moment gives its day in Vietnam.

    >>> format_date(date(2026, 7, 5))
    '05/07/2026'
    """
    if isinstance(day, datetime):
        day = in_vietnam(day)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
