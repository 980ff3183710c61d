"""Which recognised entries may go up to a higher contest, which may not and why, and which went."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.certificates import CertificateStatus
from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.errors import NotFound
from app.domain.messages import N_, Message
from app.domain.permissions import Actor
from app.domain.qualifications import certificate_faults
from app.domain.tiers import ROAD, Tier
from app.models import (
    Ballot,
    BallotItem,
    Contest,
    Entry,
    Facility,
    IssuedCertificate,
    Nomination,
    Product,
)
from app.queries.containment import lies_within
from app.queries.contests import ContestHead, head_of
from app.queries.decisions import newest_certificate
from app.queries.qualifications import against

NO_CERTIFICATE = N_("This product has no certificate yet.")
ALREADY_THERE = N_("This product already takes part in that contest.")


@dataclass(frozen=True)
class Candidate:
    """A recognised entry before a higher contest; no fault means that it may be nominated."""

    entry_id: int
    code: str
    group: str
    product: str
    facility: str
    certificate_id: int | None
    number: str
    valid_until: date | None
    faults: tuple[Message, ...]


@dataclass(frozen=True)
class Target:
    """A higher contest that is open for registration."""

    id: int
    name: str
    tier: Tier
    closes_on: date
    skips_tier: bool


@dataclass(frozen=True)
class Nominated:
    """An entry that was sent up, and where it stands there."""

    code: str
    product: str
    facility: str
    to_contest: str
    to_state: ContestState
    state: EntryState
    nominated_at: datetime
    certificate: CertificateStatus | None  # of the newest here


@dataclass(frozen=True)
class NominationsPage:
    """Nominating from one contest."""

    contest: ContestHead
    targets: tuple[Target, ...]
    target: Target | None
    candidates: tuple[Candidate, ...]
    nominated: tuple[Nominated, ...]

    @property
    def ready(self) -> int:
        """How many entries may be nominated."""
        return sum(not candidate.faults for candidate in self.candidates)


def nominations_page(
    session: Session, actor: Actor, contest_id: int, target_id: int | None, *, today: date
) -> NominationsPage:
    """The nominations page of a contest for the target chosen; one that is not open gives the nearest."""
    contest = head_of(session, actor, contest_id)
    targets = _targets(session, contest, today)
    target = next((target for target in targets if target.id == target_id), targets[0] if targets else None)
    return NominationsPage(
        contest=contest,
        targets=targets,
        target=target,
        candidates=tuple(candidates(session, contest.id, open_target(session, target.id), today=today))
        if target
        else (),
        nominated=nominated_from(session, contest.id),
    )


def open_target(session: Session, contest_id: int, *, lock: bool = False) -> Contest:
    """A contest to nominate for, with its territory; NotFound for one that nobody outside may know of."""
    statement = (
        select(Contest)
        .where(Contest.id == contest_id, Contest.state != ContestState.DRAFT, Contest.is_practice.is_(False))
        .options(joinedload(Contest.territory))
    )
    target = session.scalars(statement.with_for_update(of=Contest) if lock else statement).one_or_none()
    if target is None:
        raise NotFound
    return target


def candidates(
    session: Session, contest_id: int, target: Contest, *, today: date, entry_id: int | None = None
) -> list[Candidate]:
    """The recognised entries of a contest, or one of them, against a higher contest (with its territory)."""
    statement = _recognised(contest_id)
    if entry_id is not None:
        statement = statement.where(Entry.id == entry_id)
    rows = session.execute(statement).all()
    there = set(session.scalars(select(Entry.product_id).where(Entry.contest_id == target.id)))
    territory_id = session.scalars(select(Contest.territory_id).where(Contest.id == contest_id)).one()
    within = lies_within(session, territory_id, target.territory, today)
    found = []
    for entry, product, facility, contest, certificate in rows:
        faults = _certificate_faults(certificate, contest, target, today, within=within)
        if product.id in there:
            faults = (Message(ALREADY_THERE), *faults)
        found.append(_candidate(entry, product, facility, certificate, faults))
    return found


def _candidate(
    entry: Entry,
    product: Product,
    facility: Facility,
    certificate: IssuedCertificate | None,
    faults: tuple[Message, ...],
) -> Candidate:
    return Candidate(
        entry_id=entry.id,
        code=entry.code or "",
        group=entry.group_code,
        product=product.name,
        facility=facility.name,
        certificate_id=None if certificate is None else certificate.id,
        number="" if certificate is None else certificate.number,
        valid_until=None if certificate is None else certificate.valid_until,
        faults=faults,
    )


def _recognised(contest_id: int) -> Select[Entry, Product, Facility, Contest, IssuedCertificate]:
    return (
        select(Entry, Product, Facility, Contest, IssuedCertificate)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(BallotItem, BallotItem.entry_id == Entry.id)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .outerjoin(IssuedCertificate, IssuedCertificate.id == newest_certificate())
        .where(Ballot.contest_id == contest_id, BallotItem.carried.is_(True))
        .order_by(Entry.code)
    )


def _certificate_faults(
    certificate: IssuedCertificate | None, contest: Contest, target: Contest, today: date, *, within: bool
) -> tuple[Message, ...]:
    if certificate is None:
        return (Message(NO_CERTIFICATE),)
    lower = against(certificate, contest.tier, today, same_product=True, within=within)
    return certificate_faults(lower, target.tier, may_skip=True)


def _targets(session: Session, contest: ContestHead, today: date) -> tuple[Target, ...]:
    above = [tier for tier in ROAD if tier.is_above(contest.tier)]
    rows = session.scalars(
        select(Contest)
        .where(
            Contest.state == ContestState.REGISTRATION,
            Contest.tier.in_(above),
            Contest.registration_opens_on <= today,
            Contest.registration_closes_on >= today,
        )
        .options(joinedload(Contest.territory))
        .order_by(Contest.registration_closes_on, Contest.id)
    )
    reachable = [
        Target(row.id, row.name, row.tier, row.registration_closes_on, row.tier is not contest.tier.above)
        for row in rows
        if lies_within(session, contest.territory_id, row.territory, today)
    ]
    return tuple(sorted(reachable, key=lambda target: (ROAD.index(target.tier), target.closes_on, target.id)))


def nominated_from(session: Session, contest_id: int) -> tuple[Nominated, ...]:
    """The entries of a contest that were sent up, in that order."""
    upper, own = aliased(Entry), aliased(Entry)
    newest = select(func.max(IssuedCertificate.id)).where(IssuedCertificate.entry_id == own.id).correlate(own)
    rows = session.execute(
        select(
            own.code,
            Product.name,
            Facility.name,
            Contest.name,
            Contest.state,
            upper.state,
            Nomination.nominated_at,
            IssuedCertificate.status,
        )
        .join(own, own.id == Nomination.entry_id)
        .join(upper, upper.id == Nomination.new_entry_id)
        .join(Contest, Contest.id == Nomination.to_contest_id)
        .join(Product, Product.id == own.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .outerjoin(IssuedCertificate, IssuedCertificate.id == newest.scalar_subquery())
        .where(own.contest_id == contest_id)
        .order_by(Nomination.id)
    )
    return tuple(Nominated(row[0] or "", *row[1:]) for row in rows)
