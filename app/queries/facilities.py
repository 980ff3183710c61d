"""Who works for a facility, what it makes, and which contests are open to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.domain.certificates import CertificateStatus
from app.domain.contests import Calendar, ContestState
from app.domain.entries import EntryState
from app.domain.errors import NotFound
from app.domain.permissions import Actor, Permission, Role
from app.domain.qualifications import qualification_faults
from app.domain.tiers import Tier
from app.domain.vietnamese import sort_key
from app.models import Contest, Entry, Facility, IssuedCertificate, Product, ProductGroup
from app.queries.territories import Unit, reach_of


def facility_for(session: Session, actor: Actor, facility_id: int, *, lock: bool = False) -> Facility:
    """The facility with its territory, if this person works for it; locked against other writers on request."""
    statement = (
        select(Facility)
        .where(Facility.id == facility_id, Facility.id.in_(actor.facilities(Permission.ENTRY_EDIT)))
        .options(joinedload(Facility.territory))
    )
    if lock:
        statement = statement.with_for_update(of=Facility)
    facility = session.scalars(statement).one_or_none()
    if facility is None:
        raise NotFound
    return facility


def product_for(session: Session, actor: Actor, product_id: int, *, lock: bool = False) -> Product:
    """The product with its facility, if this person works for it; both locked on request."""
    statement = (
        select(Product)
        .join(Product.facility)
        .where(Product.id == product_id, Product.facility_id.in_(actor.facilities(Permission.ENTRY_EDIT)))
        .options(contains_eager(Product.facility).joinedload(Facility.territory))
    )
    if lock:
        statement = statement.with_for_update(of=(Product, Facility))
    product = session.scalars(statement).one_or_none()
    if product is None:
        raise NotFound
    return product


def may_register(actor: Actor) -> bool:
    """Whether an invitation to register a facility is open to this person."""
    return any(grant.role is Role.FACILITY_USER and grant.facility_id is None for grant in actor.grants)


def is_invited_to(actor: Actor, unit: Unit) -> bool:
    """Whether this person was invited to register a facility in this province, by whichever tier."""
    return any(
        grant.role is Role.FACILITY_USER and grant.territory_ids & unit.reach for grant in actor.grants
    )


@dataclass(frozen=True)
class HeldCertificate:
    """A certificate of a product that is valid on the day."""

    certificate_id: int
    product_id: int
    number: str


def lower_certificates(
    session: Session, facility_id: int, tier: Tier, today: date
) -> tuple[HeldCertificate, ...]:
    """What a facility holds of the tier just below this one, newest first."""
    rows = session.execute(
        select(IssuedCertificate.id, Entry.product_id, IssuedCertificate.number)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            Product.facility_id == facility_id,
            Contest.tier == tier.below,
            IssuedCertificate.status == CertificateStatus.VALID,
            IssuedCertificate.valid_until >= today,
        )
        .order_by(IssuedCertificate.id.desc())
    )
    return tuple(HeldCertificate(*row) for row in rows)


@dataclass(frozen=True)
class ContestOffer:
    """A contest in registration that a facility may enter, or may soon."""

    id: int
    name: str
    tier: Tier
    calendar: Calendar
    is_example: bool
    needs_certificate: bool


def contest_near(session: Session, facility: Facility, contest_id: int, today: date) -> Contest:
    """A contest held where the facility is, by any tier; NotFound for others and for those being prepared."""
    contest = session.scalars(
        select(Contest).where(
            Contest.id == contest_id,
            Contest.state != ContestState.DRAFT,
            Contest.is_practice.is_(False),
            Contest.territory_id.in_(reach_of(session, facility.territory_id, today)),
        )
    ).one_or_none()
    if contest is None:
        raise NotFound
    return contest


def contest_offers(session: Session, facility: Facility, today: date) -> tuple[ContestOffer, ...]:
    """Contests that take, or are about to take, dossiers from this facility; the first to close comes first."""
    contests = session.scalars(
        select(Contest)
        .where(
            Contest.state == ContestState.REGISTRATION,
            Contest.registration_closes_on >= today,
            Contest.territory_id.in_(reach_of(session, facility.territory_id, today)),
        )
        .order_by(Contest.registration_closes_on, Contest.id)
    ).all()
    return tuple(offer_of(contest) for contest in contests)


def offer_of(contest: Contest) -> ContestOffer:
    """The contest as a facility reads it."""
    skipped = contest.rules.lower_tier_skipped
    wanting = qualification_faults(contest.tier, lower_tier_skipped=skipped, certificate=None, exemption="")
    return ContestOffer(
        contest.id, contest.name, contest.tier, contest.calendar, contest.is_example, bool(wanting)
    )


def product_groups(session: Session) -> Sequence[ProductGroup]:
    """The product groups, by code."""
    return session.scalars(select(ProductGroup).order_by(ProductGroup.code)).all()


@dataclass(frozen=True)
class ProductRow:
    """A product in its facility's list."""

    id: int
    name: str
    is_set: bool
    group_code: str
    entries: int


def products_of(session: Session, facility_id: int) -> tuple[ProductRow, ...]:
    """A facility's products in alphabetical order, with the number of contests each is or was in."""
    entries: dict[int, int] = {}
    of_facility = select(Entry.product_id).join(Entry.product).where(Product.facility_id == facility_id)
    for product_id in session.scalars(of_facility):
        entries[product_id] = entries.get(product_id, 0) + 1
    products = session.scalars(select(Product).where(Product.facility_id == facility_id))
    rows = [
        ProductRow(product.id, product.name, product.is_set, product.group_code, entries.get(product.id, 0))
        for product in products
    ]
    return tuple(sorted(rows, key=lambda row: sort_key(row.name)))


@dataclass(frozen=True)
class Candidate:
    """A product on the page where one is chosen for a contest."""

    product: ProductRow
    entry_id: int | None
    entry_state: EntryState | None
    takes_group: bool
    certificate: str | None


@dataclass(frozen=True)
class OfferPage:
    """A contest and the products that could enter it."""

    contest: ContestOffer
    candidates: tuple[Candidate, ...]

    @property
    def free(self) -> tuple[Candidate, ...]:
        """Products that can be chosen."""
        return tuple(
            candidate
            for candidate in self.candidates
            if candidate.entry_id is None
            and candidate.takes_group
            and (candidate.certificate or not self.contest.needs_certificate)
        )


def offer_page(session: Session, facility: Facility, contest_id: int, today: date) -> OfferPage:
    """A contest near a facility, with each of its products: in it already, free to enter, or not eligible."""
    contest = contest_near(session, facility, contest_id, today)
    entered = {
        entry.product_id: entry
        for entry in session.scalars(
            select(Entry)
            .join(Entry.product)
            .where(Entry.contest_id == contest_id, Product.facility_id == facility.id)
        )
    }
    held = {
        certificate.product_id: certificate.number
        for certificate in reversed(lower_certificates(session, facility.id, contest.tier, today))
    }
    groups = {group.code for group in contest.rules.groups}
    candidates = []
    for product in products_of(session, facility.id):
        entry = entered.get(product.id)
        candidates.append(
            Candidate(
                product,
                entry.id if entry else None,
                entry.state if entry else None,
                product.group_code in groups,
                held.get(product.id),
            )
        )
    return OfferPage(offer_of(contest), tuple(candidates))
