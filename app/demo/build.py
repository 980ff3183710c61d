"""Building the example: every contest walks the whole road through the services, at the dates of its plan."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.demo.discussions import settle_all
from app.demo.entrants import Entrants
from app.demo.lookups import at, best_certified, organiser_on, sheet_ids, territory_on
from app.demo.marks import habits, sheets_of
from app.demo.names import NameMaker
from app.demo.panels import Panels
from app.demo.people import ORGANISERS, People
from app.demo.plan import FINISHED, ContestPlan, running
from app.domain.contests import Calendar
from app.domain.permissions import Actor, Role
from app.domain.results import Choice
from app.models import Contest, Entry, RubricVersion
from app.models.engine import write_session
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
from app.services.judging import SaveSheet, submit_sheet
from app.services.nominations import Nominate, nominate
from app.services.publication import RecordDecision, publish_provisional, record_decision

SEED = 2026
LEGAL_SHEET = "tt26-2014"
ORGANISER_OF = {
    "Bắc Kạn": "Thái Nguyên",
    "Bình Thuận": "Lâm Đồng",
    "Kiên Giang": "An Giang",
}
QUORUM = 5  # of seven: with the votes of so many less one, the printed member's completes it
Tick = Callable[[int], object]


def steps(plan: ContestPlan) -> int:
    """How much work a contest is: entries, sheets, certificates, for the progress bar."""
    certified = min(plan.registered - plan.below, plan.quota or plan.registered)
    return plan.registered + plan.registered * plan.judges + certified


def work(today: date) -> int:
    """How much work the whole example is."""
    voting, scoring, registering = running(today)
    entries = voting.registered + scoring.registered + registering.registered
    return sum(steps(plan) for plan in FINISHED) + entries + voting.registered * voting.judges


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
        self._organisers = {name: self._organiser(name, email) for name, email in ORGANISERS.items()}
        self._contests: dict[str, int] = {}
        self._panels = Panels(engine, self.people, self._names)
        self._entrants = Entrants(engine, store, self.people, self._names, self._rng)

    def build(self, today: date) -> None:
        """Every contest of the plan, in order of time; three are under way today."""
        for plan in FINISHED:
            self._finish(plan)
        voting, scoring, registering = running(today)
        organiser, council = self._score(voting)
        self._open_ballot(voting, organiser, council[1:QUORUM])
        self._start_scoring(scoring)
        self._open(registering)

    def _finish(self, plan: ContestPlan) -> None:
        organiser, council = self._score(plan)
        self._vote(plan, organiser, council)
        self._decide(plan, organiser)

    def _open(self, plan: ContestPlan) -> Actor:
        organiser = self._organisers[ORGANISER_OF.get(plan.place, plan.place)]
        now = at(plan.opens, days=-20)
        with self._write() as session:
            territory = territory_on(session, plan.place, plan.opens)
            rubric = session.scalars(select(RubricVersion).where(RubricVersion.code == LEGAL_SHEET)).one()
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

    def _start_scoring(self, plan: ContestPlan) -> tuple[Actor, list[Actor], list[Actor]]:
        """Take a contest to the day when its judges begin; give organiser, judges and council."""
        organiser = self._open(plan)
        for source, count in plan.fed_from.items():
            self._nominate(plan, source, count)
        self._accept(plan, organiser)
        contest_id = self._contests[plan.slug]
        judges = self._panels.jury(plan, contest_id, organiser)
        council = self._panels.council(plan, contest_id, organiser)
        self._panels.observer(plan, contest_id, organiser)
        with self._write() as session:
            open_scoring(session, contest_id, actor=organiser, now=at(plan.closes, days=3))
        return organiser, judges, council

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
        organiser, judges, council = self._start_scoring(plan)
        self._submit_sheets(plan, judges)
        contest_id, now = self._contests[plan.slug], at(plan.scored_on, hour=16)
        with self._write() as session:
            settle_all(session, contest_id, head=judges[0], now=at(plan.scored_on, hour=14))
            close_scoring(session, contest_id, actor=organiser, now=now)
        return organiser, council

    def _submit_sheets(self, plan: ContestPlan, judges: list[Actor]) -> None:
        contest_id = self._contests[plan.slug]
        leanings = habits(self._rng, len(judges))
        with self._write() as session:
            rules = session.get_one(Contest, contest_id).rules
            entries = session.scalars(
                select(Entry.id).where(Entry.contest_id == contest_id).order_by(Entry.id)
            ).all()
            sheets = sheet_ids(session, contest_id)
        below = self._entrants.weakest(plan, entries)
        marks = {
            entry_id: sheets_of(self._rng, rules, leanings, below=entry_id in below) for entry_id in entries
        }
        day = at(plan.scored_on, hour=9)
        for number, judge in enumerate(judges):
            with self._write() as session:
                for entry_id in entries:
                    command = SaveSheet(sheets[judge.user_id, entry_id], 1, marks[entry_id][number], {}, "")
                    submit_sheet(session, command, actor=judge, now=day)
                    self._tick(1)

    def _open_ballot(self, plan: ContestPlan, organiser: Actor, voters: list[Actor]) -> None:
        """Put the jury's list to the vote; these members vote, the last of them with one abstention."""
        contest_id = self._contests[plan.slug]
        opened = at(plan.voted_on, hour=8)
        place = f"Phòng họp số 1, {plan.place}"
        with self._write() as session:
            ballot = open_ballot(session, OpenBallot(contest_id, place), actor=organiser, now=opened)
            entries = [item.entry_id for item in ballot.items]
            for number, member in enumerate(voters):
                choices = dict.fromkeys(entries, Choice.YES)
                if number == len(voters) - 1 and entries:
                    choices[entries[-1]] = Choice.ABSTAIN
                command = CastVotes(contest_id, choices)
                now = opened + timedelta(minutes=20 + number)
                cast_votes(session, command, actor=member, now=now)

    def _vote(self, plan: ContestPlan, organiser: Actor, council: list[Actor]) -> None:
        self._open_ballot(plan, organiser, council)
        command, now = CloseBallot(self._contests[plan.slug], ""), at(plan.voted_on, hour=9)
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

    def _organiser(self, place: str, email: str) -> Actor:
        with self._write() as session:
            territory_id = territory_on(session, place, date(2026, 11, 1)).id
        return self.people.join(
            self.people.administrator,
            email,
            self._names.person(),
            Role.ORGANISER,
            self._begin,
            territory_id=territory_id,
        )

    def _organiser_of(self, slug: str) -> Actor:
        place = next(plan.place for plan in FINISHED if plan.slug == slug)
        return self._organisers[ORGANISER_OF.get(place, place)]

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with write_session(self._engine) as session:
            yield session
