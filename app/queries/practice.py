"""Practice contests: the one of a contest, and the contests that one can be made of."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.domain.contests import JURY_OPEN
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import sort_key
from app.models import Contest, Judge
from app.queries.scope import contests_within


def practice_of(session: Session, contest_id: int) -> int | None:
    """The practice contest of a contest, if there is one."""
    of_contest = (Contest.practice_of_id == contest_id, Contest.removed_at.is_(None))
    return session.scalar(select(Contest.id).where(*of_contest))


def contests_to_practise(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Contests of this person's that a practice contest can be made of: with a jury, and none yet."""
    practice = aliased(Contest)
    has_one = exists().where(practice.practice_of_id == Contest.id, practice.removed_at.is_(None))
    rows = session.execute(
        select(Contest.id, Contest.name).where(
            contests_within(actor, Permission.CONTEST_EDIT),
            Contest.is_practice.is_(False),
            Contest.state.in_(JURY_OPEN),
            exists().where(Judge.contest_id == Contest.id),
            ~has_one,
        )
    )
    return sorted(((contest_id, name) for contest_id, name in rows), key=lambda row: sort_key(row[1]))
