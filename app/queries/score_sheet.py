"""One score sheet as its judge sees it: the own one, and nothing of anybody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from app.domain.errors import NotFound
from app.domain.judging import OPEN_SHEET, SheetPart, SheetState, sheet_parts, unexplained
from app.domain.ledger import SheetAct
from app.domain.permissions import Actor
from app.domain.rules import ContestRules, GroupRule
from app.models import Contest, Entry, Facility, Judge, LedgerEvent, Mark, Product, ScoreSheet
from app.queries.conflicts import own_sheet
from app.queries.dossiers import DossierPage, dossier_page
from app.queries.earlier_certificates import EarlierCertificate, earlier_certificates
from app.queries.judging import OwnContest, own_contest
from app.queries.site_visits import VisitRecord, visits_of


@dataclass(frozen=True)
class SheetPage:
    """One own sheet with the dossier it is about. Marks and totals are hundredths.

    `earlier_marks` are the judge's own of the pass before, if that sheet was submitted; `visits` are there from the
    second pass on.
    """

    is_preview: ClassVar[bool] = False

    sheet_id: int
    pass_no: int
    version: int
    state: SheetState
    contest: OwnContest
    entry_id: int
    judge_id: int
    code: str
    group: GroupRule
    product: str
    facility: str
    dossier: DossierPage
    visits: tuple[VisitRecord, ...]
    certificates: tuple[EarlierCertificate, ...]
    marks: Mapping[str, int]
    earlier_marks: Mapping[str, int]
    notes: Mapping[str, str]
    remark: str
    saved_at: datetime | None
    submitted_at: datetime | None
    reopen_reason: str
    receipt: str | None

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
        return _total(self.marks)

    @property
    def earlier_total(self) -> int | None:
        """The judge's own total in the pass before; None without one."""
        return _total(self.earlier_marks)

    @property
    def missing(self) -> int:
        """How many lines have no mark yet."""
        return len(self.rules.lines(self.group.code)) - len(self.marks)

    @property
    def unexplained(self) -> tuple[str, ...]:
        """Codes of the lines whose mark needs a note and has none."""
        return unexplained(self.marks, self.notes, self.rules, self.group.code)


def sheet_page(session: Session, sheet_id: int, actor: Actor) -> SheetPage:
    """One own sheet; NotFound for anybody else's and for one from which the judge is recused."""
    row = session.execute(
        select(ScoreSheet, Contest, Judge.is_head, Entry, Product.name, Facility.name)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(ScoreSheet.id == sheet_id, Entry.code.is_not(None), own_sheet(actor))
        .options(_marks())
    ).one_or_none()
    if row is None:
        raise NotFound
    sheet, contest, is_head, entry, product, facility = row
    own = own_contest(contest, is_head=is_head)
    return SheetPage(
        sheet_id=sheet.id,
        pass_no=sheet.pass_no,
        version=sheet.version,
        state=sheet.state,
        contest=own,
        entry_id=entry.id,
        judge_id=sheet.judge_id,
        code=entry.code or "",
        group=own.rules.group(entry.group_code),
        product=product,
        facility=facility,
        dossier=dossier_page(session, entry.id),
        visits=visits_of(session, entry.id) if sheet.pass_no > 1 else (),
        certificates=earlier_certificates(session, entry),
        marks=_by_code(sheet),
        earlier_marks=_earlier_marks(session, sheet),
        notes=dict(sheet.notes),
        remark=sheet.remark,
        saved_at=sheet.saved_at,
        submitted_at=sheet.submitted_at,
        reopen_reason=sheet.reopen_reason,
        receipt=_receipt(session, sheet),
    )


def _marks() -> LoaderOption:
    return selectinload(ScoreSheet.marks).joinedload(Mark.criterion)


def _by_code(sheet: ScoreSheet) -> dict[str, int]:
    return {mark.criterion.code: mark.value for mark in sheet.marks}


def _total(marks: Mapping[str, int]) -> int | None:
    return sum(marks.values()) if marks else None


def _earlier_marks(session: Session, sheet: ScoreSheet) -> dict[str, int]:
    """What the same judge submitted for the same entry in the pass before."""
    if sheet.pass_no == 1:
        return {}
    earlier = session.scalars(
        select(ScoreSheet)
        .where(
            ScoreSheet.judge_id == sheet.judge_id,
            ScoreSheet.entry_id == sheet.entry_id,
            ScoreSheet.pass_no == sheet.pass_no - 1,
            ScoreSheet.state == SheetState.SUBMITTED,
        )
        .options(_marks())
    ).one_or_none()
    return {} if earlier is None else _by_code(earlier)


def _receipt(session: Session, sheet: ScoreSheet) -> str | None:
    """Hash of the ledger's row of the submission that stands."""
    if sheet.state is not SheetState.SUBMITTED:
        return None
    return session.scalar(
        select(LedgerEvent.sha256)
        .where(
            LedgerEvent.subject_kind == ScoreSheet.__tablename__,
            LedgerEvent.subject_id == sheet.id,
            LedgerEvent.action == SheetAct.SUBMIT,
        )
        .order_by(LedgerEvent.id.desc())
        .limit(1)
    )
