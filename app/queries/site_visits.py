"""Site visits to read, beside the score sheet of the second pass and wherever else an entry is judged."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.entries import AttachmentKind
from app.domain.errors import NotFound
from app.domain.permissions import Actor, Permission
from app.models import Contest, Entry, SiteVisit, SiteVisitPhoto, StoredFile
from app.queries.conflicts import has_conflict
from app.queries.dossiers import StoredAttachment, may_judge_dossier


@dataclass(frozen=True)
class VisitPhoto:
    """A photo taken on a visit."""

    id: int
    name: str


@dataclass(frozen=True)
class VisitRecord:
    """One visit: when, by whom, what was found."""

    id: int
    visited_on: date
    visitors: str
    findings: str
    version: int
    recorded_at: datetime
    photos: tuple[VisitPhoto, ...]


def visits_of(session: Session, entry_id: int) -> tuple[VisitRecord, ...]:
    """The visits of an entry by day. Nothing is checked here: whoever calls has scoped the entry to its reader."""
    visits = session.scalars(
        select(SiteVisit)
        .where(SiteVisit.entry_id == entry_id)
        .options(selectinload(SiteVisit.photos))
        .order_by(SiteVisit.visited_on, SiteVisit.id)
    )
    return tuple(
        VisitRecord(
            id=visit.id,
            visited_on=visit.visited_on,
            visitors=visit.visitors,
            findings=visit.findings,
            version=visit.version,
            recorded_at=visit.recorded_at,
            photos=tuple(VisitPhoto(photo.id, photo.name) for photo in visit.photos),
        )
        for visit in visits
    )


def visit_photo_for(session: Session, actor: Actor, photo_id: int) -> StoredAttachment:
    """A photo of a visit, to those who judge the entry and to the head of its jury; NotFound otherwise.

    The facility itself is not among them.
    """
    head = and_(Contest.id.in_(actor.contests(Permission.SCORE_SHEET_REOPEN)), not_(has_conflict(actor)))
    row = session.execute(
        select(SiteVisitPhoto.name, StoredFile.sha256, StoredFile.thumbnail_sha256, StoredFile.media_type)
        .join(SiteVisitPhoto.file)
        .join(SiteVisitPhoto.visit)
        .join(Entry, Entry.id == SiteVisit.entry_id)
        .join(Entry.contest)
        .join(Entry.product)
        .where(SiteVisitPhoto.id == photo_id, or_(may_judge_dossier(actor), head))
    ).one_or_none()
    if row is None:
        raise NotFound
    return StoredAttachment(row.name, AttachmentKind.PHOTO, row.sha256, row.thumbnail_sha256, row.media_type)
