"""What a decision does to the one that it replaces, and to certificates of what it no longer recognises."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.domain.permissions import Actor
from app.models import Decision, IssuedCertificate
from app.queries.decisions import Correction, unfounded_certificates
from app.services.ledger import record
from app.services.printing import decision_in_words


def supersede(session: Session, correction: Correction, by: str, *, actor: Actor, now: datetime) -> None:
    """Have a decision replaced by the one of this number; its row stays, with when and why."""
    old = correction.decision
    old.superseded_at, old.superseded_reason = now, correction.reason
    record(
        session,
        actor,
        "decision:supersede",
        old,
        now=now,
        contest_id=old.contest_id,
        number=old.number,
        signed_on=old.signed_on.isoformat(),
        by=by,
        reason=correction.reason,
    )


def revoke_unfounded(
    session: Session, decision: Decision, correction: Correction, *, actor: Actor, now: datetime
) -> None:
    """Take back the certificates that stand without being recognised any more: the decision itself does it."""
    reason = revocation_reason(decision, correction)
    for certificate in unfounded_certificates(session, decision.contest_id, lock=True):
        certificate.revoked_by_decision_id = decision.id
        take_back(session, certificate, decision.contest_id, reason, actor=actor, now=now)


def revocation_reason(decision: Decision, correction: Correction) -> str:
    """Why such a certificate no longer holds, in the words of the check page; Vietnamese, as it is kept."""
    return (
        f"Sản phẩm không có trong danh sách kèm theo {decision_in_words(decision)}, thay thế "
        f"{decision_in_words(correction.decision)}. Lý do sửa kết quả: {correction.reason}"
    )


def take_back(
    session: Session,
    certificate: IssuedCertificate,
    contest_id: int,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Mark a certificate as revoked, on record with its reason."""
    certificate.status = CertificateStatus.REVOKED
    certificate.revoked_at, certificate.revocation_reason = now, reason
    record(
        session,
        actor,
        "certificate:revoke",
        certificate,
        now=now,
        contest_id=contest_id,
        number=certificate.number,
        reason=reason,
    )
