"""Conflicts of interest as conditions of a select: who has one never gets the row."""

from sqlalchemy import BindParameter, ColumnElement, and_, exists, not_, or_
from sqlalchemy.orm import aliased

from app.domain.permissions import Actor
from app.models import Contest, Entry, Facility, Judge, Product, Recusal, ScoreSheet, User
from app.queries.own_facilities import belongs_to_facility

UserId = int | BindParameter[int] | None


def of_own_facility(user_id: UserId) -> ColumnElement[bool]:
    """Condition on Product: it belongs to a facility for which this person works."""
    own = exists().where(User.id == user_id, Facility.id == Product.facility_id, belongs_to_facility())
    return own.correlate(Product)  # the select may be about other people and facilities


def has_conflict(actor: Actor) -> ColumnElement[bool]:
    """Condition on Entry and Product: this person is recused from the entry, or works for its facility."""
    own_seat = aliased(Judge)  # not the judge of whichever sheet the select is about
    recused = exists().where(
        Recusal.entry_id == Entry.id, Recusal.judge_id == own_seat.id, own_seat.user_id == actor.user_id
    )
    return or_(recused, of_own_facility(actor.user_id))


def is_recused() -> ColumnElement[bool]:
    """Condition on ScoreSheet: its judge is recused from its entry, so that it does not count."""
    return exists().where(Recusal.entry_id == ScoreSheet.entry_id, Recusal.judge_id == ScoreSheet.judge_id)


def own_sheet(actor: Actor) -> ColumnElement[bool]:
    """Condition on ScoreSheet, Judge, Entry and Product: the judge's own sheet, free of conflict."""
    return own_sheet_of(actor.user_id)


def own_sheet_of(user_id: UserId) -> ColumnElement[bool]:
    """The same for whoever has this id, or will have it in a select that is made before it is known."""
    deleted = exists().where(Contest.id == Judge.contest_id, Contest.removed_at.is_not(None))
    return and_(
        Judge.user_id == user_id,
        not_(is_recused()),
        not_(of_own_facility(user_id)),
        not_(deleted.correlate(Judge)),
    )
