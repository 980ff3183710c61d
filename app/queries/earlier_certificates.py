"""Certificates that a product was given before the contest it is judged in now."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.models import Contest, Entry, IssuedCertificate


@dataclass(frozen=True)
class EarlierCertificate:
    """A certificate of the product, as its register holds it."""

    number: str
    code: str
    contest: str
    is_revoked: bool
    valid_until: date


def earlier_certificates(session: Session, entry: Entry) -> tuple[EarlierCertificate, ...]:
    """The newest first; those that another replaced are left out."""
    rows = session.execute(
        select(
            IssuedCertificate.number,
            IssuedCertificate.code,
            Contest.name,
            IssuedCertificate.status == CertificateStatus.REVOKED,
            IssuedCertificate.valid_until,
        )
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Entry.product_id == entry.product_id,
            Entry.contest_id != entry.contest_id,
            IssuedCertificate.status != CertificateStatus.REPLACED,
        )
        .order_by(IssuedCertificate.issued_on.desc(), IssuedCertificate.id.desc())
    )
    return tuple(EarlierCertificate(*row) for row in rows)
