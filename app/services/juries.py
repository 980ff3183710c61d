"""The people of a contest: its jury and its council."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.domain.contests import COUNCIL_OPEN, JURY_OPEN, check_real
from app.domain.errors import InvalidInput, NotFound, require
from app.domain.judging import SheetState
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.results import Office
from app.models import (
    ConflictAnswer,
    Contest,
    CouncilMember,
    ImpartialityStatement,
    Judge,
    JudgeGroup,
    LedgerEvent,
    Recusal,
    ScoreSheet,
    User,
)
from app.queries.own_facilities import own_products
from app.queries.scope import contest_for
from app.services.ledger import record
from app.services.printing import check_letters


@dataclass(frozen=True)
class AppointJudge:
    """A person who shall judge; `position` is the post or academic title that the score sheet prints."""

    contest_id: int
    user_id: int
    position: str = ""
    is_head: bool = False


def appoint_judge(session: Session, command: AppointJudge, *, actor: Actor, now: datetime) -> Judge:
    """Put a person on the jury; a new head of jury takes the place of the one before."""
    contest = open_jury(session, command.contest_id, actor)
    _check_person(session, command.user_id)
    already = select(Judge.id).where(Judge.contest_id == contest.id, Judge.user_id == command.user_id)
    if session.scalar(already) is not None:
        raise InvalidInput({"email": Message(N_("This person is already on the jury."))})
    _check_not_own(session, contest.id, command.user_id)
    _check_knows_no_marks(session, contest.id, command.user_id)
    judge = Judge(contest_id=contest.id, user_id=command.user_id, position=command.position, appointed_at=now)
    session.add(judge)
    session.flush()
    details = {"user_id": judge.user_id, "position": judge.position}
    record(session, actor, "judge:appoint", judge, now=now, contest_id=contest.id, **details)
    if command.is_head:
        _make_head(session, judge, actor=actor, now=now)
    return judge


def name_head(session: Session, judge_id: int, *, actor: Actor, now: datetime) -> Judge:
    """Make a judge the head of jury; there is one at most."""
    _contest, judge = judge_to_change(session, judge_id, actor)
    _make_head(session, judge, actor=actor, now=now)
    return judge


def _make_head(session: Session, judge: Judge, *, actor: Actor, now: datetime) -> None:
    heads = session.scalars(
        select(Judge).where(Judge.contest_id == judge.contest_id, Judge.is_head, Judge.id != judge.id)
    ).all()
    for head in heads:
        head.is_head = False
    judge.is_head = True
    details = {"old": [head.id for head in heads], "new": judge.id}
    record(session, actor, "judge:name-head", judge, now=now, contest_id=judge.contest_id, **details)


def dismiss_judge(session: Session, judge_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a judge off the jury who has not saved anything yet; who has can only stand aside."""
    contest, judge = judge_to_change(session, judge_id, actor)
    sheets = session.scalars(select(ScoreSheet).where(ScoreSheet.judge_id == judge.id)).all()
    begun = N_(
        "This judge has already saved marks and cannot be dismissed. Record a recusal where it is needed."
    )
    require(not any(is_begun(sheet) for sheet in sheets), begun)
    details = {"user_id": judge.user_id, "entries": sorted(sheet.entry_id for sheet in sheets)}
    record(session, actor, "judge:dismiss", judge, now=now, contest_id=contest.id, **details)
    recusals = session.scalars(select(Recusal).where(Recusal.judge_id == judge.id))
    groups = session.scalars(select(JudgeGroup).where(JudgeGroup.judge_id == judge.id))
    answers = session.scalars(select(ConflictAnswer).where(ConflictAnswer.judge_id == judge.id))
    statements = session.scalars(
        select(ImpartialityStatement).where(ImpartialityStatement.judge_id == judge.id)
    )
    for row in (*sheets, *recusals, *groups, *answers, *statements):
        session.delete(row)
    session.flush()
    session.delete(judge)


def is_begun(sheet: ScoreSheet) -> bool:
    """Whether anything was ever saved on a sheet."""
    return sheet.saved_at is not None or sheet.state is not SheetState.DRAFT


def open_jury(
    session: Session, contest_id: int, actor: Actor, permission: Permission = Permission.JURY_APPOINT
) -> Contest:
    """The contest, locked, if this person may change its jury now."""
    contest = contest_for(session, actor, permission, contest_id, lock=True)
    check_jury_open(contest)
    return contest


def check_jury_open(contest: Contest) -> None:
    """Raise IllegalState once scoring is closed."""
    require(contest.state in JURY_OPEN, N_("Scoring is closed; the jury can no longer be changed."))


def judge_to_change(
    session: Session, judge_id: int, actor: Actor, *, or_self: bool = False
) -> tuple[Contest, Judge]:
    """The contest, locked, and the judge, if this person may change its jury now, or is that judge."""
    judge = session.get(Judge, judge_id)
    if judge is None:
        raise NotFound
    is_self = or_self and judge.user_id == actor.user_id
    permission = Permission.SCORE_SHEET_EDIT if is_self else Permission.JURY_APPOINT
    contest = open_jury(session, judge.contest_id, actor, permission)
    judge = session.get(Judge, judge_id, populate_existing=True)
    if judge is None:  # dismissed while this waited for the lock
        raise NotFound
    return contest, judge


@dataclass(frozen=True)
class AppointCouncilMember:
    """A person who shall sit on the council, and in which office."""

    contest_id: int
    user_id: int
    office: Office = Office.MEMBER
    position: str = ""


def appoint_council_member(
    session: Session, command: AppointCouncilMember, *, actor: Actor, now: datetime
) -> CouncilMember:
    """Put a person on the council; nobody votes on products of their own facility."""
    contest = _open_council(session, command.contest_id, actor)
    check_letters(position=command.position)
    _check_person(session, command.user_id)
    members = session.scalars(select(CouncilMember).where(CouncilMember.contest_id == contest.id)).all()
    if any(member.user_id == command.user_id for member in members):
        raise InvalidInput({"email": Message(N_("This person is already on the council."))})
    _check_not_own(session, contest.id, command.user_id)
    _check_chair(members, command.office)
    member = CouncilMember(
        contest_id=contest.id,
        user_id=command.user_id,
        office=command.office,
        position=command.position,
        appointed_at=now,
    )
    session.add(member)
    session.flush()
    details = {"user_id": member.user_id, **_seat_of(member)}
    record(session, actor, "council-member:appoint", member, now=now, contest_id=contest.id, **details)
    return member


@dataclass(frozen=True)
class ChangeOffice:
    """Another office or post for a member of the council."""

    member_id: int
    office: Office
    position: str


def change_office(session: Session, command: ChangeOffice, *, actor: Actor, now: datetime) -> CouncilMember:
    """Give a member of the council another office or post."""
    contest, member = _member_to_change(session, command.member_id, actor)
    check_letters(position=command.position)
    others = session.scalars(
        select(CouncilMember).where(CouncilMember.contest_id == contest.id, CouncilMember.id != member.id)
    ).all()
    _check_chair(others, command.office)
    old = _seat_of(member)
    member.office, member.position = command.office, command.position
    details = {"old": old, "new": _seat_of(member)}
    record(session, actor, "council-member:change", member, now=now, contest_id=contest.id, **details)
    return member


def remove_council_member(session: Session, member_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a person off the council before it votes."""
    contest, member = _member_to_change(session, member_id, actor)
    details = {"user_id": member.user_id, **_seat_of(member)}
    record(session, actor, "council-member:remove", member, now=now, contest_id=contest.id, **details)
    session.delete(member)


def _open_council(session: Session, contest_id: int, actor: Actor) -> Contest:
    contest = contest_for(session, actor, Permission.JURY_APPOINT, contest_id, lock=True)
    check_real(is_practice=contest.is_practice)
    require(contest.state in COUNCIL_OPEN, N_("The council votes or has voted; it can no longer be changed."))
    return contest


def _member_to_change(session: Session, member_id: int, actor: Actor) -> tuple[Contest, CouncilMember]:
    contest_id = session.scalar(select(CouncilMember.contest_id).where(CouncilMember.id == member_id))
    if contest_id is None:
        raise NotFound
    contest = _open_council(session, contest_id, actor)
    member = session.get(CouncilMember, member_id, populate_existing=True)
    if member is None:  # removed while this waited for the lock
        raise NotFound
    return contest, member


def _seat_of(member: CouncilMember) -> dict[str, str]:
    return {"office": member.office.value, "position": member.position}


def _check_chair(others: Sequence[CouncilMember], office: Office) -> None:
    if office is Office.CHAIR and any(member.office is Office.CHAIR for member in others):
        raise InvalidInput(
            {"office": Message(N_("The council already has a chair. Change that office first."))}
        )


def _check_not_own(session: Session, contest_id: int, user_id: int) -> None:
    if own := own_products(session, contest_id, [user_id]):
        reason = N_("This person belongs to the facility of %(product)s, which takes part in this contest.")
        raise InvalidInput({"email": Message(reason, {"product": own[user_id][0]})})


def _check_knows_no_marks(session: Session, contest_id: int, user_id: int) -> None:
    """Refuse as judge who has seen other judges' marks: typed or sent them in, or settled a discussion."""
    known = select(LedgerEvent.id).where(
        LedgerEvent.contest_id == contest_id,
        LedgerEvent.actor_id == user_id,
        or_(
            LedgerEvent.action.startswith("keyed-sheet:"),
            LedgerEvent.action.startswith("sheet-import:"),
            LedgerEvent.action == "entry:discuss",
        ),
    )
    if session.scalar(select(exists(known))):
        reason = N_("This person has entered or discussed marks of other judges in this contest.")
        raise InvalidInput({"email": Message(reason)})


def _check_person(session: Session, user_id: int) -> None:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise InvalidInput({"email": Message(N_("There is no active account of this person."))})
