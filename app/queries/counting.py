"""Which score sheets count: submitted, for an accepted entry, by a judge who is not recused from it."""

from typing import TypeVarTuple

from sqlalchemy import Select, exists

from app.domain.entries import EntryState
from app.domain.judging import SheetState
from app.models import Entry, Recusal, ScoreSheet

Columns = TypeVarTuple("Columns")


def counting(statement: Select[*Columns], contest_id: int) -> Select[*Columns]:
    """Narrow a select over score sheets to those of one contest that count; joins their entries."""
    recused = exists().where(Recusal.judge_id == ScoreSheet.judge_id, Recusal.entry_id == ScoreSheet.entry_id)
    return statement.join(Entry, Entry.id == ScoreSheet.entry_id).where(
        Entry.contest_id == contest_id,
        Entry.state == EntryState.ACCEPTED,
        ScoreSheet.state == SheetState.SUBMITTED,
        ScoreSheet.pass_no == 1,
        ~recused,
    )
