"""The council's ballot: who has voted, what may be put to the vote, when it may close."""

from collections.abc import Collection, Iterable, Mapping

from app.domain.errors import InvalidInput, NotFound, NotPermitted, require
from app.domain.messages import N_, Message
from app.domain.results import Choice, Outcome

ADDABLE = frozenset({Outcome.TIED, Outcome.REACHED})
TIED_REASON = (
    "Kết quả chấm điểm bằng nhau đúng tại ranh giới số lượng được chọn; theo quy chế, hội đồng quyết định."
)
MAX_PLACE = 200
MAX_NOTE = 2000


def choice_field(entry_id: int) -> str:
    """Name of the field that holds a member's choice on an entry."""
    return f"choice_{entry_id}"


def has_votable(outcomes: Iterable[Outcome]) -> bool:
    """Whether any entry reached the threshold, so that the council has something to vote on."""
    return bool(set(outcomes) & {Outcome.SELECTED, *ADDABLE})


def votes_needed(voters: int) -> int:
    """The fewest yes votes that carry an entry when so many vote on it.

    >>> votes_needed(9), votes_needed(8)
    (5, 5)
    """
    return voters // 2 + 1


def has_voted(voted_on: Collection[int], on_ballot: Collection[int], barred: Collection[int]) -> bool:
    """Whether a member has made a choice, and one on every entry that is open to them.

    >>> has_voted({1, 2}, [1, 2, 3], {3}), has_voted({1}, [1, 2, 3], {3})
    (True, False)
    """
    return bool(voted_on) and set(on_ballot) - set(barred) <= set(voted_on)


def check_choices(choices: Mapping[int, Choice], on_ballot: Collection[int], barred: Collection[int]) -> None:
    """Raise unless there is a choice on each entry that this member may vote on, and on no other."""
    if choices.keys() - set(on_ballot):
        raise NotFound
    if choices.keys() & set(barred):
        raise NotPermitted(N_("You cannot vote on a product of your own facility."))
    missing = [entry_id for entry_id in on_ballot if entry_id not in choices and entry_id not in barred]
    if missing:
        text = Message(N_("Choose yes, no or abstain."))
        raise InvalidInput({choice_field(entry_id): text for entry_id in missing})


def check_addition(outcome: Outcome) -> None:
    """Raise IllegalState unless an entry with this outcome may be added to the jury's list."""
    require(outcome in ADDABLE, N_("Only a product that reached the threshold can be added to the ballot."))


def is_complete(members: int, *, has_chair: bool) -> bool:
    """Whether a council can vote: a chair and at least one more member."""
    return has_chair and members > 1


def check_council(members: int, *, has_chair: bool) -> None:
    """Raise IllegalState unless the council can vote."""
    text = N_("Appoint the council first: it votes with a chair and at least one more member.")
    require(is_complete(members, has_chair=has_chair), text)


def check_place(place: str) -> None:
    """Raise InvalidInput unless the place of the meeting is written and not too long."""
    if not place:
        raise InvalidInput({"place": Message(N_("Write where the council meets."))})
    check_length("place", place, MAX_PLACE)


def check_quorum(voted: int, members: int, quorum: int) -> None:
    """Raise IllegalState unless enough members have voted on everything they may vote on."""
    require(
        voted >= quorum,
        N_("%(voted)d of %(members)d members have voted on every product; at least %(quorum)d must have."),
        voted=voted,
        members=members,
        quorum=quorum,
    )


def check_below_quorum(voted: int, quorum: int) -> None:
    """Raise IllegalState if so many members have voted that the ballot can be closed."""
    text = N_("Enough members have voted. Close the ballot; it can be opened again afterwards.")
    require(voted < quorum, text)


def check_not_all_voted(left: int) -> None:
    """Raise IllegalState if the council has voted in its meeting on all that is on its ballot."""
    text = N_("The meeting has voted on every product. Close the ballot; it can be opened again afterwards.")
    require(left, text)


def check_closing_note(note: str) -> None:
    """Raise InvalidInput unless the council's conclusion is written and not too long.

    It is asked for whatever the votes are: while they can still change, a refusal must tell nothing of them.
    """
    if not note:
        text = N_("Write the council’s conclusion: it is printed in the minutes.")
        raise InvalidInput({"note": Message(text)})
    check_length("note", note, MAX_NOTE)


def check_length(field: str, text: str, most: int) -> None:
    """Raise InvalidInput if a text is longer than it may be."""
    if len(text) > most:
        values: dict[str, str | int] = {"most": most, "length": len(text)}
        raise InvalidInput({field: Message(N_("At most %(most)d characters; there are %(length)d."), values)})
