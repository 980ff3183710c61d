"""Which computation speaks for a contest: the newest of the pass that decides."""

from typing import Any

from sqlalchemy import ScalarSelect, case, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.models import Computation, Contest

# Canonical JSON writes the key exactly so, and inside a text every quotation mark has a backslash before it.
# So it can be asked of every database alike, about many contests at once, and of rules older than passes.
SECOND_DECIDES = '"deciding_pass":2'


def deciding_computation(contest_id: int | InstrumentedAttribute[int]) -> ScalarSelect[Any]:
    """Select the id of the computation that council, lists and certificates of a contest go by.

    A column instead of a number makes it the computation of each row's contest.
    """
    computation, contest = aliased(Computation), aliased(Contest)
    decides = case((contest.rules_json.contains(SECOND_DECIDES, autoescape=True), 2), else_=1)
    return (
        select(computation.id)
        .join(contest, contest.id == computation.contest_id)
        .where(computation.contest_id == contest_id, computation.pass_no == decides)
        .order_by(computation.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def newest_computation(contest_id: int, pass_no: int) -> ScalarSelect[Any]:
    """Select the id of the newest computation of one pass of a contest."""
    return (
        select(Computation.id)
        .where(Computation.contest_id == contest_id, Computation.pass_no == pass_no)
        .order_by(Computation.version.desc())
        .limit(1)
        .scalar_subquery()
    )
