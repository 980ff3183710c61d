"""What the votes of a meeting make of its ballot, and whether they are those that the ledger holds."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from app.domain.contests import list_codes
from app.domain.errors import StaleVersion, require
from app.domain.meetings import PollBy, Tally, check_present, tally_of
from app.domain.messages import N_
from app.models import Ballot, Entry, Meeting, Poll
from app.queries.attendance import seats_in
from app.queries.polls import items_without_vote, open_poll_of, present_in, recorded_counts


def touch(meeting: Meeting) -> None:
    """Let every page that follows the meeting see that something changed."""
    meeting.version = Meeting.version + 1  # counted by the database: members act at the same time


def tallies_of(polls: Sequence[Poll]) -> dict[int, Tally]:
    """By item, what the vote on it came to."""
    return {
        item.item_id: Tally(poll.yes, poll.no, poll.abstain)
        for poll in polls
        if poll.yes is not None and poll.no is not None and poll.abstain is not None
        for item in poll.items
    }


def check_all_polled(session: Session, meeting: Meeting, ballot: Ballot, polls: Sequence[Poll]) -> None:
    """Raise IllegalState unless the meeting, with its quorum, has voted on everything on its ballot."""
    require(open_poll_of(polls) is None, N_("A vote is being taken. Close it first."))
    left = [session.get_one(Entry, item.entry_id).code or "" for item in items_without_vote(ballot, polls)]
    text = N_("Not voted on yet: %(codes)s.")
    require(not left, text, codes=list_codes(sorted(left)))
    check_present(len(present_in(session, meeting.id)), ballot.quorum)


def check_as_shown(
    session: Session, contest_id: int, seen: frozenset[int] | None, entitled: Collection[int]
) -> None:
    """Raise StaleVersion unless the members whose hands count are those that the page showed, if there was one.

    Counts of other people may add up as well, and yet are not theirs.
    """
    if seen is None or seen == set(entitled):
        return
    names = [seat.name for seat in seats_in(session, contest_id, None) if seat.member_id in entitled]
    text = N_(
        "Those who may vote are others than this page showed. Now they are: %(names)s. "
        "Check the counts and send them again."
    )
    raise StaleVersion(text, names=", ".join(names))


def are_as_recorded(session: Session, ballot: Ballot, polls: Sequence[Poll]) -> bool:
    """Whether the counts are those that the ledger holds, and those of devices what members chose on them."""
    tallies = tallies_of(polls)
    counts = {item.entry_id: tallies[item.id].recorded for item in ballot.items if item.id in tallies}
    return counts == recorded_counts(session, ballot.contest_id) and _devices_add_up(ballot, polls, tallies)


def _devices_add_up(ballot: Ballot, polls: Sequence[Poll], tallies: Mapping[int, Tally]) -> bool:
    on_devices = {item.item_id for poll in polls if poll.taken_by is PollBy.DEVICE for item in poll.items}
    chosen = {item.id: tally_of([vote.choice for vote in item.votes]) for item in ballot.items}
    return all(chosen[item_id] == tallies.get(item_id) for item_id in on_devices) and not any(
        chosen[item_id].voted for item_id in chosen.keys() - on_devices
    )
