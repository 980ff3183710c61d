"""By what an entry may take part: the lower certificate as it stands on a day."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.certificates import standing_of
from app.domain.messages import Message
from app.domain.qualifications import LowerCertificate, qualification_faults
from app.domain.tiers import Tier
from app.models import Contest, Entry, IssuedCertificate, Qualification
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
    certificate, contest, certified_id = session.execute(
        select(IssuedCertificate, Contest, Entry.product_id)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(IssuedCertificate.id == certificate_id)
    ).one()
    within = lies_within(session, contest.territory_id, upper.territory, today)
    return against(certificate, contest.tier, today, same_product=certified_id == product_id, within=within)


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
