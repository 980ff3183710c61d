"""Every mark that was ever saved on a sheet, from the ledger: old -> new, when, by whom, for whom."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from app.domain.contests import COUNCIL_SEES
from app.domain.errors import NotFound, require
from app.domain.judging import SheetState
from app.domain.ledger import SheetAct, SheetSource
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.domain.rules import ContestRules
from app.domain.vietnamese import person_sort_key
from app.models import Contest, Entry, Judge, LedgerEvent, Product, ScoreSheet, User
from app.queries.conflicts import has_conflict, own_sheet
from app.queries.contests import ContestHead, head_of
from app.queries.people import name_on_jury, names_on_jury
from app.queries.progress import code_key
from app.queries.scope import contests_within


@dataclass(frozen=True)
class Step:
    """One act on a sheet, and what stood on it afterwards. Marks are hundredths, by the code of the line."""

    at: datetime
    actor: str
    on_behalf_of: str
    source: SheetSource | None  # of what was submitted on behalf of the judge
    act: SheetAct
    version: int
    reason: str
    changed: dict[str, tuple[int | None, int | None]]
    texts_changed: bool
    marks: dict[str, int]
    notes: dict[str, str]
    remark: str
    receipt: str

    @property
    def is_submission(self) -> bool:
        """Whether the sheet was final after it."""
        return self.act is SheetAct.SUBMIT


@dataclass(frozen=True)
class SheetHistory:
    """A sheet and all that ever happened to it, oldest first."""

    sheet_id: int
    contest_id: int
    contest: str
    rules: ContestRules
    judge_id: int
    judge_user_id: int
    judge: str
    code: str
    group: str
    product: str
    pass_no: int
    state: SheetState
    steps: tuple[Step, ...]

    @property
    def earlier_submissions(self) -> tuple[Step, ...]:
        """What was submitted and does not stand any more, newest first; each differs from what stands."""
        now = self.steps[-1] if self.steps else None
        return tuple(
            step
            for step in reversed(self.steps)
            if step.is_submission
            and now
            and (step.marks, step.notes, step.remark) != (now.marks, now.notes, now.remark)
        )


@dataclass(frozen=True)
class SheetSummary:
    """One sheet in the list of a judge's."""

    sheet_id: int
    code: str
    product: str
    pass_no: int
    state: SheetState
    saves: int
    reopenings: int


@dataclass(frozen=True)
class HistoryPage:
    """The judges of a contest, and the sheets of one of them."""

    contest: ContestHead
    judges: tuple[tuple[int, str], ...]
    judge_id: int | None
    sheets: tuple[SheetSummary, ...] = field(default=())


def history_page(session: Session, actor: Actor, contest_id: int, judge_id: int | None) -> HistoryPage:
    """The sheets of one judge for whoever may see the contest's result; IllegalState before scoring closes."""
    contest = head_of(session, actor, contest_id, Permission.CONTEST_VIEW)
    require(contest.state in COUNCIL_SEES, N_("The result can be seen once scoring has closed."))
    names = names_on_jury(session, contest.id)
    judges = sorted(names.items(), key=lambda judge: person_sort_key(judge[1]))
    if judge_id is not None and judge_id not in dict(judges):
        raise NotFound
    sheets = _summaries(session, judge_id) if judge_id is not None else []
    return HistoryPage(contest, tuple(judges), judge_id, tuple(sheets))


def history_to_read(session: Session, actor: Actor, sheet_id: int) -> SheetHistory:
    """The history of a sheet for its judge at any time, and once scoring has closed for who leads or oversees.

    NotFound for everybody else.
    """
    overseen = and_(
        Contest.state.in_(COUNCIL_SEES),
        or_(
            contests_within(actor, Permission.CONTEST_VIEW),
            and_(contests_within(actor, Permission.SCORE_SHEET_REOPEN), not_(has_conflict(actor))),
        ),
    )
    return sheet_history(session, sheet_id, or_(own_sheet(actor), overseen))


def sheet_history(session: Session, sheet_id: int, condition: ColumnElement[bool]) -> SheetHistory:
    """The history of a sheet under a condition on ScoreSheet, Judge, Entry, Product and Contest."""
    row = session.execute(
        select(ScoreSheet, Contest, User.id, name_on_jury(), Entry.code, Entry.group_code, Product.name)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(ScoreSheet.id == sheet_id, condition)
    ).one_or_none()
    if row is None:
        raise NotFound
    sheet, contest, user_id, judge, code, group, product = row
    events = session.scalars(
        select(LedgerEvent)
        .where(LedgerEvent.subject_kind == ScoreSheet.__tablename__, LedgerEvent.subject_id == sheet.id)
        .order_by(LedgerEvent.id)
    )
    return SheetHistory(
        sheet_id=sheet.id,
        contest_id=contest.id,
        contest=contest.name,
        rules=contest.rules,
        judge_id=sheet.judge_id,
        judge_user_id=user_id,
        judge=judge,
        code=code or "",
        group=group,
        product=product,
        pass_no=sheet.pass_no,
        state=sheet.state,
        steps=tuple(_steps(events)),
    )


def _steps(events: Iterable[LedgerEvent]) -> Iterable[Step]:
    marks: dict[str, int] = {}
    notes: dict[str, str] = {}
    remark = ""
    for event in events:
        said: dict[str, Any] = json.loads(event.details)
        changes = said.get("changes", {})
        marks, notes = _applied(marks, changes.get("marks", {})), _applied(notes, changes.get("notes", {}))
        remark = changes.get("remark", [None, remark])[1]
        yield Step(
            at=event.at,
            actor=event.actor_name,
            on_behalf_of=event.on_behalf_of,
            source=_source(said),
            act=SheetAct(event.action),
            version=said.get("version", 0),
            reason=said.get("reason", ""),
            changed={code: (old, new) for code, (old, new) in changes.get("marks", {}).items()},
            texts_changed=bool(changes.keys() & {"notes", "remark"}),
            marks=marks,
            notes=notes,
            remark=remark,
            receipt=event.sha256,
        )


def _source(said: dict[str, Any]) -> SheetSource | None:
    if "restored" in said:
        return SheetSource.RESTORED
    return SheetSource(said["source"]) if "source" in said else None


def _applied(standing: dict[str, Any], changes: dict[str, list[Any]]) -> dict[str, Any]:
    after = standing | {code: new for code, (_old, new) in changes.items()}
    return {code: value for code, value in after.items() if value is not None}


def _summaries(session: Session, judge_id: int) -> list[SheetSummary]:
    reopened = func.sum((LedgerEvent.action == SheetAct.REOPEN).cast(Integer))
    rows = session.execute(
        select(
            ScoreSheet.id,
            func.coalesce(Entry.code, ""),
            Product.name,
            ScoreSheet.pass_no,
            ScoreSheet.state,
            func.count(LedgerEvent.id),
            func.coalesce(reopened, 0),
        )
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .outerjoin(
            LedgerEvent,
            and_(
                LedgerEvent.subject_kind == ScoreSheet.__tablename__, LedgerEvent.subject_id == ScoreSheet.id
            ),
        )
        .where(ScoreSheet.judge_id == judge_id)
        .group_by(ScoreSheet.id, Entry.code, Product.name, ScoreSheet.pass_no, ScoreSheet.state)
    )
    sheets = [SheetSummary(*row) for row in rows]
    return sorted(sheets, key=lambda sheet: (sheet.pass_no, code_key(sheet.code)))
