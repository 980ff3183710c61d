"""Which score sheets count: submitted, for an accepted entry, by a judge who is not recused from it."""

from typing import TypeVarTuple

from sqlalchemy import Select, exists, func, or_, select

from app.domain.entries import EntryState
from app.domain.judging import SheetState
from app.models import Computation, Contest, Entry, Recusal, ScoreSheet

Columns = TypeVarTuple("Columns")


def counting(statement: Select[*Columns], contest_id: int, pass_no: int) -> Select[*Columns]:
    """Narrow a select over score sheets to those of one pass of a contest that count; joins their entries.

    A pass that is over stays as it was closed: a judge who stands aside in the second leaves the first alone.
    """
    closed_at = (
        select(func.max(Computation.computed_at))
        .join(Contest, Contest.id == Computation.contest_id)
        .where(Contest.id == contest_id, Contest.current_pass > pass_no, Computation.pass_no == pass_no)
        .scalar_subquery()
    )
    recused = exists().where(
        Recusal.judge_id == ScoreSheet.judge_id,
        Recusal.entry_id == ScoreSheet.entry_id,
        or_(closed_at.is_(None), Recusal.recorded_at <= closed_at),
    )
    return statement.join(Entry, Entry.id == ScoreSheet.entry_id).where(
        Entry.contest_id == contest_id,
        Entry.state == EntryState.ACCEPTED,
        ScoreSheet.state == SheetState.SUBMITTED,
        ScoreSheet.pass_no == pass_no,
        ~recused,
    )
