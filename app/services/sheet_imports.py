"""Taking over score sheets from a spreadsheet: sent in, looked at, then carried out as a whole or thrown away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import NotFound, StaleVersion, require
from app.domain.ledger import SheetSource
from app.domain.messages import N_
from app.domain.paper import ImportState
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import fold, normalise
from app.models import Contest, ScoreSheet, SheetImport
from app.queries.criteria import lines_of
from app.queries.paper import jury_members, outside_sheets
from app.queries.scope import contest_for, keep_jury_out
from app.services.files import FileStore, keep_file
from app.services.grids import read_grids
from app.services.import_plans import ImportPlan, PlannedSheet, plan_import, refuse_if_faulty
from app.services.judging import Desk
from app.services.ledger import record
from app.services.mark_layouts import MarkTable, read_marks
from app.services.on_behalf import OnBehalf, submit_on_behalf
from app.services.workbooks import WORKBOOK_SIGNATURE

LONGEST_NAME = 255
NOT_SCORING = N_("Scoring is not open; marks cannot be changed.")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"


@dataclass(frozen=True)
class UploadImport:
    """A spreadsheet of marks as it was sent in, once `checked_file` has read it through."""

    contest_id: int
    name: str
    content: bytes


@dataclass(frozen=True)
class ApplyImport:
    """Carry out what the page with this digest of the plan showed."""

    contest_id: int
    import_id: int
    seen: str


def checked_file(session: Session, actor: Actor, contest_id: int, name: str, content: bytes) -> UploadImport:
    """Read a file through before the database is locked to keep it.

    Raises
    ------
    InvalidInput
        The file as a whole cannot be read as marks.
    """
    _read(content, _contest(session, actor, contest_id))
    return UploadImport(contest_id, normalise(name)[:LONGEST_NAME], content)


def upload_import(
    session: Session, command: UploadImport, *, store: FileStore, actor: Actor, now: datetime
) -> SheetImport:
    """Keep a file that was checked, so that it can be looked at; nothing goes on any sheet yet."""
    contest = _contest(session, actor, command.contest_id)
    media_type = XLSX if command.content.startswith(WORKBOOK_SIGNATURE) else CSV
    file = keep_file(session, store, command.content, media_type, now=now)
    row = SheetImport(
        contest_id=contest.id,
        file_sha256=file.sha256,
        name=command.name,
        pass_no=contest.current_pass,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )
    session.add(row)
    details = {"file": file.sha256, "name": row.name}
    record(session, actor, "sheet-import:upload", row, now=now, contest_id=contest.id, **details)
    return row


def import_plan(
    session: Session, actor: Actor, contest_id: int, import_id: int, *, store: FileStore
) -> ImportPlan:
    """What carrying out an import would do as things stand."""
    contest = _contest(session, actor, contest_id)
    row = import_of(session, contest, import_id)
    _check_may_apply(contest, row)
    return _plan(session, contest, row, store)


def apply_import(
    session: Session, command: ApplyImport, *, store: FileStore, actor: Actor, now: datetime
) -> int:
    """Submit every sheet that the file fills in, on behalf of its judge, and tell how many; twice is once.

    Raises
    ------
    StaleVersion
        It would no longer do what was shown.
    InvalidInput
        The plan has faults, or does nothing.
    """
    contest = _contest(session, actor, command.contest_id, lock=True)
    row = import_of(session, contest, command.import_id)
    if row.state is ImportState.APPLIED:
        return 0
    _check_may_apply(contest, row)
    plan = _plan(session, contest, row, store)
    if plan.digest != command.seen:
        raise StaleVersion(
            N_(
                "The score sheets have changed since this page was opened. Look at it again before you confirm."
            )
        )
    refuse_if_faulty(plan)
    for planned, desk in _desks(session, contest, plan.to_submit):
        sheet = OnBehalf(planned.judge.name, planned.marks, "", SheetSource.IMPORT)
        submit_on_behalf(
            session, desk, sheet, actor=actor, now=now, sheet_import=row.id, file=row.file_sha256
        )
    row.state, row.settled_at = ImportState.APPLIED, now
    sheets = len(plan.to_submit)
    record(session, actor, "sheet-import:apply", row, now=now, contest_id=contest.id, sheets=sheets)
    return sheets


def discard_import(session: Session, contest_id: int, import_id: int, *, actor: Actor, now: datetime) -> None:
    """Put a file aside that will not be taken over; the file itself is kept."""
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id, lock=True)
    keep_jury_out(session, actor, contest.id, contest.state)
    row = import_of(session, contest, import_id)
    require(
        row.state is not ImportState.APPLIED, N_("This file has been taken over and cannot be discarded.")
    )
    if row.state is ImportState.UPLOADED:
        row.state, row.settled_at = ImportState.DISCARDED, now
        record(session, actor, "sheet-import:discard", row, now=now, contest_id=contest.id)


def import_of(session: Session, contest: Contest, import_id: int) -> SheetImport:
    """An import of this contest; NotFound for any other."""
    row = session.scalars(
        select(SheetImport).where(SheetImport.id == import_id, SheetImport.contest_id == contest.id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _contest(session: Session, actor: Actor, contest_id: int, *, lock: bool = False) -> Contest:
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id, lock=lock)
    require(contest.state is ContestState.SCORING, NOT_SCORING)
    keep_jury_out(session, actor, contest.id, contest.state)
    return contest


def _check_may_apply(contest: Contest, row: SheetImport) -> None:
    require(contest.state is ContestState.SCORING, NOT_SCORING)
    require(row.state is ImportState.UPLOADED, N_("This file has been taken over or discarded already."))
    require(row.pass_no == contest.current_pass, N_("This file was sent in for a pass that is closed now."))


def _plan(session: Session, contest: Contest, row: SheetImport, store: FileStore) -> ImportPlan:
    table = _read(store.read(row.file_sha256), contest)
    sheets = outside_sheets(session, contest)
    return plan_import(table, contest.rules, jury_members(session, contest.id), sheets)


def _read(content: bytes, contest: Contest) -> MarkTable:
    rules = contest.rules
    lines = (line for group in rules.groups for line in rules.lines(group.code))
    return read_marks(read_grids(content), frozenset(fold(line.code) for line in lines))


def _desks(
    session: Session, contest: Contest, sheets: list[PlannedSheet]
) -> Iterator[tuple[PlannedSheet, Desk]]:
    """The sheets to write on; the lock on the contest keeps everybody else away from all of them."""
    groups = {planned.sheet.group_code for planned in sheets}
    ids = [planned.sheet.sheet_id for planned in sheets]
    lines = {group: lines_of(session, contest, group, ids) for group in groups}
    rows = {row.id: row for row in session.scalars(select(ScoreSheet).where(ScoreSheet.id.in_(ids)))}
    for planned in sheets:
        group, sheet_id = planned.sheet.group_code, planned.sheet.sheet_id
        yield planned, Desk(contest, group, rows[sheet_id], lines[group][sheet_id])
