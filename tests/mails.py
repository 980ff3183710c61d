"""A contest whose judges are behind, and its outbox, for the tests of both."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from app.domain.judging import SheetState
from app.domain.mails import MailKind, MailState
from app.domain.permissions import Actor
from app.models import Contest, Entry, Judge, LedgerEvent, Mail, ScoreSheet, User
from app.services.mails import Letter, QueueMails, queue_mails, release_mail
from tests.builders import NOW, World


@dataclass
class Behind:
    """A contest being scored: the head has nothing left, two judges have."""

    world: World
    contest: Contest = field(init=False)
    organiser: User = field(init=False)
    head: Judge = field(init=False)
    judges: list[Judge] = field(init=False)
    entries: list[Entry] = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.contest = world.contest(rules=world.rules(min_sheets=1))
        self.organiser = world.organiser(world.territory("Lâm Đồng"))
        self.entries = [world.entry(self.contest) for _ in range(2)]
        self.head = world.judge(self.contest, world.user("Vũ Hà", email="ha@example.vn"), is_head=True)
        named = (("Lê An", "an@example.vn"), ("Trần Bình", "binh@example.vn"))
        self.judges = [world.judge(self.contest, world.user(name, email=email)) for name, email in named]
        world.submitted(self.head, self.entries[0])
        world.submitted(self.judges[0], self.entries[0])
        for judge in self.judges:
            world.sheet(judge, self.entries[1], {"L1": 3000} if judge is self.judges[0] else None)
        world.sheet(self.judges[1], self.entries[0])

    def actor(self, user: User | None = None) -> Actor:
        """The organiser, or somebody else, as services know them."""
        return self.world.actor(user or self.organiser)

    def letter(
        self, place: int = 0, subject: str = "Nhắc nộp phiếu", body: str = "Kính gửi ông/bà."
    ) -> Letter:
        """A message to one of the judges who are behind."""
        return Letter(self.judges[place].user_id, subject, body)

    def queue(
        self, *letters: Letter, actor: Actor | None = None, now: datetime = NOW, confirmed: bool = False
    ) -> list[Mail]:
        """Put reminders into the outbox."""
        command = QueueMails(self.contest.id, MailKind.REMINDER, letters or (self.letter(),), confirmed)
        with self.world.session() as session:
            return queue_mails(session, command, actor=actor or self.actor(), now=now)

    def sent(self, *letters: Letter, now: datetime = NOW) -> list[Mail]:
        """Reminders that somebody has sent, for the sender to take."""
        mails = self.queue(*letters, now=now)
        with self.world.session() as session:
            return [release_mail(session, mail.id, actor=self.actor(), now=now) for mail in mails]

    def sheet(self, judge: Judge, entry: Entry) -> ScoreSheet:
        """The sheet of a judge for an entry."""
        found: ScoreSheet
        of_both = select(ScoreSheet).where(ScoreSheet.judge_id == judge.id, ScoreSheet.entry_id == entry.id)
        [found] = self.world.all(of_both)
        return found

    def finish(self, place: int) -> None:
        """Let a judge who is behind have submitted everything."""
        of_judge = ScoreSheet.judge_id == self.judges[place].id
        with self.world.session() as session:
            session.execute(
                update(ScoreSheet).where(of_judge).values(state=SheetState.SUBMITTED, submitted_at=NOW)
            )

    def states(self) -> list[MailState]:
        """Where the messages stand, oldest first."""
        return list(self.world.all(select(Mail.state).order_by(Mail.id)))

    def acts(self) -> list[tuple[str, int | None]]:
        """What the ledger tells of messages: act, and who did it."""
        told = select(LedgerEvent).where(LedgerEvent.subject_kind == "mails").order_by(LedgerEvent.id)
        return [(event.action, event.actor_id) for event in self.world.all(told)]
