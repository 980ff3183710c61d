"""Juries and councils of the example: invited, accepting, and assigned to what they judge."""

from sqlalchemy import Engine, select

from app.demo.judging import Jury
from app.demo.lookups import at
from app.demo.people import People
from app.demo.plan import ContestPlan, begins_on
from app.domain.permissions import Actor, Role
from app.domain.results import Office
from app.models import Contest, Judge
from app.models.engine import write_session
from app.samples.names import NameMaker
from app.services.assignments import AssignGroup, assign_group


class Panels:
    """Appoints people to a contest two days after its registration closed."""

    def __init__(self, engine: Engine, people: People, names: NameMaker) -> None:
        self._engine = engine
        self._people = people
        self._names = names

    def jury(self, plan: ContestPlan, contest_id: int, organiser: Actor) -> list[Actor]:
        """Appoint the judges, the first as head; each scores every group."""
        now = at(plan.closes, days=2)
        emails = [f"giam-khao-{number}@{plan.slug}.example" for number in range(1, plan.judges + 1)]
        emails[0] = plan.head_account or emails[0]
        emails[-1] = plan.judge_account or emails[-1]
        judges = [
            self._people.join(
                organiser,
                email,
                self._names.person(),
                Role.HEAD_OF_JURY if number == 0 else Role.JUDGE,
                now,
                contest_id=contest_id,
            )
            for number, email in enumerate(emails)
        ]
        with write_session(self._engine) as session:
            groups = {group.code for group in session.get_one(Contest, contest_id).rules.groups}
            for judge_id in session.scalars(select(Judge.id).where(Judge.contest_id == contest_id)).all():
                assign_group(session, AssignGroup(contest_id, judge_id, groups), actor=organiser, now=now)
        return judges

    def council(self, plan: ContestPlan, contest_id: int, organiser: Actor) -> list[Actor]:
        """Appoint the council: chair, deputy, secretary, members."""
        offices = [Office.CHAIR, Office.DEPUTY, Office.SECRETARY]
        emails = [f"hoi-dong-{number}@{plan.slug}.example" for number in range(1, plan.council + 1)]
        emails[0] = plan.council_account or emails[0]
        emails[2] = plan.secretary_account or emails[2]
        return [
            self._people.join(
                organiser,
                email,
                self._names.person(),
                Role.COUNCIL_MEMBER,
                at(plan.closes, days=2),
                contest_id=contest_id,
                office=offices[number] if number < len(offices) else Office.MEMBER,
            )
            for number, email in enumerate(emails)
        ]

    def substitute(self, plan: ContestPlan, jury: Jury) -> None:
        """Appoint one judge more, without any entry yet: who can step in where others stand aside."""
        organiser, now = jury.office.organiser, at(begins_on(plan), hour=15)
        email = f"giam-khao-du-khuyet@{plan.slug}.example"
        place = {"contest_id": jury.contest_id}
        self._people.join(organiser, email, self._names.person(), Role.JUDGE, now, **place)

    def observer(self, plan: ContestPlan, contest_id: int, organiser: Actor) -> None:
        """Appoint the observer, where the plan has one."""
        if plan.observer_account:
            name, now = self._names.person(), at(plan.closes, days=2)
            email = plan.observer_account
            self._people.join(organiser, email, name, Role.OBSERVER, now, contest_id=contest_id)
