"""Publishing the provisional list, and recording the signed decision that makes it final."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import WRONG_STAGE, ContestState, check_real, check_transition
from app.domain.errors import InvalidInput, StaleVersion
from app.domain.judging import check_reason
from app.domain.ledger import Occasion
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import format_date, in_vietnam
from app.models import Ballot, Contest, Decision
from app.queries.decisions import correction_of, standing_decision
from app.queries.publication import complaints_until
from app.queries.scope import contest_for
from app.services.ledger import record
from app.services.printing import lines_of, printing_fault
from app.services.replacing import revoke_unfounded, supersede
from app.services.seals import seals_of_the_decision
from app.services.sequencing import publish_head
from certificates import Certificate, DocumentError


@dataclass(frozen=True)
class RecordDecision:
    """The decision as it was signed; `signatory_title` may have several lines.

    `early_reason` says why it is recorded before the term for complaints ends, `replaces_id` which decision
    it replaces, as the page told; None where it is the first.
    """

    contest_id: int
    number: str
    signed_on: date
    signing_body: str
    signatory_title: str
    signatory: str
    place: str
    early_reason: str = ""
    replaces_id: int | None = None


def publish_provisional(session: Session, contest_id: int, *, actor: Actor, now: datetime) -> Contest:
    """Make the list that the council voted public; the term for complaints begins."""
    contest = contest_for(session, actor, Permission.RESULTS_PUBLISH, contest_id, lock=True)
    check_real(is_practice=contest.is_practice)
    check_transition(contest.state, ContestState.PROVISIONAL)
    contest.published_at = now
    _move(session, contest, ContestState.PROVISIONAL, actor, now)
    publish_head(session, contest.id, Occasion.LIST, now=now)
    return contest


def record_decision(session: Session, command: RecordDecision, *, actor: Actor, now: datetime) -> Decision:
    """Write down the signed decision: the list is final, and certificates can be issued.

    One that replaces another takes back, at once, the certificates of what it no longer recognises.

    Raises
    ------
    InvalidInput, StaleVersion
        As `check_decision`.
    """
    contest = check_decision(session, command, actor=actor, now=now)
    correction = correction_of(session, contest.id)
    if correction:
        supersede(session, correction, command.number, actor=actor, now=now)
    signed = asdict(command)
    del signed["early_reason"], signed["replaces_id"]
    decision = Decision(**signed, recorded_at=now)
    session.add(decision)
    record(
        session,
        actor,
        "decision:record",
        decision,
        now=now,
        contest_id=contest.id,
        new=asdict(command) | {"signed_on": command.signed_on.isoformat()},
        seals=seals_of_the_decision(session, contest.id),
        **({"replaces": correction.decision.number} if correction else {}),
    )
    if correction:
        revoke_unfounded(session, decision, correction, actor=actor, now=now)
    _move(session, contest, ContestState.FINAL, actor, now)
    publish_head(session, contest.id, Occasion.DECISION, now=now)
    return decision


def check_decision(session: Session, command: RecordDecision, *, actor: Actor, now: datetime) -> Contest:
    """The contest, locked, if this decision can be recorded; nothing is written.

    Raises
    ------
    InvalidInput
        A text that certificates could not print, a day before the vote or after today, no reason for a decision
        before the term for complaints ends, or the number and day of the decision that it replaces.
    StaleVersion
        It would replace another decision than the page told.
    """
    contest = contest_for(session, actor, Permission.RESULTS_PUBLISH, command.contest_id, lock=True)
    check_real(is_practice=contest.is_practice)
    check_transition(contest.state, ContestState.FINAL)
    standing = standing_decision(session, contest.id)
    if command.replaces_id != (standing and standing.id):
        raise StaleVersion(WRONG_STAGE)
    voted_at = session.scalars(select(Ballot.closed_at).where(Ballot.contest_id == contest.id)).one()
    faults = _text_faults(command) | _day_faults(command.signed_on, voted_at, now)
    faults |= _early_faults(contest, command.early_reason, now)
    if standing and (standing.number, standing.signed_on) == (command.number, command.signed_on):
        faults["number"] = Message(N_("This is the decision that is replaced. Enter the new one."))
    if faults:
        raise InvalidInput(faults)
    return contest


def _early_faults(contest: Contest, reason: str, now: datetime) -> dict[str, Message]:
    last = complaints_until(contest.published_at or now, contest.rules.complaint_days)
    try:
        if reason or in_vietnam(now).date() <= last:
            check_reason(reason)
    except InvalidInput as error:
        return {"early_reason": error.fields["reason"]}
    return {}


def _move(session: Session, contest: Contest, state: ContestState, actor: Actor, now: datetime) -> Contest:
    old, contest.state = contest.state, state
    record(
        session,
        actor,
        "contest:move",
        contest,
        now=now,
        contest_id=contest.id,
        old=old.value,
        new=state.value,
    )
    return contest


def _day_faults(signed_on: date, voted_at: datetime | None, now: datetime) -> dict[str, Message]:
    first, last = in_vietnam(voted_at or now).date(), in_vietnam(now).date()
    if first <= signed_on <= last:
        return {}
    text = N_(
        "Enter the day on which the decision was signed: from the vote on %(first)s to today, %(last)s."
    )
    return {"signed_on": Message(text, {"first": format_date(first), "last": format_date(last)})}


_FIELDS = {
    "issuer": "signing_body",
    "decision_number": "number",
    "place": "place",
    "signatory_title": "signatory_title",
    "signatory": "signatory",
}


def _text_faults(command: RecordDecision) -> dict[str, Message]:
    """Try each text of the decision on a certificate: what could not be printed is better known now."""
    faults = {}
    for printed, name in _FIELDS.items():
        text = getattr(command, name)
        changes: dict[str, Any] = {printed: lines_of(text) if printed == "signatory_title" else text}
        try:
            replace(_BLANK, **changes)
        except DocumentError as error:
            faults[name] = printing_fault(error)
    return faults


_BLANK = Certificate(
    issuer="–",
    number="–",
    tier="–",
    year=2026,
    product="–",
    is_set=False,
    facility="–",
    address="–",
    decision_number="–",
    decision_date=date(2026, 1, 1),
    place="–",
    signed_on=date(2026, 1, 1),
    signatory_title=("–",),
    signatory="–",
    check_url="http://localhost/c/0",
    code="0",
    example=True,
)
