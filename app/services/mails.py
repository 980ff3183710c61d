"""The outbox: queueing messages to be read, and sending, cancelling or ticking off each by a person's word."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import InvalidInput, NotFound, require
from app.domain.mails import MailKind, MailState, check_sendable, letter_faults, may_be_cancelled
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.models import Contest, Mail
from app.queries.mails import Recipient, recipients
from app.queries.scope import contest_for
from app.services.ledger import record


@dataclass(frozen=True)
class Letter:
    """A message to one person, by their account."""

    user_id: int
    subject: str
    body: str


@dataclass(frozen=True)
class QueueMails:
    """Messages for the outbox; `confirmed` when somebody is written to again within a day."""

    contest_id: int
    kind: MailKind
    letters: Sequence[Letter]
    confirmed: bool = False


def queue_mails(session: Session, command: QueueMails, *, actor: Actor, now: datetime) -> list[Mail]:
    """Put messages into the outbox. None of them leaves before a person sends it.

    Raises
    ------
    InvalidInput
        A message is empty or unfit, its judge has submitted everything meanwhile, or somebody was written to within
        a day and nobody confirmed it; then none is queued.
    """
    contest = _contest(session, actor, command.contest_id)
    require(contest.state is ContestState.SCORING, NOT_SCORING)
    if command.kind is MailKind.READY and contest.id not in actor.contests(Permission.SCORE_SHEET_REOPEN):
        raise NotFound
    people = recipients(session, contest.id, contest.territory_id, command.kind)
    _check(command, people, now)
    mails = [
        _queued(contest, command.kind, people[letter.user_id], letter, actor, now)
        for letter in command.letters
    ]
    session.add_all(mails)
    for mail in mails:
        _log(session, actor, "mail:queue", mail, now)
    return mails


def release_mail(session: Session, mail_id: int, *, actor: Actor, now: datetime) -> Mail:
    """Send a message, or one that failed once more: the sender may take it from now on."""
    contest, mail = _mail(session, actor, mail_id)
    check_sendable(mail.state)
    if mail.kind is MailKind.REMINDER:
        require(contest.state is ContestState.SCORING, NOT_SCORING)
        left = recipients(session, contest.id, contest.territory_id, mail.kind)
        require(mail.user_id in left, NOTHING_LEFT, name=mail.name)
    mail.state, mail.attempts, mail.error, mail.done_at = MailState.SENDING, 0, "", None
    mail.released_by_id, mail.released_at, mail.next_try_at = actor.user_id, now, now
    _log(session, actor, "mail:release", mail, now)
    return mail


def cancel_mail(session: Session, mail_id: int, *, actor: Actor, now: datetime) -> Mail:
    """Take a message back that has not left: nobody sent it, or no server has taken it yet."""
    _contest_row, mail = _mail(session, actor, mail_id)
    require(may_be_cancelled(mail.state, is_held=mail.lease is not None), GONE)
    mail.state, mail.done_at = MailState.CANCELLED, now
    _log(session, actor, "mail:cancel", mail, now)
    return mail


def tick_off_mail(session: Session, mail_id: int, *, actor: Actor, now: datetime) -> Mail:
    """Note that a person sent a message from their own mail program."""
    _contest_row, mail = _mail(session, actor, mail_id)
    check_sendable(mail.state)
    mail.state, mail.done_at = MailState.BY_HAND, now
    _log(session, actor, "mail:by-hand", mail, now)
    return mail


GONE = N_("This message can no longer be cancelled; reload the page.")
NOT_SCORING = N_("Scoring is closed; nobody needs to be reminded.")
NOTHING_LEFT = N_("%(name)s has submitted every sheet meanwhile and needs no reminder.")
WRITTEN_TODAY = N_("Within the last day a message was already written to: %(names)s. Confirm to write again.")


def _check(command: QueueMails, people: dict[int, Recipient], now: datetime) -> None:
    """Refuse what cannot be queued, by field: those of a letter carry the account's id."""
    if not command.letters:
        raise InvalidInput({"to": Message(N_("Choose at least one person."))})
    faults: dict[str, Message] = {}
    for letter in command.letters:
        if letter.user_id not in people:
            faults[f"body_{letter.user_id}"] = Message(
                N_("This person has nothing left to be reminded of, or is not on the jury any more.")
            )
            continue
        found = letter_faults(letter.subject, letter.body)
        faults |= {f"{name}_{letter.user_id}": message for name, message in found.items()}
    recent = [people[letter.user_id] for letter in command.letters if letter.user_id in people]
    names = ", ".join(person.name for person in recent if person.is_recent(now))
    if names and not command.confirmed:
        faults["confirmed"] = Message(WRITTEN_TODAY, {"names": names})
    if faults:
        raise InvalidInput(faults)


def _queued(
    contest: Contest, kind: MailKind, person: Recipient, letter: Letter, actor: Actor, now: datetime
) -> Mail:
    return Mail(
        contest_id=contest.id,
        kind=kind,
        user_id=person.user_id,
        address=person.address,
        name=person.name,
        subject=letter.subject,
        body=letter.body,
        message_id=secrets.token_hex(16),
        state=MailState.QUEUED,
        written_by_id=actor.user_id,
        written_at=now,
        attempts=0,
        error="",
    )


def _contest(session: Session, actor: Actor, contest_id: int) -> Contest:
    return contest_for(session, actor, Permission.MAIL_SEND, contest_id, lock=True)


def _mail(session: Session, actor: Actor, mail_id: int) -> tuple[Contest, Mail]:
    """The contest, locked, and the message; NotFound if it is none of a contest of this person's."""
    contest_id = session.scalar(select(Mail.contest_id).where(Mail.id == mail_id))
    if contest_id is None:
        raise NotFound
    contest = _contest(session, actor, contest_id)
    locked = select(Mail).where(Mail.id == mail_id).with_for_update()
    return contest, session.scalars(locked.execution_options(populate_existing=True)).one()


def _log(session: Session, actor: Actor, action: str, mail: Mail, now: datetime) -> None:
    """The ledger keeps that somebody was written to, not what."""
    details = {"kind": mail.kind, "user_id": mail.user_id, "state": mail.state}
    record(session, actor, action, mail, now=now, contest_id=mail.contest_id, **details)
