"""What was decided and given in a contest, as its bundle holds it: every decision, withdrawn list and certificate."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Decision, Entry, IssuedCertificate, WithdrawnList
from app.services.bundle_changes import Rows, moment


def certificate_rows(session: Session, contest_id: int) -> Rows:
    """The contest's part of the register, with the name of each certificate's file in the bundle."""
    certificates = session.scalars(
        select(IssuedCertificate)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .where(Entry.contest_id == contest_id)
        .order_by(IssuedCertificate.id)
    )
    return [
        {
            "id": row.id,
            "entry": row.entry_id,
            "number": row.number,
            "series": row.series,
            "year": row.year,
            "serial": row.serial,
            "code": row.code,
            "status": row.status,
            "issued_on": row.issued_on.isoformat(),
            "valid_until": row.valid_until.isoformat(),
            "printed": row.printed,
            "file": f"certificates/{row.code}.pdf",
            "sha256": row.file_sha256,
            "revoked_at": moment(row.revoked_at),
            "revocation_reason": row.revocation_reason,
            "replaces": row.replaces_id,
            "reissue_reason": row.reissue_reason,
        }
        for row in certificates
    ]


def decision_rows(session: Session, contest_id: int) -> Rows:
    """Every decision of the contest, also those that were replaced."""
    names = ("number", "signing_body", "signatory_title", "signatory", "place")
    decisions = select(Decision).where(Decision.contest_id == contest_id).order_by(Decision.id)
    return [
        {name: getattr(row, name) for name in names}
        | {
            "signed_on": row.signed_on.isoformat(),
            "recorded_at": moment(row.recorded_at),
            "superseded_at": moment(row.superseded_at),
            "superseded_reason": row.superseded_reason,
        }
        for row in session.scalars(decisions)
    ]


def _withdrawn(session: Session, contest_id: int) -> Rows:
    """Lists as they were public before they were corrected."""
    found = session.execute(
        select(WithdrawnList, Decision.number)
        .outerjoin(Decision, Decision.id == WithdrawnList.decision_id)
        .where(WithdrawnList.contest_id == contest_id)
        .order_by(WithdrawnList.id)
    )
    return [
        {
            "published_at": moment(row.published_at),
            "withdrawn_at": moment(row.withdrawn_at),
            "reason": row.reason,
            "decision": number,
            "rows": row.content["rows"],
        }
        for row, number in found
    ]


AWARD_TABLES: dict[str, Callable[[Session, int], Rows]] = {"decision": decision_rows, "withdrawn": _withdrawn}
