"""What the award's documents say: plain values, checked once, ready to be laid out.

Every text is brought to one form when the document is made: composed letters (NFC), single spaces, nothing
invisible. `Annotated[str, 300]` says that at most 300 characters fit the text's place on the page; what
follows the number changes each line first.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import date, time
from typing import Annotated, ClassVar, get_type_hints

from certificates.errors import EmptyText, InconsistentDocument, TextTooLong, UnprintableText

# What the shipped Tinos has in all four styles and a Vietnamese document may need. Combining marks are left
# out on purpose: no Vietnamese letter needs one after NFC, and stacked ones would paint over other lines.
PRINTABLE = (
    "\u0020-\u007e\u00a0-\u02ff\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u205e\u2070\u2074-\u208e\u20a0-\u20be\u2100-\u214f\u2153\u2154\u2190-\u2195"
    "\u2212\u221a\u221e\u2248\u2260\u2264\u2265"
)
_FOREIGN = re.compile(f"[^{PRINTABLE}]")
_WEB_ADDRESS = re.compile(r"https?://[\w.~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)

Name = Annotated[str, 200]
OptionalName = Annotated[str | None, 200]
Prize = Annotated[str | None, 100]
Paragraphs = Annotated[tuple[str, ...], 4000]

Spelling = Callable[[str], str]
_CAPITALS: Spelling = str.upper  # authority and post above a signature: Nghị định 30/2020/NĐ-CP, Phụ lục I


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Brings the annotated texts of a dataclass to their printed form, or refuses them."""

    _places: ClassVar[dict[str, tuple[int, Spelling]]]

    def __init_subclass__(cls) -> None:
        hints = get_type_hints(cls, include_extras=True)
        cls._places = {
            name: (*hint.__metadata__, str)[:2]
            for name, hint in hints.items()
            if hasattr(hint, "__metadata__")
        }

    def __post_init__(self) -> None:
        for item in fields(self):
            if place := self._places.get(item.name):
                text = _checked(item.name, getattr(self, item.name), *place)
                if not text and item.default is MISSING:
                    raise EmptyText(item.name)
                object.__setattr__(self, item.name, text)


@dataclass(frozen=True, kw_only=True)
class Certificate(Checked):
    """A certificate of one recognised product (giấy chứng nhận).

    `check_url` is the whole address of the check page and goes into the QR code; `code` is the check code as
    a person reads it, and must be the last part of that address. `signatory_title` holds one line each for
    the authority and the post, in capitals however they are given: ("TM. HỘI ĐỒNG BÌNH CHỌN", "CHỦ TỊCH").
    """

    issuer_parent: Annotated[str | None, 120] = None
    issuer: Annotated[str, 120]
    number: Annotated[str, 60]
    tier: Annotated[str, 80]
    territory: Annotated[str | None, 80] = None
    year: int
    product: Annotated[str, 300]
    is_set: bool
    group: OptionalName = None
    facility: Name
    address: Annotated[str, 250]
    decision_number: Annotated[str, 60]
    decision_date: date
    place: Annotated[str, 60]
    signed_on: date
    signatory_title: Annotated[tuple[str, ...], 100, _CAPITALS]
    signatory: Annotated[str, 80]
    valid_until: date | None = None
    check_url: Annotated[str, 200]
    code: Annotated[str, 40]
    prize: Prize = None
    example: bool

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.signatory_title) > 4:
            raise InconsistentDocument("signatory_title", "has more than four lines")
        if not _WEB_ADDRESS.fullmatch(self.check_url):
            raise InconsistentDocument("check_url", "is not a whole web address")
        if _bare(self.check_url.rpartition("/")[2]) != _bare(self.code):
            raise InconsistentDocument("code", "is not the code at the end of the check address")
        if self.valid_until is not None and self.valid_until < self.signed_on:
            raise InconsistentDocument("valid_until", "is before the day of signing")


@dataclass(frozen=True, kw_only=True)
class Signature(Checked):
    """One block of signature: authority and post, room to sign, name; the name may be left to be written.

    `confirmed` says, line by line, how and when somebody confirmed the document otherwise than on paper.
    """

    title: Annotated[tuple[str, ...], 200, _CAPITALS]
    name: Annotated[str | None, 80] = None
    confirmed: Annotated[tuple[str, ...], 200] = ()


@dataclass(frozen=True, kw_only=True)
class ResultsRow(Checked):
    """One entry of a results list; averages as printed ("70,72"), `rank` None where there is none."""

    rank: int | None = None
    entry_code: Annotated[str, 40]
    product: Annotated[str, 300]
    facility: Name
    address: Annotated[str, 250]
    average: Annotated[str | None, 20] = None
    by_pass: Paragraphs = ()
    outcome: Annotated[str, 60]
    prize: Prize = None


@dataclass(frozen=True, kw_only=True)
class ResultsGroup(Checked):
    """The entries of one product group, in the order in which they are printed."""

    label: Name
    rows: tuple[ResultsRow, ...]


@dataclass(frozen=True, kw_only=True)
class ResultsList(Checked):
    """A list of products (danh sách): provisional before the complaints are settled, final after."""

    issuer_parent: OptionalName = None
    issuer: Name
    number: Annotated[str | None, 60] = None
    place: Annotated[str, 60]
    signed_on: date
    title: Annotated[str, 300]
    subtitle: Annotated[str | None, 400] = None
    provisional: bool
    rules: Paragraphs = ()
    groups: tuple[ResultsGroup, ...]
    totals: Paragraphs = ()
    digest: Annotated[str | None, 400] = None
    signatures: tuple[Signature, ...]
    example: bool

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.groups:
            raise EmptyText("groups")
        if not 1 <= len(self.signatures) <= 3:
            raise InconsistentDocument("signatures", "must be one to three")


@dataclass(frozen=True, kw_only=True)
class MinutesEntry(Checked):
    """One entry before the council: the jury's averages as printed and the votes."""

    entry_code: Annotated[str, 40]
    product: Annotated[str, 300]
    facility: Name
    average: Annotated[str | None, 20] = None
    by_pass: Paragraphs = ()
    prize: Prize = None
    yes: int
    no: int
    abstain: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.yes, self.no, self.abstain) < 0:
            raise InconsistentDocument("yes, no, abstain", "must not be negative")


@dataclass(frozen=True, kw_only=True)
class Minutes(Checked):
    """The minutes of a meeting (biên bản, form 1.9 of Nghị định 30/2020/NĐ-CP, Phụ lục III)."""

    issuer_parent: OptionalName = None
    issuer: Name
    number: Annotated[str | None, 60] = None
    subject: Annotated[str, 400]
    opened_on: date
    opened_at: time
    closed_on: date
    closed_at: time
    place: Annotated[str, 300]
    attendance: Paragraphs
    chair: Name
    secretary: Name
    quorum: Annotated[str, 500]
    content: Paragraphs
    course: Paragraphs = ()
    entries: tuple[MinutesEntry, ...] = ()
    conclusions: Paragraphs
    digest: Annotated[str | None, 400] = None
    secretary_signature: Signature
    chair_signature: Signature
    example: bool

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.closed_on, self.closed_at) < (self.opened_on, self.opened_at):
            raise InconsistentDocument("closed_at", "is before the meeting opened")


def foreign_letters(text: str) -> str:
    """Each letter of a text that the shipped typeface does not have, once; empty when it can be printed.

    >>> foreign_letters("Trà sen 🪷 và 茶 🪷")
    '🪷茶'
    """
    return "".join(dict.fromkeys(_FOREIGN.findall(_one_line(text))))


def _checked(field: str, value: object, limit: int, spelling: Spelling) -> str | tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, tuple):
        return _tidy(field, value, limit, spelling) or None
    lines = tuple(_tidy(field, line, limit, spelling) for line in value)
    if "" in lines:
        raise EmptyText(field)
    return lines


def _tidy(field: str, value: object, limit: int, spelling: Spelling) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{field} must be text, not {type(value).__name__}")
    text = _one_line(spelling(value))
    if len(text) > limit:
        raise TextTooLong(field, len(text), limit)
    if foreign := foreign_letters(text):
        raise UnprintableText(field, foreign)
    return text


def _one_line(text: str) -> str:
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _bare(code: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", code.upper())
