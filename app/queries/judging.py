"""The list of a judge's own sheets, and nothing of anybody else's."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.contests import RULES_OPEN, ContestState
from app.domain.errors import NotFound
from app.domain.judging import SheetProgress, progress_of
from app.domain.permissions import Actor
from app.domain.rules import ContestRules, GroupRule
from app.domain.vietnamese import fold
from app.models import Contest, Entry, Facility, Judge, Mark, Product, ScoreSheet
from app.queries.conflicts import own_sheet
from app.queries.progress import code_key


@dataclass(frozen=True)
class OwnContest:
    """A contest on whose jury this person sits."""

    id: int
    name: str
    state: ContestState
    is_example: bool
    is_practice: bool
    practice_of_id: int | None
    scoring_closes_on: date
    is_head: bool
    current_pass: int
    rules: ContestRules

    @property
    def is_scoring(self) -> bool:
        """Whether marks may be given now."""
        return self.state is ContestState.SCORING

    @property
    def is_before_scoring(self) -> bool:
        """Whether judges cannot begin yet."""
        return self.state in RULES_OPEN


@dataclass(frozen=True)
class SheetLine:
    """One own sheet in the list; the total is in hundredths, None without a mark."""

    sheet_id: int
    version: int
    pass_no: int
    code: str
    product: str
    facility: str
    group_code: str
    progress: SheetProgress
    missing: int
    total: int | None


@dataclass(frozen=True)
class SheetFilter:
    """Which sheets to list; empty means all. `text` is looked for in code, product and facility, without marks."""

    progress: str = ""
    group: str = ""
    text: str = ""

    def takes(self, line: SheetLine) -> bool:
        """Whether a sheet is listed."""
        return (
            self.progress in ("", line.progress)
            and self.group in ("", line.group_code)
            and fold(self.text) in fold(f"{line.code} {line.product} {line.facility}")
        )


@dataclass(frozen=True)
class SheetList:
    """A judge's own sheets in one contest, and the way to the next that is left.

    `passes` holds those that are listed, the latest pass first; `submitted` and `assigned` count the pass being scored.
    """

    contests: tuple[OwnContest, ...]
    contest: OwnContest
    passes: tuple[tuple[int, tuple[SheetLine, ...]], ...]
    groups: tuple[GroupRule, ...]
    submitted: int
    assigned: int
    next_sheet_id: int | None
    is_empty: bool  # without a sheet in any pass


def sheet_list(
    session: Session, actor: Actor, contest_id: int | None = None, wanted: SheetFilter | None = None
) -> SheetList | None:
    """The judge's sheets in the contest asked for, or in the one being scored; None if on no jury."""
    contests = own_contests(session, actor)
    contest = chosen_contest(contests, contest_id)
    if contest is None:
        return None
    lines = sheet_lines(session, actor, contest)
    current = [line for line in lines if line.pass_no == contest.current_pass]
    shown = [line for line in lines if wanted is None or wanted.takes(line)]
    return SheetList(
        contests=contests,
        contest=contest,
        passes=tuple((number, tuple(found)) for number, found in groupby(shown, lambda line: line.pass_no)),
        groups=tuple(
            group for group in contest.rules.groups if group.code in {line.group_code for line in lines}
        ),
        submitted=sum(line.progress is SheetProgress.SUBMITTED for line in current),
        assigned=len(current),
        next_sheet_id=next_open(lines, contest.current_pass) if contest.is_scoring else None,
        is_empty=not lines,
    )


def own_contests(session: Session, actor: Actor) -> tuple[OwnContest, ...]:
    """Contests on whose jury this person sits: real ones first, of these those being scored, then the newest."""
    rows = session.execute(
        select(Contest, Judge.is_head)
        .join(Judge, Judge.contest_id == Contest.id)
        .where(Judge.user_id == actor.user_id, Contest.removed_at.is_(None))
        .order_by(Contest.scoring_closes_on.desc(), Contest.id.desc())
    )
    contests = [own_contest(contest, is_head=is_head) for contest, is_head in rows]
    return tuple(sorted(contests, key=lambda contest: (contest.is_practice, not contest.is_scoring)))


def chosen_contest(contests: tuple[OwnContest, ...], contest_id: int | None) -> OwnContest | None:
    """The contest asked for, or the first; None if there is none at all, NotFound if it is not among them."""
    if not contests:
        return None
    contest = next((one for one in contests if contest_id in (None, one.id)), None)
    if contest is None:
        raise NotFound
    return contest


def sheet_lines(session: Session, actor: Actor, contest: OwnContest) -> list[SheetLine]:
    """The judge's own sheets in a contest: the latest pass first, by entry code."""
    rows = session.execute(_own_sheets(actor, contest.id)).all()
    marks = {group: len(contest.rules.lines(group)) for group in {row.group_code for row in rows}}
    lines = [
        SheetLine(
            sheet_id=row.id,
            version=row.version,
            pass_no=row.pass_no,
            code=row.code,
            product=row.product,
            facility=row.facility,
            group_code=row.group_code,
            progress=progress_of(row.state, row.given, marks[row.group_code]),
            missing=marks[row.group_code] - row.given,
            total=row.total if row.given else None,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.pass_no, *code_key(line.code)))


def _own_sheets(actor: Actor, contest_id: int) -> Select[*tuple[Any, ...]]:
    sheet = (ScoreSheet.id, ScoreSheet.version, ScoreSheet.pass_no, ScoreSheet.state)
    entry = (
        Entry.code,
        Entry.group_code,
        Product.name.label("product"),
        Facility.name.label("facility"),
    )
    return (
        select(*sheet, *entry, func.count(Mark.id).label("given"), func.sum(Mark.value).label("total"))
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .outerjoin(Mark, Mark.sheet_id == ScoreSheet.id)
        .where(Entry.contest_id == contest_id, Entry.code.is_not(None), own_sheet(actor))
        .group_by(*sheet, Entry.code, Entry.group_code, Product.name, Facility.name)
    )


def next_open(lines: list[SheetLine], pass_no: int, after: int | None = None) -> int | None:
    """The next sheet of a pass that is not submitted, from the one after this on and round to the start."""
    lines = [line for line in lines if line.pass_no == pass_no]
    place = next((index + 1 for index, line in enumerate(lines) if line.sheet_id == after), 0)
    in_turn = [*lines[place:], *lines[:place]]
    left = (line.sheet_id for line in in_turn if line.progress is not SheetProgress.SUBMITTED)
    return next((sheet_id for sheet_id in left if sheet_id != after), None)


@dataclass(frozen=True)
class Walk:
    """Where a sheet stands in its judge's list of its pass, and its neighbours; None where there is none."""

    place: int
    all: int
    previous_id: int | None
    following_id: int | None
    next_open_id: int | None


def walk_from(lines: list[SheetLine], sheet_id: int, pass_no: int) -> Walk:
    """The way from one sheet to the others."""
    ids = [line.sheet_id for line in lines if line.pass_no == pass_no]
    at = ids.index(sheet_id)
    return Walk(
        place=at + 1,
        all=len(ids),
        previous_id=ids[at - 1] if at else None,
        following_id=ids[at + 1] if at + 1 < len(ids) else None,
        next_open_id=next_open(lines, pass_no, after=sheet_id),
    )


def own_contest(contest: Contest, *, is_head: bool) -> OwnContest:
    """A contest as its judges see it."""
    return OwnContest(
        id=contest.id,
        name=contest.name,
        state=contest.state,
        is_example=contest.is_example and not contest.is_practice,
        is_practice=contest.is_practice,
        practice_of_id=contest.practice_of_id,
        scoring_closes_on=contest.scoring_closes_on,
        is_head=is_head,
        current_pass=contest.current_pass,
        rules=contest.rules,
    )
