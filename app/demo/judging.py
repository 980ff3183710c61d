"""The example's juries at work: every sheet of a pass saved and submitted at its time, whichever way it comes in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.demo.lookups import at, sheet_ids
from app.demo.marks import half, misread
from app.demo.outside import Office, import_sheets, key_sheets
from app.demo.plan import ContestPlan
from app.demo.schedule import Act, timetable
from app.domain.permissions import Actor
from app.models import Judge
from app.models.engine import write_session
from app.samples.wording import one_of
from app.services.assignments import Recuse, recuse
from app.services.files import FileStore
from app.services.judging import ReopenSheet, SaveSheet, reopen_sheet, save_sheet, submit_sheet

Marks = Mapping[int, Sequence[Mapping[str, int]]]  # by entry: a sheet for each place on the jury


@dataclass(frozen=True)
class Jury:
    """A contest's judges, the head first, and who takes over what they do not type themselves."""

    plan: ContestPlan
    judges: Sequence[Actor]
    office: Office
    store: FileStore
    tick: Callable[[int], object]

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.office.engine

    @property
    def contest_id(self) -> int:
        """The contest that they score in."""
        return self.office.contest_id


@dataclass
class Desks:
    """The sheets of one pass of a contest: which is whose, what shall stand on it, and what stands there so far."""

    jury: Jury
    marks: Marks
    chance: Random
    sheets: dict[tuple[int, int], int] = field(default_factory=dict)  # place on the jury, entry -> sheet
    versions: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with write_session(self.jury.engine) as session:
            found = sheet_ids(session, self.jury.contest_id)
        for place, judge in enumerate(self.jury.judges):
            for entry_id in self.marks:
                if (judge.user_id, entry_id) in found:  # nobody has one for what they are recused from
                    self.sheets[place, entry_id] = found[judge.user_id, entry_id]

    def of(self, place: int) -> list[int]:
        """The entries that a judge scores."""
        return [entry_id for one, entry_id in self.sheets if one == place]

    def online(self, first: date, last: date) -> list[Act]:
        """When those who type their own sheets do so, between two days."""
        plan = self.jury.plan
        places = [place for place in range(len(self.jury.judges)) if place not in (plan.imported, plan.keyed)]
        seats = {place: self.of(place) for place in places}
        return timetable(self.chance, seats, first, last, hasty=plan.hasty)

    def carry_out(self, acts: Sequence[Act], slips: Sequence[tuple[int, int]] = ()) -> None:
        """Save and submit sheets at their times; on those that slipped in, by place and entry, one mark is wrong."""
        for _day, of_day in groupby(acts, key=lambda act: act.at.date()):
            with write_session(self.jury.engine) as session:
                for act in of_day:
                    marks = self.marks[act.entry_id][act.judge]
                    if (act.judge, act.entry_id) in slips:
                        marks = misread(marks)
                    self._type(session, act, half(marks) if act.is_draft else marks)

    def correct(self, slips: Sequence[tuple[int, int]], now: datetime) -> None:
        """Give sheets back by the head of jury, and let their judges submit them with the right mark."""
        for number, (place, entry_id) in enumerate(slips):
            with write_session(self.jury.engine) as session:
                self.reopen(session, place, entry_id, now + timedelta(minutes=7 * number))
                again = now + timedelta(minutes=31 + 7 * number)
                self._type(session, Act(again, place, entry_id), self.marks[entry_id][place])

    def reopen(self, session: Session, place: int, entry_id: int, now: datetime) -> None:
        """Give one sheet back to its judge."""
        sheet_id = self.sheets[place, entry_id]
        command = ReopenSheet(sheet_id, one_of(self.chance, "judging", "reopened"))
        self.versions[sheet_id] = reopen_sheet(session, command, actor=self.jury.judges[0], now=now).version

    def _type(self, session: Session, act: Act, marks: Mapping[str, int]) -> None:
        sheet_id, judge = self.sheets[act.judge, act.entry_id], self.jury.judges[act.judge]
        keep = save_sheet if act.is_draft else submit_sheet
        command = SaveSheet(sheet_id, self.versions.get(sheet_id, 1), marks, {}, "")
        self.versions[sheet_id] = keep(session, command, actor=judge, now=act.at).version
        self.jury.tick(not act.is_draft)


def score(jury: Jury, marks: Marks, first: date, last: date, chance: Random) -> None:
    """Bring every sheet of the current pass in: online between two days, the others the morning after."""
    plan, desks = jury.plan, Desks(jury, marks, chance)
    acts = desks.online(first, last)
    submitted = [(act.judge, act.entry_id) for act in acts if act.judge and not act.is_draft]
    slips = chance.sample(submitted, plan.reopened)
    desks.carry_out(acts, slips)
    morning = at(last, days=1)
    if plan.imported is not None:
        own = {entry_id: marks[entry_id][plan.imported] for entry_id in desks.of(plan.imported)}
        import_sheets(jury.office, jury.store, jury.judges[plan.imported], own, morning)
        jury.tick(len(own))
    if plan.keyed is not None:
        paper = [
            (desks.sheets[plan.keyed, entry_id], marks[entry_id][plan.keyed])
            for entry_id in desks.of(plan.keyed)
        ]
        key_sheets(jury.office, paper, morning + timedelta(minutes=30), wrong=len(paper) // 3)
        jury.tick(len(paper))
    desks.correct(slips, morning + timedelta(hours=3))


def stand_aside(jury: Jury, place: int, entry_id: int, now: datetime) -> None:
    """Let a judge declare a conflict of interest with an entry."""
    judge, contest_id = jury.judges[place], jury.contest_id
    with write_session(jury.engine) as session:
        seat = select(Judge.id).where(Judge.contest_id == contest_id, Judge.user_id == judge.user_id)
        reason = one_of(Random(contest_id), "judging", "recused")
        command = Recuse(session.scalars(seat).one(), entry_id, reason)
        recuse(session, command, actor=judge, now=now)
