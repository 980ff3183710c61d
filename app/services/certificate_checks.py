"""Whether a certificate in the register is still what the ledger says was issued, replaced or revoked."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.models import Entry, IssuedCertificate, LedgerEvent
from app.services.ledger import leaf_of
from app.services.merkle import leaf_hash

REISSUE = "certificate:reissue"
ISSUES = ("certificate:issue", REISSUE)
REVOCATION = "certificate:revoke"


def agrees_with_ledger(session: Session, code: str) -> bool:
    """Whether all that the check page shows of the certificate with a code is what the ledger says of it.

    Issues from before the ledger kept the printed fields are compared as far as they go.
    """
    certificate, contest_id = session.execute(
        select(IssuedCertificate, Entry.contest_id)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .where(IssuedCertificate.code == code)
        .execution_options(populate_existing=True)
    ).one()
    events = _events(session, certificate, contest_id)
    if any(event.sha256 != leaf_hash(leaf_of(event).encode()).hex() for event in events):
        return False
    own = [event for event in events if event.subject_id == certificate.id]
    issues = [event for event in own if event.action in ISSUES]
    if not issues or issues[-1].contest_id != contest_id:
        return False
    is_as_issued = _agree(json.loads(issues[-1].details), certificate)
    revocations = [event for event in own if event.action == REVOCATION]
    if revocations:
        return is_as_issued and _is_revoked_by(revocations[-1], certificate)
    is_replaced = any(event not in own for event in events)
    status = CertificateStatus.REPLACED if is_replaced else CertificateStatus.VALID
    return is_as_issued and certificate.status is status


def _events(session: Session, certificate: IssuedCertificate, contest_id: int) -> Sequence[LedgerEvent]:
    """What the ledger has on a certificate, oldest first: its own lines, and the one by which another replaced it."""
    named = json.dumps(certificate.number, ensure_ascii=False)
    statement = select(LedgerEvent).where(
        LedgerEvent.subject_kind == IssuedCertificate.__tablename__,
        or_(
            LedgerEvent.subject_id == certificate.id,
            and_(
                LedgerEvent.contest_id == contest_id,
                LedgerEvent.action == REISSUE,  # few: the texts of the others need not be searched
                LedgerEvent.details.contains(f'"replaces":{named}', autoescape=True),
            ),
        ),
    )
    return session.scalars(statement.order_by(LedgerEvent.id)).all()


def _agree(said: dict[str, Any], certificate: IssuedCertificate) -> bool:
    row = {
        "code": certificate.code,
        "issued_on": certificate.issued_on.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "printed": certificate.printed,
    }
    found = {
        "number": certificate.number,
        "entry_id": certificate.entry_id,
        "file_sha256": certificate.file_sha256,
        "row": row,
    }
    return all(said.get(name, value) == value for name, value in found.items())


def _is_revoked_by(event: LedgerEvent, certificate: IssuedCertificate) -> bool:
    found = (certificate.status, certificate.revoked_at, certificate.revocation_reason)
    return found == (CertificateStatus.REVOKED, event.at, json.loads(event.details)["reason"])
