"""Every submitted sheet of a contest with its marks, for the organiser's tables."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.judging import SheetState
from app.models import Criterion, Entry, Judge, Mark, Product, Recusal, ScoreSheet, User
from app.queries.contests import ContestHead


@dataclass(frozen=True)
class SheetRow:
    """One submitted sheet with its marks, in hundredths, in the order of the criteria."""

    entry: str
    product: str
    judge: str
    position: str
    marks: tuple[int | None, ...]
    counts: bool  # false for a judge who is recused from the entry


def submitted_sheets(session: Session, contest: ContestHead) -> list[SheetRow]:
    """Every submitted sheet of a contest, by entry code and judge. The caller has checked who asks."""
    recused = (
        select(Recusal.id)
        .where(Recusal.judge_id == ScoreSheet.judge_id, Recusal.entry_id == ScoreSheet.entry_id)
        .exists()
    )
    sheets = session.execute(
        select(ScoreSheet.id, Entry.code, Product.name, User.name, Judge.position, recused)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(User, User.id == Judge.user_id)
        .where(
            Entry.contest_id == contest.id,
            ScoreSheet.state == SheetState.SUBMITTED,
            ScoreSheet.pass_no == 1,
        )
        .order_by(Entry.code, Judge.id)
    ).all()
    marks = _marks(session, contest.id)
    codes = [criterion.code for criterion in contest.rules.criteria]
    return [
        SheetRow(
            code or "",
            product,
            judge,
            position,
            tuple(marks[sheet_id].get(c) for c in codes),
            not is_recused,
        )
        for sheet_id, code, product, judge, position, is_recused in sheets
    ]


def _marks(session: Session, contest_id: int) -> dict[int, dict[str, int]]:
    marks: dict[int, dict[str, int]] = defaultdict(dict)
    found = session.execute(
        select(Mark.sheet_id, Criterion.code, Mark.value)
        .join(ScoreSheet, ScoreSheet.id == Mark.sheet_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Entry.contest_id == contest_id, ScoreSheet.state == SheetState.SUBMITTED)
    )
    for sheet_id, code, value in found:
        marks[sheet_id][code] = value
    return marks
