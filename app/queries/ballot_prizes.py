"""Classes of prize: what the marks make of them, what stands on the ballot, and what the council gave."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ballot_prizes import GivenPrize, JuryPrize
from app.models import Ballot, BallotItem, Entry, Result
from app.queries.computations import deciding_computation


def jury_prizes(session: Session, contest_id: int) -> dict[int, JuryPrize]:
    """What the marks make of each entry's prize in the computation that decides, by entry."""
    rows = session.execute(
        select(Result.entry_id, Result.prize, Result.prize_tied).where(
            Result.computation_id == deciding_computation(contest_id)
        )
    )
    return {row.entry_id: JuryPrize(row.prize, row.prize_tied) for row in rows}


def given_prizes(session: Session, contest_id: int) -> dict[int, GivenPrize]:
    """The class of prize of each entry on the ballot, carried or not, by entry."""
    jury = jury_prizes(session, contest_id)
    rows = session.execute(
        select(Entry.id, Entry.code, BallotItem.prize, BallotItem.prize_reason)
        .join(BallotItem, BallotItem.entry_id == Entry.id)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .where(Ballot.contest_id == contest_id)
    )
    return {row.id: GivenPrize(row.code or "", jury.get(row.id, JuryPrize()), *row[2:]) for row in rows}


def council_prizes(session: Session, contest_id: int) -> dict[int, str | None]:
    """The class of prize of each entry that the council carried, by entry; nothing before the ballot closes."""
    rows = session.execute(
        select(BallotItem.entry_id, BallotItem.prize)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .where(Ballot.contest_id == contest_id, BallotItem.carried.is_(True))
    )
    return {row.entry_id: row.prize for row in rows}
