"""The council's meeting in the tables and in the ledger: who is there, and what each vote in it came to."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.results import Office
from app.models import (
    Attendance,
    Ballot,
    BallotItem,
    CouncilMember,
    LedgerEvent,
    Meeting,
    Poll,
    PollItem,
    Vote,
)


def meeting_of(session: Session, contest_id: int) -> Meeting | None:
    """The meeting on a contest's ballot, open or closed; None if none was opened."""
    return session.scalars(
        select(Meeting).join(Ballot, Ballot.id == Meeting.ballot_id).where(Ballot.contest_id == contest_id)
    ).one_or_none()


def stays_of(session: Session, meeting_id: int) -> Mapping[int, list[Attendance]]:
    """By council member, each stay in a meeting, in order of time."""
    stays: defaultdict[int, list[Attendance]] = defaultdict(list)
    rows = select(Attendance).where(Attendance.meeting_id == meeting_id)
    for stay in session.scalars(rows.order_by(Attendance.came_at, Attendance.id)):
        stays[stay.member_id].append(stay)
    return stays


def present_in(session: Session, meeting_id: int) -> frozenset[int]:
    """The council members who are in a meeting now."""
    rows = select(Attendance.member_id).where(
        Attendance.meeting_id == meeting_id, Attendance.left_at.is_(None)
    )
    return frozenset(session.scalars(rows))


def offices_in(session: Session, meeting_id: int) -> frozenset[Office]:
    """The offices of those who are in a meeting now."""
    rows = select(CouncilMember.office).join(Attendance, Attendance.member_id == CouncilMember.id)
    return frozenset(
        session.scalars(rows.where(Attendance.meeting_id == meeting_id, Attendance.left_at.is_(None)))
    )


def polls_of(session: Session, meeting_id: int) -> list[Poll]:
    """The votes that stand in a meeting, with their items, in the order in which they were opened."""
    return list(
        session.scalars(
            select(Poll)
            .where(Poll.meeting_id == meeting_id)
            .options(selectinload(Poll.items).joinedload(PollItem.item))
            .order_by(Poll.opened_at, Poll.id)
        )
    )


def open_poll_of(polls: Iterable[Poll]) -> Poll | None:
    """The vote that is being taken, if one is."""
    return next((poll for poll in polls if poll.closed_at is None), None)


def voters_of(session: Session, poll: Poll) -> frozenset[int]:
    """The members who have voted in a poll on their devices."""
    items = [item.item_id for item in poll.items]
    return frozenset(session.scalars(select(Vote.member_id).where(Vote.item_id.in_(items))))


def barred_in(barred: Mapping[int, Collection[int]], entry_ids: Collection[int]) -> frozenset[int]:
    """The members who may not vote on one of these entries."""
    return frozenset(member for member, entries in barred.items() if set(entries) & set(entry_ids))


def recorded_counts(session: Session, contest_id: int) -> dict[int, list[int | bool]]:
    """By entry, what the ledger says that the vote on it in the meeting came to: yes, no, abstain, carried."""
    events = session.execute(
        select(LedgerEvent.action, LedgerEvent.details)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action.in_(("ballot:open", "meeting:close-poll", "meeting:annul-poll")),
        )
        .order_by(LedgerEvent.id)
    )
    counts: dict[int, list[int | bool]] = {}
    for action, details in events:
        if action == "ballot:open":
            counts.clear()
            continue
        for entry_id, count in json.loads(details)["polls"].items():
            if count is None:
                counts.pop(int(entry_id), None)
            else:
                counts[int(entry_id)] = count
    return counts


def annulment_of(session: Session, contest_id: int, poll_id: int) -> dict[str, Any] | None:
    """What the ledger says of how a vote was taken back; None if it was not. A vote's id is given once."""
    acts = select(LedgerEvent.details).where(
        LedgerEvent.contest_id == contest_id,
        LedgerEvent.action == "meeting:annul-poll",
        LedgerEvent.subject_id == poll_id,
    )
    details = session.scalar(acts.limit(1))
    return json.loads(details) if details else None


def items_without_vote(ballot: Ballot, polls: Iterable[Poll]) -> list[BallotItem]:
    """The entries of a ballot, with their items loaded, that the meeting has not voted on yet."""
    voted = {item.item_id for poll in polls if poll.closed_at is not None for item in poll.items}
    return [item for item in ballot.items if item.id not in voted]
