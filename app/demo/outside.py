"""Sheets that judges of the example filled in elsewhere: sent in as a spreadsheet, or on paper that two people type."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import xlsxwriter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.demo.marks import misread
from app.domain.paper import typings_digest
from app.domain.permissions import Actor
from app.models import Contest
from app.models.engine import write_session
from app.queries.keying import typings_of
from app.queries.paper import jury_members, outside_sheets
from app.services.files import FileStore
from app.services.keying import KeySheet, SettleSheet, key_sheet, settle_sheet
from app.services.sheet_imports import (
    ApplyImport,
    apply_import,
    checked_file,
    import_plan,
    upload_import,
)

NOTICE = "VÍ DỤ – DỮ LIỆU GIẢ ĐỊNH"
Marks = Mapping[int, Mapping[str, int]]  # by entry: one judge's marks by the code of their line


@dataclass(frozen=True)
class Office:
    """Who takes sheets over for a contest: two people of the organiser, since paper is typed twice."""

    engine: Engine
    contest_id: int
    organiser: Actor
    colleague: Actor


def import_sheets(office: Office, store: FileStore, judge: Actor, marks: Marks, now: datetime) -> None:
    """Take one judge's sheets over from a spreadsheet."""
    contest_id, actor = office.contest_id, office.organiser
    with Session(office.engine) as session:
        name, content = _workbook(session, contest_id, judge, marks)
        upload = checked_file(session, actor, contest_id, name, content)
    with write_session(office.engine) as session:
        row = upload_import(session, upload, store=store, actor=actor, now=now)
    later = now + timedelta(minutes=6)  # somebody reads what it would do
    with write_session(office.engine) as session:
        plan = import_plan(session, actor, contest_id, row.id, store=store)
        command = ApplyImport(contest_id, row.id, plan.digest)
        apply_import(session, command, store=store, actor=actor, now=later)


def key_sheets(
    office: Office, sheets: Sequence[tuple[int, Mapping[str, int]]], begin: datetime, wrong: int
) -> None:
    """Let two people type paper sheets, one after the other; the second misreads one, by its place.

    The first one settles it with the paper in hand.
    """
    with write_session(office.engine) as session:
        for number, (sheet_id, marks) in enumerate(sheets):
            type_sheet(session, office, sheet_id, marks, office.colleague, begin + _typing(number))
        begin += _typing(len(sheets) + 5)
        for number, (sheet_id, marks) in enumerate(sheets):
            read = misread(marks) if number == wrong else marks
            type_sheet(session, office, sheet_id, read, office.organiser, begin + _typing(number))
        sheet_id, marks = sheets[wrong]
        [code] = [code for code, value in misread(marks).items() if value != marks[code]]
        seen = typings_digest(typings_of(session, sheet_id))
        command = SettleSheet(office.contest_id, sheet_id, {code: office.colleague.user_id or 0}, seen)
        settle_sheet(session, command, actor=office.colleague, now=begin + _typing(len(sheets) + 2))


def type_sheet(
    session: Session, office: Office, sheet_id: int, marks: Mapping[str, int], typist: Actor, now: datetime
) -> None:
    """Let one person type one paper sheet with its total."""
    command = KeySheet(office.contest_id, sheet_id, marks, "", sum(marks.values()))
    key_sheet(session, command, actor=typist, now=now)


def _typing(sheets: int) -> timedelta:
    return timedelta(seconds=100 * sheets)


def _workbook(session: Session, contest_id: int, judge: Actor, marks: Marks) -> tuple[str, bytes]:
    """Name and content of a spreadsheet as an office keeps it: an entry a row, the judge's marks beside it."""
    contest = session.get_one(Contest, contest_id)
    [member] = [one for one in jury_members(session, contest_id) if one.user_id == judge.user_id]
    sheets = [sheet for sheet in outside_sheets(session, contest) if sheet.judge_id == member.judge_id]
    codes = list(next(iter(marks.values())))
    rows: list[Sequence[str | float]] = [
        [f"{NOTICE}. {contest.name}"],
        ["Mã số", "Sản phẩm", *[member.label] * len(codes)],
        ["", "", *codes],
    ]
    for sheet in sheets:
        points = [marks[sheet.entry_id][code] / 100 for code in codes]
        rows.append([sheet.code, sheet.product, *points])
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("Phiếu chấm")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        page.set_column(1, 1, 40)
    return f"Phiếu chấm GK{member.number}.xlsx", data.getvalue()
