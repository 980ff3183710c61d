"""Correcting a result after the council's vote: nothing is overwritten, everything is done again with its reason."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.contests import CORRECTABLE, ContestState
from app.domain.errors import require
from app.domain.judging import check_reason
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import in_vietnam
from app.models import Ballot, BallotItem, Contest, Vote, WithdrawnList
from app.queries.public_results import public_results
from app.queries.scope import contest_for
from app.queries.withdrawn_lists import ListedProduct
from app.services.ballots import ballot_with_votes
from app.services.ledger import record
from app.services.printing import check_letters


@dataclass(frozen=True)
class OpenCorrection:
    """Have a result corrected that the council has voted on, and why."""

    contest_id: int
    reason: str


def open_correction(session: Session, command: OpenCorrection, *, actor: Actor, now: datetime) -> Contest:
    """Send a contest back to its judges from the vote or from its provisional list.

    The vote is annulled, its counts stay in the ledger, and the council votes anew on the corrected result.
    A public list is withdrawn and stays readable with its reason. The computed result stays as a version.

    Raises
    ------
    IllegalState
        The council has not voted, or the decision is signed: then only a new decision can change it.
    """
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, command.contest_id, lock=True)
    require(
        contest.state in CORRECTABLE,
        N_("A result is corrected after the vote and before the decision is recorded."),
    )
    check_reason(command.reason)
    check_letters(reason=command.reason)
    if contest.state is ContestState.PROVISIONAL:
        _withdraw_list(session, contest, command, actor, now)
    _annul_ballot(session, contest, command, actor, now)
    old, contest.state, contest.published_at = contest.state, ContestState.SCORING, None
    record(
        session,
        actor,
        "contest:move",
        contest,
        now=now,
        contest_id=contest.id,
        old=old.value,
        new=contest.state.value,
        reason=command.reason,
    )
    return contest


def _withdraw_list(
    session: Session, contest: Contest, command: OpenCorrection, actor: Actor, now: datetime
) -> None:
    public = public_results(session, contest.slug, today=in_vietnam(now).date())
    rows = [
        ListedProduct(row.code, row.names.product, row.names.facility, row.names.address, row.average)
        for row in public.rows
    ]
    withdrawn = WithdrawnList(
        contest_id=contest.id,
        published_at=public.published_at,
        withdrawn_at=now,
        withdrawn_by_id=actor.user_id,
        reason=command.reason,
        content={"rows": [asdict(row) for row in rows]},
    )
    session.add(withdrawn)
    record(
        session,
        actor,
        "list:withdraw",
        withdrawn,
        now=now,
        contest_id=contest.id,
        reason=command.reason,
        entries=[row.code for row in rows],
    )


def _annul_ballot(
    session: Session, contest: Contest, command: OpenCorrection, actor: Actor, now: datetime
) -> None:
    ballot = ballot_with_votes(session, contest)
    record(
        session,
        actor,
        "ballot:withdraw",
        ballot,
        now=now,
        contest_id=contest.id,
        reason=command.reason,
        place=ballot.place,
        old_note=ballot.closing_note,
        old_counts={
            str(item.entry_id): [item.yes, item.no, item.abstain, item.carried] for item in ballot.items
        },
    )
    items = [item.id for item in ballot.items]
    session.execute(delete(Vote).where(Vote.item_id.in_(items)))
    session.execute(delete(BallotItem).where(BallotItem.ballot_id == ballot.id))
    session.execute(delete(Ballot).where(Ballot.id == ballot.id))
