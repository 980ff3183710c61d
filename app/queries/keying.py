"""Paper sheets on their way into the system: who has typed what, and never what the other has typed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.judging import SheetPart, sheet_parts
from app.domain.paper import KeyingState, Typing, typings_digest
from app.domain.permissions import Actor, Permission
from app.models import Contest, Entry, KeyedSheet, Product, ScoreSheet, User
from app.queries.conflicts import has_conflict
from app.queries.contests import ContestPage, head_of
from app.queries.paper import JuryMember, OutsideSheet, jury_members, outside_sheets
from app.queries.scope import contest_for, is_on_jury, keep_jury_out

OPEN = frozenset({KeyingState.NONE, KeyingState.ONCE})


@dataclass(frozen=True)
class KeyingLine:
    """A sheet in the list: how far it is, and who has typed it; no mark."""

    sheet: OutsideSheet
    state: KeyingState
    typed_by: tuple[str, ...]
    is_mine: bool  # the reader is one of those who typed it
    is_barred: bool  # the reader is on the jury, or has a conflict of interest

    @property
    def may_type(self) -> bool:
        """Whether the reader can type it, for the first time or anew while nobody else has."""
        return self.state in OPEN and not self.is_barred

    @property
    def waits_for_me(self) -> bool:
        """Whether the reader is wanted: it has to be typed, and not by somebody else."""
        return self.may_type and not self.is_mine

    @property
    def may_settle(self) -> bool:
        """Whether the reader can settle what the two typings differ in."""
        return self.is_mine and self.state is KeyingState.DIFFERENT and not self.is_barred


@dataclass(frozen=True)
class JudgeKeying:
    """A judge with how many sheets stand where."""

    member: JuryMember
    counts: Counter[KeyingState]


@dataclass(frozen=True)
class KeyingList(ContestPage):
    """The judges of a contest, and the sheets of one of them."""

    judges: tuple[JudgeKeying, ...]
    judge: JuryMember | None
    lines: tuple[KeyingLine, ...]
    is_on_jury: bool  # the reader, who then types none of them


@dataclass(frozen=True)
class KeyingPage(ContestPage):
    """One paper sheet to type, with what the reader typed before."""

    judge: JuryMember
    line: KeyingLine
    parts: tuple[SheetPart, ...]
    own: Typing | None
    following: int | None  # the judge's next sheet that the reader has to type
    is_on_jury: bool  # the reader, who then types none of them


@dataclass(frozen=True)
class DifferencesPage(ContestPage):
    """Two typings of one sheet, for the two who made them: the reader's own first."""

    judge: JuryMember
    sheet: OutsideSheet
    parts: tuple[SheetPart, ...]
    mine: Typing
    other: Typing

    @property
    def digest(self) -> str:
        """What a choice is made for."""
        return typings_digest((self.mine, self.other))


def keying_list(session: Session, actor: Actor, contest_id: int, judge_id: int | None) -> KeyingList:
    """Read how far the paper sheets are; of the judge asked for, or the first, sheet by sheet."""
    contest = head_of(session, actor, contest_id, Permission.SCORING_MANAGE)
    lines = keying_lines(session, actor, contest_for(session, actor, Permission.SCORING_MANAGE, contest_id))
    jury = jury_members(session, contest_id)
    judge = next((member for member in jury if judge_id in (None, member.judge_id)), None)
    if judge is None and judge_id is not None:
        raise NotFound
    counts = {member.judge_id: Counter[KeyingState]() for member in jury}
    for line in lines:
        counts[line.sheet.judge_id][line.state] += 1
    return KeyingList(
        contest=contest,
        judges=tuple(JudgeKeying(member, counts[member.judge_id]) for member in jury),
        judge=judge,
        lines=tuple(line for line in lines if judge and line.sheet.judge_id == judge.judge_id),
        is_on_jury=is_on_jury(session, actor, contest_id),
    )


def keying_page(session: Session, actor: Actor, contest_id: int, sheet_id: int) -> KeyingPage:
    """Read one sheet to type; NotFound unless it is of the current pass of this contest."""
    head = head_of(session, actor, contest_id, Permission.SCORING_MANAGE)
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id)
    of_judge = select(ScoreSheet.judge_id).where(ScoreSheet.id == sheet_id).scalar_subquery()
    lines = keying_lines(session, actor, contest, judge_id=session.scalar(select(of_judge)) or 0)
    place, line = next(
        ((place, line) for place, line in enumerate(lines) if line.sheet.sheet_id == sheet_id), (0, None)
    )
    if line is None:
        raise NotFound
    in_turn = [*lines[place + 1 :], *lines[:place]]
    return KeyingPage(
        contest=head,
        judge=_member(session, contest_id, line.sheet.judge_id),
        line=line,
        parts=sheet_parts(head.rules, line.sheet.group_code),
        own=next((one for one in typings_of(session, sheet_id) if one.user_id == actor.user_id), None),
        following=next((one.sheet.sheet_id for one in in_turn if one.waits_for_me), None),
        is_on_jury=is_on_jury(session, actor, contest_id),
    )


def differences_page(session: Session, actor: Actor, contest_id: int, sheet_id: int) -> DifferencesPage:
    """Read both typings of a sheet; NotFound for anybody but the two who made them."""
    page = keying_page(session, actor, contest_id, sheet_id)
    keep_jury_out(session, actor, contest_id, page.contest.state)
    typings = typings_of(session, sheet_id)
    if page.own is None or not page.line.may_settle:
        raise NotFound
    [other] = [one for one in typings if one.user_id != actor.user_id]
    return DifferencesPage(page.contest, page.judge, page.line.sheet, page.parts, page.own, other)


def keying_lines(
    session: Session, actor: Actor, contest: Contest, *, judge_id: int | None = None
) -> list[KeyingLine]:
    """The sheets of the current pass by judge and entry code: all, or one judge's. The caller has checked who asks."""
    conditions = () if judge_id is None else (ScoreSheet.judge_id == judge_id,)
    sheets = outside_sheets(session, contest, *conditions)
    barred = _barred(session, actor, contest)
    typists: dict[int, list[tuple[int, str]]] = {}
    for sheet_id, user_id, name in session.execute(
        select(KeyedSheet.sheet_id, User.id, User.name)
        .join(User, User.id == KeyedSheet.keyed_by_id)
        .join(ScoreSheet, ScoreSheet.id == KeyedSheet.sheet_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .where(Entry.contest_id == contest.id)
        .order_by(KeyedSheet.id)
    ):
        typists.setdefault(sheet_id, []).append((user_id, name))
    return [
        KeyingLine(
            sheet=sheet,
            state=state_of(sheet, len(typists.get(sheet.sheet_id, ()))),
            typed_by=tuple(name for _id, name in typists.get(sheet.sheet_id, ())),
            is_mine=actor.user_id in [user_id for user_id, _name in typists.get(sheet.sheet_id, ())],
            is_barred=sheet.sheet_id in barred,
        )
        for sheet in sheets
    ]


def state_of(sheet: OutsideSheet, typings: int) -> KeyingState:
    """How far a paper sheet is, which so many people have typed."""
    if sheet.stands_aside:
        return KeyingState.ASIDE
    if sheet.is_submitted:
        return KeyingState.DONE
    if sheet.is_judges_own:
        return KeyingState.OWN
    return (KeyingState.NONE, KeyingState.ONCE, KeyingState.DIFFERENT)[typings]


def typings_of(session: Session, sheet_id: int) -> list[Typing]:
    """What people have typed of a sheet that is not settled, in the order in which they came."""
    rows = session.execute(
        select(KeyedSheet.keyed_by_id, User.name, KeyedSheet.marks, KeyedSheet.remark)
        .join(User, User.id == KeyedSheet.keyed_by_id)
        .where(KeyedSheet.sheet_id == sheet_id)
        .order_by(KeyedSheet.id)
    )
    return [Typing(*row) for row in rows]


def _barred(session: Session, actor: Actor, contest: Contest) -> frozenset[int]:
    """Sheets that this person may not type: all for a judge, else those of entries with which they have a conflict."""
    sheets = (
        select(ScoreSheet.id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(Entry.contest_id == contest.id)
    )
    judges = is_on_jury(session, actor, contest.id)
    return frozenset(session.scalars(sheets if judges else sheets.where(has_conflict(actor))))


def _member(session: Session, contest_id: int, judge_id: int) -> JuryMember:
    members: Sequence[JuryMember] = jury_members(session, contest_id)
    return next(member for member in members if member.judge_id == judge_id)
