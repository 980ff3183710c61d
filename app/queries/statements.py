"""Impartiality statements: the one that stands for each judge, who has none yet, what was declared last."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.contests import JURY_OPEN
from app.domain.errors import NotFound
from app.domain.impartiality import WORDINGS, Wording
from app.domain.permissions import Actor, Permission
from app.models import Contest, ImpartialityStatement, Judge, ScoreSheet, User
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.judging import OwnContest, own_contest
from app.queries.people import name_on_jury


@dataclass(frozen=True)
class Statement:
    """What a judge signed; `wording` is none for a statement on paper."""

    signed_on: date
    recorded_at: datetime
    recorded_by: str  # whoever took it over from paper; the judge otherwise
    version: str
    wording: Wording | None
    employer: str
    employer_tax_code: str
    address: str
    links: tuple[str, ...]

    @property
    def is_on_paper(self) -> bool:
        """Whether the judge signed it on paper."""
        return self.wording is None


def standing(judge_id: int) -> Select[ImpartialityStatement]:
    """Select the statement of a judge that stands: the newest."""
    own = select(ImpartialityStatement).where(ImpartialityStatement.judge_id == judge_id)
    return own.order_by(ImpartialityStatement.id.desc()).limit(1)


def standing_statements(session: Session, contest_id: int) -> dict[int, ImpartialityStatement]:
    """The statements of a contest that stand, by judge."""
    newest = select(func.max(ImpartialityStatement.id)).group_by(ImpartialityStatement.judge_id)
    rows = session.scalars(
        select(ImpartialityStatement)
        .join(Judge, Judge.id == ImpartialityStatement.judge_id)
        .where(Judge.contest_id == contest_id, ImpartialityStatement.id.in_(newest))
    )
    return {row.judge_id: row for row in rows}


def signed_on(session: Session, contest_id: int) -> dict[int, date]:
    """The day on which each judge of a contest signed; judges who have not are left out."""
    standing = standing_statements(session, contest_id)
    return {judge_id: row.signed_on for judge_id, row in standing.items()}


def statement_before_sheet(session: Session, actor: Actor, sheet_id: int) -> int | None:
    """The contest whose statement this judge has to sign before this own sheet; None if nothing is missing."""
    return session.scalar(
        select(Judge.contest_id)
        .join(ScoreSheet, ScoreSheet.judge_id == Judge.id)
        .join(Contest, Contest.id == Judge.contest_id)
        .outerjoin(ImpartialityStatement, ImpartialityStatement.judge_id == Judge.id)
        .where(
            ScoreSheet.id == sheet_id,
            Judge.user_id == actor.user_id,
            Contest.state.in_(JURY_OPEN),
            ImpartialityStatement.id.is_(None),
        )
    )


@dataclass(frozen=True)
class OwnStatement:
    """A judge's statement in one contest, and what the form begins with: what was declared last, anywhere."""

    contest: OwnContest
    judge_id: int
    statement: Statement | None
    declared: dict[str, str]

    @property
    def may_sign(self) -> bool:
        """Whether a statement can still be signed."""
        return self.contest.state in JURY_OPEN


def own_statement(session: Session, actor: Actor, contest_id: int) -> OwnStatement:
    """The statement of this person as a judge of a contest; NotFound for whoever is not on its jury."""
    row = session.execute(
        select(Contest, Judge.id, Judge.is_head)
        .join(Judge, Judge.contest_id == Contest.id)
        .where(
            Contest.id == contest_id,
            Contest.id.in_(actor.contests(Permission.SCORE_SHEET_EDIT)),
            Judge.user_id == actor.user_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    contest, judge_id, is_head = row
    last = session.scalars(
        select(ImpartialityStatement)
        .join(Judge, Judge.id == ImpartialityStatement.judge_id)
        .where(Judge.user_id == actor.user_id)
        .order_by((Judge.id == judge_id).desc(), ImpartialityStatement.id.desc())
        .limit(1)
    ).one_or_none()
    return OwnStatement(
        contest=own_contest(contest, is_head=is_head),
        judge_id=judge_id,
        statement=_read(session, judge_id),
        declared={} if last is None else _declared(last),
    )


@dataclass(frozen=True)
class JudgeStatement(ContestPage):
    """A judge's statement as the organiser reads it."""

    judge_id: int
    name: str
    statement: Statement | None
    declared: dict[str, str]


def judge_statement(session: Session, actor: Actor, contest_id: int, judge_id: int) -> JudgeStatement:
    """The statement of a judge of a contest whose jury this person appoints; NotFound for any other."""
    contest: ContestHead = head_of(session, actor, contest_id, Permission.JURY_APPOINT)
    name = session.scalar(
        select(name_on_jury())
        .select_from(Judge)
        .join(User, User.id == Judge.user_id)
        .where(Judge.id == judge_id, Judge.contest_id == contest_id)
    )
    if name is None:
        raise NotFound
    last = session.scalars(standing(judge_id)).one_or_none()
    declared = {} if last is None else _declared(last)
    return JudgeStatement(contest, judge_id, name, _read(session, judge_id), declared)


def _read(session: Session, judge_id: int) -> Statement | None:
    loaded = (
        joinedload(ImpartialityStatement.recorded_by),
        joinedload(ImpartialityStatement.judge).joinedload(Judge.user),
    )
    row = session.scalars(standing(judge_id).options(*loaded)).one_or_none()
    if row is None:
        return None
    by = row.recorded_by or row.judge.user
    return Statement(
        signed_on=row.signed_on,
        recorded_at=row.recorded_at,
        recorded_by=by.name,
        version=row.wording,
        wording=WORDINGS.get(row.wording),
        employer=row.employer,
        employer_tax_code=row.employer_tax_code,
        address=row.address,
        links=tuple(row.links.splitlines()),
    )


def _declared(row: ImpartialityStatement) -> dict[str, str]:
    names = ("employer", "employer_tax_code", "address", "links")
    return {name: getattr(row, name) for name in names}
