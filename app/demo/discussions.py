"""The juries' words on entries whose sheets lie far apart."""

from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.queries.discussions import discussions_page
from app.samples.wording import one_of
from app.services.discussions import SettleDiscussion, settle_discussion


def settle_all(session: Session, contest_id: int, head: Actor, now: datetime) -> int:
    """Let the head of jury settle every entry that keeps scoring open; tell how many there were."""
    chance = Random(contest_id)
    entries = [entry for entry in discussions_page(session, head, contest_id).entries if entry.is_open]
    for entry in entries:
        note = one_of(chance, "discussions", "notes")
        command = SettleDiscussion(contest_id, entry.entry_id, entry.spread, note, entry.settled_digest)
        settle_discussion(session, command, actor=head, now=now)
    return len(entries)
