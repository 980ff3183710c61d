"""By what an entry may take part: the lower certificate as it stands on a day, and what has become of it since."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.certificates import CertificateStatus, standing_of
from app.domain.entries import EntryState
from app.domain.messages import Message
from app.domain.qualifications import LowerCertificate, qualification_faults
from app.domain.tiers import Tier
from app.models import (
    Contest,
    Decision,
    Entry,
    IssuedCertificate,
    Nomination,
    Product,
    Qualification,
    WithdrawnList,
)
from app.queries.containment import lies_within


def entry_qualification_faults(session: Session, entry_id: int, *, today: date) -> tuple[Message, ...]:
    """Everything that keeps an entry out of its contest for want of a lower certificate; empty when it may."""
    product_id, contest = session.execute(
        select(Entry.product_id, Contest)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.id == entry_id)
        .options(joinedload(Contest.territory))
    ).one()
    qualification = session.get(Qualification, entry_id)
    certificate = None
    if qualification and qualification.certificate_id:
        certificate = _certificate(session, qualification.certificate_id, contest, product_id, today)
    return qualification_faults(
        contest.tier,
        lower_tier_skipped=contest.rules.lower_tier_skipped,
        certificate=certificate,
        exemption=qualification.exemption if qualification else "",
    )


def _certificate(
    session: Session, certificate_id: int, upper: Contest, product_id: int, today: date
) -> LowerCertificate:
    """What the entry brings along: the certificate that was named, or the newest that took its place."""
    named = select(IssuedCertificate.entry_id).where(IssuedCertificate.id == certificate_id)
    certificate, contest, certified_id = session.execute(
        select(IssuedCertificate, Contest, Entry.product_id)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(IssuedCertificate.entry_id == named.scalar_subquery())
        .order_by(IssuedCertificate.id.desc())
        .limit(1)
    ).one()
    within = lies_within(session, contest.territory_id, upper.territory, today)
    same = certified_id == product_id or _is_the_set(session, certificate, certified_id, product_id)
    return against(certificate, contest.tier, today, same_product=same, within=within)


def _is_the_set(session: Session, certificate: IssuedCertificate, certified_id: int, product_id: int) -> bool:
    """Whether a product is the set that the certificate names, which a council made of several entries."""
    if not certificate.printed.get("members"):
        return False
    maker = select(Product.facility_id).where(Product.id == certified_id).scalar_subquery()
    own = select(Product.name).where(Product.id == product_id, Product.is_set, Product.facility_id == maker)
    return session.scalar(own) == str(certificate.printed["product"])


def against(
    certificate: IssuedCertificate, tier: Tier, today: date, *, same_product: bool, within: bool
) -> LowerCertificate:
    """A certificate of a tier as it stands on a day before a higher contest."""
    return LowerCertificate(
        number=certificate.number,
        tier=tier,
        standing=standing_of(certificate.status, certificate.valid_until, today),
        valid_until=certificate.valid_until,
        same_product=same_product,
        within=within,
    )


@dataclass(frozen=True)
class ShakenGround:
    """By what an entry came to its contest, where that was revoked or its result is being corrected."""

    number: str  # of the lower certificate
    contest: str  # that gave it
    revoked_at: datetime | None  # None while it stands and the result is being corrected
    reason: str


def shaken_grounds(session: Session, contest_id: int) -> dict[int, ShakenGround]:
    """By entry of a contest: what has become of the lower certificate it came with; only what needs attention."""
    came = union(
        select(Nomination.new_entry_id.label("entry_id"), Nomination.entry_id.label("lower_id")),
        select(Qualification.entry_id, IssuedCertificate.entry_id).join(
            IssuedCertificate, IssuedCertificate.id == Qualification.certificate_id
        ),
    ).subquery()
    newest = select(func.max(IssuedCertificate.id)).where(IssuedCertificate.entry_id == came.c.lower_id)
    upper, lower = aliased(Entry), aliased(Entry)
    is_revoked = IssuedCertificate.status == CertificateStatus.REVOKED
    rows = session.execute(
        select(upper.id, IssuedCertificate, Contest.name, WithdrawnList.reason)
        .join(came, came.c.entry_id == upper.id)
        .join(lower, lower.id == came.c.lower_id)
        .join(Contest, Contest.id == lower.contest_id)
        .join(IssuedCertificate, IssuedCertificate.id == newest.correlate(came).scalar_subquery())
        .outerjoin(Decision, (Decision.contest_id == Contest.id) & Decision.superseded_at.is_(None))
        .outerjoin(WithdrawnList, WithdrawnList.decision_id == Decision.id)
        .where(
            upper.contest_id == contest_id,
            upper.state.not_in((EntryState.DRAFT, EntryState.REJECTED)),
            or_(is_revoked, WithdrawnList.id.is_not(None)),
        )
    )
    return {
        entry_id: ShakenGround(
            number=certificate.number,
            contest=contest,
            revoked_at=certificate.revoked_at,
            reason=certificate.revocation_reason or reason,
        )
        for entry_id, certificate, contest, reason in rows
    }
