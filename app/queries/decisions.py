"""Decisions of a contest: the one that stands, those that were replaced, and what a correction leaves to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.domain.contests import ContestState
from app.models import Ballot, BallotItem, Decision, Entry, IssuedCertificate, WithdrawnList


@dataclass(frozen=True)
class Correction:
    """The result of a decision that is being corrected: the decision stands until another replaces it."""

    decision: Decision
    since: datetime
    reason: str


def standing_decision(session: Session, contest_id: int) -> Decision | None:
    """The decision that stands; also while its result is being corrected."""
    of_contest = (Decision.contest_id == contest_id, Decision.superseded_at.is_(None))
    return session.scalars(select(Decision).where(*of_contest)).one_or_none()


def replaced_decisions(session: Session, contest_id: int) -> Sequence[Decision]:
    """The decisions that were replaced, newest first."""
    of_contest = (Decision.contest_id == contest_id, Decision.superseded_at.is_not(None))
    return session.scalars(select(Decision).where(*of_contest).order_by(Decision.id.desc())).all()


def correction_of(session: Session, contest_id: int) -> Correction | None:
    """The correction of a decision's result, from its opening until the new decision is recorded."""
    return _correction(session, contest_id, Decision.superseded_at.is_(None))


def correction_behind(session: Session, contest_id: int, state: ContestState) -> Correction | None:
    """The correction that a contest's list comes from: with the decision that it replaces, or is to replace."""
    is_done = Decision.superseded_at.is_not(None)
    return _correction(session, contest_id, is_done if state is ContestState.FINAL else ~is_done)


def _correction(session: Session, contest_id: int, which: ColumnElement[bool]) -> Correction | None:
    found = session.execute(
        select(Decision, WithdrawnList)
        .join(WithdrawnList, WithdrawnList.decision_id == Decision.id)
        .where(Decision.contest_id == contest_id, which)
        .order_by(Decision.id.desc())
    ).first()
    return Correction(found[0], found[1].withdrawn_at, found[1].reason) if found else None


def newest_certificate() -> ScalarSelect[int | None]:
    """Id of the certificate that an `Entry` was given last; one that a later decision took back is none.

    What was taken back by hand counts: it is not given again by itself.
    """
    return (
        select(func.max(IssuedCertificate.id))
        .where(
            IssuedCertificate.entry_id == Entry.id,
            IssuedCertificate.status != CertificateStatus.REPLACED,
            IssuedCertificate.revoked_by_decision_id.is_(None),
        )
        .correlate(Entry)
        .scalar_subquery()
    )


def unfounded_certificates(
    session: Session, contest_id: int, *, lock: bool = False
) -> Sequence[IssuedCertificate]:
    """Certificates that stand though the council's vote, once closed, did not carry their entry."""
    carried = (
        select(BallotItem.entry_id)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .where(Ballot.contest_id == contest_id, BallotItem.carried.is_(True))
    )
    statement = (
        select(IssuedCertificate)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .where(
            Entry.contest_id == contest_id,
            IssuedCertificate.status == CertificateStatus.VALID,
            Entry.id.not_in(carried),
        )
        .order_by(IssuedCertificate.id)
    )
    return session.scalars(statement.with_for_update(of=IssuedCertificate) if lock else statement).all()
