"""What a person may know of: a foreign record and one that does not exist are the same NotFound."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.contests import ContestState
from app.domain.errors import NotFound, NotPermitted
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.models import Contest, Entry, Judge

JURY_KEPT_OUT = N_(
    "You score in this contest yourself. While scoring is open, only somebody who is not on its jury "
    "may see or enter the marks of other judges."
)


def contests_within(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Condition: contests in which this person may do this, by territory or by a role; none that was deleted."""
    territories, contests = actor.territories(permission), actor.contests(permission)
    if not territories and not contests:
        return false()
    reach = or_(Contest.territory_id.in_(territories), Contest.id.in_(contests))
    return and_(reach, Contest.removed_at.is_(None))


def contest_for(
    session: Session, actor: Actor, permission: Permission, contest_id: int, *, lock: bool = False
) -> Contest:
    """The contest with its territory, if this person may do this in it; locked against other writers on request."""
    statement = (
        select(Contest)
        .where(Contest.id == contest_id, contests_within(actor, permission))
        .options(joinedload(Contest.territory))
    )
    if lock:
        statement = statement.with_for_update(of=Contest)
    contest = session.scalars(statement).one_or_none()
    if contest is None:
        raise NotFound
    return contest


def require_entry(session: Session, contest_id: int, entry_id: int) -> None:
    """Raise NotFound unless the entry is one of this contest."""
    entry = select(Entry.id).where(Entry.id == entry_id, Entry.contest_id == contest_id)
    if session.scalar(entry) is None:
        raise NotFound


def is_on_jury(session: Session, actor: Actor, contest_id: int) -> bool:
    """Whether this person is one of the judges of a contest."""
    seat = select(Judge.id).where(Judge.contest_id == contest_id, Judge.user_id == actor.user_id)
    return session.scalar(select(exists(seat))) is True


def keep_jury_out(session: Session, actor: Actor, contest_id: int, state: ContestState) -> None:
    """Raise NotPermitted for one of the judges while scoring is open, whatever else this person may do."""
    if state is ContestState.SCORING and is_on_jury(session, actor, contest_id):
        raise NotPermitted(JURY_KEPT_OUT)
