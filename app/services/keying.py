"""Double keying: two people type a judge's paper sheet, neither seeing the other's; where they agree it is submitted.

What somebody typed is not in the ledger before the second has typed too: whoever reads the ledger must not see it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion, require
from app.domain.judging import check_complete, check_sheet
from app.domain.ledger import SheetSource
from app.domain.messages import N_, Message, Points
from app.domain.paper import KeyingState, Typing, agree, differing_lines, remarks_differ, typings_digest
from app.domain.permissions import Actor, Permission
from app.models import Entry, KeyedSheet
from app.queries.keying import KeyingLine, keying_lines, typings_of
from app.queries.people import judge_name
from app.queries.scope import contest_for, keep_jury_out
from app.services.judging import Desk, open_desk
from app.services.ledger import record
from app.services.on_behalf import OnBehalf, submit_on_behalf

BARRED = N_("You cannot type this sheet: you belong to the facility of the product.")
WHY_NOT = {
    KeyingState.DONE: N_("This sheet has been submitted and can no longer be changed."),
    KeyingState.OWN: N_("The judge is filling in this sheet in the system. Nobody else can type it."),
    KeyingState.ASIDE: N_("This judge does not score the product. The sheet does not count."),
    KeyingState.DIFFERENT: N_("Two people have typed this sheet. Their differences have to be settled."),
}
NOT_DIFFERENT = N_("There are no differences to settle on this sheet any more.")
TYPED_ANEW = N_(
    "What was typed of this sheet has changed since you opened this page. It is shown as it stands now; "
    "choose again."
)
REMARK = "remark"


@dataclass(frozen=True)
class KeySheet:
    """What somebody reads on a paper sheet; marks and total in hundredths, the total None if it was not typed."""

    contest_id: int
    sheet_id: int
    marks: Mapping[str, int | None]
    remark: str
    total: int | None = None


@dataclass(frozen=True)
class SettleSheet:
    """Whose reading is right: code of a line, or "remark" -> id of the person who typed it so.

    `seen` is the digest of the typings that the page showed.
    """

    contest_id: int
    sheet_id: int
    choices: Mapping[str, int]
    seen: str


@dataclass(frozen=True)
class DiscardTypings:
    """A sheet that shall be typed anew; `seen` is the digest of the typings that the page showed."""

    contest_id: int
    sheet_id: int
    seen: str


@dataclass(frozen=True)
class _Paper:
    """A sheet, locked, with what was typed of it so far."""

    desk: Desk
    line: KeyingLine
    judge: str
    typings: Sequence[Typing]


def key_sheet(session: Session, command: KeySheet, *, actor: Actor, now: datetime) -> KeyingState:
    """Keep what somebody typed from paper, and submit the sheet if it is the second typing and the two agree.

    Raises
    ------
    NotPermitted
        The person is on the jury, or has a conflict of interest.
    IllegalState
        The sheet cannot be typed now.
    InvalidInput
        A mark is missing or breaks a rule, or the marks do not add up to the total.
    """
    paper = _paper(session, actor, command.contest_id, command.sheet_id)
    require(paper.line.state not in WHY_NOT, WHY_NOT.get(paper.line.state, ""))
    paper.desk.check_open()
    marks = _checked(command, paper.desk)
    own = _own_row(session, command.sheet_id, actor)
    again = own is not None
    if own is None:
        own = KeyedSheet(sheet_id=command.sheet_id, keyed_by_id=actor.user_id)
        session.add(own)
    own.marks, own.remark, own.keyed_at = marks, command.remark, now
    # From now on something is saved on it: it is not taken from its judge as if it were empty.
    paper.desk.sheet.saved_at = now
    record(session, actor, "keyed-sheet:key", own, now=now, contest_id=command.contest_id, again=again)
    session.flush()
    typings = typings_of(session, command.sheet_id)
    if len(typings) < 2:
        return KeyingState.ONCE
    if not agree(*typings):
        return KeyingState.DIFFERENT
    one, other = typings
    _submit(session, paper, typings, one.marks, one.remark or other.remark, actor=actor, now=now)
    return KeyingState.DONE


def settle_sheet(session: Session, command: SettleSheet, *, actor: Actor, now: datetime) -> None:
    """Submit a sheet that two people typed differently, by the word of one of them with the paper in hand.

    Raises
    ------
    NotPermitted
        The person is not one of the two, or may not type the sheet.
    StaleVersion
        Other marks or remarks have been typed since.
    IllegalState
        There are no differences to settle.
    InvalidInput
        A choice is missing.
    """
    paper = _paper(session, actor, command.contest_id, command.sheet_id)
    _check_may_settle(paper, actor, command.seen)
    one, other = paper.typings
    by_person = {one.user_id: one, other.user_id: other}
    codes = differing_lines(one, other)
    wanted = [*codes, REMARK] if remarks_differ(one, other) else codes
    if undecided := [code for code in wanted if command.choices.get(code) not in by_person]:
        text = Message(N_("Choose what stands on the paper."))
        raise InvalidInput({choice_field(code): text for code in undecided})
    marks = {**one.marks, **{code: by_person[command.choices[code]].marks[code] for code in codes}}
    chosen = by_person.get(command.choices.get(REMARK, 0))
    remark = chosen.remark if chosen and REMARK in wanted else one.remark or other.remark
    settled = {code: by_person[command.choices[code]].name for code in wanted}
    _submit(session, paper, paper.typings, marks, remark, actor=actor, now=now, settled=settled)


def choice_field(code: str) -> str:
    """Name of the field that says whose reading of a line is right."""
    return f"choice_{code}"


def discard_typings(session: Session, command: DiscardTypings, *, actor: Actor, now: datetime) -> None:
    """Begin anew with a sheet that both typed wrongly, by one of the two; what they typed stays in the ledger."""
    paper = _paper(session, actor, command.contest_id, command.sheet_id)
    _check_may_settle(paper, actor, command.seen)
    paper.desk.record(session, actor, "keyed-sheet:discard", now, typings=_as_details(paper.typings))
    _delete_typings(session, command.sheet_id)
    sheet = paper.desk.sheet
    if not paper.desk.content.marks and sheet.version == 1:
        sheet.saved_at = None


def _paper(session: Session, actor: Actor, contest_id: int, sheet_id: int) -> _Paper:
    """Lock a sheet of the contest and see who may do what with it."""
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id)
    desk = open_desk(session, sheet_id, Entry.contest_id == contest.id)
    require(contest.state is ContestState.SCORING, N_("Scoring is not open; marks cannot be changed."))
    lines = keying_lines(session, actor, contest, judge_id=desk.sheet.judge_id)
    line = next((line for line in lines if line.sheet.sheet_id == sheet_id), None)
    if line is None:
        raise NotFound
    keep_jury_out(session, actor, contest.id, contest.state)
    if line.is_barred:
        raise NotPermitted(BARRED)
    return _Paper(desk, line, judge_name(session, desk.sheet.judge_id), typings_of(session, sheet_id))


def _checked(command: KeySheet, desk: Desk) -> dict[str, int]:
    rules = desk.contest.rules
    check_sheet(command.marks, {}, command.remark, rules, desk.group)
    check_complete(command.marks, rules, desk.group)
    marks = {code: value for code, value in command.marks.items() if value is not None}
    total = sum(marks.values())
    if command.total not in (None, total):
        text = N_("The marks add up to %(total)s. Compare each with the paper.")
        raise InvalidInput({"total": Message(text, {"total": Points(total)})})
    return marks


def _check_may_settle(paper: _Paper, actor: Actor, seen: str) -> None:
    """See that there is something to settle, that this person typed it, and that it is what the page showed."""
    require(paper.line.state is KeyingState.DIFFERENT, NOT_DIFFERENT)
    if actor.user_id not in [typing.user_id for typing in paper.typings]:
        raise NotPermitted(N_("Only the two people who typed this sheet can settle it."))
    if typings_digest(paper.typings) != seen:
        raise StaleVersion(TYPED_ANEW)


def _submit(
    session: Session,
    paper: _Paper,
    typings: Sequence[Typing],
    marks: Mapping[str, int],
    remark: str,
    *,
    actor: Actor,
    now: datetime,
    **details: object,
) -> None:
    sheet = OnBehalf(paper.judge, marks, remark, SheetSource.KEYING)
    typed = _as_details(typings)
    submit_on_behalf(session, paper.desk, sheet, actor=actor, now=now, typings=typed, **details)
    _delete_typings(session, paper.desk.sheet.id)


def _as_details(typings: Sequence[Typing]) -> list[dict[str, object]]:
    return [
        {"user_id": typing.user_id, "name": typing.name, "marks": typing.marks, "remark": typing.remark}
        for typing in typings
    ]


def _own_row(session: Session, sheet_id: int, actor: Actor) -> KeyedSheet | None:
    return session.scalars(
        select(KeyedSheet).where(KeyedSheet.sheet_id == sheet_id, KeyedSheet.keyed_by_id == actor.user_id)
    ).one_or_none()


def _delete_typings(session: Session, sheet_id: int) -> None:
    for row in session.scalars(select(KeyedSheet).where(KeyedSheet.sheet_id == sheet_id)).all():
        session.delete(row)
