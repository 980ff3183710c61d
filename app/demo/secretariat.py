"""What the secretariat of the contest under way has done today: reminders in the outbox, and a practice contest."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.mails import MailKind, draft_of_reminder
from app.domain.permissions import Actor
from app.models import Contest
from app.queries.mails import recipients
from app.services.files import FileStore
from app.services.mails import Letter, QueueMails, queue_mails, tick_off_mail
from app.services.practice import CreatePractice, create_practice


def write_reminders(
    session: Session, contest_id: int, public_url: str, *, actor: Actor, now: datetime
) -> None:
    """Queue a reminder to every judge with sheets left; the first was sent by hand, the others wait to be read."""
    contest = session.get_one(Contest, contest_id)
    people = recipients(session, contest.id, contest.territory_id, MailKind.REMINDER).values()
    link = f"{public_url}/judging/?contest={contest.id}"
    letters = [
        Letter(
            person.user_id,
            *draft_of_reminder(person.left(contest.name, contest.scoring_closes_on), link, actor.name),
        )
        for person in people
    ]
    mails = queue_mails(session, QueueMails(contest.id, MailKind.REMINDER, letters), actor=actor, now=now)
    tick_off_mail(session, mails[0].id, actor=actor, now=now + timedelta(minutes=6))


def practise(session: Session, contest_id: int, store: FileStore, *, actor: Actor, now: datetime) -> None:
    """Make the practice contest that the jury tried everything out in."""
    create_practice(session, CreatePractice(contest_id), store=store, actor=actor, now=now)
