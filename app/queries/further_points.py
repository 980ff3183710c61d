"""What the council deals with beside its ballot: further points of its agenda and of its minutes, from every source."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from app.domain.contests import list_codes
from app.domain.meetings import FurtherPoint
from app.domain.messages import N_, Message
from app.domain.motions import MotionKind, MotionState
from app.domain.permissions import Permission
from app.queries.ballots import BallotPage
from app.queries.results import ResultsPage

Source = Callable[[Session, ResultsPage, BallotPage], Iterable[FurtherPoint]]


def prize_points(_session: Session, _results: ResultsPage, ballot: BallotPage) -> Iterable[FurtherPoint]:
    """Classes of prize that the marks cannot tell, or that the council has settled.

    The conclusions of the minutes say each with its reason, so there is nothing to add to them.
    """
    for line in ballot.lines:
        if line.given.is_unsettled or line.given.reason:
            stands = N_("to be settled") if line.given.is_unsettled else N_("settled")
            yield FurtherPoint(
                title=Message(N_("Prize class of %(code)s"), {"code": line.row.code}),
                stands=Message(stands),
                is_settled=not line.given.is_unsettled,
                endpoint="contests.ballot",
            )


def motion_points(_session: Session, _results: ResultsPage, ballot: BallotPage) -> Iterable[FurtherPoint]:
    """The council's motions on the jury's list; the minutes say in a list of their own how each went."""
    for motion in ballot.motions:
        said: dict[str, str | int] = {
            "number": motion.number,
            "codes": list_codes([one.code for one in motion.entries]),
            "count": motion.proposal.number or 0,
        }
        yield FurtherPoint(
            title=Message(PROPOSED[motion.kind], said),
            stands=Message(STANDS[motion.state]),
            is_settled=not motion.is_open,
            endpoint="contests.motion",
            values={"number": motion.number},
            permission=Permission.CONTEST_VIEW,
        )


PROPOSED = {
    MotionKind.MERGE: N_("Motion no. %(number)d: join %(codes)s into one set"),
    MotionKind.SPLIT: N_("Motion no. %(number)d: split the set %(codes)s"),
    MotionKind.ADD: N_("Motion no. %(number)d: add %(codes)s to the ballot"),
    MotionKind.LEAVE_OUT: N_("Motion no. %(number)d: leave %(codes)s out of the ballot"),
    MotionKind.PRIZE: N_("Motion no. %(number)d: prize of %(codes)s"),
    MotionKind.PLACES: N_("Motion no. %(number)d: places for the tie of %(codes)s: %(count)d"),
    MotionKind.NOMINATE: N_("Motion no. %(number)d: products to nominate for the next tier: %(count)d"),
}
STANDS = {
    MotionState.OPEN: N_("being voted on"),
    MotionState.CARRIED: N_("carried"),
    MotionState.LOST: N_("not carried"),
    MotionState.WITHDRAWN: N_("withdrawn"),
}
SOURCES: tuple[Source, ...] = (prize_points, motion_points)
"""Each is asked for its points whenever agenda or minutes are made; they follow in this order."""


def further_points(session: Session, results: ResultsPage, ballot: BallotPage) -> tuple[FurtherPoint, ...]:
    """Every point beside the ballot's entries."""
    return tuple(point for source in SOURCES for point in source(session, results, ballot))
