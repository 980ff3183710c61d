"""The counting sheets of a contest as arrays. Columns are loaded, never objects: this is the hot path."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVarTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import CursorResult, Select, func, select
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState
from app.domain.messages import N_
from app.domain.rules import ContestRules
from app.models import Contest, Criterion, Entry, Judge, Mark, Product, ScoreSheet, User
from app.models.base import canonical_json
from app.queries.counting import counting
from app.queries.passes import entries_of_pass

Columns = TypeVarTuple("Columns")

CHUNK: Final = 512
"""Entries whose sheets are written at a time."""


@dataclass(frozen=True)
class CountingSheets:
    """Marks in hundredths of a point, and which sheets count.

    The axes follow `entries` (by code), `judges` (by id) and the criteria of the rules. `lines` are the marks
    as the judge gave them, in the order of `rules.lines(group)`; they add up to `marks`.
    """

    entries: list[tuple[int, str, str]]  # id, code, group
    facilities: NDArray[np.int64]  # (entries,), ids
    judges: list[int]
    marks: NDArray[np.int64]  # (entries, judges, criteria)
    counts: NDArray[np.bool_]  # (entries, judges)
    lines: NDArray[np.int64]  # (entries, judges, lines of the longest sheet)
    pass_no: int = 1

    def digest(self, rules: ContestRules) -> str:
        """SHA-256 of everything that goes into the result, as canonical JSON."""
        entries: list[list[Any]] = [[code, group] for _id, code, group in self.entries]
        if (
            rules.facility_quota is not None
        ):  # what older rules know nothing of leaves their digests as they are
            entries = [
                [*entry, owner] for entry, owner in zip(entries, self.facilities.tolist(), strict=True)
            ]
        inputs: dict[str, Any] = {
            "criteria": [criterion.code for criterion in rules.criteria],
            "entries": entries,
        }
        if self.pass_no > 1:  # those of the first pass keep the digest they had before there was a second
            inputs["pass"] = self.pass_no
        # Written in pieces: half a million sheets as objects at once would cost more than reading them.
        text = hashlib.sha256(f'{canonical_json(inputs)[:-1]},"sheets":['.encode())
        for number, sheets in enumerate(self._sheets(rules)):
            text.update(f"{',' if number else ''}{canonical_json(sheets)[1:-1]}".encode())
        text.update(b"]}")
        return text.hexdigest()

    def _sheets(self, rules: ContestRules) -> Iterator[list[tuple[str, int, list[int]]]]:
        """Code, judge and marks of the sheets that count, some hundred entries at a time."""
        width = {group: len(rules.lines(group)) for group in {group for _id, _code, group in self.entries}}
        for start in range(0, len(self.entries), CHUNK):
            part = slice(start, start + CHUNK)
            rows, columns = np.nonzero(self.counts[part])
            if len(rows):
                given = self.lines[part][rows, columns].tolist()
                named = [(code, width[group]) for _id, code, group in self.entries[part]]
                yield [
                    (named[row][0], self.judges[column], marks[: named[row][1]])
                    for row, column, marks in zip(rows.tolist(), columns.tolist(), given, strict=True)
                ]


def load_counting_sheets(
    session: Session, contest: Contest, rules: ContestRules, pass_no: int = 1
) -> CountingSheets:
    """Load what the result of one pass of a contest is made of.

    Raises
    ------
    IllegalState
        A submitted sheet lacks a mark, so that its total is not what the judge meant.
    """
    entries, facilities = _entries(session, contest, rules, pass_no)
    judges = list(session.scalars(select(Judge.id).where(Judge.contest_id == contest.id).order_by(Judge.id)))
    row_of = {entry_id: row for row, (entry_id, _code, _group) in enumerate(entries)}
    column_of = {judge_id: column for column, judge_id in enumerate(judges)}
    marks = np.zeros((len(entries), len(judges), len(rules.criteria)), dtype=np.int64)
    counts = np.zeros(marks.shape[:2], dtype=np.bool_)
    layouts = list(_layouts(session, contest, rules, {group for _id, _code, group in entries}))
    longest = max((len(layout.criterion_ids) for layout in layouts), default=0)
    lines = np.zeros((len(entries), len(judges), longest), dtype=np.int64)
    for layout in layouts:
        sheets = _plain(
            session,
            _counting_of(select(ScoreSheet.entry_id, ScoreSheet.judge_id), contest, layout, pass_no).order_by(
                ScoreSheet.id
            ),
        ).all()
        rows = [row_of[entry_id] for entry_id, _judge_id in sheets]
        columns = [column_of[judge_id] for _entry_id, judge_id in sheets]
        given = _marks_by_sheet(session, contest, layout, pass_no, len(sheets))
        marks[rows, columns] = given @ layout.parents
        counts[rows, columns] = True
        lines[rows, columns, : given.shape[1]] = given
    return CountingSheets(entries, facilities, judges, marks, counts, lines, pass_no)


@dataclass(frozen=True)
class _Layout:
    """What a sheet holds for entries of some groups: ids of its lines in order, and the criterion each adds to."""

    groups: list[str]
    criterion_ids: list[int]
    parents: NDArray[np.int64]  # (lines, criteria), 1 where the line belongs to the criterion


def _layouts(session: Session, contest: Contest, rules: ContestRules, groups: set[str]) -> Iterator[_Layout]:
    ids = {
        (code, group): criterion_id
        for criterion_id, code, group in session.execute(
            select(Criterion.id, Criterion.code, Criterion.group_code).where(
                Criterion.rubric_version_id == contest.rubric_version_id
            )
        )
    }
    alike = defaultdict(list)
    for group in sorted(groups):
        alike[rules.lines(group)].append(group)
    top = [criterion.code for criterion in rules.criteria]
    for lines, same in alike.items():
        parents = np.array([[line.parent == code for code in top] for line in lines], dtype=np.int64)
        yield _Layout(same, [ids[line.code, line.group] for line in lines], parents)


def _counting_of(
    statement: Select[*Columns], contest: Contest, layout: _Layout, pass_no: int
) -> Select[*Columns]:
    return counting(statement, contest.id, pass_no).where(Entry.group_code.in_(layout.groups))


def _plain(session: Session, statement: Select[*Columns]) -> CursorResult[*Columns]:
    """Rows as the driver gives them: what the session adds to them takes as long as reading them."""
    return session.connection().execute(statement)


def _entries(
    session: Session, contest: Contest, rules: ContestRules, pass_no: int
) -> tuple[list[tuple[int, str, str]], NDArray[np.int64]]:
    columns = select(Entry.id, Entry.code, Entry.group_code, Product.facility_id)
    scored = columns.join(Product, Product.id == Entry.product_id).where(
        Entry.id.in_(entries_of_pass(contest.id, pass_no, rules.advance_mark))
    )
    # By code here: databases collate in their own ways.
    found = sorted(session.execute(scored), key=lambda entry: entry.code or "")
    entries = [(entry_id, code or "", group) for entry_id, code, group, _facility_id in found]
    return entries, np.array([facility_id for *_entry, facility_id in found], dtype=np.int64)


def _marks_by_sheet(
    session: Session, contest: Contest, layout: _Layout, pass_no: int, sheets: int
) -> NDArray[np.int64]:
    """Marks as (sheets, lines), sheets by id: values only, the order is the query's."""
    wanted = layout.criterion_ids
    statement = _counting_of(
        select(Mark.value).join(ScoreSheet, ScoreSheet.id == Mark.sheet_id), contest, layout, pass_no
    ).where(Mark.criterion_id.in_(wanted))
    values = np.fromiter(
        _plain(session, statement.order_by(Mark.sheet_id, Mark.criterion_id)).scalars(), dtype=np.int64
    )
    # A sheet has at most one mark per criterion, so the right number in all is the right number on each.
    if len(values) != sheets * len(wanted):
        _refuse_incomplete(session, contest, layout, pass_no)
    by_id = values.reshape(sheets, len(wanted))
    return by_id[:, np.argsort(np.argsort(wanted))]


def _refuse_incomplete(session: Session, contest: Contest, layout: _Layout, pass_no: int) -> None:
    marks = (
        select(func.count())
        .where(Mark.sheet_id == ScoreSheet.id, Mark.criterion_id.in_(layout.criterion_ids))
        .scalar_subquery()
    )
    sheets = (
        select(User.name, Entry.code)
        .select_from(ScoreSheet)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(User, User.id == Judge.user_id)
    )
    found = session.execute(
        _counting_of(sheets, contest, layout, pass_no)
        .where(marks != len(layout.criterion_ids))
        .order_by(ScoreSheet.id)
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
