"""How far the scoring of a contest is, for pages that look again and again: counts of sheets, never a mark."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotPermitted
from app.domain.permissions import Actor, Permission
from app.models import LedgerEvent
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.discussions import waiting_discussions
from app.queries.progress import (
    EntrySeats,
    GroupSheets,
    JudgeSheets,
    seats_of,
    sheets_of_groups,
    sheets_of_judges,
)


@dataclass(frozen=True)
class ProgressPage(ContestPage):
    """How far the scoring is. `to_discuss` counts what this person may know of; None is for whom it is none of."""

    judges: tuple[JudgeSheets, ...]
    groups: tuple[GroupSheets, ...]
    seats: tuple[EntrySeats, ...]
    to_discuss: int | None

    @property
    def assigned(self) -> int:
        """Sheets that judges have to fill in."""
        return sum(group.assigned for group in self.groups)

    @property
    def submitted(self) -> int:
        """Sheets that are submitted."""
        return sum(group.submitted for group in self.groups)

    @property
    def drafts(self) -> int:
        """Sheets that are begun and not submitted."""
        return sum(group.drafts for group in self.groups)

    @property
    def empty(self) -> int:
        """Sheets with nothing on them."""
        return self.assigned - self.drafts - self.submitted

    @property
    def short(self) -> tuple[EntrySeats, ...]:
        """Entries with fewer submitted sheets than the rules ask for."""
        return tuple(seat for seat in self.seats if seat.submitted < self.contest.rules.min_sheets)

    @property
    def behind(self) -> int:
        """Judges whose sheets are not all submitted."""
        return sum(judge.submitted < judge.assigned for judge in self.judges)

    @property
    def is_ready(self) -> bool:
        """Whether the pass can be closed without a reason: all is submitted, enough of it, and discussed."""
        return self.assigned > 0 and self.submitted == self.assigned and not (self.to_discuss or self.short)


def progress_page(
    session: Session, actor: Actor, contest_id: int, permission: Permission = Permission.CONTEST_VIEW
) -> ProgressPage:
    """Read how far the scoring of a contest is in which this person may do this."""
    contest = head_of(session, actor, contest_id, permission)
    seats = seats_of(session, contest)
    return ProgressPage(
        contest=contest,
        judges=tuple(sheets_of_judges(session, contest_id)),
        groups=tuple(sheets_of_groups(seats)),
        seats=seats,
        to_discuss=_to_discuss(session, actor, contest),
    )


def newest_event(session: Session, contest_id: int) -> int:
    """The last event of a contest in the ledger: as long as it is the same, nothing of the contest has changed."""
    newest = select(func.max(LedgerEvent.id)).where(LedgerEvent.contest_id == contest_id)
    return session.scalar(newest) or 0


def _to_discuss(session: Session, actor: Actor, contest: ContestHead) -> int | None:
    if not contest.may(Permission.DISCUSSION_SETTLE):
        return None
    try:
        return waiting_discussions(session, actor, contest)
    except NotPermitted:
        return None
