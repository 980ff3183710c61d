"""The marks of a contest and what they came to, for its workbook."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.domain.judging import SheetState
from app.domain.results import Outcome, printed_average
from app.domain.rules import SPREAD, ContestRules
from app.models import (
    Computation,
    Contest,
    Criterion,
    Entry,
    Facility,
    Mark,
    Product,
    Recusal,
    Result,
    ScoreSheet,
)
from app.queries.computations import newest_computation
from app.queries.people import names_on_jury
from app.services.streamed_workbooks import Cell, Head, Look, StreamedWorkbook

BATCH: Final = {"yield_per": 5_000}
OUTCOMES: Final = {
    Outcome.NOT_SCORED: "Chưa có điểm",
    Outcome.NOT_ADVANCED: "Không vào vòng 2",
    Outcome.BELOW: "Dưới điểm tối thiểu",
    Outcome.REACHED: "Đạt điểm, ngoài số lượng tối đa",
    Outcome.TIED: "Bằng điểm tại mức cắt",
    Outcome.SELECTED: "Đạt, trong danh sách đề nghị",
}
Rows = Iterator[tuple[Cell, ...]]

PASS: Final = Head("Vòng", Look.COUNT, 7)
CODE: Final = Head("Mã sản phẩm", width=13)
GROUP: Final = Head("Nhóm", width=8)
PRODUCT: Final = Head("Sản phẩm", width=40)
FACILITY: Final = Head("Cơ sở CNNT", width=40)
JUDGE: Final = Head("Giám khảo", width=28)
SHEET_HEADS: Final = (PASS, CODE, GROUP, PRODUCT, JUDGE, Head("Được tính", width=10))
RESULT_HEADS: Final = (
    PASS,
    Head("Vòng quyết định", width=10),
    Head("Thứ hạng", Look.COUNT, 10),
    CODE,
    GROUP,
    PRODUCT,
    FACILITY,
    Head("Số phiếu", Look.COUNT, 10),
    Head("Giá trị chính xác (điểm)", width=18),
    Head("Điểm bình quân", Look.POINTS, 12),
    Head("Chênh lệch", Look.POINTS, 11),
    Head("Kết quả", width=30),
    Head("Thứ hạng quyết định bởi", width=30),
    Head("Hạng giải theo điểm", width=20),
    Head("Đồng hạng ở ranh giới hạng giải", width=14),
)


def write_sheets(book: StreamedWorkbook, session: Session, contest: Contest) -> None:
    """Write every submitted sheet in a row of its own, both levels of criteria."""
    rules = contest.rules
    names = names_on_jury(session, contest.id)
    second = tuple(dict.fromkeys(line.code for line in rules.sub_criteria))
    heads = (
        *SHEET_HEADS,
        *(Head(f"{c.code} – {c.name_vi}", Look.POINTS, 18) for c in rules.criteria),
        *(Head(code, Look.POINTS, 10) for code in second),
        Head("Tổng điểm", Look.POINTS, 11),
        Head("Nộp lúc", Look.MOMENT, 17),
        Head("Nhận xét", width=60),
    )
    parents = {
        group.code: {line.code: line.parent for line in rules.lines(group.code)} for group in rules.groups
    }

    def rows() -> Rows:
        found = session.execute(_marks_by_sheet(contest.id), execution_options=BATCH)
        for _sheet_id, marks in groupby(found, key=lambda row: row.id):
            given = list(marks)
            sheet, lines = given[0], {row.line: row.value for row in given}
            yield (
                *sheet[1:5],
                names[sheet.judge_id],
                bool(sheet.counts),
                *_sums(rules, parents[sheet.group_code], lines),
                *(lines.get(code) for code in second),
                sum(lines.values()),
                sheet.submitted_at,
                sheet.remark,
            )

    book.sheet("Phiếu chấm", heads, rows())


def _marks_by_sheet(contest_id: int) -> Select[*tuple[Any, ...]]:
    """Select every mark of the submitted sheets with the sheet it stands on; those of one sheet follow each other."""
    recused = exists().where(Recusal.judge_id == ScoreSheet.judge_id, Recusal.entry_id == ScoreSheet.entry_id)
    return (
        select(
            ScoreSheet.id,
            ScoreSheet.pass_no,
            Entry.code,
            Entry.group_code,
            Product.name.label("product"),
            ScoreSheet.judge_id,
            (~recused).label("counts"),
            ScoreSheet.submitted_at,
            ScoreSheet.remark,
            Criterion.code.label("line"),
            Mark.value,
        )
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Mark, Mark.sheet_id == ScoreSheet.id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Entry.contest_id == contest_id, ScoreSheet.state == SheetState.SUBMITTED)
        .order_by(ScoreSheet.pass_no, Entry.code, ScoreSheet.id)
    )


def _sums(rules: ContestRules, parents: Mapping[str, str], lines: Mapping[str, int]) -> list[int]:
    """The marks of a sheet added up to the criteria of the law."""
    return [
        sum(value for code, value in lines.items() if parents[code] == criterion.code)
        for criterion in rules.criteria
    ]


def write_marks(book: StreamedWorkbook, session: Session, contest: Contest) -> None:
    """Write every mark of the submitted sheets in a row of its own."""
    heads = (
        PASS,
        CODE,
        JUDGE,
        Head("Mã tiêu chí"),
        Head("Tiêu chí", width=60),
        Head("Điểm", Look.POINTS, 10),
        Head("Điểm tối đa", Look.POINTS, 12),
        Head("Ghi chú", width=60),
    )
    names = names_on_jury(session, contest.id)
    found = session.execute(
        select(
            ScoreSheet.pass_no,
            Entry.code,
            ScoreSheet.judge_id,
            Criterion.code.label("line"),
            Criterion.name_vi,
            Mark.value,
            Mark.max_mark,
            ScoreSheet.notes,
        )
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Mark, Mark.sheet_id == ScoreSheet.id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Entry.contest_id == contest.id, ScoreSheet.state == SheetState.SUBMITTED)
        .order_by(ScoreSheet.pass_no, Entry.code, ScoreSheet.id, Criterion.position),
        execution_options=BATCH,
    )
    rows = ((row.pass_no, row.code, names[row.judge_id], *row[3:7], row.notes.get(row.line)) for row in found)
    book.sheet("Điểm", heads, rows)


def write_results(book: StreamedWorkbook, session: Session, contest: Contest) -> None:
    """Write the newest result of each pass: exact values as fractions, and as printed.

    Only rows of the pass that decides have an outcome and a class of prize: those of the other decide nothing.
    """
    rules = contest.rules
    newest = [newest_computation(contest.id, pass_no) for pass_no in range(1, rules.passes + 1)]
    found = session.execute(
        select(Result, Computation.pass_no, Entry.code, Entry.group_code, Product.name, Facility.name)
        .join(Computation, Computation.id == Result.computation_id)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Result.computation_id.in_(newest))
        .order_by(Computation.pass_no, Result.rank.is_(None), Result.rank, Entry.code),
        execution_options=BATCH,
    )
    prizes = {prize.code: prize.name_vi for prize in rules.prizes}
    rows = (
        (
            pass_no,
            pass_no == rules.deciding_pass,
            result.rank,
            code,
            group,
            product,
            facility,
            result.sheets,
            *_value(result),
            result.spread,
            OUTCOMES[result.outcome] if pass_no == rules.deciding_pass else None,
            _decided_by(result.decided_by),
            *(_prize(result, prizes) if pass_no == rules.deciding_pass else (None, None)),
        )
        for result, pass_no, code, group, product, facility in found
    )
    book.sheet("Kết quả", RESULT_HEADS, rows)


def _prize(result: Result, names: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The class of prize by the marks, and whether the entry is tied at the edge of one."""
    return result.prize and names[result.prize], "có" if result.prize_tied else None


def _value(result: Result) -> tuple[str | None, int | None]:
    """The exact value as a fraction of points, and what is printed of it."""
    if result.numerator is None or result.denominator is None:
        return None, None
    value = Fraction(result.numerator, 100 * result.denominator)
    return f"{value.numerator}/{value.denominator}", printed_average(result.numerator, result.denominator)


def _decided_by(code: str | None) -> str | None:
    words = {
        "value": "Điểm bình quân",
        SPREAD: "Chênh lệch giữa các tổng điểm nhỏ hơn",
        "tie": "Không phân định được: vẫn bằng nhau",
    }
    return words.get(code, f"Điểm bình quân tiêu chí {code}") if code else None
