"""What the public sees: contests whose list is published, and of them only what was recognised."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.ballot_prizes import count_prizes
from app.domain.certificates import Standing, standing_of
from app.domain.contests import PUBLIC, ContestState
from app.domain.entry_names import EntryNames, as_sent, with_province
from app.domain.errors import NotFound
from app.domain.ledger import Occasion
from app.domain.results import printed_average
from app.domain.rules import ContestRules, GroupRule, PrizeRule
from app.domain.tiers import ROAD, Tier
from app.domain.vietnamese import fold, sort_key
from app.models import (
    Ballot,
    BallotItem,
    Computation,
    Contest,
    Decision,
    Entry,
    Facility,
    IssuedCertificate,
    Product,
    Result,
    Territory,
)
from app.queries.computations import deciding_computation
from app.queries.decisions import correction_behind, newest_certificate, standing_decision
from app.queries.ledger import Head, newest_head
from app.queries.mergers import ProductSet, sets_of
from app.queries.motions import MotionRow, motions_of, public_motions
from app.queries.passes import averages_by_pass
from app.queries.place_names import PlaceName, place_names
from app.queries.publication import complaints_until
from app.queries.statistics import ContestStatistics, statistics

SLUG = "[a-z0-9-]{1,80}"


@dataclass(frozen=True)
class PublicContest:
    """One line of the list of published contests."""

    slug: str
    name: str
    year: int
    tier: Tier
    place: PlaceName
    state: ContestState
    published_at: datetime | None
    products: int
    is_example: bool


@dataclass(frozen=True)
class Search:
    """What a reader looks for; empty means everything."""

    place: str = ""
    year: int | None = None
    tier: Tier | None = None


@dataclass(frozen=True)
class PublicContests:
    """The contests found, by year, and what can be chosen."""

    found: tuple[PublicContest, ...]
    years: tuple[int, ...]
    total: int


def public_contests(session: Session, search: Search) -> PublicContests:
    """The published contests that a reader looks for; places by old and new names, with or without marks."""
    names = place_names(session)
    carried = (
        select(func.count())
        .select_from(BallotItem)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .where(Ballot.contest_id == Contest.id, BallotItem.carried.is_(True))
        .correlate(Contest)
        .scalar_subquery()
    )
    rows = session.execute(select(Contest, carried).where(Contest.state.in_(PUBLIC))).all()
    contests = [
        PublicContest(
            slug=contest.slug,
            name=contest.name,
            year=contest.year,
            tier=contest.tier,
            place=names[contest.territory_id],
            state=contest.state,
            published_at=contest.published_at,
            products=products,
            is_example=contest.is_example,
        )
        for contest, products in rows
    ]
    wanted = fold(search.place)
    found = [
        contest
        for contest in contests
        if (wanted in contest.place.folded or wanted in fold(contest.name))
        and search.year in (None, contest.year)
        and search.tier in (None, contest.tier)
    ]
    found.sort(key=lambda row: (-row.year, -ROAD.index(row.tier), sort_key(row.place.name), row.slug))
    years = sorted({contest.year for contest in contests}, reverse=True)
    return PublicContests(tuple(found), tuple(years), len(contests))


@dataclass(frozen=True)
class RecognisedRow:
    """A recognised entry as it is published; `average` is printed hundredths of a point."""

    code: str
    group: str
    names: EntryNames
    average: int | None
    certificate: str  # its number; empty before one is issued
    check_code: str  # by which it is checked
    standing: Standing | None
    valid_until: date | None
    by_pass: tuple[int | None, ...] = ()  # printed averages of both passes, in hundredths, if there are two
    prize: str | None = None  # code of the class that the council gave
    product_set: ProductSet | None = None  # that the council made of several entries; this one stands for it

    @property
    def listed_members(self) -> tuple[str, ...]:
        """Code and name of each product of such a set."""
        members = self.product_set.members if self.product_set else ()
        return tuple(f"{member.code} {member.product}" for member in members)


@dataclass(frozen=True)
class PublicResults:
    """The published list of one contest."""

    slug: str
    name: str
    year: int
    tier: Tier
    place: PlaceName
    territory_id: int
    state: ContestState
    published_at: datetime
    decision: Decision | None  # of a final list
    replaces: Decision | None  # the decision before it, or that a provisional list is to replace
    rules: ContestRules
    rules_digest: str
    inputs_digest: str
    head: Head | None  # of the ledger, as the list was published
    numbers: ContestStatistics
    rows: tuple[RecognisedRow, ...]  # by code
    motions: tuple[MotionRow, ...]  # carried, and about nothing but what is on the list
    is_example: bool

    @property
    def provisional(self) -> bool:
        """Whether complaints may still change the list."""
        return self.state is ContestState.PROVISIONAL

    @property
    def complaints_until(self) -> date:
        """The last day for complaints, public holidays not counted."""
        return complaints_until(self.published_at, self.rules.complaint_days)

    @property
    def groups(self) -> tuple[tuple[GroupRule, tuple[RecognisedRow, ...]], ...]:
        """The rows by product group, in the order of the rules; also groups without any."""
        return tuple(
            (group, tuple(row for row in self.rows if row.group == group.code)) for group in self.rules.groups
        )

    @property
    def sets(self) -> tuple[ProductSet, ...]:
        """The sets among the rows that the council made of several entries."""
        return tuple(row.product_set for row in self.rows if row.product_set)

    @property
    def prizes(self) -> tuple[tuple[PrizeRule, int], ...]:
        """How many of the rows have each class of prize, best first; nothing where the rules have no classes."""
        return count_prizes(self.rules, (row.prize for row in self.rows))


def public_results(session: Session, slug: str, *, today: date) -> PublicResults:
    """The published list of a contest; NotFound until it is published."""
    if not re.fullmatch(SLUG, slug):
        raise NotFound
    statement = select(Contest).where(Contest.slug == slug, Contest.state.in_(PUBLIC))
    contest = session.scalars(statement).one_or_none()
    if contest is None or contest.published_at is None:
        raise NotFound
    inputs = select(Computation.inputs_digest).where(Computation.id == deciding_computation(contest.id))
    by_pass, sets = averages_by_pass(session, contest), sets_of(session, contest.id)
    behind = correction_behind(session, contest.id, contest.state)
    rows = tuple(
        replace(_as_set(_row(*row, today=today), sets.get(row[0].id)), by_pass=by_pass.get(row[0].id, ()))
        for row in session.execute(_recognised(contest.id))
    )
    return PublicResults(
        slug=contest.slug,
        name=contest.name,
        year=contest.year,
        tier=contest.tier,
        place=place_names(session)[contest.territory_id],
        territory_id=contest.territory_id,
        state=contest.state,
        published_at=contest.published_at,
        decision=standing_decision(session, contest.id) if contest.state is ContestState.FINAL else None,
        replaces=behind.decision if behind else None,
        rules=contest.rules,
        rules_digest=contest.rules_digest or "",
        inputs_digest=session.scalars(inputs).one_or_none() or "",
        head=newest_head(session, contest.id, Occasion.LIST, Occasion.DECISION),
        numbers=statistics(session, contest.id)[0],
        rows=rows,
        motions=_changes(session, contest, rows),
        is_example=contest.is_example,
    )


def _changes(session: Session, contest: Contest, rows: Iterable[RecognisedRow]) -> tuple[MotionRow, ...]:
    sets = [row.product_set for row in rows if row.product_set]
    listed = {row.code for row in rows} | {member.code for one in sets for member in one.members}
    motions = motions_of(session, contest.id, contest.rules)
    return public_motions(motions, listed, {one.motion for one in sets})


def _as_set(row: RecognisedRow, product_set: ProductSet | None) -> RecognisedRow:
    if product_set is None:
        return row
    return replace(row, names=product_set.names(row.names), product_set=product_set)


def _recognised(
    contest_id: int,
) -> Select[Entry, Product, Facility, Territory, Result | None, IssuedCertificate | None, str | None]:
    computation = deciding_computation(contest_id)
    return (
        select(Entry, Product, Facility, Territory, Result, IssuedCertificate, BallotItem.prize)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .join(Territory, Territory.id == Facility.territory_id)
        .join(BallotItem, BallotItem.entry_id == Entry.id)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .outerjoin(Result, (Result.entry_id == Entry.id) & (Result.computation_id == computation))
        .outerjoin(IssuedCertificate, IssuedCertificate.id == newest_certificate())
        .where(Ballot.contest_id == contest_id, BallotItem.carried.is_(True))
        .order_by(Entry.code)
    )


def _row(
    entry: Entry,
    product: Product,
    facility: Facility,
    territory: Territory,
    result: Result | None,
    certificate: IssuedCertificate | None,
    prize: str | None,
    *,
    today: date,
) -> RecognisedRow:
    address = with_province(facility.address, territory.full_name)
    names = as_sent(entry.dossier, EntryNames(product.name, product.is_set, facility.name, address))
    average = None
    if result is not None and result.numerator is not None and result.denominator is not None:
        average = printed_average(result.numerator, result.denominator)
    row = RecognisedRow(entry.code or "", entry.group_code, names, average, "", "", None, None, prize=prize)
    if certificate is None:
        return row
    standing = standing_of(certificate.status, certificate.valid_until, today)
    return replace(
        row,
        certificate=certificate.number,
        check_code=certificate.code,
        standing=standing,
        valid_until=certificate.valid_until,
    )
