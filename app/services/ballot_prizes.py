"""Settling the classes of prize while the council votes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.ballot_prizes import check_prize
from app.domain.errors import NotFound, require
from app.domain.judging import check_reason
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.models import BallotItem
from app.queries.ballot_prizes import jury_prizes
from app.queries.scope import contest_for
from app.services.ballots import standing_ballot
from app.services.ledger import record
from app.services.printing import check_letters


@dataclass(frozen=True)
class SetPrize:
    """Give an entry on the ballot this class of prize, or expressly none, and why."""

    contest_id: int
    entry_id: int
    prize: str | None
    reason: str


def set_prize(session: Session, command: SetPrize, *, actor: Actor, now: datetime) -> BallotItem:
    """Write down what the council decides about an entry's prize; possible while the ballot is open.

    Going back to what the marks make of it takes the reason away; the ledger keeps every change.

    Raises
    ------
    NotFound, IllegalState
        The contest is not this person's, its ballot is not open, or nothing would change.
    InvalidInput
        There is no such class of prize, or no reason.
    """
    contest = contest_for(session, actor, Permission.BALLOT_MANAGE, command.contest_id, lock=True)
    ballot = standing_ballot(session, contest)
    check_prize(contest.rules, command.prize)
    check_reason(command.reason)
    check_letters(reason=command.reason)
    item = next((item for item in ballot.items if item.entry_id == command.entry_id), None)
    if item is None:
        raise NotFound
    jury = jury_prizes(session, contest.id)[item.entry_id]
    reason = "" if command.prize == jury.prize and not jury.tied else command.reason
    changed = (item.prize, item.prize_reason) != (command.prize, reason)
    require(changed, N_("This product has this prize already."))
    details = {"entry_id": item.entry_id, "old": item.prize, "new": command.prize, "reason": command.reason}
    item.prize, item.prize_reason = command.prize, reason
    record(session, actor, "ballot:prize", item, now=now, contest_id=contest.id, **details)
    return item
