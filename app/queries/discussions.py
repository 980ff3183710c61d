"""Pages of the entries whose judges lie far apart: the list of them, and what the sheets of one say.

Nobody reads here what could lead a mark still to be given, nor of an entry in which they have an interest.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, not_, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.domain.contests import ContestState
from app.domain.errors import NotFound
from app.domain.judging import SheetState
from app.domain.ledger import SheetAct
from app.domain.permissions import Actor, Permission
from app.domain.rules import ContestRules, CriterionRule, SubCriterionRule
from app.domain.vietnamese import person_sort_key
from app.models import Entry, Judge, LedgerEvent, Mark, ScoreSheet, User
from app.queries.conflicts import has_conflict, is_recused
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.counting import counting
from app.queries.passes import InPass
from app.queries.people import name_on_jury
from app.queries.progress import code_key
from app.queries.scope import keep_jury_out
from app.queries.spreads import WideEntry, wide_entries, wide_entry


@dataclass(frozen=True)
class DiscussionsPage(ContestPage):
    """The entries of the current pass to discuss, by code; those still open first."""

    entries: tuple[WideEntry, ...]

    @property
    def open(self) -> int:
        """How many keep the pass from being closed."""
        return sum(entry.is_open for entry in self.entries)

    @property
    def plot_range(self) -> tuple[int, int]:
        """Lowest and highest total of the plots; the lowest is a multiple of ten points."""
        lowest = min((entry.totals[0] for entry in self.entries if entry.totals), default=0)
        return max(0, lowest - 500) // 1000 * 1000, self.contest.rules.highest_total


def discussions_page(session: Session, actor: Actor, contest_id: int) -> DiscussionsPage:
    """The entries that this person may see discussed."""
    contest = _contest(session, actor, contest_id)
    rows = session.execute(_seen_by(actor, contest)).all()
    totals = _totals(session, contest, [row[0] for row in rows])
    entries = [wide_entry(row, contest, totals) for row in rows]
    ordered = sorted(entries, key=lambda entry: (not entry.is_open, code_key(entry.code)))
    return DiscussionsPage(contest, tuple(ordered))


def waiting_discussions(session: Session, actor: Actor, contest: ContestHead) -> int:
    """How many entries still to be discussed this person may see; NotPermitted for whom none of it is."""
    check_may_discuss(session, actor, contest.id, contest.state)
    rows = session.execute(_seen_by(actor, contest))
    return sum(wide_entry(row, contest, {}).is_open for row in rows)


def entry_to_discuss(session: Session, actor: Actor, contest: InPass, entry_id: int) -> WideEntry:
    """One entry to discuss; NotFound if it is none, or not for this person."""
    row = session.execute(_seen_by(actor, contest).where(Entry.id == entry_id)).one_or_none()
    if row is None:
        raise NotFound
    return wide_entry(row, contest, _totals(session, contest, [entry_id]))


@dataclass(frozen=True)
class Given:
    """The marks of one submission, in hundredths by the code of the line."""

    at: datetime
    marks: Mapping[str, int]

    @property
    def total(self) -> int:
        """Their sum."""
        return sum(self.marks.values())


@dataclass(frozen=True)
class JudgesWord:
    """What one judge submitted for the entry: now, and before the sheet was reopened."""

    sheet_id: int
    judge: str
    state: SheetState
    now: Given | None  # None while the judge has it
    earlier: tuple[Given, ...]
    notes: Mapping[str, str]
    remark: str


@dataclass(frozen=True)
class DiscussionPage(ContestPage):
    """One entry to discuss with every judge's marks, notes and remark."""

    entry: WideEntry
    words: tuple[JudgesWord, ...]

    @property
    def lines(self) -> tuple[CriterionRule | SubCriterionRule, ...]:
        """What judges fill in for this entry."""
        rules: ContestRules = self.contest.rules
        return rules.lines(self.entry.group_code)


def discussion_page(session: Session, actor: Actor, contest_id: int, entry_id: int) -> DiscussionPage:
    """What is known of one entry to discuss."""
    contest = _contest(session, actor, contest_id)
    entry = entry_to_discuss(session, actor, contest, entry_id)
    return DiscussionPage(contest, entry, _words(session, contest, entry_id))


def _contest(session: Session, actor: Actor, contest_id: int) -> ContestHead:
    contest = head_of(session, actor, contest_id, Permission.DISCUSSION_SETTLE)
    check_may_discuss(session, actor, contest.id, contest.state)
    return contest


def check_may_discuss(session: Session, actor: Actor, contest_id: int, state: ContestState) -> None:
    """Raise NotPermitted for an organiser who is a judge too; the head of jury leads the discussion all the same."""
    if contest_id not in actor.contests(Permission.DISCUSSION_SETTLE):
        keep_jury_out(session, actor, contest_id, state)


def _seen_by(actor: Actor, contest: InPass) -> Select[*tuple[Any, ...]]:
    return wide_entries(contest).where(not_(has_conflict(actor)), not_(_still_to_mark(actor, contest)))


def _still_to_mark(actor: Actor, contest: InPass) -> ColumnElement[bool]:
    """Condition on Entry: this person, a judge, has not submitted the own sheet of the current pass yet."""
    sheet, judge = aliased(ScoreSheet), aliased(Judge)
    return exists().where(
        sheet.entry_id == Entry.id,
        sheet.pass_no == contest.current_pass,
        sheet.state == SheetState.DRAFT,
        sheet.judge_id == judge.id,
        judge.user_id == actor.user_id,
    )


def _totals(session: Session, contest: InPass, entries: list[int]) -> Mapping[int, list[int]]:
    """Totals of the counting sheets of these entries, in hundredths."""
    sums = select(ScoreSheet.entry_id, func.sum(Mark.value)).join(Mark, Mark.sheet_id == ScoreSheet.id)
    of_entries = counting(sums, contest.id, contest.current_pass).where(ScoreSheet.entry_id.in_(entries))
    totals: dict[int, list[int]] = defaultdict(list)
    for entry_id, total in session.execute(of_entries.group_by(ScoreSheet.entry_id, ScoreSheet.id)):
        totals[entry_id].append(total)
    return totals


def _words(session: Session, contest: InPass, entry_id: int) -> tuple[JudgesWord, ...]:
    rows = session.execute(
        select(ScoreSheet, name_on_jury())
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(User, User.id == Judge.user_id)
        .where(
            ScoreSheet.entry_id == entry_id, ScoreSheet.pass_no == contest.current_pass, not_(is_recused())
        )
        .options(selectinload(ScoreSheet.marks).joinedload(Mark.criterion))
    ).all()
    given = _submissions(session, [sheet.id for sheet, _name in rows])
    words = [_word(sheet, name, given[sheet.id]) for sheet, name in rows]
    return tuple(sorted(words, key=lambda word: (person_sort_key(word.judge), word.sheet_id)))


def _word(sheet: ScoreSheet, judge: str, given: list[Given]) -> JudgesWord:
    """What was submitted; what the judge is writing just now is nobody else's to read."""
    now = None
    if sheet.state is SheetState.SUBMITTED and sheet.submitted_at is not None:
        now = Given(sheet.submitted_at, {mark.criterion.code: mark.value for mark in sheet.marks})
    return JudgesWord(
        sheet_id=sheet.id,
        judge=judge,
        state=sheet.state,
        now=now,
        earlier=tuple(before for before in given if before.at != sheet.submitted_at),
        notes=dict(sheet.notes) if now else {},
        remark=sheet.remark if now else "",
    )


def _submissions(session: Session, sheets: list[int]) -> Mapping[int, list[Given]]:
    """Every submission of these sheets as the ledger keeps it, oldest first."""
    events = session.scalars(
        select(LedgerEvent)
        .where(
            LedgerEvent.subject_kind == ScoreSheet.__tablename__,
            LedgerEvent.subject_id.in_(sheets),
            LedgerEvent.action == SheetAct.SUBMIT,
        )
        .order_by(LedgerEvent.id)
    )
    given: dict[int, list[Given]] = defaultdict(list)
    for event in events:
        given[event.subject_id].append(Given(event.at, json.loads(event.details)["marks"]))
    return given
