"""Numbers of the contests whose list is public: by contest, by product group, and as sentences."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select
from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.domain.contests import PUBLIC, ContestState
from app.domain.entries import EntryState
from app.domain.placings import REACHING
from app.domain.results import Outcome
from app.domain.rules import GroupRule
from app.domain.tiers import ROAD, Tier
from app.domain.vietnamese import sort_key
from app.models import Ballot, BallotItem, Contest, Entry, IssuedCertificate, Product, Result
from app.queries.computations import deciding_computation
from app.queries.place_names import PlaceName, place_names

STEPS: dict[str, ColumnElement[bool]] = {
    "registered": Entry.state != EntryState.DRAFT,
    "accepted": Entry.state == EntryState.ACCEPTED,
    "scored": and_(Result.id.is_not(None), Result.outcome != Outcome.NOT_SCORED),
    "reached": Result.outcome.in_(REACHING),
    "voted": BallotItem.id.is_not(None),
    "recognised": BallotItem.carried.is_(True),
    "certified": IssuedCertificate.id.is_not(None),
}


@dataclass(frozen=True)
class Count:
    """How many products, and of how many different facilities."""

    products: int = 0
    facilities: int = 0


@dataclass(frozen=True)
class Steps:
    """Products and facilities at each step of a contest."""

    registered: Count
    accepted: Count
    scored: Count
    reached: Count  # the threshold
    voted: Count  # put to the council's vote
    recognised: Count
    certified: Count  # with a certificate that was not revoked


@dataclass(frozen=True)
class ContestStatistics:
    """One contest in numbers."""

    contest_id: int
    slug: str
    name: str
    year: int
    tier: Tier
    place: PlaceName
    provisional: bool
    is_example: bool
    steps: Steps
    groups: tuple[tuple[GroupRule, Steps], ...]


@dataclass(frozen=True)
class TierStatistics:
    """All contests of one tier in one year; an example is never added to the real ones."""

    year: int
    tier: Tier
    is_example: bool
    contests: tuple[ContestStatistics, ...]

    @property
    def registered(self) -> int:
        """Products that were registered."""
        return sum(contest.steps.registered.products for contest in self.contests)

    @property
    def recognised(self) -> int:
        """Products that were recognised, or are on a provisional list."""
        return sum(contest.steps.recognised.products for contest in self.contests)


def statistics(session: Session, contest_id: int | None = None) -> list[ContestStatistics]:
    """Numbers of the contests that are public, or of one of them; newest first, then by tier and place."""
    statement = select(Contest).where(Contest.state.in_(PUBLIC))
    contests = session.scalars(statement.where(Contest.id == contest_id) if contest_id else statement).all()
    ids = [contest.id for contest in contests]
    totals = {row.contest_id: _steps(row) for row in session.execute(_counts(ids, Entry.contest_id))}
    groups: dict[int, dict[str, Steps]] = defaultdict(dict)
    for row in session.execute(_counts(ids, Entry.contest_id, Entry.group_code)):
        groups[row.contest_id][row.group_code] = _steps(row)
    names = place_names(session)
    nothing = Steps(*[Count()] * len(STEPS))
    found = [
        ContestStatistics(
            contest_id=contest.id,
            slug=contest.slug,
            name=contest.name,
            year=contest.year,
            tier=contest.tier,
            place=names[contest.territory_id],
            provisional=contest.state is ContestState.PROVISIONAL,
            is_example=contest.is_example,
            steps=totals.get(contest.id, nothing),
            groups=tuple(
                (group, groups[contest.id].get(group.code, nothing)) for group in contest.rules.groups
            ),
        )
        for contest in contests
    ]
    return sorted(
        found, key=lambda row: (-row.year, ROAD.index(row.tier), sort_key(row.place.name), row.slug)
    )


def by_tier(rows: list[ContestStatistics]) -> list[TierStatistics]:
    """The rows by year and tier, in their order."""
    found: dict[tuple[int, Tier, bool], list[ContestStatistics]] = defaultdict(list)
    for row in rows:
        found[row.year, row.tier, row.is_example].append(row)
    return [TierStatistics(*key, tuple(contests)) for key, contests in found.items()]


def sentence(row: ContestStatistics, language: str) -> str:
    """A contest in one sentence of an annual report: how many of its facilities and products succeeded."""
    of, done = row.steps.registered, row.steps.recognised
    if language == "en":
        verb = "proposed" if row.provisional else "recognised"
        facilities = f"{done.facilities} of {of.facilities} facilities"
        return (
            f"{row.place.name} {row.year}: {facilities} with {done.products} of {of.products} products {verb}"
        )
    verb = "dự kiến đạt" if row.provisional else "đạt"
    facilities = f"{done.facilities}/{of.facilities} cơ sở"
    return f"{row.place.name} {row.year}: {facilities} với {done.products}/{of.products} sản phẩm {verb}"


def _counts(contest_ids: list[int], *keys: Any) -> Select[*tuple[Any, ...]]:
    computation = deciding_computation(Entry.contest_id)
    columns: list[ColumnElement[int]] = []
    for name, condition in STEPS.items():
        columns.append(func.count(case((condition, Entry.id))).label(f"{name}_products"))
        facilities = distinct(case((condition, Product.facility_id)))
        columns.append(func.count(facilities).label(f"{name}_facilities"))
    return (
        select(*keys, *columns)
        .select_from(Entry)
        .join(Product, Product.id == Entry.product_id)
        .outerjoin(Result, and_(Result.entry_id == Entry.id, Result.computation_id == computation))
        .outerjoin(Ballot, Ballot.contest_id == Entry.contest_id)
        .outerjoin(BallotItem, and_(BallotItem.entry_id == Entry.id, BallotItem.ballot_id == Ballot.id))
        .outerjoin(
            IssuedCertificate,
            and_(IssuedCertificate.entry_id == Entry.id, IssuedCertificate.status == CertificateStatus.VALID),
        )
        .where(Entry.contest_id.in_(contest_ids))
        .group_by(*keys)
    )


def _steps(row: Any) -> Steps:
    return Steps(
        **{
            name: Count(getattr(row, f"{name}_products"), getattr(row, f"{name}_facilities"))
            for name in STEPS
        }
    )
