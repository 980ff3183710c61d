"""Building the example: every contest walks the whole road through the services, at the dates of its plan."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.demo.declarations import sign_all
from app.demo.discussions import settle_all
from app.demo.entrants import Entrants
from app.demo.judging import Jury, Marks, score, stand_aside
from app.demo.lookups import at, best_certified, organiser_on, sheet_ids, territory_on
from app.demo.marks import habits, on_lines, seen_on_site, sheets_of
from app.demo.meeting import Room, half_a_meeting
from app.demo.motions import Motions
from app.demo.outside import Office
from app.demo.panels import Panels
from app.demo.people import COLLEAGUES, ORGANISERS, People
from app.demo.plan import FINISHED, ContestPlan, begins_on, running
from app.demo.rubrics import own_rubric
from app.demo.secretariat import practise, write_reminders
from app.demo.underway import half_way
from app.demo.visits import visit_all
from app.domain.contests import Calendar
from app.domain.permissions import Actor, Role
from app.domain.results import Choice
from app.domain.working_days import after_working_days
from app.models import BallotItem, Contest, Entry, RubricVersion
from app.models.engine import write_session
from app.samples.names import NameMaker
from app.services.ballots import CastVotes, CloseBallot, OpenBallot, cast_votes, close_ballot, open_ballot
from app.services.certificates import IssueCertificates, issue_certificates
from app.services.contests import (
    CreateContest,
    SetRules,
    close_scoring,
    create_contest,
    open_registration,
    open_scoring,
    set_rules,
)
from app.services.files import FileStore
from app.services.nominations import Nominate, nominate
from app.services.passes import close_first_pass
from app.services.publication import RecordDecision, publish_provisional, record_decision

SEED = 2026
LEGAL_SHEET = "tt26-2014"
ORGANISER_OF = {
    "Bắc Kạn": "Thái Nguyên",
    "Bình Thuận": "Lâm Đồng",
    "Kiên Giang": "An Giang",
}
Tick = Callable[[int], object]


class Example:
    """The example's database while it is built."""

    def __init__(self, engine: Engine, store: FileStore, public_url: str, tick: Tick) -> None:
        self._engine = engine
        self._store = store
        self._public_url = public_url
        self._tick = tick
        self._rng = Random(SEED)
        self._names = NameMaker(SEED)
        self._begin = at(date(2018, 1, 5))
        self.people = People(engine, self._begin)
        self._organisers = {
            name: self._organiser(name, email, self._names.person()) for name, email in ORGANISERS.items()
        }
        self._colleagues = {name: self._organiser(name, *person) for name, person in COLLEAGUES.items()}
        self._contests: dict[str, int] = {}
        self._panels = Panels(engine, self.people, self._names)
        self._entrants = Entrants(engine, store, self.people, self._names, self._rng)

    def build(self, today: date) -> None:
        """Every contest of the plan, in order of time; three are under way today."""
        with self._entrants.drawing():
            self._build(today)

    def _build(self, today: date) -> None:
        for plan in FINISHED:
            self._finish(plan)
        voting, scoring, registering = running(today)
        organiser, council = self._score(voting)
        morning, contest_id = at(voting.voted_on, hour=8), self._contests[voting.slug]
        half_a_meeting(Room(self._engine, contest_id, organiser, council, morning), voting.place)
        with self._write() as session:
            Motions(session, contest_id, voting, organiser, at(voting.voted_on, hour=9)).propose(2)
        organiser, jury, _council = self._start_scoring(scoring)
        with self._write() as session:
            practise(session, jury.contest_id, self._store, actor=organiser, now=at(begins_on(scoring)))
        chance = Random(f"{SEED} {scoring.slug}")
        half_way(jury, self._marks(scoring, jury, chance), today, chance)
        with self._write() as session:
            write_reminders(
                session, jury.contest_id, self._public_url, actor=organiser, now=at(today, hour=0)
            )
        self._panels.substitute(scoring, jury)
        self._open(registering)

    def _finish(self, plan: ContestPlan) -> None:
        organiser, council = self._score(plan)
        self._vote(plan, organiser, council)
        self._decide(plan, organiser)

    def _open(self, plan: ContestPlan) -> Actor:
        organiser = self._organisers[self._seat_of(plan)]
        now = at(plan.opens, days=-20)
        with self._write() as session:
            territory = territory_on(session, plan.place, plan.opens)
            rubric = (
                own_rubric(session, territory, actor=organiser, now=now)
                if plan.own_rubric
                else session.scalars(select(RubricVersion).where(RubricVersion.code == LEGAL_SHEET)).one()
            )
            command = CreateContest(
                territory_id=territory.id,
                year=plan.year,
                name=plan.name,
                calendar=Calendar(plan.opens, plan.closes, plan.scored_on),
                rubric_version_id=rubric.id,
            )
            contest = create_contest(session, command, actor=organiser, now=now)
            contest.is_example = True
            self._contests[plan.slug] = contest.id
            rules = plan.rules_from(contest.rules)
            set_rules(session, SetRules(contest.id, rules), actor=organiser, now=now)
            open_registration(session, contest.id, actor=organiser, now=now + timedelta(days=1))
        if plan.groups:
            for _entry in self._entrants.register(plan, self._contests[plan.slug], organiser):
                self._tick(1)
        return organiser

    def _start_scoring(self, plan: ContestPlan) -> tuple[Actor, Jury, list[Actor]]:
        """Take a contest to the day when its judges begin; give organiser, jury and council."""
        organiser = self._open(plan)
        for source, count in plan.fed_from.items():
            self._nominate(plan, source, count)
        self._accept(plan, organiser)
        contest_id = self._contests[plan.slug]
        judges = self._panels.jury(plan, contest_id, organiser)
        council = self._panels.council(plan, contest_id, organiser)
        self._panels.observer(plan, contest_id, organiser)
        colleague = self._colleagues.get(self._seat_of(plan), organiser)
        office = Office(self._engine, contest_id, organiser, colleague)
        jury = Jury(plan, judges, office, self._store, self._tick)
        sign_all(jury, at(plan.closes, days=2, hour=9))
        with self._write() as session:
            open_scoring(session, contest_id, actor=organiser, now=at(begins_on(plan)))
        return organiser, jury, council

    def _nominate(self, plan: ContestPlan, source: str, count: int) -> None:
        lower = self._contests[source]
        organiser = self._organiser_of(source)
        with self._write() as session:
            entries = best_certified(session, lower, count)
            for entry_id in entries:
                command = Nominate(entry_id=entry_id, to_contest_id=self._contests[plan.slug])
                nominate(session, command, actor=organiser, now=at(plan.opens, days=10))
                self._tick(1)

    def _accept(self, plan: ContestPlan, organiser: Actor) -> None:
        with self._write() as session:
            self._entrants.accept(session, self._contests[plan.slug], organiser, at(plan.closes, days=1))

    def _score(self, plan: ContestPlan) -> tuple[Actor, list[Actor]]:
        """Take a contest to its result; give organiser and council."""
        organiser, jury, council = self._start_scoring(plan)
        chance, contest_id = Random(f"{SEED} {plan.slug}"), self._contests[plan.slug]
        marks, begins = self._marks(plan, jury, self._rng), begins_on(plan)
        if plan.recused is not None:
            best = max(marks, key=lambda entry_id: sum(sum(sheet.values()) for sheet in marks[entry_id]))
            stand_aside(jury, plan.recused, best, at(begins, hour=9))
        if plan.first_pass_on:
            self._close(jury, marks, begins, plan.first_pass_on, close_first_pass, chance)
            with self._write() as session:
                rules = session.get_one(Contest, contest_id).rules
                went_on = {entry_id for _judge, entry_id in sheet_ids(session, contest_id)}
            begins = after_working_days(visit_all(jury, sorted(went_on), plan.first_pass_on, chance), 1)
            marks = {entry_id: seen_on_site(chance, rules, marks[entry_id]) for entry_id in sorted(went_on)}
        self._close(jury, marks, begins, plan.scored_on, close_scoring, chance)
        return organiser, council

    def _close(
        self, jury: Jury, marks: Marks, begins: date, day: date, close: Callable[..., Contest], chance: Random
    ) -> None:
        """Let a pass be scored until a day, settle what the judges differ on, and close it that day."""
        score(jury, marks, begins, day - timedelta(days=1), chance)
        with self._write() as session:
            settle_all(session, jury.contest_id, head=jury.judges[0], now=at(day, hour=14))
            close(session, jury.contest_id, actor=jury.office.organiser, now=at(day, hour=16))

    def _marks(self, plan: ContestPlan, jury: Jury, chance: Random) -> Marks:
        """What the judges shall give each entry."""
        leanings = habits(chance, plan.judges)
        with self._write() as session:
            rules = session.get_one(Contest, jury.contest_id).rules
            own = select(Entry).where(Entry.contest_id == jury.contest_id).order_by(Entry.id)
            entries = {entry.id: entry.group_code for entry in session.scalars(own)}
        below = self._entrants.weakest(plan, list(entries))
        marks = {
            entry_id: sheets_of(chance, rules, leanings, below=entry_id in below) for entry_id in entries
        }
        lines = Random(f"{SEED} {plan.slug} lines")  # so that the marks do not depend on how fine they are
        return {
            entry_id: [on_lines(lines, rules, entries[entry_id], sheet) for sheet in sheets]
            for entry_id, sheets in marks.items()
        }

    def _open_ballot(self, plan: ContestPlan, organiser: Actor, voters: list[Actor]) -> None:
        """Put the jury's list to the vote; these members vote, the last of them with one abstention."""
        contest_id = self._contests[plan.slug]
        opened = at(plan.voted_on, hour=8)
        place = f"Phòng họp số 1, {plan.place}"
        with self._write() as session:
            ballot = open_ballot(session, OpenBallot(contest_id, place), actor=organiser, now=opened)
            Motions(session, contest_id, plan, organiser, opened + timedelta(minutes=5)).carry_all()
            items = select(BallotItem.entry_id).where(BallotItem.ballot_id == ballot.id)
            entries = list(session.scalars(items.order_by(BallotItem.id)))
            for number, member in enumerate(voters):
                choices = dict.fromkeys(entries, Choice.YES)
                if number == len(voters) - 1 and entries:
                    choices[entries[-1]] = Choice.ABSTAIN
                command = CastVotes(contest_id, choices)
                now = opened + timedelta(minutes=20 + number)
                cast_votes(session, command, actor=member, now=now)

    def _vote(self, plan: ContestPlan, organiser: Actor, council: list[Actor]) -> None:
        self._open_ballot(plan, organiser, council)
        note = "Hội đồng thống nhất với kết quả biểu quyết từng sản phẩm."
        command, now = CloseBallot(self._contests[plan.slug], note), at(plan.voted_on, hour=9)
        with self._write() as session:
            close_ballot(session, command, actor=organiser, now=now)

    def _decide(self, plan: ContestPlan, organiser: Actor) -> None:
        contest_id = self._contests[plan.slug]
        with self._write() as session:
            publish_provisional(session, contest_id, actor=organiser, now=at(plan.voted_on, days=1))
            contest = session.get_one(Contest, contest_id)
            body = organiser_on(session, contest.territory_id, plan.decided_on)
            command = RecordDecision(
                contest_id=contest_id,
                number=f"{plan.decided_on.day:02d}/QĐ-VD",
                signed_on=plan.decided_on,
                signatory=plan.signatory,
                signatory_title=body.signatory_title,
                signing_body=body.signing_body,
                place=body.place,
                early_reason="Ngày ký theo kế hoạch của đợt; không có khiếu nại.",
            )
            record_decision(session, command, actor=organiser, now=at(plan.decided_on, hour=15))
        issued = 1
        while issued:
            with self._write() as session:
                issued = issue_certificates(
                    session,
                    IssueCertificates(contest_id, limit=25),
                    store=self._store,
                    actor=organiser,
                    now=at(plan.decided_on, days=1),
                    public_url=self._public_url,
                )
            self._tick(issued)

    def _organiser(self, place: str, email: str, name: str) -> Actor:
        with self._write() as session:
            territory_id = territory_on(session, place, date(2026, 11, 1)).id
        return self.people.join(
            self.people.administrator,
            email,
            name,
            Role.ORGANISER,
            self._begin,
            territory_id=territory_id,
        )

    def _organiser_of(self, slug: str) -> Actor:
        return self._organisers[self._seat_of(next(plan for plan in FINISHED if plan.slug == slug))]

    @staticmethod
    def _seat_of(plan: ContestPlan) -> str:
        """Where the contest's organiser sits today."""
        return ORGANISER_OF.get(plan.place, plan.place)

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with write_session(self._engine) as session:
            yield session
