"""What each kind of motion may change, and what it does once the council has carried it."""

from collections.abc import Callable, Collection

from app.domain.ballot_prizes import check_prize
from app.domain.ballots import TIED_REASON
from app.domain.errors import InvalidInput, NotFound, require
from app.domain.messages import N_, Message
from app.domain.motions import MotionKind, Proposal, check_entries, check_number
from app.domain.placings import REACHING
from app.domain.results import Outcome
from app.models import BallotItem, Motion
from app.services.mergers import check_merge, check_split, merge, split
from app.services.motion_matter import Matter, annul_votes, refuse_if, take_off


def check_proposal(matter: Matter, proposal: Proposal) -> None:
    """Raise unless the council may change this, as the ballot stands.

    Raises
    ------
    NotFound
        An entry is not of this contest, or has no result.
    InvalidInput, IllegalState
        Something is missing, or a rule does not allow it.
    """
    if not set(proposal.entries) <= matter.entries.keys():
        raise NotFound
    if proposal.kind in ANNULLING:
        stand_for = {matter.stands_for.get(entry_id, entry_id) for entry_id in proposal.entries}
        refuse_if(matter, matter.polled & {*proposal.entries, *stand_for}, POLLED)
    _HANDLERS[proposal.kind][0](matter, proposal)


def carry_out(matter: Matter, proposal: Proposal, motion: Motion) -> list[int]:
    """Do what a carried motion says; the entries on which votes were annulled, because they changed under them."""
    annulled = sorted(_HANDLERS[proposal.kind][1](matter, proposal, motion))
    matter.session.flush()
    matter.session.expire(
        matter.ballot, ["items"]
    )  # whoever reads the ballot next in this session reads it anew
    return annulled


ANNULLING = frozenset({MotionKind.MERGE, MotionKind.SPLIT, MotionKind.LEAVE_OUT, MotionKind.PLACES})
POLLED = N_("The meeting has voted on these products: %(codes)s. Take those votes back first, with a reason.")


def _check_add(matter: Matter, proposal: Proposal) -> None:
    check_entries(proposal.entries)
    refuse_if(
        matter,
        (id_ for id_ in proposal.entries if matter.entries[id_].outcome not in REACHING),
        N_("Only products that reached the threshold can be added to the ballot. Below it: %(codes)s."),
    )
    refuse_if(
        matter,
        (id_ for id_ in proposal.entries if id_ in matter.items or id_ in matter.stands_for),
        N_("These products are on the ballot already: %(codes)s."),
    )


def _add(matter: Matter, proposal: Proposal, motion: Motion) -> Collection[int]:
    """What the jury selected or the marks tied, and the council had left out, is on the ballot as before."""
    for entry_id in proposal.entries:
        outcome = matter.entries[entry_id].outcome
        selected = outcome is Outcome.SELECTED
        reason = "" if selected else TIED_REASON if outcome is Outcome.TIED else motion.reason
        prize = matter.prizes[entry_id].prize
        item = BallotItem(entry_id=entry_id, on_jury_list=selected, reason=reason, prize=prize)
        item.ballot_id = matter.ballot.id
        matter.session.add(item)
    return ()


def _check_leave_out(matter: Matter, proposal: Proposal) -> None:
    check_entries(proposal.entries)
    refuse_if(matter, set(proposal.entries) - matter.items.keys(), NOT_ON_BALLOT)
    refuse_if(
        matter,
        (id_ for id_ in proposal.entries if id_ in matter.stands_for),
        N_("These are sets: %(codes)s. Split a set before a product of it is left out."),
    )


NOT_ON_BALLOT = N_("These products are not on the ballot: %(codes)s.")


def _leave_out(matter: Matter, proposal: Proposal, _motion: Motion) -> Collection[int]:
    annulled = annul_votes(matter.session, matter.ballot, proposal.entries)
    take_off(matter, proposal.entries)
    return annulled


def _check_prize(matter: Matter, proposal: Proposal) -> None:
    check_prize(matter.contest.rules, proposal.prize)
    check_entries(proposal.entries)
    refuse_if(matter, set(proposal.entries) - matter.items.keys(), NOT_ON_BALLOT)
    changed = [id_ for id_ in proposal.entries if _is_new_prize(matter, id_, proposal.prize)]
    require(changed, N_("This product has this prize already."))


def _is_new_prize(matter: Matter, entry_id: int, prize: str | None) -> bool:
    item, jury = matter.items[entry_id], matter.prizes[entry_id]
    return item.prize != prize or (jury.tied and not item.prize_reason)


def _give_prize(matter: Matter, proposal: Proposal, motion: Motion) -> Collection[int]:
    """Going back to what the marks make of it takes the reason away; the ledger keeps every change."""
    for entry_id in proposal.entries:
        item, jury = matter.items[entry_id], matter.prizes[entry_id]
        item.prize = proposal.prize
        item.prize_reason = "" if proposal.prize == jury.prize and not jury.tied else motion.reason
    return ()


def _check_places(matter: Matter, proposal: Proposal) -> None:
    tie = next((tie for tie in matter.ties if set(tie.entries) == set(proposal.entries)), None)
    if tie is None:
        raise InvalidInput({"entries": Message(N_("Choose a tie."))})
    check_number(proposal.number, len(tie.entries))
    require(proposal.number != tie.places, N_("This tie has so many places already."))


def _set_places(matter: Matter, proposal: Proposal, _motion: Motion) -> Collection[int]:
    """Who chose among them for another number of places chooses again."""
    return annul_votes(matter.session, matter.ballot, proposal.entries)


def _check_nominate(matter: Matter, proposal: Proposal) -> None:
    require(matter.contest.tier.above, N_("There is no tier above this one."))
    check_number(proposal.number, len(matter.items))


def _set_number(_matter: Matter, _proposal: Proposal, _motion: Motion) -> Collection[int]:
    """The motion itself is what nominations go by."""
    return ()


Handler = tuple[
    Callable[[Matter, Proposal], None], Callable[[Matter, Proposal, Motion], Collection[int]]
]  # may it be done; do it
_HANDLERS: dict[MotionKind, Handler] = {
    MotionKind.MERGE: (check_merge, merge),
    MotionKind.SPLIT: (check_split, split),
    MotionKind.ADD: (_check_add, _add),
    MotionKind.LEAVE_OUT: (_check_leave_out, _leave_out),
    MotionKind.PRIZE: (_check_prize, _give_prize),
    MotionKind.PLACES: (_check_places, _set_places),
    MotionKind.NOMINATE: (_check_nominate, _set_number),
}
