"""Motions of a council, for the tests: put and voted on by show of hands, unless a test does it step by step."""

from collections.abc import Sequence
from typing import Any

from app.domain.motions import Ground, MotionKind, Proposal
from app.models import Contest, Motion, User
from app.services.motions import CloseMotion, PutMotion, close_motion, put_motion
from tests.browsing import Browser, Page
from tests.builders import NOW, World

WHY = "Hội đồng đã thảo luận và thống nhất."
PROPOSER = "Ông Trần Quang Huy"


def proposed(kind: MotionKind, *entries: int, **content: Any) -> Proposal:
    """A proposal on these entries, by id; a merger is named and has a ground unless given."""
    if kind is MotionKind.MERGE:
        content = {"name": "Bộ trà sen Tân Hòa", "ground": Ground.MATERIAL, **content}
    return Proposal(kind, entries, **content)


def put(
    world: World,
    contest: Contest,
    by: User,
    proposal: Proposal,
    *,
    reason: str = WHY,
    by_hands: bool = True,
    proposer: str = PROPOSER,
    now: Any = NOW,
) -> Motion:
    """Put a motion to the council."""
    command = PutMotion(contest.id, proposal, proposer, reason, by_hands)
    with world.session() as session:
        return put_motion(session, command, actor=world.actor(by), now=now)


def close(
    world: World, contest: Contest, by: User, number: int, counts: Sequence[int | None], *, now: Any = NOW
) -> Motion:
    """Close the vote on a motion with the hands that were counted."""
    yes, no, abstain = counts
    with world.session() as session:
        command = CloseMotion(contest.id, number, (yes, no, abstain))
        return close_motion(session, command, actor=world.actor(by), now=now)


def show_hands(browser: Browser, address: str, *hands: str, status: int = 303) -> Page:
    """Send the hands that were counted from the page of a motion."""
    counts = dict(zip(("yes", "no", "abstain"), hands, strict=True))
    return browser.post(
        f"{address}/close", browser.get(address).values("form[data-keep]") | counts, status=status
    )


def carry(
    world: World, contest: Contest, by: User, proposal: Proposal, *, votes: int = 2, **fields: Any
) -> Motion:
    """Put a motion and have it carried by so many hands."""
    motion = put(world, contest, by, proposal, **fields)
    now = {"now": fields["now"]} if "now" in fields else {}
    return close(world, contest, by, motion.number, (votes, 0, 0), **now)
