"""What the council deals with beside its ballot: further points of its agenda and of its minutes, from every source."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from app.domain.meetings import FurtherPoint
from app.domain.messages import N_, Message
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
                endpoint="contests.set_prize",
                values={"entry_id": line.row.entry_id},
            )


SOURCES: tuple[Source, ...] = (prize_points,)
"""Each is asked for its points whenever agenda or minutes are made; they follow in this order."""


def further_points(session: Session, results: ResultsPage, ballot: BallotPage) -> tuple[FurtherPoint, ...]:
    """Every point beside the ballot's entries."""
    return tuple(point for source in SOURCES for point in source(session, results, ballot))
