"""The contest that is being scored today: sheets in every state that its organiser, head and judges meet."""

from datetime import date, timedelta
from random import Random

from app.demo.declarations import answer_one
from app.demo.judging import Desks, Jury, Marks, stand_aside
from app.demo.lookups import at
from app.demo.marks import misread
from app.demo.outside import import_sheets, type_sheet
from app.demo.plan import begins_on
from app.demo.schedule import office_day
from app.models.engine import write_session

ONLINE = {
    0: 10,
    3: 8,
}  # sheets that judges, by their place, have filled in themselves; the last judge none yet
WIDE, REOPENED = (
    1,
    4,
)  # of the fourth judge's sheets, by their place, with a wrong mark: one noticed, one not yet
TYPED_TWICE, TYPED_ONCE, DIFFERENT = 4, 6, 2


def half_way(jury: Jury, marks: Marks, today: date, chance: Random) -> None:
    """Let judges fill in some of their sheets, and the office take others over, until yesterday."""
    plan, desks = jury.plan, Desks(jury, marks, chance)
    yesterday = today - timedelta(days=1)
    while yesterday != office_day(yesterday):
        yesterday -= timedelta(days=1)
    left = dict(ONLINE)
    acts = []
    for act in desks.online(begins_on(plan), yesterday - timedelta(days=1)):
        if left.get(act.judge, 0):
            left[act.judge] -= 1
            acts.append(act)
    entries = desks.of(3)
    desks.carry_out(acts, [(3, entries[WIDE]), (3, entries[REOPENED])])
    if plan.imported is not None:
        own = {entry_id: marks[entry_id][plan.imported] for entry_id in desks.of(plan.imported)}
        import_sheets(jury.office, jury.store, jury.judges[plan.imported], own, at(yesterday))
    if plan.keyed is not None:
        _type_some(desks, plan.keyed, yesterday)
    with write_session(jury.engine) as session:
        desks.reopen(session, 3, entries[REOPENED], at(yesterday, hour=15))
    answer_one(jury, at(yesterday, hour=16))
    untouched = [entry_id for entry_id in entries if desks.sheets[3, entry_id] not in desks.versions]
    stand_aside(jury, 3, untouched[-1], at(yesterday, hour=17))


def _type_some(desks: Desks, place: int, day: date) -> None:
    """Let some paper sheets be typed twice, one of them differently, and some once."""
    office, begin = desks.jury.office, at(day, hour=9)
    paper = [(desks.sheets[place, entry_id], desks.marks[entry_id][place]) for entry_id in desks.of(place)]
    with write_session(office.engine) as session:
        for number, (sheet_id, marks) in enumerate(paper[:TYPED_ONCE]):
            now = begin + timedelta(minutes=2 * number)
            type_sheet(session, office, sheet_id, marks, office.colleague, now)
        for number, (sheet_id, marks) in enumerate(paper[:TYPED_TWICE]):
            now = begin + timedelta(hours=1, minutes=2 * number)
            read = misread(marks) if number == DIFFERENT else marks
            type_sheet(session, office, sheet_id, read, office.organiser, now)
