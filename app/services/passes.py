"""Two passes: closing the first, which decides who goes on to the second, and opening it again."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.contests import WRONG_STAGE, ContestState, list_codes
from app.domain.errors import InvalidInput, require
from app.domain.ledger import Occasion
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.models import Contest, ScoreSheet
from app.queries.conflicts import is_recused
from app.queries.passes import entries_of_pass, second_pass_is_begun, sheets_of_pass
from app.queries.progress import gaps_of
from app.queries.scope import contest_for
from app.services.discussions import require_settled
from app.services.ledger import record
from app.services.results import compute
from app.services.sequencing import publish_head

FIRST, SECOND = 1, 2


def close_first_pass(
    session: Session, contest_id: int, *, actor: Actor, now: datetime, reason: str = ""
) -> Contest:
    """Compute the first pass and give the judges of each entry that goes on a sheet for the second.

    Raises
    ------
    InvalidInput
        If sheets are missing and no reason is given for closing all the same.
    NotReady
        If entries are still to be discussed.
    """
    contest = _contest_in(session, actor, contest_id, FIRST)
    left_out = check_pass_is_over(session, contest, reason)
    computation = compute(session, contest.id, actor=actor, now=now)
    contest.current_pass = SECOND
    session.flush()
    given = _give_second_sheets(session, contest)
    record(
        session,
        actor,
        "contest:close-first-pass",
        contest,
        now=now,
        contest_id=contest.id,
        computation=computation.version,
        advance_mark=contest.rules.advance_mark,
        entries=sorted({sheet.entry_id for sheet in given}),
        reason=reason,
        **left_out,
    )
    publish_head(session, contest.id, Occasion.FIRST_PASS, now=now)
    return contest


def reopen_first_pass(
    session: Session, contest_id: int, reason: str, *, actor: Actor, now: datetime
) -> Contest:
    """Go back to the first pass, for a written reason, as long as nobody has begun the second."""
    contest = _contest_in(session, actor, contest_id, SECOND)
    require(not second_pass_is_begun(session, contest.id), SECOND_IS_BEGUN)
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("Write why the first pass is opened again."))})
    sheets = session.scalars(sheets_of_pass(contest.id, SECOND)).all()
    for sheet in sheets:
        session.delete(sheet)
    contest.current_pass = FIRST
    details = {"reason": reason, "sheets": len(sheets)}
    record(session, actor, "contest:reopen-first-pass", contest, now=now, contest_id=contest.id, **details)
    return contest


SECOND_IS_BEGUN = N_("Marks of the second pass have been saved; the first can no longer be opened again.")


def check_pass_is_over(session: Session, contest: Contest, reason: str) -> dict[str, object]:
    """What the ledger shall say is missing from the current pass.

    Raises
    ------
    InvalidInput
        If sheets are missing and no reason is given.
    NotReady
        If entries are still to be discussed.
    """
    gaps = gaps_of(session, contest)
    if gaps and not reason.strip():
        raise InvalidInput(
            {"reason": Message(N_("Sheets are missing. Write why scoring is closed without them."))}
        )
    require_settled(session, contest)
    return {
        "missing_sheets": len(gaps.missing),
        "draft_sheets": gaps.drafts,
        "not_scored": list_codes(gaps.short),
    }


def _contest_in(session: Session, actor: Actor, contest_id: int, pass_no: int) -> Contest:
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id, lock=True)
    two_passes = contest.state is ContestState.SCORING and contest.rules.passes == SECOND
    require(two_passes and contest.current_pass == pass_no, WRONG_STAGE)
    return contest


def _give_second_sheets(session: Session, contest: Contest) -> list[ScoreSheet]:
    going_on = entries_of_pass(contest.id, SECOND, contest.rules.advance_mark)
    seats = sheets_of_pass(contest.id, FIRST).where(ScoreSheet.entry_id.in_(going_on), ~is_recused())
    sheets = [
        ScoreSheet(judge_id=seat.judge_id, entry_id=seat.entry_id, pass_no=SECOND)
        for seat in session.scalars(seats)
    ]
    session.add_all(sheets)
    return sheets
