"""Votes in the council's meeting: on one product or on a list, each member on their own device or by raised hands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted, StaleVersion, require
from app.domain.judging import check_reason
from app.domain.meetings import (
    MOVED_ON,
    NO_MEETING,
    NOT_PRESENT,
    PollBy,
    Tally,
    check_all_voted,
    check_hands,
    check_list,
    check_presided,
    check_turnout,
    tally_of,
)
from app.domain.messages import N_, Message
from app.domain.permissions import Actor
from app.domain.results import Choice
from app.domain.ties import check_tie_choices, check_tie_hands
from app.models import Ballot, BallotItem, Entry, Meeting, Poll, PollItem, Vote
from app.queries.own_facilities import barred_from
from app.queries.polls import (
    annulment_of,
    barred_in,
    items_without_vote,
    meeting_of,
    offices_in,
    open_poll_of,
    polls_of,
    present_in,
)
from app.queries.ties import ties_of
from app.services.ballots import own_seat, standing_ballot
from app.services.ledger import record
from app.services.meeting_counts import check_as_shown
from app.services.meetings import Room, check_no_poll, check_quorum_of, log, room_for
from app.services.printing import check_letters

OVER = N_("The vote that this page showed is over. Nothing was sent.")
OBJECTED = N_("An objection to this list is recorded already: its products are voted on one by one.")
CLOSED_MEANWHILE = N_(
    "Somebody else closed this vote since you opened this page. Its result is shown below: annul it only if it is "
    "not to count."
)


@dataclass(frozen=True)
class OpenPoll:
    """Take a vote on the product before the meeting, or on a list of its group."""

    contest_id: int
    item_ids: tuple[int, ...]
    taken_by: PollBy
    is_list: bool = False
    nobody_objects: bool = False


@dataclass(frozen=True)
class ClosePoll:
    """End a vote: with the counts of raised hands, or with what members chose on their devices.

    `seen` is who might vote by hands as the page showed it; None if no page was shown.
    """

    contest_id: int
    poll_id: int
    counts: Mapping[str, int | None] | None = None
    without_them: bool = False
    seen: frozenset[int] | None = None


@dataclass(frozen=True)
class AnnulPoll:
    """Take a vote back, so that it can be taken again, and why; `seen_closed` if the page showed its result."""

    contest_id: int
    poll_id: int
    reason: str
    seen_closed: bool = False


@dataclass(frozen=True)
class VoteInMeeting:
    """A member's choice in the vote that is being taken; `seen` is their choice so far, as the page showed it."""

    contest_id: int
    poll_id: int
    choice: Choice | None
    seen: Choice | None = None


def open_poll(session: Session, command: OpenPoll, *, actor: Actor, now: datetime) -> Poll:
    """Begin a vote, once there is a quorum, on what the meeting has not voted on yet."""
    room = room_for(session, actor, command.contest_id)
    standing_ballot(session, room.contest)
    items = [room.items[item_id] for item_id in dict.fromkeys(command.item_ids) if item_id in room.items]
    if not items or len(items) < len(set(command.item_ids)):
        raise NotFound
    check_no_poll(session, room)
    check_quorum_of(session, room)
    check_presided(offices_in(session, room.meeting.id))
    left = items_without_vote(room.ballot, polls_of(session, room.meeting.id))
    require(
        all(item in left for item in items),
        N_("The council has voted on this already. Annul that vote first."),
    )
    if command.is_list:
        _check_list(session, room, items, nobody_objects=command.nobody_objects)
    elif len(items) > 1 or room.meeting.current_item_id != items[0].id:
        raise StaleVersion(MOVED_ON)
    poll = Poll(
        meeting_id=room.meeting.id,
        taken_by=command.taken_by,
        opened_at=now,
        seats={},
        items=[PollItem(item_id=item.id) for item in items],
    )
    session.add(poll)
    room.meeting.current_item_id = items[0].id
    said = {"entries": [item.entry_id for item in items], "by": poll.taken_by.value, "list": command.is_list}
    log(session, room, "meeting:open-poll", actor, now, poll, **said)
    return poll


def _check_list(session: Session, room: Room, items: list[BallotItem], *, nobody_objects: bool) -> None:
    groups = [session.get_one(Entry, item.entry_id).group_code for item in items]
    check_list(len(items), groups, nobody_objects=nobody_objects)
    text = N_(
        "Only products of the jury’s list are voted on as one list; each of the others is decided alone."
    )
    require(all(item.on_jury_list for item in items), text)
    aside = barred_in(barred_from(session, room.contest.id), [item.entry_id for item in items])
    text = N_("A member who is present may not vote on one of these products: vote on that one alone.")
    require(not aside & present_in(session, room.meeting.id), text)


def vote_in_meeting(session: Session, command: VoteInMeeting, *, actor: Actor, now: datetime) -> None:
    """Keep a member's choice; it can be changed until the vote is closed, and each change is on record."""
    contest, member = own_seat(session, command.contest_id, actor)
    meeting = meeting_of(session, contest.id)
    if meeting is None or meeting.closed_at is not None:
        raise IllegalState(NO_MEETING)
    poll = open_poll_of(polls_of(session, meeting.id))
    if poll is None or poll.id != command.poll_id:
        raise StaleVersion(OVER)
    require(poll.taken_by is PollBy.DEVICE, N_("This vote is taken by raised hands in the room."))
    entries = [item.item.entry_id for item in poll.items]
    if barred_from(session, contest.id)[member.id] & set(entries):
        raise NotPermitted(N_("You cannot vote on a product of your own facility."))
    require(member.id in present_in(session, meeting.id), NOT_PRESENT)
    if command.choice is None:
        raise InvalidInput({"choice": Message(N_("Choose yes, no or abstain."))})
    own = {vote.item_id: vote for vote in _votes(session, poll) if vote.member_id == member.id}
    standing = next((vote.choice for vote in own.values()), None)
    if standing is command.choice:
        return
    if standing is not command.seen:
        text = N_("Your vote was sent elsewhere since you opened this page. Choose and send again.")
        raise StaleVersion(text)
    if command.choice is Choice.YES:
        said_yes = dict.fromkeys([*_said_yes(session, meeting, member.id), *entries], Choice.YES)
        check_tie_choices(said_yes, ties_of(session, contest.id, contest.rules))
    for item in poll.items:
        if vote := own.get(item.item_id):
            vote.choice, vote.cast_at = command.choice, now
        else:
            cast = Vote(item_id=item.item_id, member_id=member.id, choice=command.choice, cast_at=now)
            session.add(cast)
    changes = {str(entry_id): [standing, command.choice] for entry_id in entries}
    record(session, actor, "ballot:vote", member, now=now, contest_id=contest.id, changes=changes)


def close_poll(session: Session, command: ClosePoll, *, actor: Actor, now: datetime) -> Poll:
    """Count a vote and end it; from here on its result is shown."""
    room = room_for(session, actor, command.contest_id)
    poll = _standing_poll(session, room, command.poll_id)
    require(poll.closed_at is None, N_("This vote is closed already."))
    entries = [item.item.entry_id for item in poll.items]
    present = present_in(session, room.meeting.id)
    barred = barred_in(barred_from(session, room.contest.id), entries)
    entitled, aside = present - barred, present & barred
    check_quorum_of(session, room)
    check_presided(offices_in(session, room.meeting.id))
    if poll.taken_by is PollBy.HANDS:
        check_as_shown(session, room.contest.id, command.seen, entitled)
        tally = check_hands(command.counts or {}, len(entitled))
        _check_tie(session, room, entries[0], tally, entitled)
    else:
        votes = {vote.member_id: vote.choice for vote in _votes(session, poll)}
        tally = tally_of(list(votes.values()))
        check_all_voted(len(entitled - votes.keys()), without_them=command.without_them)
        check_turnout(tally.voted + len(aside), room.ballot.members, room.ballot.quorum)
        entitled |= votes.keys()
    _close(poll, tally, now)
    poll.seats = {"entitled": sorted(entitled), "aside": sorted(aside)}
    said: dict[str, object] = {"by": poll.taken_by.value, **poll.seats}
    said["polls"] = {str(entry_id): tally.recorded for entry_id in entries}
    log(session, room, "meeting:close-poll", actor, now, poll, **said)
    return poll


def _said_yes(session: Session, meeting: Meeting, member_id: int) -> list[int]:
    """The entries to which a member has said yes on their device."""
    votes = select(BallotItem.entry_id).join(Vote, Vote.item_id == BallotItem.id)
    own = (BallotItem.ballot_id == meeting.ballot_id, Vote.member_id == member_id, Vote.choice == Choice.YES)
    return list(session.scalars(votes.where(*own)))


def _check_tie(session: Session, room: Room, entry_id: int, tally: Tally, entitled: Collection[int]) -> None:
    """Raise InvalidInput if so many hands cannot be, as everybody says yes to no more of a tie than it has places."""
    ties = ties_of(session, room.contest.id, room.contest.rules)
    for tie in (tie for tie in ties if entry_id in tie.entries):
        others = [
            poll
            for poll in polls_of(session, room.meeting.id)
            if poll.closed_at is not None and {item.item.entry_id for item in poll.items} & set(tie.entries)
        ]
        voters = set(entitled).union(*(poll.seats["entitled"] for poll in others))
        check_tie_hands(sum(poll.yes or 0 for poll in others), tally.yes, tie.places * len(voters))


def _close(poll: Poll, tally: Tally, now: datetime) -> None:
    poll.yes, poll.no, poll.abstain, poll.closed_at = tally.yes, tally.no, tally.abstain, now


def annul_poll(session: Session, command: AnnulPoll, *, actor: Actor, now: datetime) -> None:
    """Take a vote back before the ballot closes; the ledger keeps what it had come to.

    Nobody need preside, so that a vote can be stopped whoever has left; no result is annulled unseen.
    """
    room = room_for(session, actor, command.contest_id)
    standing_ballot(session, room.contest)
    poll = _standing_poll(session, room, command.poll_id)
    if poll.closed_at is not None and not command.seen_closed:
        raise StaleVersion(CLOSED_MEANWHILE)
    check_reason(command.reason)
    check_letters(reason=command.reason)
    if poll.closed_at is not None:
        check_no_poll(session, room)
        room.meeting.current_item_id = poll.items[0].item_id
    _annul(session, room, poll, command.reason, actor, now, is_objection=False)


def object_to_list(session: Session, contest_id: int, poll_id: int, *, actor: Actor, now: datetime) -> None:
    """Let a member who is present have the products of a list voted on one by one."""
    contest, member = own_seat(session, contest_id, actor, alone=True)
    meeting = meeting_of(session, contest.id)
    poll = open_poll_of(polls_of(session, meeting.id)) if meeting else None
    if meeting is None or poll is None or poll.id != poll_id:
        stopped = annulment_of(session, contest.id, poll_id)
        raise StaleVersion(OBJECTED if stopped and stopped["objection"] else OVER)
    require(len(poll.items) > 1, N_("This is no list."))
    require(member.id in present_in(session, meeting.id), NOT_PRESENT)
    room = Room(contest, session.get_one(Ballot, meeting.ballot_id), meeting)
    _annul(session, room, poll, "", actor, now, is_objection=True)


def _annul(
    session: Session, room: Room, poll: Poll, reason: str, actor: Actor, now: datetime, *, is_objection: bool
) -> None:
    entries = [item.item.entry_id for item in poll.items]
    old = None if poll.closed_at is None else [poll.yes, poll.no, poll.abstain]
    said = {"reason": reason, "objection": is_objection, "old": old}
    polls = dict.fromkeys(map(str, entries))
    log(session, room, "meeting:annul-poll", actor, now, poll, polls=polls, **said)
    session.execute(delete(Vote).where(Vote.item_id.in_([item.item_id for item in poll.items])))
    session.delete(poll)


def _standing_poll(session: Session, room: Room, poll_id: int) -> Poll:
    poll = next((poll for poll in polls_of(session, room.meeting.id) if poll.id == poll_id), None)
    if poll is None:
        raise StaleVersion(MOVED_ON)
    return poll


def _votes(session: Session, poll: Poll) -> list[Vote]:
    return list(session.scalars(select(Vote).where(Vote.item_id.in_([item.item_id for item in poll.items]))))
