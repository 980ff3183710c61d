"""What becomes of a possible conflict of interest: the judge's answer, and the organiser's word on it.

That a judge stands aside is a recusal like any other (`app.services.assignments.recuse`).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState, NotFound, StaleVersion, require
from app.domain.judging import check_reason
from app.domain.messages import N_
from app.domain.permissions import Actor
from app.models import ConflictAnswer, Contest, Recusal
from app.queries.possible_conflicts import PossibleConflict, conflict_of
from app.queries.scope import require_entry
from app.services.juries import judge_to_change
from app.services.ledger import record

CERTAIN = N_("This judge belongs to the facility of the entry and may not score it.")
CHANGED = N_(
    "What judge and facility have in common has changed since this page was opened. Look at it again before you go on."
)
OWN_RECUSED = N_("It is on record that you do not score it.")
RECUSED = N_("It is on record that this judge does not score it.")


@dataclass(frozen=True)
class AnswerConflict:
    """Why there is no conflict, by the judge; `seen` is the digest of the facts that the page showed."""

    contest_id: int
    judge_id: int
    entry_id: int
    seen: str
    reason: str


@dataclass(frozen=True)
class AcceptAnswer:
    """An answer that the organiser has read and accepts; `seen` is the digest of what the page showed."""

    contest_id: int
    judge_id: int
    entry_id: int
    seen: str


def answer_conflict(
    session: Session, command: AnswerConflict, *, actor: Actor, now: datetime
) -> ConflictAnswer:
    """Keep a judge's word that there is no conflict, and why; another one takes the place of the one before.

    Raises
    ------
    NotFound
        The person is not this judge, or there is no such possible conflict.
    StaleVersion
        It is about other facts by now, or about none.
    IllegalState
        The judge works for the facility, or stands aside already.
    InvalidInput
        No reason was written.
    """
    contest, judge = judge_to_change(session, command.judge_id, actor, or_self=True)
    if judge.user_id != actor.user_id or contest.id != command.contest_id:
        raise NotFound
    conflict = _conflict(session, contest, command, OWN_RECUSED)
    _check_seen(conflict, command.seen)
    require(not conflict.is_certain, CERTAIN)
    check_reason(command.reason.strip())
    row = _answer(session, judge.id, command.entry_id)
    if row is None:
        row = ConflictAnswer(judge_id=judge.id, entry_id=command.entry_id)
        session.add(row)
    row.facts_sha256, row.reason, row.answered_at = conflict.digest, command.reason.strip(), now
    row.accepted_by_id, row.accepted_at = None, None
    details = {"reason": row.reason, **_named(conflict)}
    record(session, actor, "conflict-answer:give", row, now=now, contest_id=contest.id, **details)
    return row


def accept_answer(session: Session, command: AcceptAnswer, *, actor: Actor, now: datetime) -> None:
    """Let a judge's answer stand, by whoever appoints the jury; twice is once."""
    contest, judge = judge_to_change(session, command.judge_id, actor)
    if contest.id != command.contest_id:
        raise NotFound
    if judge.user_id == actor.user_id:
        raise IllegalState(N_("Nobody accepts their own answer. Ask a colleague to read it."))
    conflict = _conflict(session, contest, command, RECUSED)
    row = _answer(session, judge.id, command.entry_id)
    require(row is not None and conflict.answer is not None, N_("The judge has not answered this yet."))
    if row is None or conflict.answer_digest != command.seen:
        raise StaleVersion(CHANGED)
    if row.accepted_at is None:
        row.accepted_by_id, row.accepted_at = actor.user_id, now
        details = {"reason": row.reason, **_named(conflict)}
        record(session, actor, "conflict-answer:accept", row, now=now, contest_id=contest.id, **details)


def _conflict(
    session: Session, contest: Contest, command: AnswerConflict | AcceptAnswer, recused: str
) -> PossibleConflict:
    """The possible conflict that a page showed; what ended it since is said, and what never was is not found."""
    pair = (Recusal.judge_id == command.judge_id, Recusal.entry_id == command.entry_id)
    try:
        return conflict_of(session, contest, command.judge_id, command.entry_id)
    except NotFound:
        require_entry(session, contest.id, command.entry_id)
        require(session.scalar(select(Recusal.id).where(*pair)) is None, recused)
        if command.seen:
            raise StaleVersion(CHANGED) from None
        raise


def _check_seen(conflict: PossibleConflict, seen: str) -> None:
    if conflict.digest != seen:
        raise StaleVersion(CHANGED)


def _answer(session: Session, judge_id: int, entry_id: int) -> ConflictAnswer | None:
    return session.scalars(
        select(ConflictAnswer).where(ConflictAnswer.judge_id == judge_id, ConflictAnswer.entry_id == entry_id)
    ).one_or_none()


def _named(conflict: PossibleConflict) -> dict[str, object]:
    common = [[one.kind, one.of_judge, one.of_facility] for one in conflict.findings]
    return {"judge": conflict.judge_id, "entry": conflict.entry_id, "in_common": common}
