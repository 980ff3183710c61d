"""A judge's own sheets with all that stands on them, many at once; dossiers are left to the page of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from app.domain.judging import (
    OPEN_SHEET,
    Line,
    SheetPart,
    SheetProgress,
    SheetState,
    progress_of,
    sheet_parts,
    unexplained,
)
from app.domain.ledger import SheetAct
from app.domain.permissions import Actor
from app.domain.rules import ContestRules, GroupRule
from app.models import Entry, Facility, Judge, LedgerEvent, Mark, Product, ScoreSheet
from app.queries.conflicts import own_sheet
from app.queries.judging import OwnContest, chosen_contest, own_contests
from app.queries.progress import code_key


@dataclass(frozen=True)
class OwnSheet:
    """One own sheet and what stands on it. Marks and totals are hundredths; marks go by the code of their line."""

    sheet_id: int
    pass_no: int
    version: int
    state: SheetState
    contest: OwnContest
    code: str
    group: GroupRule
    product: str
    facility: str
    marks: Mapping[str, int]
    notes: Mapping[str, str]
    remark: str
    saved_at: datetime | None
    submitted_at: datetime | None

    @property
    def rules(self) -> ContestRules:
        """The rules of the contest."""
        return self.contest.rules

    @property
    def parts(self) -> tuple[SheetPart, ...]:
        """The criteria, each with the lines of it on this sheet."""
        return sheet_parts(self.rules, self.group.code)

    @property
    def is_scoring(self) -> bool:
        """Whether the pass of this sheet is being scored."""
        return self.contest.is_scoring and self.pass_no == self.contest.current_pass

    @property
    def is_open(self) -> bool:
        """Whether marks may be saved on it now."""
        return self.is_scoring and self.state in OPEN_SHEET

    @property
    def total(self) -> int | None:
        """Sum of the marks that are there; None without any."""
        return sum(self.marks.values()) if self.marks else None

    @property
    def gaps(self) -> tuple[Line, ...]:
        """The lines that have no mark yet."""
        return tuple(line for line in self.rules.lines(self.group.code) if line.code not in self.marks)

    @property
    def missing(self) -> int:
        """How many lines have no mark yet."""
        return len(self.gaps)

    @property
    def unexplained(self) -> tuple[str, ...]:
        """Codes of the lines whose mark needs a note and has none."""
        return unexplained(self.marks, self.notes, self.rules, self.group.code)

    @property
    def to_explain(self) -> tuple[Line, ...]:
        """Those lines."""
        return tuple(line for line in self.rules.lines(self.group.code) if line.code in self.unexplained)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing that would keep it from being submitted."""
        return not self.missing and not self.unexplained

    @property
    def progress(self) -> SheetProgress:
        """How far the judge has come with it."""
        return progress_of(self.state, len(self.marks), len(self.rules.lines(self.group.code)))


@dataclass(frozen=True)
class GroupTable:
    """The sheets of one product group, which have the same lines."""

    group: GroupRule
    parts: tuple[SheetPart, ...]
    sheets: tuple[OwnSheet, ...]

    @property
    def has_two_levels(self) -> bool:
        """Whether marks stand on lines below the criteria."""
        return any(part.has_lines for part in self.parts)


@dataclass(frozen=True)
class SheetGrid:
    """A judge's own sheets of the pass being scored, by product group; `earlier` are those of the passes before."""

    contest: OwnContest
    tables: tuple[GroupTable, ...]
    earlier: tuple[OwnSheet, ...]

    @property
    def sheets(self) -> tuple[OwnSheet, ...]:
        """The sheets of all tables."""
        return tuple(sheet for table in self.tables for sheet in table.sheets)

    @property
    def by_id(self) -> dict[int, OwnSheet]:
        """All sheets, those of earlier passes too, by their ids."""
        return {sheet.sheet_id: sheet for sheet in (*self.sheets, *self.earlier)}

    @property
    def to_submit(self) -> tuple[OwnSheet, ...]:
        """Those on which nothing is missing and that are not submitted."""
        return tuple(sheet for sheet in self.sheets if sheet.is_open and sheet.is_ready)

    @property
    def incomplete(self) -> tuple[OwnSheet, ...]:
        """Those on which marks are missing, or notes that the contest asks for."""
        return tuple(sheet for sheet in self.sheets if sheet.is_open and not sheet.is_ready)

    @property
    def saved_at(self) -> datetime | None:
        """When the judge last saved any of them; None if none was saved."""
        return max((sheet.saved_at for sheet in self.sheets if sheet.saved_at), default=None)


def sheet_grid(session: Session, actor: Actor, contest_id: int | None = None) -> SheetGrid | None:
    """The judge's sheets in the contest asked for, or in the one being scored; None if on no jury."""
    contest = chosen_contest(own_contests(session, actor), contest_id)
    if contest is None:
        return None
    sheets = own_sheets(session, actor, contest)
    current = [sheet for sheet in sheets if sheet.pass_no == contest.current_pass]
    tables = (
        GroupTable(group, parts=sheet_parts(contest.rules, group.code), sheets=found)
        for group in contest.rules.groups
        if (found := tuple(sheet for sheet in current if sheet.group == group))
    )
    earlier = tuple(sheet for sheet in sheets if sheet.pass_no != contest.current_pass)
    return SheetGrid(contest, tuple(tables), earlier)


def own_sheets(session: Session, actor: Actor, contest: OwnContest) -> list[OwnSheet]:
    """The judge's own sheets in a contest, by entry code."""
    rows = session.execute(
        select(ScoreSheet, Entry.code, Entry.group_code, Product.name, Facility.name)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Entry.contest_id == contest.id, Entry.code.is_not(None), own_sheet(actor))
        .options(with_marks())
    )
    sheets = [
        OwnSheet(
            sheet_id=sheet.id,
            pass_no=sheet.pass_no,
            version=sheet.version,
            state=sheet.state,
            contest=contest,
            code=code or "",
            group=contest.rules.group(group_code),
            product=product,
            facility=facility,
            marks=marks_by_code(sheet),
            notes=dict(sheet.notes),
            remark=sheet.remark,
            saved_at=sheet.saved_at,
            submitted_at=sheet.submitted_at,
        )
        for sheet, code, group_code, product, facility in rows
    ]
    return sorted(sheets, key=lambda sheet: (-sheet.pass_no, *code_key(sheet.code)))


def with_marks() -> LoaderOption:
    """Load the marks of sheets along with them."""
    return selectinload(ScoreSheet.marks).joinedload(Mark.criterion)


def marks_by_code(sheet: ScoreSheet) -> dict[str, int]:
    """The marks on a sheet by the code of their line."""
    return {mark.criterion.code: mark.value for mark in sheet.marks}


def receipts_of(session: Session, sheet_ids: Iterable[int]) -> dict[int, str]:
    """For each of these sheets that was ever submitted: the hash of the ledger's row of the last submission."""
    rows = session.execute(
        select(LedgerEvent.subject_id, LedgerEvent.sha256)
        .where(
            LedgerEvent.subject_kind == ScoreSheet.__tablename__,
            LedgerEvent.subject_id.in_(sheet_ids),
            LedgerEvent.action == SheetAct.SUBMIT,
        )
        .order_by(LedgerEvent.id)
    )
    return {row.subject_id: row.sha256 for row in rows}
