"""The organiser's review of a submitted dossier: accept it under a code, return it, or reject it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.entries import REVIEWABLE, EntryState, next_entry_code
from app.domain.errors import InvalidInput, NotFound, NotReady, StaleVersion, require
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.models import Contest, Entry
from app.queries.scope import contests_within
from app.services.assignments import seat_judges
from app.services.ledger import record
from app.services.nominations import qualification_faults


def accept_entry(
    session: Session, entry_id: int, *, actor: Actor, now: datetime, version: int | None = None
) -> Entry:
    """Take an entry in under the next code of its product group, and give it to that group's judges.

    Raises
    ------
    StaleVersion
        If the dossier is not the one that was read: `version` is the version seen, None for whatever stands.
    NotReady
        If the entry has not qualified at the lower tier.
    """
    entry = _reviewable(session, entry_id, actor, version)
    if faults := qualification_faults(session, entry, now=now):
        raise NotReady(tuple(faults))
    taken = session.scalars(
        select(Entry.code).where(
            Entry.contest_id == entry.contest_id,
            Entry.group_code == entry.group_code,
            Entry.code.is_not(None),
        )
    )
    entry.code = next_entry_code(entry.group_code, [code for code in taken if code])
    _decide(session, entry, EntryState.ACCEPTED, "", actor=actor, now=now)
    seat_judges(session, entry, actor=actor, now=now)
    return entry


def return_entry(
    session: Session, entry_id: int, reason: str, *, actor: Actor, now: datetime, version: int | None = None
) -> Entry:
    """Send a dossier back to its facility, saying what to complete."""
    entry = _reviewable(session, entry_id, actor, version)
    return _decide(session, entry, EntryState.RETURNED, _written(reason), actor=actor, now=now)


def reject_entry(
    session: Session, entry_id: int, reason: str, *, actor: Actor, now: datetime, version: int | None = None
) -> Entry:
    """Refuse an entry for good, saying why."""
    entry = _reviewable(session, entry_id, actor, version)
    return _decide(session, entry, EntryState.REJECTED, _written(reason), actor=actor, now=now)


def _reviewable(session: Session, entry_id: int, actor: Actor, version: int | None) -> Entry:
    # The contest is locked first: codes are given one after the other.
    within = contests_within(actor, Permission.ENTRY_REVIEW)
    contest = session.scalars(
        select(Contest)
        .join(Entry, Entry.contest_id == Contest.id)
        .where(Entry.id == entry_id, Entry.state != EntryState.DRAFT, within)
        .with_for_update(of=Contest)
    ).one_or_none()
    if contest is None:
        raise NotFound
    require(
        contest.state is ContestState.REGISTRATION, N_("Dossiers are reviewed while registration is open.")
    )
    entry = session.scalars(
        select(Entry).where(Entry.id == entry_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    require(entry.state in REVIEWABLE, N_("This dossier does not wait for a decision; reload the page."))
    if version is not None and entry.version != version:
        raise StaleVersion(
            N_("The dossier has changed since you opened it. Read it again before you decide.")
        )
    return entry


def _written(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("Write the reason: the facility reads it."))})
    return reason


def _decide(
    session: Session, entry: Entry, state: EntryState, reason: str, *, actor: Actor, now: datetime
) -> Entry:
    old, entry.state = entry.state, state
    entry.review_reason, entry.reviewed_at = reason, now
    details = {"code": entry.code} if entry.code else {"reason": reason}
    record(
        session,
        actor,
        f"entry:{_VERBS[state]}",
        entry,
        now=now,
        contest_id=entry.contest_id,
        old=old.value,
        new=state.value,
        **details,
    )
    return entry


_VERBS = {EntryState.ACCEPTED: "accept", EntryState.RETURNED: "return", EntryState.REJECTED: "reject"}
