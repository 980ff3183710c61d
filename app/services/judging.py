"""A judge's score sheet: saved, submitted, reopened. Every value that was ever saved stays in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, insert, not_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.contests import ContestState
from app.domain.errors import NotFound, require
from app.domain.judging import (
    SheetState,
    check_complete,
    check_explained,
    check_pass,
    check_reason,
    check_sheet,
    check_sheet_open,
    check_version,
)
from app.domain.ledger import SheetAct
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.models import Contest, Entry, Judge, Mark, Product, ScoreSheet
from app.queries.conflicts import has_conflict, is_recused, own_sheet_of
from app.queries.criteria import SheetLine, lines_of
from app.services.ledger import record
from app.services.statements import require_statement


@dataclass(frozen=True)
class SaveSheet:
    """What a judge typed, over which version of the sheet. A line that is not named stays as it is.

    Marks are hundredths of a point by the code of their line; None takes a mark away, as "" does a note. A remark
    of None stays as it is too.
    """

    sheet_id: int
    version: int
    marks: Mapping[str, int | None]
    notes: Mapping[str, str]
    remark: str | None


@dataclass(frozen=True)
class ReopenSheet:
    """Let a judge change a submitted sheet again, and why."""

    sheet_id: int
    reason: str


@dataclass(frozen=True)
class Content:
    """What stands on a sheet."""

    marks: dict[str, int]
    notes: dict[str, str]
    remark: str

    def with_changes(self, command: SaveSheet) -> "Content":
        """What will stand on it once the command is carried out."""
        marks = {**self.marks, **command.marks}
        notes = {**self.notes, **command.notes}
        return Content(
            marks={code: value for code, value in marks.items() if value is not None},
            notes={code: note for code, note in notes.items() if note},
            remark=self.remark if command.remark is None else command.remark,
        )

    def changes_to(self, after: "Content") -> dict[str, object]:
        """Old and new value of whatever differs, for the ledger."""
        changes: dict[str, object] = {}
        if marks := _differences(self.marks, after.marks):
            changes["marks"] = marks
        if notes := _differences(self.notes, after.notes):
            changes["notes"] = notes
        if self.remark != after.remark:
            changes["remark"] = [self.remark, after.remark]
        return changes


def save_sheet(session: Session, command: SaveSheet, *, actor: Actor, now: datetime) -> ScoreSheet:
    """Keep a judge's marks, notes and remark as a draft; a save that changes nothing leaves no trace."""
    desk = own_desk(session, command.sheet_id, actor)
    return save_on(session, desk, command, actor=actor, now=now)


def save_on(session: Session, desk: "Desk", command: SaveSheet, *, actor: Actor, now: datetime) -> ScoreSheet:
    """Carry out a save on a sheet that is locked already."""
    before = desk.content
    after = before.with_changes(command)
    desk.check_open()
    require_statement(session, desk.sheet.judge_id)
    if after != before:
        check_version(desk.sheet.version, command.version)
        desk.check(command)
        desk.write(session, after, now)
        desk.record(session, actor, SheetAct.SAVE, now, changes=before.changes_to(after))
    return desk.sheet


def submit_sheet(session: Session, command: SaveSheet, *, actor: Actor, now: datetime) -> ScoreSheet:
    """Save a judge's sheet and make it final; the same submission sent twice is one submission."""
    desk = own_desk(session, command.sheet_id, actor)
    sheet, before = desk.sheet, desk.content
    after = before.with_changes(command)
    if sheet.state is SheetState.SUBMITTED and sheet.version == command.version + 1 and after == before:
        return sheet
    desk.check_open()
    require_statement(session, sheet.judge_id)
    check_version(sheet.version, command.version)
    desk.check(command)
    check_explained(after.marks, after.notes, desk.contest.rules, desk.group)
    desk.submit(session, actor, after, now)
    return sheet


def reopen_sheet(session: Session, command: ReopenSheet, *, actor: Actor, now: datetime) -> ScoreSheet:
    """Give a submitted sheet back to its judge, by the head of jury; the marks stay as they were."""
    led = Contest.id.in_(actor.contests(Permission.SCORE_SHEET_REOPEN))
    desk = open_desk(session, command.sheet_id, led, not_(is_recused()), not_(has_conflict(actor)))
    sheet = desk.sheet
    require(desk.is_scoring, N_("Scoring is not open; marks cannot be changed."))
    check_pass(sheet.pass_no, desk.contest.current_pass)
    require(sheet.state is SheetState.SUBMITTED, N_("Only a submitted sheet can be reopened."))
    check_reason(command.reason)
    sheet.state, sheet.submitted_at, sheet.reopen_reason = SheetState.REOPENED, None, command.reason
    sheet.version += 1
    desk.record(session, actor, SheetAct.REOPEN, now, reason=command.reason)
    return sheet


@dataclass(frozen=True)
class Desk:
    """A sheet with what its rules need, all locked until the transaction ends.

    `lines` are those of the entry's product group and no others, each with the mark that stood on it.
    """

    contest: Contest
    group: str
    sheet: ScoreSheet
    lines: Sequence[SheetLine]

    @property
    def is_scoring(self) -> bool:
        """Whether marks may be given in the contest now."""
        return self.contest.state is ContestState.SCORING

    @property
    def content(self) -> Content:
        """What stands on the sheet."""
        marks = {line.code: line.mark for line in self.lines if line.mark is not None}
        return Content(marks=marks, notes=dict(self.sheet.notes), remark=self.sheet.remark)

    def check_open(self) -> None:
        """Raise IllegalState unless marks may be saved now."""
        check_sheet_open(self.sheet.state, scoring=self.is_scoring)
        check_pass(self.sheet.pass_no, self.contest.current_pass)

    def check(self, wanted: SaveSheet | Content) -> None:
        """Raise InvalidInput unless this may stand on the sheet."""
        check_sheet(wanted.marks, wanted.notes, wanted.remark or "", self.contest.rules, self.group)

    def write(self, session: Session, content: Content, now: datetime) -> None:
        """Put the content on the sheet as its next version."""
        sheet = self.sheet
        for line in self.lines:
            value = content.marks.get(line.code)
            if value != line.mark:
                _put(session, sheet.id, line, value)
        values = {
            "notes": content.notes,
            "remark": content.remark,
            "version": sheet.version + 1,
            "saved_at": now,
        }
        session.execute(_SAVE, {"sheet": sheet.id, **values})
        for name, stored in values.items():
            set_committed_value(sheet, name, stored)

    def submit(
        self, session: Session, actor: Actor, content: Content, now: datetime, **details: object
    ) -> None:
        """Put checked content on the sheet and make it final; InvalidInput unless every line has a mark."""
        check_complete(content.marks, self.contest.rules, self.group)
        changes = self.content.changes_to(content)
        self.write(session, content, now)
        self.sheet.state, self.sheet.submitted_at = SheetState.SUBMITTED, now
        self.record(session, actor, SheetAct.SUBMIT, now, marks=content.marks, changes=changes, **details)

    def record(self, session: Session, actor: Actor, action: str, now: datetime, **details: object) -> None:
        """Append what was done to the ledger: whose sheet it is, of what, and the version it led to."""
        sheet = self.sheet
        of = {
            "judge": sheet.judge_id,
            "entry": sheet.entry_id,
            "pass": sheet.pass_no,
            "version": sheet.version,
        }
        record(session, actor, action, sheet, now=now, contest_id=self.contest.id, **of, **details)


def own_desk(session: Session, sheet_id: int, actor: Actor) -> Desk:
    """Lock the judge's own sheet, as `open_desk` does; NotFound for any other."""
    return _opened(session, _OWN_CONTEST, {"sheet_id": sheet_id, "user_id": actor.user_id})


def open_desk(session: Session, sheet_id: int, *conditions: ColumnElement[bool]) -> Desk:
    """Lock sheet and contest: until this is done, scoring cannot close and no other tab can save."""
    return _opened(session, _CONTEST.where(*conditions), {"sheet_id": sheet_id})


def _opened(session: Session, statement: Select[Contest, str], asked: dict[str, int | None]) -> Desk:
    row = session.execute(statement, asked).one_or_none()
    if row is None:
        raise NotFound
    contest, group = row
    # The marks come in a select of their own, after the lock: in the same one they could be older than it.
    sheet = session.scalars(_SHEET, asked).one()
    return Desk(contest, group, sheet, lines_of(session, contest, group, [sheet.id])[sheet.id])


def _put(session: Session, sheet_id: int, line: SheetLine, value: int | None) -> None:
    """Give, change or take away the mark on a line."""
    place = {"sheet": sheet_id, "criterion": line.criterion_id}
    if value is None:
        session.execute(_TAKE_AWAY, place)
    elif line.mark is None:
        session.execute(_GIVE, {**place, "max_mark": line.max_mark, "value": value})
    else:
        session.execute(_CHANGE, {**place, "value": value})


# Statements made once, as every save needs them. Those that write go past the session's own bookkeeping, which
# would cost as much as all the rest of a save.
_CONTEST = (
    select(Contest, Entry.group_code)
    .join(Entry, Entry.contest_id == Contest.id)
    .join(Product, Product.id == Entry.product_id)
    .join(ScoreSheet, ScoreSheet.entry_id == Entry.id)
    .join(Judge, Judge.id == ScoreSheet.judge_id)
    .where(ScoreSheet.id == bindparam("sheet_id"))
    .with_for_update(read=True, of=Contest)
)
_OWN_CONTEST = _CONTEST.where(own_sheet_of(bindparam("user_id")))
_SHEET = select(ScoreSheet).where(ScoreSheet.id == bindparam("sheet_id")).with_for_update(of=ScoreSheet)
_SHEETS = cast("Table", ScoreSheet.__table__)
_SAVE = update(_SHEETS).where(_SHEETS.c.id == bindparam("sheet"))
_MARKS = cast("Table", Mark.__table__)
_PLACE = (_MARKS.c.sheet_id == bindparam("sheet"), _MARKS.c.criterion_id == bindparam("criterion"))
_GIVE = insert(_MARKS).values(sheet_id=bindparam("sheet"), criterion_id=bindparam("criterion")).inline()
_CHANGE = update(_MARKS).where(*_PLACE)
_TAKE_AWAY = delete(_MARKS).where(*_PLACE)


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    codes = sorted(code for code in {*before, *after} if before.get(code) != after.get(code))
    return {code: [before.get(code), after.get(code)] for code in codes}
