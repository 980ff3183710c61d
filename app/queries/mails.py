"""The outbox of a contest, and who can be written to: judges with sheets left, and the organisers. Never a mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain.contests import ContestState
from app.domain.errors import NotFound
from app.domain.mails import AGAIN_AFTER, MailKind, MailState, SheetsLeft, may_be_cancelled
from app.domain.permissions import Actor, Permission, Role
from app.domain.vietnamese import person_sort_key
from app.models import Mail, Membership, User
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.people import with_communes, with_predecessors
from app.queries.progress import JudgeSheets, sheets_of_judges


@dataclass(frozen=True)
class Recipient:
    """Somebody who can be written to. `sheets` are a judge's; `written_at` is when they last were, for this."""

    user_id: int
    name: str
    address: str
    sheets: JudgeSheets | None
    written_at: datetime | None

    def is_recent(self, now: datetime) -> bool:
        """Whether they were written to so lately that somebody has to confirm it."""
        return self.written_at is not None and now - self.written_at < AGAIN_AFTER

    def left(self, contest: str, deadline: date) -> SheetsLeft:
        """What a reminder says of a judge's sheets."""
        if self.sheets is None:
            raise NotFound
        counts = self.sheets
        return SheetsLeft(contest, counts.name, counts.assigned, counts.submitted, counts.drafts, deadline)


@dataclass(frozen=True)
class RecipientsPage(ContestPage):
    """Who can be written to about a contest, and who among the judges has nothing left to do."""

    kind: MailKind
    recipients: tuple[Recipient, ...]

    @property
    def is_scoring(self) -> bool:
        """Whether there is anything to be reminded of."""
        return self.contest.state is ContestState.SCORING


def recipients_page(session: Session, actor: Actor, contest_id: int, kind: MailKind) -> RecipientsPage:
    """Read who can be written to by this person."""
    contest = head_of(session, actor, contest_id, Permission.MAIL_SEND)
    if kind is MailKind.READY and contest.id not in actor.contests(Permission.SCORE_SHEET_REOPEN):
        raise NotFound  # it is the head of jury's word
    return RecipientsPage(
        contest, kind, tuple(recipients(session, contest.id, contest.territory_id, kind).values())
    )


def recipients(session: Session, contest_id: int, territory_id: int, kind: MailKind) -> dict[int, Recipient]:
    """By account, those who can be written to: judges whose sheets are not all submitted, or the organisers."""
    if kind is MailKind.REMINDER:
        judges = sheets_of_judges(session, contest_id)
        wanted = {judge.user_id: judge for judge in judges if judge.submitted < judge.assigned}
        people = _people(session, list(wanted))
        order = list(wanted)
    else:
        wanted = {}
        people = _people(session, _organisers(session, territory_id))
        order = sorted(people, key=lambda user_id: (person_sort_key(people[user_id][0]), user_id))
    written = _last_written(session, contest_id, kind)
    return {
        user_id: Recipient(user_id, *people[user_id], wanted.get(user_id), written.get(user_id))
        for user_id in order
        if user_id in people
    }


def _people(session: Session, user_ids: list[int]) -> dict[int, tuple[str, str]]:
    """Name and address of those whose accounts are in use."""
    rows = session.execute(select(User.id, User.name, User.email).where(User.id.in_(user_ids), User.active))
    return {user_id: (name, email) for user_id, name, email in rows}


def _organisers(session: Session, territory_id: int) -> list[int]:
    """Accounts of those who organise in a territory, also as the successor of it or for a commune in it."""
    rows = session.execute(
        select(Membership.user_id, Membership.territory_id).where(
            Membership.role == Role.ORGANISER, Membership.ended_at.is_(None)
        )
    ).all()
    places = {place for _user, place in rows if place is not None}
    reach = with_communes(session, with_predecessors(session, places))
    return sorted({user_id for user_id, place in rows if territory_id in reach.get(place or 0, ())})


def _last_written(session: Session, contest_id: int, kind: MailKind) -> Mapping[int, datetime]:
    rows = session.execute(
        select(Mail.user_id, func.max(Mail.written_at))
        .where(Mail.contest_id == contest_id, Mail.kind == kind, Mail.state != MailState.CANCELLED)
        .group_by(Mail.user_id)
    )
    return {user_id: at for user_id, at in rows}  # noqa: C416 -- a Row is no pair to mypy


@dataclass(frozen=True)
class MailRow:
    """One message of the outbox."""

    id: int
    kind: MailKind
    state: MailState
    user_id: int
    name: str
    address: str
    subject: str
    body: str
    written_by: str
    written_at: datetime
    released_by: str
    released_at: datetime | None
    attempts: int
    tried_at: datetime | None
    next_try_at: datetime | None
    error: str
    done_at: datetime | None
    lease: str | None
    is_needless: bool  # a reminder to somebody who has nothing left to do

    @property
    def may_be_sent(self) -> bool:
        """Whether somebody can hand it to the sender."""
        return self.state in (MailState.QUEUED, MailState.FAILED)

    @property
    def waits(self) -> bool:
        """Whether nobody has sent it yet."""
        return self.state is MailState.QUEUED

    @property
    def may_be_cancelled(self) -> bool:
        """Whether it can be taken back."""
        return may_be_cancelled(self.state, is_held=self.lease is not None)


@dataclass(frozen=True)
class OutboxPage(ContestPage):
    """The messages of a contest, those that wait for somebody first, then the newest."""

    mails: tuple[MailRow, ...]

    @property
    def waiting(self) -> int:
        """Messages that nobody has sent yet."""
        return sum(mail.waits for mail in self.mails)

    @property
    def on_their_way(self) -> int:
        """Messages that the sender has still to hand over."""
        return sum(mail.state is MailState.SENDING for mail in self.mails)


def outbox_page(session: Session, actor: Actor, contest_id: int) -> OutboxPage:
    """Read the outbox of a contest in which this person may write to people."""
    contest = head_of(session, actor, contest_id, Permission.MAIL_SEND)
    mails = _mails(session, contest)
    return OutboxPage(contest, tuple(sorted(mails, key=lambda mail: (not mail.may_be_sent, -mail.id))))


def waiting_mails(session: Session, contest_id: int) -> int:
    """How many messages of a contest wait for somebody to send them."""
    waiting = select(func.count(Mail.id)).where(Mail.contest_id == contest_id, Mail.state == MailState.QUEUED)
    return session.scalar(waiting) or 0


def newest_try(session: Session, contest_id: int) -> str:
    """What changes in the outbox of a contest beside the ledger: the tries of the sender."""
    tries = select(func.max(Mail.tried_at), func.max(Mail.next_try_at), func.count(Mail.lease))
    return repr(tuple(session.execute(tries.where(Mail.contest_id == contest_id)).one()))


def mail_of(page: OutboxPage, mail_id: int) -> MailRow:
    """One message of the outbox; NotFound if it is of another."""
    found = next((mail for mail in page.mails if mail.id == mail_id), None)
    if found is None:
        raise NotFound
    return found


def _mails(session: Session, contest: ContestHead) -> list[MailRow]:
    writer, releaser = aliased(User), aliased(User)
    rows = session.execute(
        select(Mail, func.coalesce(writer.name, ""), func.coalesce(releaser.name, ""))
        .outerjoin(writer, writer.id == Mail.written_by_id)
        .outerjoin(releaser, releaser.id == Mail.released_by_id)
        .where(Mail.contest_id == contest.id)
    ).all()
    left = recipients(session, contest.id, contest.territory_id, MailKind.REMINDER) if rows else {}
    is_scoring = contest.state is ContestState.SCORING
    return [
        MailRow(
            **{name: getattr(mail, name) for name in _COLUMNS},
            written_by=written_by,
            released_by=released_by,
            is_needless=mail.kind is MailKind.REMINDER and not (is_scoring and mail.user_id in left),
        )
        for mail, written_by, released_by in rows
    ]


_COLUMNS = (
    *("id", "kind", "state", "user_id", "name", "address", "subject", "body", "written_at", "released_at"),
    *("attempts", "tried_at", "next_try_at", "error", "done_at", "lease"),
)
