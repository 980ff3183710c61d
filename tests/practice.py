"""A contest with a jury, and its practice contest, for the tests of both."""

from dataclasses import dataclass, field

from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Actor
from app.domain.rules import ContestRules
from app.models import Contest, Entry, Judge, JudgeGroup, ScoreSheet, User
from app.services.contests import close_scoring
from app.services.files import FileStore
from app.services.judging import SaveSheet, submit_sheet
from app.services.practice import CreatePractice, create_practice, remove_practice
from tests.builders import FULL, NOW, World


@dataclass
class Practice:
    """A contest in registration: its head judges groups A and B, one more judge group B."""

    world: World
    rules: ContestRules | None = None
    source: Contest = field(init=False)
    organiser: User = field(init=False)
    head: Judge = field(init=False)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        rules = self.rules or world.rules(min_sheets=2)
        self.source = world.contest(ContestState.REGISTRATION, rules=rules)
        self.organiser = world.organiser(world.territory("Lâm Đồng"))
        self.head = world.judge(self.source, world.user("Vũ Hà"), is_head=True)
        self.judge = world.judge(self.source, world.user("Lê An"))
        for judge, codes in ((self.head, "AB"), (self.judge, "B")):
            for code in codes:
                world.add(JudgeGroup(judge_id=judge.id, group_code=code))

    @property
    def store(self) -> FileStore:
        """Where the pictures of made-up products are kept."""
        return FileStore(self.world.files_dir)

    @property
    def actor(self) -> Actor:
        """The organiser as services know them."""
        return self.world.actor(self.organiser)

    def create(self, contest_id: int | None = None, actor: Actor | None = None) -> Contest:
        """Make the practice contest."""
        command = CreatePractice(contest_id or self.source.id)
        with self.world.session() as session:
            return create_practice(session, command, store=self.store, actor=actor or self.actor, now=NOW)

    def sheets(self, judge: Judge) -> list[ScoreSheet]:
        """The sheets of a judge."""
        return list(self.world.all(select(ScoreSheet).where(ScoreSheet.judge_id == judge.id)))

    def all_sheets(self, contest: Contest) -> list[ScoreSheet]:
        """All sheets of a contest."""
        of_contest = select(ScoreSheet).join(Entry, Entry.id == ScoreSheet.entry_id)
        return list(self.world.all(of_contest.where(Entry.contest_id == contest.id).order_by(ScoreSheet.id)))

    def score(self, contest: Contest) -> None:
        """Let every judge submit every sheet."""
        people = {
            judge.id: self.world.actor(self.world.user_of(judge.user_id))
            for judge in self.world.all(select(Judge).where(Judge.contest_id == contest.id))
        }
        with self.world.session() as session:
            for sheet in self.all_sheets(contest):
                command = SaveSheet(sheet.id, sheet.version, FULL, {}, "Thử")
                submit_sheet(session, command, actor=people[sheet.judge_id], now=NOW)

    def close(self, contest: Contest) -> None:
        """Compute its result."""
        with self.world.session() as session:
            close_scoring(session, contest.id, actor=self.actor, now=NOW)

    def remove(self, contest: Contest) -> None:
        """Delete it."""
        with self.world.session() as session:
            remove_practice(session, contest.id, actor=self.actor, now=NOW)

    def scored(self) -> Contest:
        """The practice contest with its result."""
        contest = self.create()
        self.score(contest)
        self.close(contest)
        return contest
