"""Contests as the organiser and the observer see them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.ballots import is_complete
from app.domain.contests import CORRECTING, Calendar, ContestState
from app.domain.entries import EntryState
from app.domain.permissions import Actor, Permission
from app.domain.results import Office
from app.domain.rules import ContestRules
from app.domain.tiers import Tier
from app.domain.vietnamese import sort_key
from app.models import (
    Ballot,
    BallotItem,
    Contest,
    CouncilMember,
    Entry,
    Judge,
    LedgerEvent,
    Nomination,
    RubricVersion,
    Territory,
)
from app.queries.decisions import Correction, correction_of, newest_certificate
from app.queries.progress import EntrySeats, seats_of
from app.queries.scope import contest_for, contests_within
from app.queries.spreads import open_discussions


@dataclass(frozen=True)
class ContestHead:
    """What every page of a contest shows of it, and what the reader may do in it."""

    id: int
    name: str
    slug: str
    year: int
    tier: Tier
    state: ContestState
    current_pass: int
    territory_id: int
    territory: str
    calendar: Calendar
    rules: ContestRules
    rules_json: str  # as stored: what the digest is taken of
    rules_digest: str | None
    rules_frozen_at: datetime | None
    is_example: bool
    is_practice: bool
    practice_of_id: int | None
    correction: Correction | None  # of a signed decision's result, while it runs
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Whether the reader may do this in this contest."""
        return permission in self.permissions


def head_of(
    session: Session, actor: Actor, contest_id: int, permission: Permission = Permission.CONTEST_VIEW
) -> ContestHead:
    """The head of a contest in which this person may do this; NotFound otherwise."""
    contest = contest_for(session, actor, permission, contest_id)
    return ContestHead(
        id=contest.id,
        name=contest.name,
        slug=contest.slug,
        year=contest.year,
        tier=contest.tier,
        state=contest.state,
        current_pass=contest.current_pass,
        territory_id=contest.territory_id,
        territory=contest.territory.full_name,
        calendar=Calendar(
            contest.registration_opens_on, contest.registration_closes_on, contest.scoring_closes_on
        ),
        rules=contest.rules,
        rules_json=contest.rules_json,
        rules_digest=contest.rules_digest,
        rules_frozen_at=contest.rules_frozen_at,
        is_example=contest.is_example,
        is_practice=contest.is_practice,
        practice_of_id=contest.practice_of_id,
        correction=correction_of(session, contest.id) if contest.state in CORRECTING else None,
        permissions=frozenset(
            permission
            for permission in Permission
            if contest.territory_id in actor.territories(permission)
            or contest.id in actor.contests(permission)
        ),
    )


@dataclass(frozen=True)
class ContestPage:
    """A page of a contest that needs no more than its head."""

    contest: ContestHead


@dataclass(frozen=True)
class ContestRow:
    """One line of the list of contests."""

    id: int
    name: str
    territory: str
    tier: Tier
    year: int
    state: ContestState
    entries: int  # submitted at least once
    accepted: int
    judges: int
    is_practice: bool


def contests_by_year(session: Session, actor: Actor) -> list[tuple[int, list[ContestRow]]]:
    """The contests this person may see, newest year first, then by territory and name."""
    entries = select(func.count(Entry.id)).where(Entry.contest_id == Contest.id)
    judges = select(func.count(Judge.id)).where(Judge.contest_id == Contest.id)
    rows = [
        ContestRow(*row)
        for row in session.execute(
            select(
                Contest.id,
                Contest.name,
                Territory.full_name,
                Contest.tier,
                Contest.year,
                Contest.state,
                entries.where(Entry.state != EntryState.DRAFT).scalar_subquery(),
                entries.where(Entry.state == EntryState.ACCEPTED).scalar_subquery(),
                judges.scalar_subquery(),
                Contest.is_practice,
            )
            .join(Contest.territory)
            .where(contests_within(actor, Permission.CONTEST_VIEW))
        )
    ]
    rows.sort(key=lambda row: (-row.year, sort_key(row.territory), sort_key(row.name), row.id))
    return [(year, list(group)) for year, group in groupby(rows, key=lambda row: row.year)]


@dataclass(frozen=True)
class Overview(ContestPage):
    """Where a contest stands, in numbers."""

    rubric_vi: str
    rubric_en: str
    entries: dict[EntryState, int]
    seats: tuple[EntrySeats, ...]
    judges: int
    has_head: bool
    council_members: int
    has_chair: bool
    rules_written: bool
    recognised: int
    certificates: int
    nominations: int
    to_discuss: int  # entries that keep the current pass from being closed

    @property
    def council_is_complete(self) -> bool:
        """Whether the council can vote."""
        return is_complete(self.council_members, has_chair=self.has_chair)

    @property
    def assigned(self) -> int:
        """Sheets that judges have to fill in."""
        return sum(seat.assigned for seat in self.seats)

    @property
    def submitted(self) -> int:
        """Sheets that judges have submitted."""
        return sum(seat.submitted for seat in self.seats)

    @property
    def short(self) -> int:
        """Accepted entries with fewer judges than the rules ask for."""
        return sum(seat.assigned < self.contest.rules.min_sheets for seat in self.seats)

    @property
    def all_certified(self) -> bool:
        """Whether every recognised product has its certificate."""
        return 0 < self.recognised <= self.certificates

    @property
    def waiting(self) -> int:
        """Dossiers that wait for the organiser."""
        return self.entries.get(EntryState.SUBMITTED, 0)

    @property
    def accepted(self) -> int:
        """Entries that take part."""
        return self.entries.get(EntryState.ACCEPTED, 0)


def overview_of(session: Session, actor: Actor, contest_id: int) -> Overview:
    """Read the overview of a contest this person may see."""
    contest = head_of(session, actor, contest_id)
    rubric_vi, rubric_en = session.execute(
        select(RubricVersion.name_vi, RubricVersion.name_en).where(RubricVersion.code == contest.rules.rubric)
    ).one()
    heads = session.scalars(select(Judge.is_head).where(Judge.contest_id == contest_id)).all()
    offices = session.scalars(
        select(CouncilMember.office).where(CouncilMember.contest_id == contest_id)
    ).all()
    return Overview(
        contest=contest,
        rubric_vi=rubric_vi,
        rubric_en=rubric_en,
        entries=entry_counts(session, contest_id),
        seats=seats_of(session, contest),
        judges=len(heads),
        has_head=any(heads),
        council_members=len(offices),
        has_chair=Office.CHAIR in offices,
        rules_written=_count(session, _acts(contest_id, "contest:set-rules")) > 0,
        recognised=_count(session, _carried(contest_id)),
        certificates=_count(session, _certified(contest_id)),
        nominations=_count(session, _nominated(contest_id)),
        to_discuss=len(open_discussions(session, contest)) if contest.state is ContestState.SCORING else 0,
    )


def entry_counts(session: Session, contest_id: int) -> dict[EntryState, int]:
    """How many entries stand in each state."""
    rows = session.execute(
        select(Entry.state, func.count().label("number"))
        .where(Entry.contest_id == contest_id)
        .group_by(Entry.state)
    )
    return {row.state: row.number for row in rows}


def _count(session: Session, statement: Select[int]) -> int:
    return session.scalars(statement).one()


def _acts(contest_id: int, action: str) -> Select[int]:
    return select(func.count()).where(
        LedgerEvent.subject_kind == "contests",
        LedgerEvent.subject_id == contest_id,
        LedgerEvent.action == action,
    )


def _carried(contest_id: int) -> Select[int]:
    items = select(func.count()).select_from(BallotItem).join(Ballot, Ballot.id == BallotItem.ballot_id)
    return items.where(Ballot.contest_id == contest_id, BallotItem.carried.is_(True))


def _certified(contest_id: int) -> Select[int]:
    entries = _carried(contest_id).join(Entry, Entry.id == BallotItem.entry_id)
    return entries.where(newest_certificate().is_not(None))


def _nominated(contest_id: int) -> Select[int]:
    entries = select(func.count(Nomination.id)).join(Entry, Entry.id == Nomination.entry_id)
    return entries.where(Entry.contest_id == contest_id)
