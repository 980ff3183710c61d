"""Site visits of the entries that went on to the second pass: recorded until scoring closes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.contests import ContestState
from app.domain.errors import InvalidInput, NotFound, StaleVersion, require
from app.domain.judging import check_reason
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import in_vietnam
from app.domain.visits import MAX_PHOTOS, VisitFacts, check_visit
from app.models import Computation, Contest, Entry, Product, SiteVisit, SiteVisitPhoto
from app.queries.conflicts import has_conflict
from app.queries.passes import is_scored_now
from app.queries.scope import contest_for
from app.services.files import FileStore, keep_file
from app.services.intake import CleanFile
from app.services.ledger import record

NOT_NOW = N_("Site visits are recorded while the second pass is being scored.")


@dataclass(frozen=True)
class RecordVisit:
    """A visit that was made to the place where an entry is produced."""

    entry_id: int
    facts: VisitFacts


def record_visit(session: Session, command: RecordVisit, *, actor: Actor, now: datetime) -> SiteVisit:
    """Keep what was found on a visit."""
    contest = _contest_of(session, command.entry_id, actor)
    _check(session, contest, command.facts, now)
    visit = SiteVisit(
        entry_id=command.entry_id, recorded_by_id=actor.user_id, recorded_at=now, **vars(command.facts)
    )
    session.add(visit)
    _log(session, actor, "site-visit:record", contest, visit, now, new=_said(visit))
    return visit


@dataclass(frozen=True)
class UpdateVisit:
    """What a visit's record shall say, over which version of it."""

    visit_id: int
    version: int
    facts: VisitFacts


def update_visit(session: Session, command: UpdateVisit, *, actor: Actor, now: datetime) -> SiteVisit:
    """Correct the record of a visit; what it said before stays in the ledger."""
    contest, visit = _visit_to_change(session, command.visit_id, actor)
    old = _said(visit)
    if command.facts == VisitFacts(visit.visited_on, visit.visitors, visit.findings):
        return visit
    if visit.version != command.version:
        raise StaleVersion(CHANGED_MEANWHILE)
    _check(session, contest, command.facts, now)
    for name, value in vars(command.facts).items():
        setattr(visit, name, value)
    visit.version += 1
    _log(session, actor, "site-visit:update", contest, visit, now, old=old, new=_said(visit))
    return visit


CHANGED_MEANWHILE = N_(
    "Somebody else changed this record since you opened it. What it says now is shown beside what you typed; "
    "check and save again."
)


@dataclass(frozen=True)
class RemoveVisit:
    """A record that shall go, and why."""

    visit_id: int
    reason: str


def remove_visit(session: Session, command: RemoveVisit, *, actor: Actor, now: datetime) -> None:
    """Take a record away that was made by mistake; all it said stays in the ledger."""
    contest, visit = _visit_to_change(session, command.visit_id, actor)
    check_reason(command.reason.strip())
    photos = [photo.file_sha256 for photo in visit.photos]
    details = {"old": _said(visit), "photos": photos, "reason": command.reason}
    _log(session, actor, "site-visit:remove", contest, visit, now, **details)
    session.delete(visit)


def add_photo(
    session: Session, visit_id: int, file: CleanFile, *, store: FileStore, actor: Actor, now: datetime
) -> SiteVisitPhoto:
    """Put a photo that was taken in to a visit; the same picture twice is one."""
    contest, visit = _visit_to_change(session, visit_id, actor)
    small = file.thumbnail and keep_file(session, store, file.thumbnail, file.media_type, now=now)
    kept = keep_file(session, store, file.content, file.media_type, now=now, thumbnail=small or None)
    of_visit = select(SiteVisitPhoto).where(SiteVisitPhoto.visit_id == visit_id).order_by(SiteVisitPhoto.id)
    photos = session.scalars(of_visit).all()
    if same := next((photo for photo in photos if photo.file_sha256 == kept.sha256), None):
        return same
    if len(photos) >= MAX_PHOTOS:
        text = N_("A site visit holds at most %(most)d photos. Remove some first.")
        raise InvalidInput({"files": Message(text, {"most": MAX_PHOTOS})})
    photo = SiteVisitPhoto(visit_id=visit_id, file_sha256=kept.sha256, name=file.name, added_at=now)
    session.add(photo)
    _log(session, actor, "site-visit:add-photo", contest, visit, now, photo=kept.sha256, name=file.name)
    return photo


def remove_photo(session: Session, photo_id: int, *, actor: Actor, now: datetime) -> SiteVisitPhoto:
    """Take a photo out of a visit again; return what was taken."""
    photo = session.get(SiteVisitPhoto, photo_id)
    if photo is None:
        raise NotFound
    contest, visit = _visit_to_change(session, photo.visit_id, actor)
    _log(
        session,
        actor,
        "site-visit:remove-photo",
        contest,
        visit,
        now,
        photo=photo.file_sha256,
        name=photo.name,
    )
    session.delete(photo)
    return photo


def _contest_of(session: Session, entry_id: int, actor: Actor) -> Contest:
    """The contest, locked, of an entry whose visits this person may record now."""
    contest_id = session.scalar(select(Entry.contest_id).where(Entry.id == entry_id))
    if contest_id is None:
        raise NotFound
    contest = contest_for(session, actor, Permission.SITE_VISIT_RECORD, contest_id, lock=True)
    require(
        contest.state is ContestState.SCORING and contest.current_pass > 1,
        NOT_NOW,
    )
    entry = select(Entry.id).join(Product, Product.id == Entry.product_id).where(Entry.id == entry_id)
    if session.scalar(entry.where(is_scored_now(contest), not_(has_conflict(actor)))) is None:
        raise NotFound
    return contest


def _visit_to_change(session: Session, visit_id: int, actor: Actor) -> tuple[Contest, SiteVisit]:
    entry_id = session.scalar(select(SiteVisit.entry_id).where(SiteVisit.id == visit_id))
    if entry_id is None:
        raise NotFound
    contest = _contest_of(session, entry_id, actor)
    visit = session.scalars(
        select(SiteVisit)
        .where(SiteVisit.id == visit_id)
        .options(selectinload(SiteVisit.photos))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if visit is None:  # removed while this waited for the lock
        raise NotFound
    return contest, visit


def _check(session: Session, contest: Contest, facts: VisitFacts, now: datetime) -> None:
    # The first time: a visit stays right when the first pass was opened again and closed later.
    of_first = select(func.min(Computation.computed_at)).where(Computation.pass_no == 1)
    closed_at = session.scalars(of_first.where(Computation.contest_id == contest.id)).one()
    check_visit(facts, first_day=in_vietnam(closed_at).date(), today=in_vietnam(now).date())


def _said(visit: SiteVisit) -> dict[str, object]:
    return {
        "visited_on": visit.visited_on.isoformat(),
        "visitors": visit.visitors,
        "findings": visit.findings,
    }


def _log(
    session: Session,
    actor: Actor,
    action: str,
    contest: Contest,
    visit: SiteVisit,
    now: datetime,
    **details: object,
) -> None:
    entry_id = visit.entry_id
    record(session, actor, action, visit, now=now, contest_id=contest.id, entry_id=entry_id, **details)
