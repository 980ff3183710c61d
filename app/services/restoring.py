"""Bringing back what a judge had submitted, where a sheet was reopened and then changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, require
from app.domain.judging import SheetState, check_pass, check_reason
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.models import Contest, ScoreSheet
from app.queries.conflicts import has_conflict, is_recused
from app.queries.mark_history import SheetHistory, sheet_history
from app.queries.people import judge_name
from app.services.judging import Content, open_desk


@dataclass(frozen=True)
class RestoreSheet:
    """Put a sheet back to what its judge submitted as this version, and why."""

    sheet_id: int
    version: int
    reason: str


def history_to_restore(session: Session, sheet_id: int, actor: Actor) -> SheetHistory:
    """A sheet that this head of jury may put back; NotFound if it is not for them."""
    return sheet_history(session, sheet_id, _led_by(actor))


def restore_sheet(session: Session, command: RestoreSheet, *, actor: Actor, now: datetime) -> ScoreSheet:
    """Submit again, for the judge, what the judge had submitted before; nothing that was saved since is lost.

    Raises
    ------
    NotFound
        The sheet is not of this head of jury's contest, or was never submitted as that version.
    IllegalState
        Scoring is not open, or the sheet was not reopened.
    """
    desk = open_desk(session, command.sheet_id, _led_by(actor))
    sheet = desk.sheet
    earlier = history_to_restore(session, command.sheet_id, actor).earlier_submissions
    require(desk.is_scoring, N_("Scoring is not open; marks cannot be changed."))
    check_pass(sheet.pass_no, desk.contest.current_pass)
    require(sheet.state is not SheetState.DRAFT, N_("This sheet was never submitted."))
    wanted = next((step for step in earlier if step.version == command.version), None)
    if wanted is None:
        raise NotFound
    check_reason(command.reason)
    after = Content(wanted.marks, wanted.notes, wanted.remark)
    # The rules are frozen since before the first mark: what could be submitted then can be submitted now.
    desk.check(after)
    judge = judge_name(session, sheet.judge_id)
    desk.submit(
        session, actor, after, now, on_behalf_of=judge, restored=wanted.version, reason=command.reason
    )
    return sheet


def _led_by(actor: Actor) -> ColumnElement[bool]:
    led = Contest.id.in_(actor.contests(Permission.SCORE_SHEET_REOPEN))
    return and_(led, not_(is_recused()), not_(has_conflict(actor)))
