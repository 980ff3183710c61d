"""What the evidence of a contest reads beside its result: the judges, their pace, how far entries came."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from operator import add

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.certificates import CertificateStatus
from app.domain.contests import COUNCIL_SEES, ContestState
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.results import Outcome
from app.domain.tiers import Tier
from app.domain.vietnamese import sort_key
from app.models import (
    Ballot,
    BallotItem,
    Discussion,
    Entry,
    Facility,
    IssuedCertificate,
    Product,
    Result,
    ScoreSheet,
    Territory,
)
from app.queries.computations import deciding_computation
from app.queries.contests import ContestHead, head_of
from app.queries.counting import counting
from app.queries.people import names_on_jury
from app.queries.statistics import STEPS

BALLOT_CLOSED = frozenset({ContestState.VOTED, ContestState.PROVISIONAL, ContestState.FINAL})
FUNNEL: dict[str, ColumnElement[bool]] = {
    "registered": STEPS["registered"],
    "accepted": STEPS["accepted"],
    "scored": STEPS["scored"],
    "reached": STEPS["reached"],
    "selected": Result.outcome == Outcome.SELECTED,
    "voted": STEPS["recognised"],
    "certified": STEPS["certified"],
}


@dataclass(frozen=True)
class Funnel:
    """How many entries came how far; a step counts all that came to it."""

    registered: int = 0
    accepted: int = 0
    scored: int = 0
    reached: int = 0  # the threshold
    selected: int = 0  # by the quotas
    voted: int = 0  # for, by the council
    certified: int = 0

    def __add__(self, other: "Funnel") -> "Funnel":
        return Funnel(*map(add, astuple(self), astuple(other)))


@dataclass(frozen=True)
class Funnels:
    """The steps of a contest in all, by product group and by place."""

    total: Funnel
    groups: tuple[tuple[str, Funnel], ...]  # by code
    places: tuple[tuple[str, Funnel], ...]  # by name


def what_is_missing(session: Session, actor: Actor, contest_id: int) -> tuple[ContestHead, Message | None]:
    """The contest, and why it has no evidence yet; None when it has.

    Raises
    ------
    NotFound
        There is no such contest for this person.
    """
    contest = head_of(session, actor, contest_id, Permission.RESULTS_VIEW)
    if contest.state not in COUNCIL_SEES:
        return contest, Message(
            N_("Scoring has not closed yet. The evidence is made from the marks that count then.")
        )
    if session.scalar(select(deciding_computation(contest.id))) is None:
        return contest, Message(
            N_("No result has been computed yet. The organiser closes the scoring to compute it.")
        )
    return contest, None


def judge_names(session: Session, contest: ContestHead, inputs_digest: str) -> dict[int, str]:
    """What the reader may call each judge: by name, or by a number that tells nothing.

    A council member who has yet to vote should weigh products, not judges. The numbers follow a digest, so
    that neither the order of appointment nor that of names gives them away.
    """
    names = names_on_jury(session, contest.id)
    if sees_judges(contest):
        return names
    shuffled = sorted(names, key=lambda judge: hashlib.sha256(f"{inputs_digest} {judge}".encode()).digest())
    return {judge_id: f"GK{number}" for number, judge_id in enumerate(shuffled, start=1)}


def sees_judges(contest: ContestHead) -> bool:
    """Whether the reader may know which judge gave what."""
    return (
        contest.may(Permission.CONTEST_VIEW)
        or contest.may(Permission.SCORE_SHEET_REOPEN)
        or contest.state in BALLOT_CLOSED
    )


def submission_times(session: Session, contest_id: int, pass_no: int) -> dict[int, list[datetime]]:
    """When each judge submitted the sheets that count, first to last."""
    statement = select(ScoreSheet.judge_id, ScoreSheet.submitted_at).order_by(ScoreSheet.submitted_at)
    times: dict[int, list[datetime]] = defaultdict(list)
    for judge_id, at in session.execute(counting(statement, contest_id, pass_no)):
        if at is not None:  # the table holds that no sheet is submitted without its time
            times[judge_id].append(at)
    return times


def discussed(session: Session, contest: ContestHead, pass_no: int) -> dict[int, tuple[int, str]]:
    """The spread for which each entry was discussed, and the jury's note if the reader may know of judges."""
    rows = session.execute(
        select(Discussion.entry_id, Discussion.spread, Discussion.note)
        .join(Entry, Entry.id == Discussion.entry_id)
        .where(Entry.contest_id == contest.id, Discussion.pass_no == pass_no)
    )
    readable = sees_judges(contest)
    return {row.entry_id: (row.spread, row.note if readable else "") for row in rows}


def funnels(session: Session, contest: ContestHead) -> Funnels:
    """Count how far the entries of a contest came; places are communes, from the region up provinces."""
    province = aliased(Territory)
    whole = contest.tier in (Tier.REGIONAL, Tier.NATIONAL)
    place = func.coalesce(province.full_name, Territory.full_name) if whole else Territory.full_name
    counts = [func.count(case((condition, Entry.id))).label(step) for step, condition in FUNNEL.items()]
    rows = session.execute(
        select(Entry.group_code, place, *counts)
        .select_from(Entry)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .join(Territory, Territory.id == Facility.territory_id)
        .outerjoin(province, province.id == Territory.province_id)
        .outerjoin(
            Result,
            and_(Result.entry_id == Entry.id, Result.computation_id == deciding_computation(contest.id)),
        )
        .outerjoin(Ballot, Ballot.contest_id == Entry.contest_id)
        .outerjoin(BallotItem, and_(BallotItem.entry_id == Entry.id, BallotItem.ballot_id == Ballot.id))
        .outerjoin(
            IssuedCertificate,
            and_(IssuedCertificate.entry_id == Entry.id, IssuedCertificate.status == CertificateStatus.VALID),
        )
        .where(Entry.contest_id == contest.id, FUNNEL["registered"])
        .group_by(Entry.group_code, place)
    ).all()
    lines = [(group, name, Funnel(*steps)) for group, name, *steps in rows]
    groups = _added((group, funnel) for group, _name, funnel in lines)
    places = _added((name, funnel) for _group, name, funnel in lines)
    return Funnels(
        total=sum((funnel for _group, _name, funnel in lines), Funnel()),
        groups=tuple(sorted(groups.items())),
        places=tuple(sorted(places.items(), key=lambda line: sort_key(line[0]))),
    )


def _added(lines: Iterable[tuple[str, Funnel]]) -> dict[str, Funnel]:
    added: dict[str, Funnel] = defaultdict(Funnel)
    for key, funnel in lines:
        added[key] += funnel
    return added
