"""Who may score what in the pass that a contest has come to: sheets, recusals, own facilities, open questions."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.vietnamese import person_sort_key
from app.models import Entry, Facility, Judge, JudgeGroup, Product, Recusal, ScoreSheet, User
from app.models.base import canonical_json
from app.queries.contests import ContestHead
from app.queries.own_facilities import own_entries
from app.queries.passes import InPass, is_scored_now
from app.queries.people import name_on_jury
from app.queries.possible_conflicts import Pair, PossibleConflict, possible_conflicts
from app.queries.progress import code_key
from app.queries.statements import signed_on


@dataclass(frozen=True)
class SeatedEntry:
    """An entry that is scored now."""

    id: int
    code: str
    product: str
    facility: str
    group_code: str


@dataclass(frozen=True)
class SeatedJudge:
    """A judge with the product groups ticked for them."""

    id: int
    name: str
    groups: frozenset[str]


@dataclass(frozen=True)
class Seating:
    """Entries by code and judges by name, with all that decides whether one may score the other."""

    entries: tuple[SeatedEntry, ...]
    judges: tuple[SeatedJudge, ...]
    sheets: frozenset[Pair]
    aside: Mapping[Pair, str]  # recusals, with their reasons
    own: frozenset[Pair]
    doubts: Mapping[Pair, PossibleConflict]  # possible conflicts that are not settled

    @cached_property
    def counting(self) -> frozenset[Pair]:
        """Sheets that will count once they are submitted."""
        return frozenset(pair for pair in self.sheets if pair not in self.aside and pair not in self.own)

    @cached_property
    def loads(self) -> Mapping[int, int]:
        """How many counting sheets each judge has."""
        loads = {judge.id: 0 for judge in self.judges}
        for judge_id, _entry_id in self.counting:
            loads[judge_id] += 1
        return loads

    @cached_property
    def panels(self) -> Mapping[int, frozenset[int]]:
        """The judges of each entry whose sheets will count."""
        panels: dict[int, set[int]] = {entry.id: set() for entry in self.entries}
        for judge_id, entry_id in self.counting:
            panels[entry_id].add(judge_id)
        return {entry_id: frozenset(panel) for entry_id, panel in panels.items()}

    @cached_property
    def groups_scored(self) -> Mapping[int, frozenset[str]]:
        """The product groups in which each judge has sheets."""
        group_of = {entry.id: entry.group_code for entry in self.entries}
        return {
            judge.id: frozenset(group_of[entry] for one, entry in self.counting if one == judge.id)
            for judge in self.judges
        }

    def may_have(self, judge_id: int, entry_id: int) -> bool:
        """Whether a judge may be given an entry: nothing forbids it, and there is no sheet yet."""
        pair = judge_id, entry_id
        return pair not in self.sheets and pair not in self.aside and pair not in self.own

    def short(self, wanted: int) -> tuple[SeatedEntry, ...]:
        """Entries with fewer counting sheets than wanted, by code."""
        return tuple(entry for entry in self.entries if len(self.panels[entry.id]) < wanted)

    @property
    def digest(self) -> str:
        """SHA-256 of what a preview was made from."""
        said = {
            "entries": [entry.id for entry in self.entries],
            "judges": [judge.id for judge in self.judges],
            "sheets": sorted(self.sheets),
            "aside": sorted(self.aside),
            "own": sorted(self.own),
        }
        return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def seating_of(session: Session, contest: InPass) -> Seating:
    """Read the seating of a contest in its current pass; callers scope first."""
    judges, entries = tuple(_judges(session, contest.id)), tuple(_entries(session, contest))
    judge_ids, entry_ids = [judge.id for judge in judges], [entry.id for entry in entries]
    scored = set(entry_ids)
    sheets = select(ScoreSheet.judge_id, ScoreSheet.entry_id).where(
        ScoreSheet.judge_id.in_(judge_ids), ScoreSheet.pass_no == contest.current_pass
    )
    aside = select(Recusal.judge_id, Recusal.entry_id, Recusal.reason).where(Recusal.judge_id.in_(judge_ids))
    doubts = possible_conflicts(session, contest)
    return Seating(
        entries=entries,
        judges=judges,
        sheets=frozenset((judge, entry) for judge, entry in session.execute(sheets) if entry in scored),
        aside={(judge, entry): reason for judge, entry, reason in session.execute(aside) if entry in scored},
        own=own_entries(session, judge_ids, entry_ids),
        doubts={(one.judge_id, one.entry_id): one for one in doubts if not one.is_settled},
    )


def _judges(session: Session, contest_id: int) -> Iterator[SeatedJudge]:
    groups: dict[int, set[str]] = {}
    ticked = select(JudgeGroup.judge_id, JudgeGroup.group_code).join(Judge, Judge.id == JudgeGroup.judge_id)
    for judge_id, code in session.execute(ticked.where(Judge.contest_id == contest_id)):
        groups.setdefault(judge_id, set()).add(code)
    rows = session.execute(
        select(Judge.id, name_on_jury(), Judge.is_head)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest_id)
    ).all()
    for judge_id, name, _is_head in sorted(
        rows, key=lambda row: (not row[2], person_sort_key(row[1]), row[0])
    ):
        yield SeatedJudge(judge_id, name, frozenset(groups.get(judge_id, ())))


def _entries(session: Session, contest: InPass) -> list[SeatedEntry]:
    rows = session.execute(
        select(Entry.id, func.coalesce(Entry.code, ""), Product.name, Facility.name, Entry.group_code)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(is_scored_now(contest))
    )
    return sorted((SeatedEntry(*row) for row in rows), key=lambda entry: code_key(entry.code))


SUBSTITUTES = 3


@dataclass(frozen=True)
class ShortEntry:
    """An entry with fewer judges than the rules ask for, and who could step in."""

    id: int
    code: str
    product: str
    has: int
    wanted: int
    aside: tuple[tuple[str, str], ...]  # who does not score it, and why
    substitutes: tuple[tuple[SeatedJudge, int], ...]  # with their loads


def short_entries(seating: Seating, wanted: int) -> tuple[ShortEntry, ...]:
    """The entries with fewer counting sheets than wanted, each with its substitutes."""
    names = {judge.id: judge.name for judge in seating.judges}
    return tuple(
        ShortEntry(
            id=entry.id,
            code=entry.code,
            product=entry.product,
            has=len(seating.panels[entry.id]),
            wanted=wanted,
            aside=tuple(
                (names[judge_id], reason)
                for (judge_id, entry_id), reason in sorted(seating.aside.items())
                if entry_id == entry.id
            ),
            substitutes=tuple(
                (judge, seating.loads[judge.id]) for judge in _substitutes(seating, entry)[:SUBSTITUTES]
            ),
        )
        for entry in seating.short(wanted)
    )


def _substitutes(seating: Seating, entry: SeatedEntry) -> list[SeatedJudge]:
    """Judges without a known or possible conflict: first those of the group, then those with the least to do."""

    def order(judge: SeatedJudge) -> tuple[bool, int]:
        of_group = entry.group_code in judge.groups | seating.groups_scored[judge.id]
        return not of_group, seating.loads[judge.id]

    free = [
        judge
        for judge in seating.judges
        if seating.may_have(judge.id, entry.id) and (judge.id, entry.id) not in seating.doubts
    ]
    return sorted(free, key=order)


@dataclass(frozen=True)
class Watch:
    """What the organiser keeps an eye on until scoring closes."""

    short: tuple[ShortEntry, ...]  # none before anybody has a sheet: then every entry is short
    open_conflicts: int
    unsigned: frozenset[int]  # judges who have declared nothing yet: no conflict of theirs can be known


def watch_of(session: Session, contest: ContestHead) -> Watch:
    """The entries short of judges with their substitutes, and how many possible conflicts wait; callers scope first."""
    seating = seating_of(session, contest)
    short = short_entries(seating, contest.rules.min_sheets) if seating.sheets else ()
    return Watch(short, len(seating.doubts), _unsigned(session, contest, seating))


def _unsigned(session: Session, contest: ContestHead, seating: Seating) -> frozenset[int]:
    """The judges without a statement; in practice nobody signs one."""
    if contest.is_practice:
        return frozenset()
    return frozenset(judge.id for judge in seating.judges) - signed_on(session, contest.id).keys()
