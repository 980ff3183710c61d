"""What a person may know of: a foreign record and one that does not exist are the same NotFound."""

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import NotFound
from app.domain.permissions import Actor, Permission
from app.models import Contest


def contests_within(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Condition: contests in which this person may do this, by territory or by a role in the contest."""
    territories, contests = actor.territories(permission), actor.contests(permission)
    if not territories and not contests:
        return false()
    return or_(Contest.territory_id.in_(territories), Contest.id.in_(contests))


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
