"""The files of signed minutes, also of ballots that were annulled."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Actor, Permission
from app.models import MinutesText, StoredFile
from app.queries.scope import contest_for


def earlier_minutes(session: Session, contest_id: int) -> list[MinutesText]:
    """Minutes of ballots that were annulled, whose signed files are kept; the newest first."""
    rows = select(MinutesText).where(
        MinutesText.contest_id == contest_id, MinutesText.annulled_at.is_not(None)
    )
    return list(session.scalars(rows.order_by(MinutesText.annulled_at.desc())))


def minutes_file_of(
    session: Session, actor: Actor, contest_id: int, minutes_id: int, kind: str
) -> tuple[str, str, str]:
    """Name, SHA-256 and media type of the signed minutes or of their scan; NotFound where there is none."""
    contest = contest_for(session, actor, Permission.RESULTS_VIEW, contest_id)
    column = MinutesText.scan_sha256 if kind == "scan" else MinutesText.pdf_sha256
    row = session.execute(
        select(MinutesText.scan_name, StoredFile.sha256, StoredFile.media_type)
        .join(StoredFile, StoredFile.sha256 == column)
        .where(MinutesText.id == minutes_id, MinutesText.contest_id == contest.id)
    ).one_or_none()
    if row is None:
        raise NotFound
    name, sha256, media_type = row
    return (name if kind == "scan" else ""), sha256, media_type
