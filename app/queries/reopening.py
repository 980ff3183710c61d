"""Which sheets of the pass being scored a head of jury could reopen: whose, on what, in which state. Never a mark."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import NotFound
from app.domain.judging import SheetState
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import person_sort_key
from app.models import Contest, Entry, Judge, Product, ScoreSheet, User
from app.queries.conflicts import has_conflict, is_recused
from app.queries.people import name_on_jury, names_on_jury
from app.queries.progress import code_key
from app.queries.scope import contest_for, contests_within


@dataclass(frozen=True)
class SubmittedSheet:
    """A sheet of the jury as its head may know of it."""

    sheet_id: int
    contest_id: int
    judge_id: int
    judge: str
    code: str
    product: str
    state: SheetState

    @property
    def is_submitted(self) -> bool:
        """Whether there is anything to reopen."""
        return self.state is SheetState.SUBMITTED


@dataclass(frozen=True)
class JuryPage:
    """The judges of a contest and the sheets of one of them that were submitted or reopened."""

    contest_id: int
    contest: str
    is_scoring: bool
    current_pass: int
    judges: tuple[tuple[int, str], ...]
    judge_id: int | None
    sheets: tuple[SubmittedSheet, ...]


def jury_page(session: Session, contest_id: int, actor: Actor, judge_id: int | None = None) -> JuryPage:
    """The jury of a contest for its head; sheets are listed once a judge is chosen."""
    contest = contest_for(session, actor, Permission.SCORE_SHEET_REOPEN, contest_id)
    names = names_on_jury(session, contest.id)
    judges = sorted(names.items(), key=lambda judge: person_sort_key(judge[1]))
    if judge_id is not None and judge_id not in dict(judges):
        raise NotFound
    sheets = _sheets(session, actor, Judge.id == judge_id, Contest.id == contest.id) if judge_id else []
    return JuryPage(
        contest_id=contest.id,
        contest=contest.name,
        is_scoring=contest.state is ContestState.SCORING,
        current_pass=contest.current_pass,
        judges=tuple(judges),
        judge_id=judge_id,
        sheets=tuple(sorted(sheets, key=lambda sheet: code_key(sheet.code))),
    )


def sheet_to_reopen(session: Session, sheet_id: int, actor: Actor) -> SubmittedSheet:
    """One sheet for the page that asks why it is reopened; NotFound if it is not for this head of jury."""
    found = _sheets(session, actor, ScoreSheet.id == sheet_id)
    if not found:
        raise NotFound
    return found[0]


def _sheets(session: Session, actor: Actor, *conditions: ColumnElement[bool]) -> list[SubmittedSheet]:
    code = func.coalesce(Entry.code, "")
    rows = session.execute(
        select(ScoreSheet.id, Contest.id, Judge.id, name_on_jury(), code, Product.name, ScoreSheet.state)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            contests_within(actor, Permission.SCORE_SHEET_REOPEN),
            ScoreSheet.state != SheetState.DRAFT,
            ScoreSheet.pass_no == Contest.current_pass,
            not_(is_recused()),
            not_(has_conflict(actor)),
            *conditions,
        )
    )
    return [SubmittedSheet(*row) for row in rows]
