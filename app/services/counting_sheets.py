"""The counting sheets of a contest as arrays. Columns are loaded, never objects: this is the hot path."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.entries import EntryState
from app.domain.errors import IllegalState
from app.domain.messages import N_
from app.domain.rules import ContestRules
from app.models import Contest, Criterion, Entry, Judge, Mark, ScoreSheet, User
from app.models.base import canonical_json
from app.queries.counting import counting


@dataclass(frozen=True)
class CountingSheets:
    """Marks in hundredths of a point, and which sheets count.

    The axes follow `entries` (by code), `judges` (by id) and the criteria of the rules.
    """

    entries: list[tuple[int, str, str]]  # id, code, group
    judges: list[int]
    marks: NDArray[np.int64]  # (entries, judges, criteria)
    counts: NDArray[np.bool_]  # (entries, judges)

    def digest(self, rules: ContestRules) -> str:
        """SHA-256 of everything that goes into the result, as canonical JSON."""
        places = np.argwhere(self.counts).tolist()
        inputs = {
            "criteria": [criterion.code for criterion in rules.criteria],
            "entries": [[code, group] for _id, code, group in self.entries],
            "sheets": [
                [self.entries[row][1], self.judges[column], marks]
                for (row, column), marks in zip(places, self.marks[self.counts].tolist(), strict=True)
            ],
        }
        return hashlib.sha256(canonical_json(inputs).encode()).hexdigest()


def load_counting_sheets(session: Session, contest: Contest, rules: ContestRules) -> CountingSheets:
    """Load what the result of a contest is made of.

    Raises
    ------
    IllegalState
        A submitted sheet lacks a mark, so that its total is not what the judge meant.
    """
    entries = _entries(session, contest)
    judges = list(session.scalars(select(Judge.id).where(Judge.contest_id == contest.id).order_by(Judge.id)))
    sheet_columns = select(ScoreSheet.entry_id, ScoreSheet.judge_id)
    sheets = session.execute(counting(sheet_columns, contest.id).order_by(ScoreSheet.id)).all()
    row_of = {entry_id: row for row, (entry_id, _code, _group) in enumerate(entries)}
    column_of = {judge_id: column for column, judge_id in enumerate(judges)}
    rows = np.array([row_of[entry_id] for entry_id, _judge_id in sheets], dtype=np.intp)
    columns = np.array([column_of[judge_id] for _entry_id, judge_id in sheets], dtype=np.intp)
    marks = np.zeros((len(entries), len(judges), len(rules.criteria)), dtype=np.int64)
    marks[rows, columns] = _marks_by_sheet(session, contest, rules, len(sheets))
    counts = np.zeros(marks.shape[:2], dtype=np.bool_)
    counts[rows, columns] = True
    return CountingSheets(entries, judges, marks, counts)


def _entries(session: Session, contest: Contest) -> list[tuple[int, str, str]]:
    columns = select(Entry.id, Entry.code, Entry.group_code)
    accepted = columns.where(Entry.contest_id == contest.id, Entry.state == EntryState.ACCEPTED)
    entries = [(entry_id, code or "", group) for entry_id, code, group in session.execute(accepted)]
    return sorted(entries, key=lambda entry: entry[1])  # by code here: databases collate in their own ways


def _marks_by_sheet(
    session: Session, contest: Contest, rules: ContestRules, sheets: int
) -> NDArray[np.int64]:
    """Marks as (sheets, criteria), sheets by id: values only, the order is the query's."""
    codes = [criterion.code for criterion in rules.criteria]
    criteria = session.execute(
        select(Criterion.id, Criterion.code)
        .where(Criterion.rubric_version_id == contest.rubric_version_id, Criterion.code.in_(codes))
        .order_by(Criterion.id)
    ).all()
    wanted = Mark.criterion_id.in_([criterion_id for criterion_id, _code in criteria])
    statement = counting(select(Mark.value).join(ScoreSheet, ScoreSheet.id == Mark.sheet_id), contest.id)
    values = np.fromiter(
        session.scalars(statement.where(wanted).order_by(Mark.sheet_id, Mark.criterion_id)), dtype=np.int64
    )
    # A sheet has at most one mark per criterion, so the right number in all is the right number on each.
    if len(values) != sheets * len(codes):
        _refuse_incomplete(session, contest, len(codes))
    position = {code: place for place, (_id, code) in enumerate(criteria)}
    return values.reshape(sheets, len(codes))[:, [position[code] for code in codes]]


def _refuse_incomplete(session: Session, contest: Contest, criteria: int) -> None:
    marks = select(func.count()).where(Mark.sheet_id == ScoreSheet.id).scalar_subquery()
    sheets = (
        select(User.name, Entry.code)
        .select_from(ScoreSheet)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(User, User.id == Judge.user_id)
    )
    found = session.execute(
        counting(sheets, contest.id).where(marks != criteria).order_by(ScoreSheet.id)
    ).first()
    judge, code = found or ("", "")
    raise IllegalState(
        N_(
            "The submitted sheet of %(judge)s for entry %(code)s lacks a mark. "
            "Reopen it so that the judge can complete it."
        ),
        judge=judge,
        code=code or "",
    )
