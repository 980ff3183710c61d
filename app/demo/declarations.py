"""What the judges of the example declare: everybody signs the impartiality statement; two name a facility."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo.judging import Jury
from app.demo.wording import one_of, text_of
from app.domain.conflicts import ConflictKind
from app.domain.permissions import Actor
from app.domain.vietnamese import in_vietnam
from app.models import Contest, Entry, Facility, Judge, Product
from app.models.engine import write_session
from app.queries.possible_conflicts import possible_conflicts
from app.services.conflicts import AnswerConflict, answer_conflict
from app.services.statements import Declared, RecordPaper, SignStatement, record_paper, sign_statement

ANSWERED, OPEN = 3, 4  # judges, by their place, who have something in common with a facility


def sign_all(jury: Jury, now: datetime) -> None:
    """Let every judge sign; of the one who scores on paper the office records it."""
    with write_session(jury.engine) as session:
        for place, judge in enumerate(jury.judges):
            chance = Random(f"{jury.contest_id} {place}")
            employer, address = (one_of(chance, "judging", key) for key in ("employers", "homes"))
            declared = Declared(employer=employer, address=address, links=_link(session, jury, place))
            moment = now + timedelta(minutes=3 * place)
            if place == jury.plan.keyed:
                paper = RecordPaper(
                    jury.contest_id, _seat(session, jury, judge), in_vietnam(now).date(), declared
                )
                record_paper(session, paper, actor=jury.office.organiser, now=moment)
            else:
                command = SignStatement(jury.contest_id, agreed=True, language="vi", declared=declared)
                sign_statement(session, command, actor=judge, now=moment)


def answer_one(jury: Jury, now: datetime) -> None:
    """Let one judge answer that there is no conflict; the organiser has not read it yet."""
    judge = jury.judges[ANSWERED]
    with write_session(jury.engine) as session:
        contest = session.get_one(Contest, jury.contest_id)
        for conflict in possible_conflicts(session, contest, [_seat(session, jury, judge)]):
            if any(finding.kind is ConflictKind.DECLARED for finding in conflict.findings):
                reason = text_of("judging", "no_conflict")
                command = AnswerConflict(
                    contest.id, conflict.judge_id, conflict.entry_id, conflict.digest, reason
                )
                answer_conflict(session, command, actor=judge, now=now)


def _link(session: Session, jury: Jury, place: int) -> str:
    """The facility that a judge of the contest under way names, one for each of two judges."""
    if not jury.plan.judge_account or place not in (ANSWERED, OPEN):
        return ""
    facilities = session.scalars(
        select(Facility.name)
        .join(Product, Product.facility_id == Facility.id)
        .join(Entry, Entry.product_id == Product.id)
        .where(Entry.contest_id == jury.contest_id)
        .group_by(Facility.id)
        .having(func.count(Entry.id) == 1)
        .order_by(Facility.id)
    ).all()
    return facilities[place - ANSWERED]


def _seat(session: Session, jury: Jury, judge: Actor) -> int:
    seat = select(Judge.id).where(Judge.contest_id == jury.contest_id, Judge.user_id == judge.user_id)
    return session.scalars(seat).one()
