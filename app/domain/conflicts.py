"""Possible conflicts of interest: what a judge declared, held against what is known of a facility.

Each finding names two facts side by side. It is a question to people, never a verdict: names and addresses are
written in many ways, and half a commune may bear one family name.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.domain.vietnamese import fold


class ConflictKind(StrEnum):
    """What a judge and a facility have in common."""

    OWN_FACILITY = "own_facility"  # an account of the facility, or its e-mail address
    EMPLOYER = "employer"
    TAX_CODE = "tax_code"
    DECLARED = "declared"  # the judge named it
    REPRESENTATIVE = "representative"  # the very name of who represents it
    ADDRESS = "address"
    FAMILY = "family"  # family name and locality


@dataclass(frozen=True)
class JudgeFacts:
    """What a judge declared."""

    name: str
    employer: str = ""
    employer_tax_code: str = ""
    address: str = ""
    links: Sequence[str] = ()
    works_there: bool = False


@dataclass(frozen=True)
class FacilityFacts:
    """What is known of a facility; `territory` is the place in which it is registered."""

    name: str
    representative: str
    tax_code: str
    address: str
    territory: str
    phone: str
    email: str


@dataclass(frozen=True)
class Finding:
    """One thing in common: what the judge says, and what the facility does."""

    kind: ConflictKind
    of_judge: str
    of_facility: str


def findings(judge: JudgeFacts, facility: FacilityFacts) -> tuple[Finding, ...]:
    """Everything that a judge and a facility have in common, the weightiest first."""
    return tuple(_found(judge, facility))


def facts_digest(found: Sequence[Finding]) -> str:
    """What an answer was given for; other facts make it another question."""
    rows = [[finding.kind, finding.of_judge, finding.of_facility] for finding in found]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _found(judge: JudgeFacts, facility: FacilityFacts) -> Iterator[Finding]:
    kind = ConflictKind
    if judge.works_there:
        yield Finding(kind.OWN_FACILITY, judge.name, facility.name)
    if _same_name(judge.employer, facility.name):
        yield Finding(kind.EMPLOYER, judge.employer, facility.name)
    if _same_digits(judge.employer_tax_code, facility.tax_code):
        yield Finding(kind.TAX_CODE, judge.employer_tax_code, facility.tax_code)
    for link in judge.links:
        if fact := _named(link, facility):
            yield Finding(kind.DECLARED, link, fact)
    if _folded(judge.name) == _folded(facility.representative):
        yield Finding(kind.REPRESENTATIVE, judge.name, facility.representative)
    if _same_address(judge.address, facility.address):
        yield Finding(kind.ADDRESS, judge.address, facility.address)
    elif _same_family(judge, facility):
        of_facility = f"{facility.representative}, {facility.address}"
        yield Finding(kind.FAMILY, f"{judge.name}, {judge.address}", of_facility)


_FORMS: Final = re.compile(
    r"^(?:(?:cong ty|cty|doanh nghiep|dn|co phan|cp|tnhh|trach nhiem huu han|mtv|mot thanh vien|tu nhan|tntn|dntn"
    r"|hop tac xa|htx|to hop tac|tht|ho kinh doanh|hkd|co so|cs|co so san xuat|xi nghiep)\s+)+"
)


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    """Folding costs more than all the rest, and each name meets every other."""
    return fold(text)


@lru_cache(maxsize=8192)
def _plain_name(text: str) -> str:
    """A facility's name without its legal form and signs: "Công ty TNHH Gốm Đất Việt" is "gom dat viet"."""
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())
    return _FORMS.sub("", f"{words} ").strip()


def _same_name(one: str, other: str) -> bool:
    plain = _plain_name(one)
    return bool(plain) and plain == _plain_name(other)


@lru_cache(maxsize=8192)
def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _same_digits(one: str, other: str) -> bool:
    """Whether two tax codes are of one organisation: a unit's first ten digits are those of its parent."""
    mine, theirs = _digits(one), _digits(other)
    if len(mine) in (10, 13) and len(theirs) in (10, 13):
        return mine[:10] == theirs[:10]
    return bool(mine) and mine == theirs


def _named(link: str, facility: FacilityFacts) -> str:
    """The fact of a facility that a judge's line names; empty if none."""
    if _same_name(link, facility.name) or _holds(link, facility.name):
        return facility.name
    digits = _digits(link)
    if len(digits) >= 9:
        for fact in (facility.tax_code, facility.phone):
            if len(_digits(fact)) >= 9 and _digits(fact)[-9:] in digits:  # +84 912… and 0912… are one number
                return fact
    if facility.email and facility.email.casefold() in link.casefold():
        return facility.email
    return facility.representative if _holds(link, facility.representative) else ""


def _holds(text: str, name: str) -> bool:
    """Whether a line holds a name of two words or more, word by word."""
    wanted = _plain_name(name)
    return " " in wanted and f" {wanted} " in f" {_plain_name(text)} "


# How official addresses name their parts, by what they name.
_COMMUNE: Final = r"(?:xa|x|phuong|p|thi tran|dac khu)"
_WIDER: Final = r"(?:huyen|h|quan|q|thi xa|tx|thanh pho|tp|tinh|t)"
_NARROW: Final = r"(?:so nha|so|thon|ap|to dan pho|to|khu pho|khom|ban|buon|xom|lang|duong|hem|ngo)"


@lru_cache(maxsize=8192)
def _parts(address: str) -> tuple[str, ...]:
    """The parts of an address, from the house outwards, folded and without signs."""
    found = [
        " ".join(re.sub(r"[^a-z0-9/]+", " ", fold(part).replace(".", " ")).split())
        for part in re.split(r"[,;–]| - ", address)
    ]
    return tuple(part for part in found if part)


def _bare(part: str) -> str:
    """A part without the word for what it is: "xa tan hoa" and "tan hoa" are the same."""
    return re.sub(rf"^(?:{_COMMUNE}|{_WIDER}|{_NARROW})\s+", "", part)


@lru_cache(maxsize=8192)
def _bare_parts(address: str) -> tuple[str, ...]:
    return tuple(_bare(part) for part in _parts(address))


def _same_address(one: str, other: str) -> bool:
    """Whether two addresses begin alike and the shorter one says nothing else than the longer: two parts at least."""
    short, long = sorted((_bare_parts(one), _bare_parts(other)), key=len)
    return len(short) >= 2 and short[0] == long[0] and set(short) <= set(long)


@lru_cache(maxsize=8192)
def _communes(address: str) -> frozenset[str]:
    """The communes that an address may name: what is called one, or is called nothing and is no house number."""
    parts = _parts(address)
    named = {_bare(part) for part in parts if re.match(rf"{_COMMUNE}\s", part)}
    return frozenset(named or {part for part in parts if part == _bare(part) and not re.search(r"\d", part)})


def _same_family(judge: JudgeFacts, facility: FacilityFacts) -> bool:
    mine, theirs = _folded(judge.name).split(), _folded(facility.representative).split()
    if not mine or not theirs or mine[0] != theirs[0]:
        return False
    where, territory = facility.address, facility.territory
    province = _bare(
        " ".join(_parts(territory))
    )  # no commune, also where an address does not call it a province
    if re.match(rf"{_COMMUNE}\s", _folded(territory)):
        where, province = f"{where}, {territory}", ""
    return bool((_communes(judge.address) & _communes(where)) - {province})
