"""Every submitted sheet of a contest with its marks, for the organiser's tables."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.judging import SheetState
from app.models import Criterion, Entry, Judge, Mark, Product, Recusal, ScoreSheet
from app.queries.contests import ContestHead
from app.queries.criteria import level_one
from app.queries.people import names_on_jury


@dataclass(frozen=True)
class SheetRow:
    """One submitted sheet with what it gives each criterion, in hundredths, in the order of the criteria."""

    pass_no: int
    entry: str
    product: str
    judge: str
    position: str
    marks: tuple[int | None, ...]
    counts: bool  # false for a judge who is recused from the entry


def submitted_sheets(session: Session, contest: ContestHead) -> list[SheetRow]:
    """Every submitted sheet of a contest, by pass, entry code and judge. The caller has checked who asks."""
    recused = (
        select(Recusal.id)
        .where(Recusal.judge_id == ScoreSheet.judge_id, Recusal.entry_id == ScoreSheet.entry_id)
        .exists()
    )
    sheets = session.execute(
        select(ScoreSheet.id, ScoreSheet.pass_no, Entry.code, Product.name, Judge.id, Judge.position, recused)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .where(Entry.contest_id == contest.id, ScoreSheet.state == SheetState.SUBMITTED)
        .order_by(ScoreSheet.pass_no, Entry.code, Judge.id)
    ).all()
    marks = _marks(session, contest.id)
    names = names_on_jury(session, contest.id)
    codes = [criterion.code for criterion in contest.rules.criteria]
    return [
        SheetRow(
            pass_no,
            code or "",
            product,
            names[judge_id],
            position,
            tuple(marks[sheet_id].get(c) for c in codes),
            not is_recused,
        )
        for sheet_id, pass_no, code, product, judge_id, position, is_recused in sheets
    ]


def _marks(session: Session, contest_id: int) -> dict[int, dict[str, int]]:
    marks: dict[int, dict[str, int]] = defaultdict(dict)
    found = session.execute(
        select(Mark.sheet_id, level_one(), func.sum(Mark.value))
        .join(ScoreSheet, ScoreSheet.id == Mark.sheet_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Entry.contest_id == contest_id, ScoreSheet.state == SheetState.SUBMITTED)
        .group_by(Mark.sheet_id, level_one())
    )
    for sheet_id, code, total in found:
        marks[sheet_id][code] = total
    return marks
