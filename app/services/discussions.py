"""Settling entries whose judges lie far apart: no pass is closed while one of them is open."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState, list_codes
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotReady, StaleVersion, require
from app.domain.messages import N_, Message, Points
from app.domain.permissions import Actor, Permission
from app.models import Contest, Discussion
from app.queries.discussions import check_may_discuss, entry_to_discuss
from app.queries.scope import contest_for, require_entry
from app.queries.spreads import WideEntry, open_discussions
from app.services.ledger import record

MAX_NOTE = 2000


@dataclass(frozen=True)
class SettleDiscussion:
    """What the jury agreed on about an entry, with the spread (hundredths) that the page showed.

    `seen` is the digest of what was agreed before, as the page showed it; empty for nothing.
    """

    contest_id: int
    entry_id: int
    spread: int
    note: str
    seen: str = ""


def settle_discussion(
    session: Session, command: SettleDiscussion, *, actor: Actor, now: datetime
) -> Discussion:
    """Keep the jury's word on an entry; it holds as long as its sheets lie as far apart as they do now.

    Raises
    ------
    StaleVersion
        A sheet was changed since the page was opened, so that the spread is another one, or somebody else
        recorded what the jury agreed on.
    IllegalState
        There is nothing to settle for this person, or no longer.
    """
    contest = contest_for(session, actor, Permission.DISCUSSION_SETTLE, command.contest_id, lock=True)
    check_may_discuss(session, actor, contest.id, contest.state)
    require_entry(session, contest.id, command.entry_id)
    require(contest.state is ContestState.SCORING, N_("Entries are discussed while scoring is open."))
    entry = _entry(session, actor, contest, command.entry_id)
    if entry.spread != command.spread:
        raise StaleVersion(CHANGED_MEANWHILE)
    require(entry.is_wide, NOTHING_TO_SETTLE)
    _check_note(command.note)
    new: dict[str, object] = {"spread": command.spread, "note": command.note}
    discussion = _row(session, contest, command.entry_id)
    old = _said(discussion) if discussion else None
    if discussion and entry.settled_digest != command.seen:
        if old == new:  # sent twice
            return discussion
        raise StaleVersion(SETTLED_MEANWHILE)
    if discussion is None:
        discussion = Discussion(entry_id=command.entry_id, pass_no=contest.current_pass)
        session.add(discussion)
    discussion.spread, discussion.note = command.spread, command.note
    discussion.settled_by_id, discussion.settled_at = actor.user_id, now
    about = {"entry_id": command.entry_id, "pass_no": contest.current_pass}
    details = {**about, "old": old, "new": new}
    record(session, actor, "entry:discuss", discussion, now=now, contest_id=contest.id, **details)
    return discussion


def require_settled(session: Session, contest: Contest) -> None:
    """Raise NotReady, with the codes, while entries of the current pass are still to be discussed."""
    if codes := open_discussions(session, contest):
        values: dict[str, str | int] = {
            "limit": Points(contest.rules.spread_limit),
            "codes": list_codes(codes),
        }
        raise NotReady((Message(STILL_OPEN, values),))


CHANGED_MEANWHILE = N_("The marks of this entry have changed since you opened the page. Look at them again.")
SETTLED_MEANWHILE = N_(
    "Somebody else recorded what the jury agreed on since you opened this page. It is shown beside what you "
    "typed; saving again replaces it."
)
NOTHING_TO_SETTLE = N_(
    "There is nothing for you to settle on this entry any more: the judges’ totals no longer lie too far apart, "
    "or you do not take part in its discussion."
)
STILL_OPEN = N_(
    "Judges lie more than %(limit)s points apart and the jury has not settled it yet: %(codes)s. "
    "Discuss these entries first."
)


def _entry(session: Session, actor: Actor, contest: Contest, entry_id: int) -> WideEntry:
    """The entry to discuss. Another entry of the contest is known to whoever asks, but nothing to settle."""
    try:
        return entry_to_discuss(session, actor, contest, entry_id)
    except NotFound:
        raise IllegalState(NOTHING_TO_SETTLE) from None


def _row(session: Session, contest: Contest, entry_id: int) -> Discussion | None:
    of_entry = select(Discussion).where(Discussion.entry_id == entry_id)
    return session.scalars(of_entry.where(Discussion.pass_no == contest.current_pass)).one_or_none()


def _said(discussion: Discussion) -> dict[str, object]:
    return {"spread": discussion.spread, "note": discussion.note}


def _check_note(note: str) -> None:
    if not note.strip():
        raise InvalidInput({"note": Message(N_("Write what the jury agreed on, and why."))})
    if len(note) > MAX_NOTE:
        values: dict[str, str | int] = {"most": MAX_NOTE, "length": len(note)}
        raise InvalidInput(
            {"note": Message(N_("At most %(most)d characters; there are %(length)d."), values)}
        )
