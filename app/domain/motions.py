"""Motions of the council (đề nghị thay đổi): what it may change of the jury's list, and what a vote on that takes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.ballots import check_length
from app.domain.errors import InvalidInput, require
from app.domain.messages import N_, Message
from app.domain.results import quorum_of

MAX_PROPOSER = 120
MAX_SET_NAME = 200
MAX_MEMBERS = 1500  # characters of the products' names together: so many fit on one certificate


class MotionKind(StrEnum):
    """What a motion changes."""

    MERGE = "merge"  # entries become one set
    SPLIT = "split"  # a set becomes entries again
    ADD = "add"  # an entry outside the jury's list joins the ballot
    LEAVE_OUT = "leave-out"  # an entry leaves the ballot
    PRIZE = "prize"  # another class of prize
    PLACES = "places"  # how many of those tied at a cut have a place
    NOMINATE = "nominate"  # how many go up to the next tier


class Ground(StrEnum):
    """Why entries are one set."""

    USE = "use"
    MATERIAL = "material"
    DESIGN = "design"


class MotionState(StrEnum):
    """How far a motion is, and what became of it."""

    OPEN = "open"
    CARRIED = "carried"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Proposal:
    """What a motion is to change; which of the rest is given depends on the kind."""

    kind: MotionKind
    entries: tuple[int, ...] = ()
    name: str = ""  # of the set
    ground: Ground | None = None
    prize: str | None = None  # code of the class; None for no prize
    number: int | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What of it is kept and recorded: by kind, nothing that the kind does not have."""
        named = {name: getattr(self, name) for name in PARTS[self.kind]}
        return named | ({"entries": sorted(self.entries)} if "entries" in named else {})


PARTS = {
    MotionKind.MERGE: ("entries", "name", "ground"),
    MotionKind.SPLIT: ("entries", "name"),
    MotionKind.ADD: ("entries",),
    MotionKind.LEAVE_OUT: ("entries",),
    MotionKind.PRIZE: ("entries", "prize"),
    MotionKind.PLACES: ("entries", "number"),
    MotionKind.NOMINATE: ("number",),
}


def proposal_of(kind: MotionKind, content: dict[str, Any]) -> Proposal:
    """Read back what `Proposal.content` gave."""
    ground = content.get("ground")
    return Proposal(
        kind=kind,
        entries=tuple(content.get("entries", ())),
        name=content.get("name", ""),
        ground=ground and Ground(ground),
        prize=content.get("prize"),
        number=content.get("number"),
    )


def check_proposer(proposer: str) -> None:
    """Raise InvalidInput unless it is written who makes the motion, and not too long."""
    if not proposer:
        raise InvalidInput({"proposer": Message(N_("Write who makes this motion."))})
    check_length("proposer", proposer, MAX_PROPOSER)


def check_entries(entries: Collection[int], least: int = 1) -> None:
    """Raise InvalidInput unless enough entries are chosen."""
    if not entries:
        raise InvalidInput({"entries": Message(N_("Choose at least one product."))})
    if len(set(entries)) < least:
        raise InvalidInput({"entries": Message(N_("Choose at least two products: one alone is no set."))})


def check_set(name: str, ground: Ground | None) -> None:
    """Raise InvalidInput, by field, unless a set has a name that fits and a ground."""
    faults = {}
    if not name:
        faults["name"] = Message(N_("Write the name of the set."))
    if ground is None:
        faults["ground"] = Message(N_("Choose what the products have in common."))
    if faults:
        raise InvalidInput(faults)
    check_length("name", name, MAX_SET_NAME)


def check_members(names: Iterable[str]) -> None:
    """Raise InvalidInput if the names of the products of a set do not fit on one certificate."""
    length = sum(len(name) for name in names)
    if length > MAX_MEMBERS:
        text = N_(
            "The names of these products have %(length)d characters together; at most %(most)d fit on one certificate."
        )
        raise InvalidInput({"entries": Message(text, {"length": length, "most": MAX_MEMBERS})})


def check_number(number: int | None, highest: int) -> None:
    """Raise InvalidInput unless a whole number from 0 to the highest is given."""
    if number is None or not 0 <= number <= highest:
        text = Message(N_("Enter a whole number from 0 to %(highest)d."), {"highest": highest})
        raise InvalidInput({"number": text})


def votes_required(entitled: int, quorum_percent: int) -> int:
    """The fewest members who must vote on a motion: the declared share of those who may, at least one.

    >>> votes_required(9, 67), votes_required(7, 67)
    (7, 5)
    """
    return max(1, quorum_of(entitled, quorum_percent))


def check_tally(counts: tuple[int | None, int | None, int | None], entitled: int) -> tuple[int, int, int]:
    """The counts of a show of hands; InvalidInput if one is missing, or more voted than may."""
    yes, no, abstain = counts
    if yes is None or no is None or abstain is None or min(yes, no, abstain) < 0:
        names = ("yes", "no", "abstain")
        how_many = Message(N_("Enter how many, 0 for nobody."))
        raise InvalidInput({n: how_many for n, c in zip(names, counts, strict=True) if c is None or c < 0})
    if yes + no + abstain > entitled:
        text = N_("These are %(votes)d votes, but only %(entitled)d members may vote on this.")
        raise InvalidInput({"yes": Message(text, {"votes": yes + no + abstain, "entitled": entitled})})
    return yes, no, abstain


def check_votes(voted: int, entitled: int, needed: int) -> None:
    """Raise IllegalState unless enough of the members who may vote on a motion have voted."""
    text = N_(
        "%(voted)d of %(entitled)d members who may vote on this have voted; at least %(needed)d must have."
    )
    require(voted >= needed, text, voted=voted, entitled=entitled, needed=needed)
