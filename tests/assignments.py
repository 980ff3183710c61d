"""Assigning entries to judges and recording recusals, for the tests of both."""

import json

from sqlalchemy import select

from app.domain.permissions import Actor
from app.models import Contest, Entry, Judge, JudgeGroup, LedgerEvent, Recusal, ScoreSheet
from app.services.assignments import Assigned, AssignGroup, Recuse, assign_group, recuse
from tests.builders import NOW, World

REASON = "Là anh trai của chủ cơ sở."


def entry_of(world: World, contest: Contest, group: str) -> Entry:
    return world.entry(contest, world.product(group=group))


def assign(world: World, actor: Actor, judge: Judge, *groups: str) -> Assigned:
    with world.session() as session:
        return assign_group(session, AssignGroup(judge.contest_id, judge.id, groups), actor=actor, now=NOW)


def stand_aside(world: World, actor: Actor, judge: Judge, entry: Entry, reason: str = REASON) -> None:
    with world.session() as session:
        recuse(session, Recuse(judge.id, entry.id, reason), actor=actor, now=NOW)


def sheets(world: World, judge: Judge) -> list[int]:
    return sorted(world.all(select(ScoreSheet.entry_id).where(ScoreSheet.judge_id == judge.id)))


def recusals(world: World, judge: Judge) -> list[tuple[int, str]]:
    rows = world.all(select(Recusal).where(Recusal.judge_id == judge.id).order_by(Recusal.entry_id))
    return [(row.entry_id, row.reason) for row in rows]


def groups(world: World, judge: Judge) -> list[str]:
    return sorted(world.all(select(JudgeGroup.group_code).where(JudgeGroup.judge_id == judge.id)))


def acts(world: World, judge: Judge) -> list[tuple[str, dict[str, object]]]:
    events = world.all(
        select(LedgerEvent)
        .where(LedgerEvent.subject_kind == "judges", LedgerEvent.subject_id == judge.id)
        .order_by(LedgerEvent.id)
    )
    return [(event.action, json.loads(event.details)) for event in events]
