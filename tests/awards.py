"""A contest taken as far as a test needs: scored, voted, published, decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.judging import SheetState
from app.domain.permissions import Actor
from app.domain.results import Office
from app.domain.vietnamese import in_vietnam
from app.models import (
    Ballot,
    BallotItem,
    Contest,
    Decision,
    Entry,
    IssuedCertificate,
    Judge,
    Mark,
    Product,
    Result,
    ScoreSheet,
    Territory,
    User,
)
from app.services.certificates import IssueCertificates, issue_certificates
from app.services.files import FileStore
from app.services.passes import close_first_pass
from app.services.publication import RecordDecision, publish_provisional, record_decision
from app.services.results import compute
from tests.builders import NOW, World

PUBLIC_URL = "https://binhchon.example.vn"


def marks_for(total: int) -> dict[str, int]:
    """Marks on the legal sheet that sum to a total, in hundredths."""
    marks = {}
    for code, highest in (("L1", 4000), ("L2", 4000), ("L3", 1000), ("L4", 1000)):
        marks[code] = min(total, highest)
        total -= marks[code]
    return marks


@dataclass
class Award:
    """A contest with its organiser, jury and entries."""

    world: World
    contest: Contest
    organiser: User
    judges: list[Judge] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        """The organiser as services know them."""
        return self.world.actor(self.organiser)

    def results(self) -> list[tuple[Any, ...]]:
        """Rows of the newest computation, by entry: everything but ids."""
        statement = select(Result).join(Entry).order_by(Result.computation_id.desc(), Entry.code)
        rows = self.world.all(statement)
        return [
            (r.sheets, r.numerator, r.denominator, r.rank, r.outcome, r.decided_by, r.spread)
            for r in rows
            if r.computation_id == rows[0].computation_id
        ]


def scoring(
    world: World,
    totals: Sequence[Sequence[int | None]],
    *,
    groups: str = "",
    products: Iterable[Product] = (),
    territory: Territory | None = None,
    rules: dict[str, Any] | None = None,
    two_passes: bool = False,
    **fields: Any,
) -> Award:
    """A contest in scoring: one entry per list, one judge per column; None is a sheet that was not submitted.

    With `two_passes` the same totals were given in the first pass, which is closed: the second is scored.
    """
    territory = territory or world.territory("Lâm Đồng")
    rules = (TWO_PASSES if two_passes else {}) | (rules or {})
    contest = world.contest(territory=territory, rules=world.rules(**(rules or {})), **fields)
    award = Award(world, contest, world.organiser(territory))
    award.judges = [world.judge(contest) for _judge in range(max(map(len, totals), default=0))]
    given = list(products)
    for number, row in enumerate(totals):
        product = given[number] if given else world.product(group=groups[number] if groups else "B")
        code = f"{product.group_code}-{number + 1:03d}"
        entry = world.entry(contest, product, code=code)
        award.entries.append(entry)
        for judge, total in zip(award.judges, row, strict=False):
            if total is None:
                world.sheet(judge, entry)
            else:
                world.submitted(judge, entry, marks_for(total))
    if two_passes:
        close_first(award)
        score_second(award, totals)
    return award


TWO_PASSES = {"passes": 2, "deciding_pass": 2, "advance_mark": 7000, "spread_limit": 10000}


def close_first(award: Award, at: datetime = NOW) -> None:
    """Close the first pass as the organiser does, missing sheets or not."""
    with award.world.session() as session:
        close_first_pass(session, award.contest.id, actor=award.actor, now=at, reason="Giám khảo ốm")


def score_second(award: Award, totals: Sequence[Sequence[int | None]]) -> None:
    """Submit the second pass with these totals for the entries that went on."""
    of_entry = dict(zip((entry.id for entry in award.entries), totals, strict=True))
    seats = {judge.id: number for number, judge in enumerate(award.judges)}
    criteria = award.world.rubric().criteria
    with award.world.session() as session:
        sheets = session.scalars(select(ScoreSheet).where(ScoreSheet.pass_no == 2))
        for sheet in sheets:
            total = of_entry[sheet.entry_id][seats[sheet.judge_id]]
            if total is not None:
                marks = marks_for(total)
                sheet.state, sheet.saved_at, sheet.submitted_at = SheetState.SUBMITTED, NOW, NOW
                session.add_all(
                    Mark(sheet_id=sheet.id, criterion_id=c.id, max_mark=c.max_mark, value=marks[c.code])
                    for c in criteria
                )


def scored(world: World, totals: Sequence[Sequence[int | None]], **fields: Any) -> Award:
    """The same with scoring closed and the result computed."""
    award = scoring(world, totals, **fields)
    move(award, ContestState.SCORED)
    with world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)
    return award


def voted(
    world: World,
    totals: Sequence[Sequence[int | None]],
    *,
    carried: Sequence[bool] | None = None,
    **fields: Any,
) -> Award:
    """The same with the council's ballot closed; every entry is carried unless said otherwise."""
    award = scored(world, totals, **fields)
    chair = world.council_member(award.contest, Office.CHAIR)
    secretary = world.council_member(award.contest, Office.SECRETARY)
    assert chair.id != secretary.id
    items = [
        BallotItem(entry_id=entry.id, on_jury_list=True, yes=2 * ok, no=2 * (not ok), abstain=0, carried=ok)
        for entry, ok in zip(award.entries, carried or [True] * len(award.entries), strict=True)
    ]
    world.add(
        Ballot(
            contest_id=award.contest.id,
            place="Phòng họp số 2",
            members=2,
            quorum=2,
            opened_at=NOW,
            closed_at=NOW + timedelta(hours=1),
            items=items,
        )
    )
    move(award, ContestState.VOTED)
    return award


def decided(world: World, totals: Sequence[Sequence[int | None]], **fields: Any) -> Award:
    """The same with the provisional list published and the decision signed."""
    award = voted(world, totals, **fields)
    world.add(
        Decision(
            contest_id=award.contest.id,
            number="125/QĐ-UBND",
            signed_on=in_vietnam(NOW).date(),
            signing_body="Ủy ban nhân dân Tỉnh Lâm Đồng",
            signatory_title="CHỦ TỊCH",
            signatory="Phạm Thị Thanh Hà",
            place="Lâm Đồng",
            recorded_at=NOW,
        )
    )
    move(award, ContestState.FINAL)
    return award


def certified(
    world: World, totals: Sequence[Sequence[int | None]] = ((9000,),), *, limit: int = 99, **fields: Any
) -> Award:
    """The same with certificates issued, as many as the limit lets."""
    award = decided(world, totals, **fields)
    issue(award, limit)
    return award


def sign(award: Award, number: str = "125/QĐ-UBND", replaces_id: int | None = None) -> None:
    """Publish the provisional list and record the decision, through the services."""
    with award.world.session() as session:
        publish_provisional(session, award.contest.id, actor=award.actor, now=NOW)
    decision = RecordDecision(
        contest_id=award.contest.id,
        number=number,
        signed_on=NOW.date(),
        signing_body="Ủy ban nhân dân tỉnh Lâm Đồng",
        signatory_title="CHỦ TỊCH",
        signatory="Phạm Thị Thanh Hà",
        place="Lâm Đồng",
        early_reason="Không có khiếu nại.",
        replaces_id=replaces_id,
    )
    with award.world.session() as session:
        record_decision(session, decision, actor=award.actor, now=NOW + timedelta(hours=1))


def issue(award: Award, limit: int = 25) -> int:
    """Issue missing certificates and tell how many."""
    store = FileStore(award.world.files_dir)
    command = IssueCertificates(award.contest.id, limit)
    with award.world.session() as session:
        return issue_certificates(
            session, command, store=store, actor=award.actor, now=NOW, public_url=PUBLIC_URL
        )


def issued(world: World) -> list[IssuedCertificate]:
    """Every certificate, in the order of issue."""
    return world.all(select(IssuedCertificate).order_by(IssuedCertificate.id))


def move(award: Award, state: ContestState) -> None:
    """Put the contest into a state as its own service would have."""
    with award.world.session() as session:
        contest = session.get_one(Contest, award.contest.id)
        contest.state = state
        if state in (ContestState.PROVISIONAL, ContestState.FINAL):
            contest.published_at = contest.published_at or NOW
    award.contest = contest
