"""The council's meeting (cuộc họp hội đồng): who is there, when it may go on, what a count of hands may be."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from app.domain.errors import InvalidInput, require
from app.domain.messages import N_, Message
from app.domain.permissions import Permission
from app.domain.results import Choice, Office, is_carried
from app.domain.vietnamese import VIETNAM, in_vietnam

MAX_HANDS = 999
MAX_REMARK = 2000
SHORTEST_TIMER, LONGEST_TIMER = 10, 3600
CLOCK = re.compile(r"(\d{1,2})(?:\s*(?::|h|g|giờ)\s*(\d{1,2})?)?", re.ASCII | re.IGNORECASE)
MOVED_ON = N_(
    "Somebody else went on with the meeting since you opened this page. It now shows where it stands."
)
NO_MEETING = N_("The council is not meeting now.")
NOT_PRESENT = N_("You are not written down as present. Say first that you are here.")


class PollBy(StrEnum):
    """How a vote is taken in the meeting."""

    DEVICE = "device"  # each member on their own
    HANDS = "hands"  # counted in the room and keyed by the secretary


class Presence(StrEnum):
    """Whether a member is at the meeting."""

    PRESENT = "present"
    LEFT = "left"
    ABSENT = "absent"


@dataclass(frozen=True)
class FurtherPoint:
    """A point of the agenda that is no entry, such as a motion; whoever knows of some hands them over as a list.

    `paragraphs` is what the minutes say of it, in Vietnamese; nothing where another part of them says it.
    """

    title: Message
    stands: Message  # in a few words
    is_settled: bool
    endpoint: str = ""  # of the page where it is dealt with
    values: Mapping[str, int] = field(
        default_factory=dict
    )  # what that page's address needs beside the contest
    permission: Permission = Permission.BALLOT_MANAGE  # of those who may open that page
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """What a vote came to."""

    yes: int
    no: int
    abstain: int

    @property
    def voted(self) -> int:
        """How many voted."""
        return self.yes + self.no + self.abstain

    @property
    def carried(self) -> bool:
        """Whether more than half of those who voted, abstentions counted, said yes."""
        return is_carried(self.yes, self.no, self.abstain)

    @property
    def recorded(self) -> list[int | bool]:
        """As the ledger keeps it: yes, no, abstain, carried."""
        return [self.yes, self.no, self.abstain, self.carried]


def tally_of(choices: Sequence[Choice]) -> Tally:
    """Count votes.

    >>> tally_of([Choice.YES, Choice.YES, Choice.ABSTAIN])
    Tally(yes=2, no=0, abstain=1)
    """
    return Tally(*(choices.count(choice) for choice in Choice))


def read_clock(text: str) -> time | None:
    """A time of day as people type it; None if it is none.

    >>> read_clock("8:05"), read_clock("14h30"), read_clock("8 giờ"), read_clock("25:00")
    (datetime.time(8, 5), datetime.time(14, 30), datetime.time(8, 0), None)
    """
    found = CLOCK.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return time(int(found[1]), int(found[2] or 0))


def moment_of(clock: time | None, *, earliest: datetime | None, now: datetime) -> datetime:
    """The moment of today that a clock in the room showed; now if no time is given.

    Minutes are all that people type: the very minute of the earliest moment counts as that moment.

    Raises
    ------
    InvalidInput
        It lies in the future, or before the earliest moment.
    """
    if clock is None:
        return now
    moment = datetime.combine(in_vietnam(now).date(), clock, VIETNAM)
    if moment > now:
        raise InvalidInput({"clock": Message(N_("This time is still to come."))})
    if earliest is not None and moment < earliest:
        shown = in_vietnam(earliest)
        if moment < shown.replace(second=0, microsecond=0):
            text = N_("This time is before %(earliest)s.")
            raise InvalidInput({"clock": Message(text, {"earliest": f"{shown:%H:%M}"})})
        return earliest
    return moment


def check_present(present: int, quorum: int) -> None:
    """Raise IllegalState unless enough members are in the meeting for it to go on."""
    require(
        present >= quorum,
        N_("The meeting has no quorum: %(present)d members are present, at least %(quorum)d must be."),
        present=present,
        quorum=quorum,
    )


def check_turnout(voted: int, members: int, quorum: int) -> None:
    """Raise IllegalState unless enough of the council took part in a vote, those who stood aside counted."""
    text = N_("%(voted)d of %(members)d members have taken part in this vote; at least %(quorum)d must.")
    require(voted >= quorum, text, voted=voted, members=members, quorum=quorum)


def check_presided(offices: Collection[Office]) -> None:
    """Raise IllegalState unless somebody is there who can preside: the chair, or a deputy."""
    text = N_(
        "Neither the chair nor a deputy is written down as present: votes and motions need somebody who presides."
    )
    require(Office.CHAIR in offices or Office.DEPUTY in offices, text)


def check_list(entries: int, groups: Collection[str], *, nobody_objects: bool) -> None:
    """Raise unless these entries can be voted on as one list."""
    require(entries > 1, N_("A list holds at least two products."))
    require(len(set(groups)) == 1, N_("Only products of one group are voted on as one list."))
    if not nobody_objects:
        text = N_("Ask the council, and tick this if nobody objects to voting on the list as a whole.")
        raise InvalidInput({"nobody_objects": Message(text)})


def check_hands(counts: Mapping[str, int | None], entitled: int) -> Tally:
    """The counts of raised hands, by choice; InvalidInput unless all are there and add up to the members entitled."""
    given = {choice.value: counts.get(choice.value) for choice in Choice}
    missing = {
        name: Message(N_("Enter a whole number, 0 or more."))
        for name, count in given.items()
        if count is None or not 0 <= count <= MAX_HANDS
    }
    if missing:
        raise InvalidInput(missing)
    tally = Tally(*(count or 0 for count in given.values()))
    if tally.voted != entitled:
        text = N_("The counts add up to %(sum)d; %(entitled)d members are present and may vote.")
        raise InvalidInput({Choice.YES.value: Message(text, {"sum": tally.voted, "entitled": entitled})})
    return tally


def check_all_voted(waiting: int, *, without_them: bool) -> None:
    """Raise InvalidInput if members who are present have not voted, unless that is meant."""
    if waiting and not without_them:
        text = N_(
            "Members who are present and have not voted: %(waiting)d. Tick this to close without their votes."
        )
        raise InvalidInput({"without_them": Message(text, {"waiting": waiting})})


def check_timer(seconds: int) -> None:
    """Raise InvalidInput unless a timer may run so long."""
    if not SHORTEST_TIMER <= seconds <= LONGEST_TIMER:
        raise InvalidInput({"minutes": Message(N_("Choose how long the timer runs."))})
