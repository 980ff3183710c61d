"""What the example asks the database while it is built."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.domain.vietnamese import VIETNAM
from app.models import Contest, Entry, IssuedCertificate, Judge, Organiser, Result, ScoreSheet, Territory
from app.queries.computations import deciding_computation


def at(day: date, *, days: int = 0, hour: int = 8) -> datetime:
    """A moment in Vietnam's office hours, so many days after a day."""
    return datetime.combine(day + timedelta(days=days), time(hour), VIETNAM).astimezone(UTC)


def territory_on(session: Session, name: str, day: date) -> Territory:
    """The territory of that name on that day."""
    return session.scalars(
        select(Territory).where(
            Territory.name == name,
            Territory.valid_from <= day,
            or_(Territory.valid_to.is_(None), Territory.valid_to >= day),
        )
    ).one()


def organiser_on(session: Session, territory_id: int, day: date) -> Organiser:
    """Who organises and signs there on that day."""
    return session.scalars(
        select(Organiser).where(
            Organiser.territory_id == territory_id,
            Organiser.valid_from <= day,
            or_(Organiser.valid_to.is_(None), Organiser.valid_to >= day),
        )
    ).one()


def sheet_ids(session: Session, contest_id: int) -> dict[tuple[int | None, int], int]:
    """The sheet of each judge (by user) for each entry, in the contest's current pass."""
    rows = session.execute(
        select(Judge.user_id, ScoreSheet.entry_id, ScoreSheet.id)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(Contest, Contest.id == Judge.contest_id)
        .where(Judge.contest_id == contest_id, ScoreSheet.pass_no == Contest.current_pass)
    )
    return {(user_id, entry_id): sheet_id for user_id, entry_id, sheet_id in rows}


def best_certified(session: Session, contest_id: int, count: int) -> list[int]:
    """The best entries of a contest that hold a valid certificate, in order of rank."""
    statement = (
        select(Entry.id)
        .join(Result, Result.entry_id == Entry.id)
        .join(IssuedCertificate, IssuedCertificate.entry_id == Entry.id)
        .where(
            Result.computation_id == deciding_computation(contest_id),
            IssuedCertificate.status == CertificateStatus.VALID,
        )
        .order_by(Result.rank, Entry.code)
        .limit(count)
    )
    return list(session.scalars(statement))
