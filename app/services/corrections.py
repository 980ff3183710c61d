"""Correcting a result after the council's vote: nothing is overwritten, everything is done again with its reason."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.contests import CORRECTABLE, PUBLIC, WRONG_STAGE, ContestState
from app.domain.errors import StaleVersion, require
from app.domain.judging import check_reason
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import in_vietnam
from app.models import Contest, Decision, WithdrawnList
from app.queries.decisions import standing_decision
from app.queries.public_results import public_results
from app.queries.scope import contest_for
from app.queries.withdrawn_lists import ListedProduct
from app.services.ballot_turns import annul_ballot
from app.services.ballots import ballot_with_votes, counts_of
from app.services.ledger import record
from app.services.printing import check_letters


@dataclass(frozen=True)
class OpenCorrection:
    """Have a result corrected that the council has voted on, and why.

    `decision_id` is the decision whose list is withdrawn, as the page told; None where none was signed.
    """

    contest_id: int
    reason: str
    decision_id: int | None = None


def open_correction(session: Session, command: OpenCorrection, *, actor: Actor, now: datetime) -> Contest:
    """Send a contest back to its judges from the vote, from its provisional list or from its final one.

    The vote is annulled, its counts stay in the ledger, and the council votes anew on the corrected result.
    A public list is withdrawn and stays readable with its reason. The computed result stays as a version. A
    signed decision and its certificates stand until the decision on the corrected list replaces it.

    Raises
    ------
    IllegalState
        The council has not voted, or the result is being corrected already.
    StaleVersion
        The decision was recorded, or replaced, after the page was opened.
    """
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, command.contest_id, lock=True)
    require(contest.state in CORRECTABLE, WRONG_STAGE)
    decision = standing_decision(session, contest.id) if contest.state is ContestState.FINAL else None
    if command.decision_id != (decision and decision.id):
        raise StaleVersion(WRONG_STAGE)
    check_reason(command.reason)
    check_letters(reason=command.reason)
    if contest.state in PUBLIC:
        _withdraw_list(session, contest, command, actor, now)
    _annul_ballot(session, contest, command, actor, now)
    old, contest.state, contest.published_at = contest.state, ContestState.SCORING, None
    record(
        session,
        actor,
        "contest:move",
        contest,
        now=now,
        contest_id=contest.id,
        old=old.value,
        new=contest.state.value,
        reason=command.reason,
    )
    return contest


def _withdraw_list(
    session: Session, contest: Contest, command: OpenCorrection, actor: Actor, now: datetime
) -> None:
    public = public_results(session, contest.slug, today=in_vietnam(now).date())
    rows = [
        ListedProduct(
            row.code,
            row.names.product,
            row.names.facility,
            row.names.address,
            row.average,
            row.prize,
            row.certificate,
            row.check_code,
            row.listed_members,
        )
        for row in public.rows
    ]
    withdrawn = WithdrawnList(
        contest_id=contest.id,
        decision_id=command.decision_id,
        published_at=public.published_at,
        withdrawn_at=now,
        withdrawn_by_id=actor.user_id,
        reason=command.reason,
        content={"rows": [asdict(row) for row in rows]},
    )
    session.add(withdrawn)
    record(
        session,
        actor,
        "list:withdraw",
        withdrawn,
        now=now,
        contest_id=contest.id,
        reason=command.reason,
        entries=[row.code for row in rows],
        **_of_final_list(public.decision, rows),
    )


def _of_final_list(decision: Decision | None, rows: list[ListedProduct]) -> dict[str, object]:
    if decision is None:
        return {}
    return {
        "decision": decision.number,
        "signed_on": decision.signed_on.isoformat(),
        "certificates": [row.certificate for row in rows if row.certificate],
    }


def _annul_ballot(
    session: Session, contest: Contest, command: OpenCorrection, actor: Actor, now: datetime
) -> None:
    ballot = ballot_with_votes(session, contest)
    closed = {"old_note": ballot.closing_note, "old_counts": counts_of(ballot)}
    annul_ballot(session, ballot, command.reason, actor=actor, now=now, **closed)
