"""The spreadsheet in which an office fills in its jury's marks: a row for each entry, the judges' lines beside it.

In Vietnamese, as offices file it; `mark_layouts` reads it back.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import require
from app.domain.judging import Line
from app.domain.marks import format_mark
from app.domain.permissions import Actor, Permission
from app.domain.rules import ContestRules
from app.models import Contest
from app.queries.paper import JuryMember, OutsideSheet, jury_members, outside_sheets
from app.queries.progress import code_key
from app.queries.scope import contest_for
from app.services.sheet_imports import NOT_SCORING

HEADINGS = ("Mã số", "Sản phẩm", "Nhóm")
TOP = 2  # the row of the judges' names, from 0; that of the criteria's codes follows
GREY = "#d0d0d0"
EVERY_GROUP = "Mọi nhóm"


@dataclass(frozen=True)
class _Row:
    """An entry with the lines of its group; `open` are the judges who score it."""

    code: str
    product: str
    group: str
    lines: dict[str, Line]
    open: frozenset[int]


def template_file(session: Session, actor: Actor, contest_id: int) -> tuple[str, bytes]:
    """The contest's slug and its empty spreadsheet; no mark of anybody is in it."""
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id)
    require(contest.state is ContestState.SCORING, NOT_SCORING)
    jury, rows = jury_members(session, contest_id), _rows(contest.rules, outside_sheets(session, contest))
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False}) as book:
        _write_marks(book, contest, jury, rows)
        _write_legend(book, contest.rules, jury)
    return contest.slug, data.getvalue()


def _rows(rules: ContestRules, sheets: Sequence[OutsideSheet]) -> list[_Row]:
    by_code = sorted(sheets, key=lambda sheet: code_key(sheet.code))
    rows = []
    for code, group in groupby(by_code, key=lambda sheet: sheet.code):
        members = list(group)
        lines = {line.code: line for line in rules.lines(members[0].group_code)}
        judges = frozenset(sheet.judge_id for sheet in members if not sheet.stands_aside)
        rows.append(_Row(code, members[0].product, members[0].group_code, lines, judges))
    return rows


def _write_marks(book: Any, contest: Contest, jury: Sequence[JuryMember], rows: Sequence[_Row]) -> None:
    page = book.add_worksheet("Phiếu chấm")
    head = book.add_format(
        {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    )
    text = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    example = "VÍ DỤ – DỮ LIỆU GIẢ ĐỊNH. " if contest.is_example else ""
    page.write_string(0, 0, f"{example}{contest.name}", book.add_format({"bold": True}))
    page.write_string(
        1,
        0,
        "Ghi điểm vào ô trắng; để trống cả phiếu nếu giám khảo chưa chấm. Ô xám: giám khảo không chấm sản phẩm.",
    )
    for column, title in enumerate(HEADINGS):
        _merge(page, (TOP, column, TOP + 1, column), title, head)
    for number, row in enumerate(rows, start=TOP + 2):
        for column, cell in enumerate((row.code, row.product, row.group)):
            page.write_string(number, column, cell, text)
    page.set_column(0, 0, 10)
    page.set_column(1, 1, 36)
    page.set_column(2, 2, 7)
    page.freeze_panes(TOP + 2, len(HEADINGS))
    codes = list(dict.fromkeys(code for row in rows for code in row.lines))
    for place, member in enumerate(jury):
        first = len(HEADINGS) + place * len(codes)
        if codes:
            _merge(page, (TOP, first, TOP, first + len(codes) - 1), member.label, head)
        for column, code in enumerate(codes, start=first):
            page.write_string(TOP + 1, column, code, head)
            _write_column(book, page, column, [_open_line(row, member, code) for row in rows])


def _open_line(row: _Row, member: JuryMember, code: str) -> Line | None:
    return row.lines.get(code) if member.judge_id in row.open else None


def _write_column(book: Any, page: Any, column: int, lines: Sequence[Line | None]) -> None:
    """White cells that take only what the line allows, grey ones where there is nothing to fill in."""
    closed = book.add_format({"border": 1, "bg_color": GREY})
    points = book.add_format({"border": 1})
    for first, last, line in _runs(lines):
        for row in range(first, last + 1):
            page.write_blank(row, column, None, points if line else closed)
        if line:
            rule = {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": line.max_mark / 100,
                "error_title": line.code,
                "error_message": f"Nhập điểm từ 0 đến {format_mark(line.max_mark)}.",
            }
            page.data_validation(first, column, last, column, rule)


def _runs(lines: Sequence[Line | None]) -> Iterator[tuple[int, int, Line | None]]:
    """First and last row of each run of entries with the same line."""
    row = TOP + 2
    for line, run in groupby(lines):
        length = len(list(run))
        yield row, row + length - 1, line
        row += length


def _merge(page: Any, cells: tuple[int, int, int, int], text: str, style: Any) -> None:
    if cells[:2] != cells[2:]:
        page.merge_range(*cells, "", style)
    page.write_string(*cells[:2], text, style)


def _write_legend(book: Any, rules: ContestRules, jury: Sequence[JuryMember]) -> None:
    """Who the judges are and what the codes mean."""
    page = book.add_worksheet("Chú giải")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 12)
    page.set_column(1, 1, 14)
    page.set_column(2, 2, 70)
    page.set_column(3, 3, 14)
    table = [
        (("Giám khảo", "", "Họ và tên", ""), bold),
        *(((f"GK{member.number}", "", member.name, ""), wrapped) for member in jury),
        (("", "", "", ""), wrapped),
        (("Tiêu chí", "Nhóm", "Nội dung", "Điểm tối đa"), bold),
        *((cells, wrapped) for cells in _lines_by_group(rules)),
        (("", "", "", ""), wrapped),
        (("", "Nhóm", "Tên nhóm sản phẩm", ""), bold),
        *((("", group.code, group.name_vi, ""), wrapped) for group in rules.groups),
        (("", "", "", ""), wrapped),
        (("Bước điểm", "", format_mark(rules.mark_step), ""), wrapped),
    ]
    for row, (cells, style) in enumerate(table):
        for column, cell in enumerate(cells):
            page.write_string(row, column, cell, style)


def _lines_by_group(rules: ContestRules) -> list[tuple[str, str, str, str]]:
    """Code, groups, text and highest mark of each line, those of one criterion together."""
    groups: dict[tuple[str, str, int], list[str]] = {}
    for criterion in rules.criteria:
        for group in rules.groups:
            for line in rules.lines(group.code):
                if line.parent == criterion.code:
                    groups.setdefault((line.code, line.name_vi, line.max_mark), []).append(group.code)
    return [
        (
            code,
            EVERY_GROUP if len(served) == len(rules.groups) else ", ".join(served),
            text,
            format_mark(most),
        )
        for (code, text, most), served in groups.items()
    ]
