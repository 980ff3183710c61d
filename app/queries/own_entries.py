"""Entries as their own facility sees them: nothing of the outcome before the list is public."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, contains_eager

from app.domain.certificates import CertificateStatus, Standing, standing_of
from app.domain.contests import PUBLIC, Calendar, ContestState
from app.domain.dossiers import GROUP_NOT_TAKEN, dossier_gaps
from app.domain.entries import EDITABLE, EntryStage, EntryState, stage_of
from app.domain.errors import NotFound
from app.domain.messages import Message
from app.domain.permissions import Actor, Permission
from app.domain.questions import BY_KEY, DossierForm
from app.domain.tiers import Tier
from app.models import (
    Attachment,
    BallotItem,
    Entry,
    Facility,
    IssuedCertificate,
    LedgerEvent,
    MergedEntry,
    Merger,
    Product,
)
from app.queries.dossiers import DossierPage, dossier_page
from app.queries.facilities import offer_of
from app.queries.organisers import organiser_on
from app.queries.qualifications import entry_qualification_faults


def entry_for(session: Session, actor: Actor, entry_id: int, *, lock: bool = False) -> Entry:
    """The entry with its contest, product and facility, if this person works for it; locked on request."""
    statement = (
        select(Entry)
        .join(Entry.contest)
        .join(Entry.product)
        .where(Entry.id == entry_id, Product.facility_id.in_(actor.facilities(Permission.ENTRY_EDIT)))
        .options(
            contains_eager(Entry.contest),
            contains_eager(Entry.product).joinedload(Product.facility).joinedload(Facility.territory),
        )
    )
    if lock:
        statement = statement.with_for_update(of=Entry)
    entry = session.scalars(statement).one_or_none()
    if entry is None:
        raise NotFound
    return entry


@dataclass(frozen=True)
class OwnCertificate:
    """The certificate of an entry, as its facility reads it."""

    number: str
    code: str
    valid_until: date
    standing: Standing


@dataclass(frozen=True)
class OwnEntry:
    """An entry in its facility's list."""

    id: int
    product: str
    contest: str
    tier: Tier
    stage: EntryStage
    code: str | None
    receipt_code: str | None
    certificate: OwnCertificate | None
    set_name: str = ""  # of the set that the council joined it into, once the list is public


def own_entries_of(session: Session, facility_id: int, today: date) -> tuple[OwnEntry, ...]:
    """A facility's entries: those to be worked on first, then the newest."""
    rows = session.execute(
        _with_outcome().where(Product.facility_id == facility_id).order_by(Entry.id.desc())
    )
    entries = [_own_entry(row, today) for row in rows]
    return tuple(sorted(entries, key=lambda entry: TO_DO.get(entry.stage, len(TO_DO))))


@dataclass(frozen=True)
class Gap:
    """Something that a dossier still lacks: in which part, at which question, and what to do."""

    part: str
    key: str
    label: str
    message: Message


@dataclass(frozen=True)
class Step:
    """Something that happened to an entry, or what the organiser wrote to it."""

    at: datetime
    action: str
    reason: str


@dataclass(frozen=True)
class OwnEntryPage:
    """One entry for its facility: the dossier, what it still lacks, and where it stands."""

    entry: OwnEntry
    version: int
    contest_slug: str
    contest_state: ContestState
    calendar: Calendar
    is_example: bool
    needs_certificate: bool
    state: EntryState
    submitted_at: datetime | None
    review_reason: str
    facility_id: int
    product_id: int
    organiser: str
    dossier: DossierPage
    gaps: tuple[Gap, ...]
    steps: tuple[Step, ...]

    @property
    def is_editable(self) -> bool:
        """Whether the dossier can be worked on."""
        return self.state in EDITABLE and self.contest_state is ContestState.REGISTRATION

    @property
    def missing(self) -> dict[str, int]:
        """How much each part of the dossier lacks, the statement aside: it is made on sending."""
        parts = [gap.part for gap in self.gaps]
        return {part: parts.count(part) for part in PARTS}

    @property
    def is_complete(self) -> bool:
        """Whether nothing but the statement is missing."""
        return all(gap.part == DossierForm.STATEMENT for gap in self.gaps)

    @property
    def is_public(self) -> bool:
        """Whether the contest's list can be read by everybody."""
        return self.contest_state in PUBLIC


TO_DO = {EntryStage.RETURNED: 0, EntryStage.DRAFT: 1}
PARTS = (*(form.value for form in DossierForm if form is not DossierForm.STATEMENT), "photos", "papers")
STEPS = ("entry:start", "entry:submit", "entry:return", "entry:accept", "entry:reject")


def own_entry_page(session: Session, actor: Actor, entry_id: int, today: date) -> OwnEntryPage:
    """One entry of a facility for which this person works."""
    entry = entry_for(session, actor, entry_id)
    [row] = session.execute(_with_outcome().where(Entry.id == entry.id))
    dossier = dossier_page(session, entry.id)
    organiser = organiser_on(session, entry.contest.territory_id, today)
    return OwnEntryPage(
        entry=_own_entry(row, today),
        version=entry.version,
        contest_slug=entry.contest.slug,
        contest_state=entry.contest.state,
        calendar=entry.contest.calendar,
        is_example=entry.contest.is_example,
        needs_certificate=offer_of(entry.contest).needs_certificate,
        state=entry.state,
        submitted_at=entry.submitted_at,
        review_reason=entry.review_reason,
        facility_id=entry.product.facility_id,
        product_id=entry.product_id,
        organiser=organiser.name if organiser else "",
        dossier=dossier,
        gaps=tuple(_gaps(session, entry, today)) if entry.state in EDITABLE else (),
        steps=tuple(_steps(session, entry.id)),
    )


def entry_gaps(session: Session, entry: Entry, today: date) -> dict[str, Message]:
    """Everything that keeps a dossier (with its contest and product) from being sent; empty when it may be."""
    kinds = session.scalars(select(Attachment.kind).where(Attachment.entry_id == entry.id))
    gaps = dossier_gaps(entry.dossier.get("answers", {}), kinds)
    if entry.product.group_code not in {group.code for group in entry.contest.rules.groups}:
        gaps["product"] = Message(GROUP_NOT_TAKEN)
    if faults := entry_qualification_faults(session, entry.id, today=today):
        gaps["qualification"] = faults[0]
    return gaps


def _gaps(session: Session, entry: Entry, today: date) -> Iterable[Gap]:
    for key, message in entry_gaps(session, entry, today).items():
        question = BY_KEY.get(key)
        yield Gap(question.form.value if question else key, key, question.label if question else "", message)


def _with_outcome() -> Select[Entry, bool | None, IssuedCertificate, str | None]:
    """Entries with what the vote made of them, or of the set they are in, and the certificate that stands."""
    stands = func.coalesce(Merger.entry_id, Entry.id)
    return (
        select(Entry, BallotItem.carried, IssuedCertificate, Merger.name.label("set_name"))
        .join(Entry.contest)
        .join(Entry.product)
        .outerjoin(MergedEntry, MergedEntry.entry_id == Entry.id)
        .outerjoin(Merger, Merger.id == MergedEntry.merger_id)
        .outerjoin(BallotItem, BallotItem.entry_id == stands)
        .outerjoin(
            IssuedCertificate,
            (IssuedCertificate.entry_id == stands) & (IssuedCertificate.status == CertificateStatus.VALID),
        )
        .options(contains_eager(Entry.contest), contains_eager(Entry.product))
    )


def _own_entry(row: Row[Entry, bool | None, IssuedCertificate, str | None], today: date) -> OwnEntry:
    entry, carried = row.Entry, row.carried
    certificate: IssuedCertificate | None = row.IssuedCertificate  # an outer join
    state = entry.contest.state
    held = None
    if certificate is not None:  # also while the result is being corrected: it stands until it is revoked
        standing = standing_of(certificate.status, certificate.valid_until, today)
        held = OwnCertificate(certificate.number, certificate.code, certificate.valid_until, standing)
    return OwnEntry(
        id=entry.id,
        product=entry.product.name,
        contest=entry.contest.name,
        tier=entry.contest.tier,
        stage=stage_of(
            entry.state,
            public=state in PUBLIC,
            recognised=bool(carried),
            certified=held is not None,
            final=state is ContestState.FINAL,
        ),
        code=entry.code,
        receipt_code=entry.receipt_code,
        certificate=held,
        set_name=row.set_name or "" if state in PUBLIC else "",
    )


def _steps(session: Session, entry_id: int) -> Iterable[Step]:
    events = session.scalars(
        select(LedgerEvent)
        .where(
            LedgerEvent.subject_kind == Entry.__tablename__,
            LedgerEvent.subject_id == entry_id,
            LedgerEvent.action.in_(STEPS),
        )
        .order_by(LedgerEvent.id)
    )
    for event in events:
        yield Step(event.at, event.action, str(json.loads(event.details).get("reason", "")))
