"""Score sheets from outside: typed from paper by two people, or imported from a spreadsheet."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ImportState(StrEnum):
    """Where an imported spreadsheet stands."""

    UPLOADED = "uploaded"
    APPLIED = "applied"
    DISCARDED = "discarded"


class ImportKind(StrEnum):
    """What taking over a sheet from a spreadsheet would do."""

    NEW = "new"  # nothing by others stood on it
    CHANGED = "changed"  # other marks, not by the judge's own hand, stood on it
    EQUAL = "equal"  # it is submitted with these very marks


class KeyingState(StrEnum):
    """How far a paper sheet is on its way into the system."""

    NONE = "none"
    ONCE = "once"  # by one person; a second has to type it without seeing the first's
    DIFFERENT = "different"  # by two people who differ
    DONE = "done"  # submitted, by whatever way
    OWN = "own"  # the judge is filling it in in the system: nobody else may
    ASIDE = "aside"  # the judge does not score the entry


@dataclass(frozen=True)
class Typing:
    """What one person typed from a paper sheet; marks in hundredths by the code of their line."""

    user_id: int
    name: str
    marks: Mapping[str, int]
    remark: str


def differing_lines(one: Typing, other: Typing) -> list[str]:
    """Codes of the lines on which two people read different marks."""
    codes = dict.fromkeys([*one.marks, *other.marks])
    return [code for code in codes if one.marks.get(code) != other.marks.get(code)]


def remarks_differ(one: Typing, other: Typing) -> bool:
    """Whether two people read different remarks; whoever left it out did not read it."""
    return bool(one.remark and other.remark) and one.remark != other.remark


def agree(one: Typing, other: Typing) -> bool:
    """Whether two typings are the same sheet."""
    return not differing_lines(one, other) and not remarks_differ(one, other)


def typings_digest(typings: Sequence[Typing]) -> str:
    """SHA-256 of what people typed from a sheet, whoever comes first: a choice between them is made for these."""
    said = [[one.user_id, sorted(one.marks.items()), one.remark] for one in typings]
    return hashlib.sha256(json.dumps(sorted(said)).encode()).hexdigest()
