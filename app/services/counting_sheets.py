"""The counting sheets of a contest as arrays. Columns are loaded, never objects: this is the hot path."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from json import JSONEncoder
from typing import Any, Final, TypeVarTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState
from app.domain.messages import N_
from app.domain.rules import ContestRules
from app.models import Contest, Criterion, Entry, Judge, Mark, Product, ScoreSheet, User
from app.models.base import canonical_json
from app.queries.counting import counting
from app.queries.passes import entries_of_pass
from app.queries.people import name_on_jury

Columns = TypeVarTuple("Columns")

CHUNK: Final = 512
"""Entries whose sheets are written at a time."""

BATCH: Final = 10_000
"""Rows fetched at a time."""

_quoted = JSONEncoder(ensure_ascii=False).encode  # a text as canonical JSON has it


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
        if rules.facility_quota is not None:
            # What older rules know nothing of leaves their digests as they are.
            for entry, owner in zip(entries, self.facilities.tolist(), strict=True):
                entry.append(owner)
        inputs: dict[str, Any] = {
            "criteria": [criterion.code for criterion in rules.criteria],
            "entries": entries,
        }
        if self.pass_no > 1:  # those of the first pass keep the digest they had before there was a second
            inputs["pass"] = self.pass_no
        # Written in pieces: half a million sheets as objects at once would cost more than reading them.
        text = hashlib.sha256(f'{canonical_json(inputs)[:-1]},"sheets":['.encode())
        for number, sheets in enumerate(self._sheets(rules)):
            text.update((sheets if number else sheets[1:]).encode())
        text.update(b"]}")
        return text.hexdigest()

    def _sheets(self, rules: ContestRules) -> Iterator[str]:
        """Code, judge and marks of the sheets that count as canonical JSON, some hundred entries at a time.

        Each has a comma before it. One pattern takes all numbers of a part: no sheet becomes an object.
        """
        widths = {group: len(rules.lines(group)) for group in {group for _id, _code, group in self.entries}}
        places, judges = np.arange(self.lines.shape[2] + 1), np.array(self.judges, dtype=np.int64)
        for begin in range(0, len(self.entries), CHUNK):
            part = slice(begin, begin + CHUNK)
            rows, columns = np.nonzero(self.counts[part])
            width = np.array([widths[group] for _id, _code, group in self.entries[part]])
            numbers = np.column_stack((judges[columns], self.lines[part][rows, columns]))
            sheets = self.counts[part].sum(axis=1).tolist()
            pattern = "".join(
                f",[{_quoted(code).replace('%', '%%')},%d,[{','.join(['%d'] * widths[group])}]]" * count
                for (_id, code, group), count in zip(self.entries[part], sheets, strict=True)
            )
            if rows.size:
                yield pattern % tuple(numbers[places <= width[rows, None]].tolist())


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
        seats = _counting_of(select(ScoreSheet.entry_id, ScoreSheet.judge_id), contest, layout, pass_no)
        sheets = _numbers(session, seats.order_by(ScoreSheet.id)).reshape(-1, 2)
        rows, columns = _places(row_of, sheets[:, 0]), _places(column_of, sheets[:, 1])
        given = _marks_by_sheet(session, contest, layout, pass_no, len(sheets))
        marks[rows, columns] = given @ layout.parents
        counts[rows, columns] = True
        lines[rows, columns, : given.shape[1]] = given
    return CountingSheets(entries, facilities, judges, marks, counts, lines, pass_no)


def _places(place_of: Mapping[int, int], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the place of each id along an axis; KeyError for one that is not on it."""
    return np.fromiter(map(place_of.__getitem__, ids.tolist()), np.int64, len(ids))


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


def _numbers(session: Session, statement: Select[*Columns]) -> NDArray[np.int64]:
    """Columns of whole numbers, row by row, from the driver's own cursor: rows as objects cost as much again."""
    with session.connection().execute(statement) as result:
        batches = iter(lambda: result.cursor.fetchmany(BATCH), [])
        return np.fromiter(chain.from_iterable(chain.from_iterable(batches)), np.int64)


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
    values = _numbers(session, statement.order_by(Mark.sheet_id, Mark.criterion_id))
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
        select(name_on_jury(), Entry.code)
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
