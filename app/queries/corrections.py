"""What correcting a result touches, told before it is opened."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.domain.contests import CORRECTABLE, WRONG_STAGE, ContestState
from app.domain.errors import require
from app.domain.permissions import Actor, Permission
from app.models import Decision, Entry, IssuedCertificate
from app.queries.contests import ContestPage, head_of
from app.queries.decisions import standing_decision
from app.queries.nominations import Nominated, nominated_from


@dataclass(frozen=True)
class CorrectionPage(ContestPage):
    """A result before it is corrected; without a decision nothing hangs on it yet."""

    decision: Decision | None
    certificates: int  # that stand
    nominated: tuple[Nominated, ...]


def correction_page(session: Session, actor: Actor, contest_id: int, *, today: date) -> CorrectionPage:
    """What is at stake in a contest whose result this person may have corrected; IllegalState at other stages."""
    contest = head_of(session, actor, contest_id, Permission.SCORING_MANAGE)
    require(contest.state in CORRECTABLE, WRONG_STAGE)
    if contest.state is not ContestState.FINAL:
        return CorrectionPage(contest, None, 0, ())
    standing = (
        select(func.count(IssuedCertificate.id))
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .where(
            Entry.contest_id == contest.id,
            IssuedCertificate.status == CertificateStatus.VALID,
            IssuedCertificate.valid_until >= today,
        )
    )
    return CorrectionPage(
        contest=contest,
        decision=standing_decision(session, contest.id),
        certificates=session.scalars(standing).one(),
        nominated=nominated_from(session, contest.id),
    )
