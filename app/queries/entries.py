"""Entries of a contest as the organiser reviews them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.domain.entries import EntryState
from app.domain.errors import NotFound
from app.domain.permissions import Actor
from app.domain.vietnamese import fold, person_sort_key, sort_key
from app.models import (
    Contest,
    Entry,
    Facility,
    Judge,
    LedgerEvent,
    Product,
    Recusal,
    ScoreSheet,
    Territory,
    User,
)
from app.queries.contests import ContestHead, ContestPage, entry_counts, head_of
from app.queries.dossiers import DossierPage, dossier_page
from app.queries.paging import PER_PAGE, last_page
from app.queries.people import name_on_jury
from app.queries.qualifications import ShakenGround, shaken_grounds


@dataclass(frozen=True)
class Filter:
    """Which entries to list; an empty field lets all pass."""

    state: EntryState | None = None
    group: str = ""
    text: str = ""


@dataclass(frozen=True)
class EntryRow:
    """One line of the list of entries."""

    id: int
    code: str | None
    product: str
    group_code: str
    facility: str
    territory: str
    state: EntryState
    submitted_at: datetime | None


@dataclass(frozen=True)
class EntriesPage(ContestPage):
    """One page of the entries that were looked for; dossiers that are not submitted are only counted."""

    rows: tuple[EntryRow, ...]
    counts: dict[EntryState, int]
    shaken: dict[int, ShakenGround]  # by entry, on all pages
    found: int  # on all pages
    number: int

    @property
    def first(self) -> int:
        """Which of those found stands first on the page."""
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        """Number of the last page."""
        return last_page(self.found)

    @property
    def drafts(self) -> int:
        """Dossiers that facilities are still writing."""
        return self.counts.get(EntryState.DRAFT, 0)

    @property
    def total(self) -> int:
        """Dossiers that were submitted."""
        return sum(self.counts.values()) - self.drafts


def entries_page(
    session: Session, actor: Actor, contest_id: int, wanted: Filter, number: int = 1
) -> EntriesPage:
    """Read a page of the submitted entries of a contest this person may see, by product in alphabetical order.

    A page before the first is the first, one after the last is the last.
    """
    contest = head_of(session, actor, contest_id)
    statement = (
        select(
            Entry.id,
            Entry.code,
            Product.name,
            Entry.group_code,
            Facility.name,
            Territory.name,
            Entry.state,
            Entry.submitted_at,
        )
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .join(Territory, Territory.id == Facility.territory_id)
        .where(Entry.contest_id == contest_id, *_conditions(wanted))
    )
    rows = [EntryRow(*row) for row in session.execute(statement)]
    rows.sort(key=lambda row: (sort_key(row.product), sort_key(row.facility), row.id))
    number = min(max(number, 1), last_page(len(rows)))
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    return EntriesPage(
        contest=contest,
        rows=tuple(shown),
        counts=entry_counts(session, contest_id),
        shaken=shaken_grounds(session, contest_id),
        found=len(rows),
        number=number,
    )


def entry_codes(session: Session, entry_ids: Collection[int]) -> list[str]:
    """The codes of these entries, in order."""
    codes = session.scalars(select(Entry.code).where(Entry.id.in_(entry_ids)))
    return sorted(code or "" for code in codes)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    state = Entry.state == wanted.state if wanted.state else Entry.state != EntryState.DRAFT
    conditions = [state]
    if wanted.group:
        conditions.append(Entry.group_code == wanted.group)
    if text := fold(wanted.text):
        columns = (
            Product.folded_name,
            Facility.folded_name,
            func.lower(Entry.code),
            func.lower(Entry.receipt_code),
        )
        conditions.append(or_(*(column.contains(text, autoescape=True) for column in columns)))
    return conditions


@dataclass(frozen=True)
class Act:
    """Something that was done to an entry, as the ledger holds it."""

    at: datetime
    by: str
    action: str
    reason: str


@dataclass(frozen=True)
class SeatedJudge:
    """A judge of an entry, or one who stands aside and why."""

    id: int
    name: str
    recused: str | None


@dataclass(frozen=True)
class EntryPage(ContestPage):
    """One entry for whoever reviews it."""

    id: int
    product: str
    facility: str
    group_code: str
    code: str | None
    receipt_code: str | None
    state: EntryState
    submitted_at: datetime | None
    review_reason: str
    version: int
    dossier: DossierPage
    judges: tuple[SeatedJudge, ...]
    history: tuple[Act, ...]
    next_waiting: int | None  # the dossier that has waited longest, besides this one
    elsewhere: tuple[str, ...]  # other contests of this tier, territory and year that the product is in
    shaken: ShakenGround | None


def entry_page(session: Session, actor: Actor, contest_id: int, entry_id: int) -> EntryPage:
    """Read an entry of a contest this person may see; one that was never submitted does not exist for them."""
    contest = head_of(session, actor, contest_id)
    row = session.execute(
        select(Entry, Product.name, Facility.name)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Entry.id == entry_id, Entry.contest_id == contest_id, Entry.state != EntryState.DRAFT)
    ).one_or_none()
    if row is None:
        raise NotFound
    entry, product, facility = row
    return EntryPage(
        contest=contest,
        id=entry.id,
        product=product,
        facility=facility,
        group_code=entry.group_code,
        code=entry.code,
        receipt_code=entry.receipt_code,
        state=entry.state,
        submitted_at=entry.submitted_at,
        review_reason=entry.review_reason,
        version=entry.version,
        dossier=dossier_page(session, entry_id),
        judges=_judges_of(session, contest_id, entry_id),
        history=_history(session, entry_id),
        next_waiting=_next_waiting(session, contest_id, entry_id),
        elsewhere=_elsewhere(session, contest, entry.product_id),
        shaken=shaken_grounds(session, contest_id).get(entry_id),
    )


def _elsewhere(session: Session, contest: ContestHead, product_id: int) -> tuple[str, ...]:
    alike = (Contest.territory_id == contest.territory_id, Contest.year == contest.year)
    names = (
        select(Contest.name)
        .join(Entry, Entry.contest_id == Contest.id)
        .where(
            *alike,
            Contest.id != contest.id,
            Entry.product_id == product_id,
            Entry.state.not_in((EntryState.DRAFT, EntryState.REJECTED)),
        )
    )
    return tuple(session.scalars(names.order_by(Contest.id)))


def _next_waiting(session: Session, contest_id: int, besides: int) -> int | None:
    waiting = (Entry.contest_id == contest_id, Entry.state == EntryState.SUBMITTED, Entry.id != besides)
    return session.scalar(select(Entry.id).where(*waiting).order_by(Entry.submitted_at, Entry.id).limit(1))


HISTORY = ("entry:submit", "entry:return", "entry:accept", "entry:reject", "entry:nominate")


def _history(session: Session, entry_id: int) -> tuple[Act, ...]:
    events = session.scalars(
        select(LedgerEvent)
        .where(
            LedgerEvent.subject_kind == "entries",
            LedgerEvent.subject_id == entry_id,
            LedgerEvent.action.in_(HISTORY),
        )
        .order_by(LedgerEvent.id)
    )
    return tuple(
        Act(event.at, event.actor_name, event.action, str(json.loads(event.details).get("reason", "")))
        for event in events
    )


def _judges_of(session: Session, contest_id: int, entry_id: int) -> tuple[SeatedJudge, ...]:
    rows = session.execute(
        select(Judge.id, name_on_jury(), Recusal.reason)
        .join(User, User.id == Judge.user_id)
        .outerjoin(Recusal, (Recusal.judge_id == Judge.id) & (Recusal.entry_id == entry_id))
        .outerjoin(ScoreSheet, (ScoreSheet.judge_id == Judge.id) & (ScoreSheet.entry_id == entry_id))
        .where(Judge.contest_id == contest_id, or_(Recusal.id.is_not(None), ScoreSheet.id.is_not(None)))
        .distinct()
    )
    judges = [SeatedJudge(*row) for row in rows]
    return tuple(sorted(judges, key=lambda judge: (person_sort_key(judge.name), judge.id)))
