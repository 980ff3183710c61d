"""One score sheet as its judge sees it: the own one, and nothing of anybody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.judging import SheetState
from app.domain.permissions import Actor
from app.models import Contest, Entry, Facility, Judge, Product, ScoreSheet
from app.queries.conflicts import own_sheet
from app.queries.dossiers import DossierPage, dossier_page
from app.queries.earlier_certificates import EarlierCertificate, earlier_certificates
from app.queries.judging import own_contest
from app.queries.own_sheets import OwnSheet, marks_by_code, receipts_of, with_marks
from app.queries.site_visits import VisitRecord, visits_of


@dataclass(frozen=True)
class SheetPage(OwnSheet):
    """One own sheet with the dossier it is about.

    `earlier_marks` are the judge's own of the pass before, if that sheet was submitted; `visits` are there from the
    second pass on.
    """

    is_preview: ClassVar[bool] = False

    entry_id: int
    judge_id: int
    dossier: DossierPage
    visits: tuple[VisitRecord, ...]
    certificates: tuple[EarlierCertificate, ...]
    earlier_marks: Mapping[str, int]
    reopen_reason: str
    receipt: str | None

    @property
    def earlier_total(self) -> int | None:
        """The judge's own total in the pass before; None without one."""
        return sum(self.earlier_marks.values()) if self.earlier_marks else None


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
        .options(with_marks())
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
        marks=marks_by_code(sheet),
        earlier_marks=_earlier_marks(session, sheet),
        notes=dict(sheet.notes),
        remark=sheet.remark,
        saved_at=sheet.saved_at,
        submitted_at=sheet.submitted_at,
        reopen_reason=sheet.reopen_reason,
        receipt=_receipt(session, sheet),
    )


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
        .options(with_marks())
    ).one_or_none()
    return {} if earlier is None else marks_by_code(earlier)


def _receipt(session: Session, sheet: ScoreSheet) -> str | None:
    """Hash of the ledger's row of the submission that stands."""
    if sheet.state is not SheetState.SUBMITTED:
        return None
    return receipts_of(session, [sheet.id]).get(sheet.id)
