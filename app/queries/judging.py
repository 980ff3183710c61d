"""What a judge sees: the own sheets, and nothing of anybody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.contests import RULES_OPEN, ContestState
from app.domain.errors import NotFound
from app.domain.judging import OPEN_SHEET, SheetProgress, SheetState, progress_of
from app.domain.permissions import Actor
from app.domain.rules import ContestRules, GroupRule
from app.models import Contest, Entry, Facility, Judge, LedgerEvent, Mark, Product, ScoreSheet
from app.queries.conflicts import own_sheet
from app.queries.dossiers import DossierPage, dossier_page
from app.queries.progress import code_key


@dataclass(frozen=True)
class OwnContest:
    """A contest on whose jury this person sits."""

    id: int
    name: str
    state: ContestState
    is_example: bool
    scoring_closes_on: date
    is_head: bool
    rules: ContestRules

    @property
    def is_scoring(self) -> bool:
        """Whether marks may be given now."""
        return self.state is ContestState.SCORING

    @property
    def is_before_scoring(self) -> bool:
        """Whether judges cannot begin yet."""
        return self.state in RULES_OPEN


@dataclass(frozen=True)
class SheetLine:
    """One own sheet in the list; the total is in hundredths, None without a mark."""

    sheet_id: int
    code: str
    product: str
    facility: str
    group_code: str
    progress: SheetProgress
    missing: int
    total: int | None


@dataclass(frozen=True)
class SheetFilter:
    """Which sheets to list; empty means all."""

    progress: str = ""
    group: str = ""

    def takes(self, line: SheetLine) -> bool:
        """Whether a sheet is listed."""
        return self.progress in ("", line.progress) and self.group in ("", line.group_code)


@dataclass(frozen=True)
class SheetList:
    """A judge's own sheets in one contest, and the way to the next that is left."""

    contests: tuple[OwnContest, ...]
    contest: OwnContest
    lines: tuple[SheetLine, ...]
    groups: tuple[GroupRule, ...]
    submitted: int
    assigned: int
    next_sheet_id: int | None


@dataclass(frozen=True)
class SheetPage:
    """One own sheet with the dossier it is about. Marks and totals are hundredths."""

    sheet_id: int
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
    marks: Mapping[str, int]
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
    def is_open(self) -> bool:
        """Whether marks may be saved on it now."""
        return self.contest.is_scoring and self.state in OPEN_SHEET

    @property
    def total(self) -> int | None:
        """Sum of the marks that are there; None without any."""
        return sum(self.marks.values()) if self.marks else None

    @property
    def missing(self) -> int:
        """How many criteria have no mark yet."""
        return len(self.rules.criteria) - len(self.marks)


def sheet_list(
    session: Session, actor: Actor, contest_id: int | None = None, wanted: SheetFilter | None = None
) -> SheetList | None:
    """The judge's sheets in the contest asked for, or in the one being scored; None if on no jury."""
    contests = own_contests(session, actor)
    if not contests:
        return None
    contest = next((one for one in contests if contest_id in (None, one.id)), None)
    if contest is None:
        raise NotFound
    lines = sheet_lines(session, actor, contest)
    return SheetList(
        contests=contests,
        contest=contest,
        lines=tuple(line for line in lines if wanted is None or wanted.takes(line)),
        groups=tuple(
            group for group in contest.rules.groups if group.code in {line.group_code for line in lines}
        ),
        submitted=sum(line.progress is SheetProgress.SUBMITTED for line in lines),
        assigned=len(lines),
        next_sheet_id=next_open(lines) if contest.is_scoring else None,
    )


def own_contests(session: Session, actor: Actor) -> tuple[OwnContest, ...]:
    """Contests on whose jury this person sits: those being scored first, then the newest."""
    rows = session.execute(
        select(Contest, Judge.is_head)
        .join(Judge, Judge.contest_id == Contest.id)
        .where(Judge.user_id == actor.user_id)
        .order_by(Contest.scoring_closes_on.desc(), Contest.id.desc())
    )
    contests = [_own_contest(contest, is_head=is_head) for contest, is_head in rows]
    return tuple(sorted(contests, key=lambda contest: not contest.is_scoring))


def sheet_lines(session: Session, actor: Actor, contest: OwnContest) -> list[SheetLine]:
    """The judge's own sheets in a contest, by entry code."""
    rows = session.execute(
        select(
            ScoreSheet.id,
            ScoreSheet.state,
            func.coalesce(Entry.code, ""),
            Entry.group_code,
            Product.name,
            Facility.name,
            func.count(Mark.id),
            func.sum(Mark.value),
        )
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .outerjoin(Mark, Mark.sheet_id == ScoreSheet.id)
        .where(Entry.contest_id == contest.id, Entry.code.is_not(None), own_sheet(actor))
        .group_by(ScoreSheet.id, ScoreSheet.state, Entry.code, Entry.group_code, Product.name, Facility.name)
    )
    criteria = len(contest.rules.criteria)
    lines = [
        SheetLine(
            sheet_id=sheet_id,
            code=code,
            product=product,
            facility=facility,
            group_code=group,
            progress=progress_of(state, given, criteria),
            missing=criteria - given,
            total=total if given else None,
        )
        for sheet_id, state, code, group, product, facility, given, total in rows
    ]
    return sorted(lines, key=lambda line: code_key(line.code))


def next_open(lines: list[SheetLine], after: int | None = None) -> int | None:
    """The next sheet that is not submitted, from the one after this on and round to the start."""
    place = next((index + 1 for index, line in enumerate(lines) if line.sheet_id == after), 0)
    in_turn = [*lines[place:], *lines[:place]]
    left = (line.sheet_id for line in in_turn if line.progress is not SheetProgress.SUBMITTED)
    return next((sheet_id for sheet_id in left if sheet_id != after), None)


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
        .options(selectinload(ScoreSheet.marks).joinedload(Mark.criterion))
    ).one_or_none()
    if row is None:
        raise NotFound
    sheet, contest, is_head, entry, product, facility = row
    own = _own_contest(contest, is_head=is_head)
    return SheetPage(
        sheet_id=sheet.id,
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
        marks={mark.criterion.code: mark.value for mark in sheet.marks},
        notes=dict(sheet.notes),
        remark=sheet.remark,
        saved_at=sheet.saved_at,
        submitted_at=sheet.submitted_at,
        reopen_reason=sheet.reopen_reason,
        receipt=_receipt(session, sheet),
    )


def _own_contest(contest: Contest, *, is_head: bool) -> OwnContest:
    return OwnContest(
        id=contest.id,
        name=contest.name,
        state=contest.state,
        is_example=contest.is_example,
        scoring_closes_on=contest.scoring_closes_on,
        is_head=is_head,
        rules=contest.rules,
    )


def _receipt(session: Session, sheet: ScoreSheet) -> str | None:
    """Hash of the ledger's row of the submission that stands."""
    if sheet.state is not SheetState.SUBMITTED:
        return None
    return session.scalar(
        select(LedgerEvent.sha256)
        .where(
            LedgerEvent.subject_kind == ScoreSheet.__tablename__,
            LedgerEvent.subject_id == sheet.id,
            LedgerEvent.action == "score-sheet:submit",
        )
        .order_by(LedgerEvent.id.desc())
        .limit(1)
    )
