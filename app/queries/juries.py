"""The jury of a contest: its judges, what each scores, and how far they are."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Label, and_, exists, func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Actor, Role
from app.domain.vietnamese import person_sort_key
from app.models import (
    CouncilMember,
    Entry,
    Facility,
    Judge,
    JudgeGroup,
    Membership,
    Product,
    Recusal,
    ScoreSheet,
    User,
)
from app.models.base import canonical_json
from app.queries.appointments import Invited, invited_to
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.own_facilities import Conflict, belongs_to_facility, conflicts_of, own_products
from app.queries.passes import is_scored_now
from app.queries.people import name_on_jury
from app.queries.progress import (
    EntrySeats,
    code_key,
    seats_of,
    sheets_of_judges,
)


@dataclass(frozen=True)
class JudgeRow:
    """A judge in the list of the jury."""

    id: int
    name: str
    email: str
    position: str
    is_head: bool
    groups: tuple[str, ...]
    entries: int
    recusals: int
    products: tuple[str, ...]  # in the contest, of the judge's own facility
    on_council: bool
    is_administrator: bool


@dataclass(frozen=True)
class RecusalRow:
    """Who stands aside from what, and why."""

    judge: str
    code: str
    product: str
    reason: str


@dataclass(frozen=True)
class JuryPage(ContestPage):
    """The jury with what it still lacks."""

    judges: tuple[JudgeRow, ...]
    invited: tuple[Invited, ...]
    recusals: tuple[RecusalRow, ...]
    conflicts: tuple[Conflict, ...]
    seats: tuple[EntrySeats, ...]

    @property
    def short(self) -> tuple[EntrySeats, ...]:
        """Entries with fewer judges than the rules ask for."""
        return tuple(seat for seat in self.seats if seat.assigned < self.contest.rules.min_sheets)

    @property
    def groups_digest(self) -> str:
        """What tells apart who is on the jury, and for which groups, at one time and at another."""
        return groups_digest({judge.id: judge.groups for judge in self.judges})

    def entries_in(self, group_code: str) -> int:
        """Accepted entries of a product group."""
        return sum(seat.group_code == group_code for seat in self.seats)


def jury_page(session: Session, actor: Actor, contest_id: int) -> JuryPage:
    """Read the jury of a contest this person may see."""
    contest = head_of(session, actor, contest_id)
    recusals = _recusals(session, contest_id)
    return JuryPage(
        contest=contest,
        judges=_judges(session, contest_id, recusals),
        invited=invited_to(session, contest_id, (Role.JUDGE, Role.HEAD_OF_JURY)),
        recusals=tuple(recusal for _judge_id, recusal in recusals),
        conflicts=tuple(conflicts_of(session, contest_id)),
        seats=seats_of(session, contest),
    )


def _judges(
    session: Session, contest_id: int, recusals: list[tuple[int, RecusalRow]]
) -> tuple[JudgeRow, ...]:
    people = {
        row.id: row
        for row in session.execute(
            select(Judge.id, Judge.user_id, Judge.position, User.email, _sits(), _administers())
            .join(User, User.id == Judge.user_id)
            .where(Judge.contest_id == contest_id)
        )
    }
    own = own_products(session, contest_id, [row.user_id for row in people.values()])
    groups = groups_of_judges(session, contest_id)
    return tuple(
        JudgeRow(
            id=sheets.judge_id,
            name=sheets.name,
            email=people[sheets.judge_id].email,
            position=people[sheets.judge_id].position,
            is_head=sheets.is_head,
            groups=groups.get(sheets.judge_id, ()),
            entries=sheets.assigned,
            recusals=sum(judge_id == sheets.judge_id for judge_id, _row in recusals),
            products=tuple(own.get(people[sheets.judge_id].user_id, ())),
            on_council=people[sheets.judge_id].on_council,
            is_administrator=people[sheets.judge_id].is_administrator,
        )
        for sheets in sheets_of_judges(session, contest_id)
    )


def groups_of_judges(session: Session, contest_id: int) -> dict[int, tuple[str, ...]]:
    """The product groups ticked for each judge of a contest, also for those without any."""
    rows = session.execute(
        select(Judge.id, JudgeGroup.group_code)
        .outerjoin(JudgeGroup, JudgeGroup.judge_id == Judge.id)
        .where(Judge.contest_id == contest_id)
        .order_by(Judge.id, JudgeGroup.group_code)
    ).all()
    return {
        judge_id: tuple(code for _judge, code in codes if code)
        for judge_id, codes in groupby(rows, key=itemgetter(0))
    }


def groups_digest(groups: Mapping[int, Collection[str]]) -> str:
    """SHA-256 of who scores which product groups."""
    said = {str(judge_id): sorted(codes) for judge_id, codes in groups.items()}
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def _sits() -> Label[bool]:
    """Whether a judge also sits on the council of the contest."""
    seat = (CouncilMember.contest_id == Judge.contest_id, CouncilMember.user_id == Judge.user_id)
    return exists().where(*seat).label("on_council")


def _administers() -> Label[bool]:
    """Whether a judge is also an administrator."""
    role = (Membership.role == Role.ADMINISTRATOR, Membership.ended_at.is_(None))
    return exists().where(Membership.user_id == Judge.user_id, *role).label("is_administrator")


def _recusals(session: Session, contest_id: int) -> list[tuple[int, RecusalRow]]:
    rows = session.execute(
        select(Judge.id, name_on_jury(), Entry.code, Product.name, Recusal.reason)
        .select_from(Recusal)
        .join(Judge, Judge.id == Recusal.judge_id)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id == Recusal.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(Judge.contest_id == contest_id)
    )
    found = [
        (judge_id, RecusalRow(name, code or "", product, reason))
        for judge_id, name, code, product, reason in rows
    ]
    return sorted(found, key=lambda pair: (person_sort_key(pair[1].judge), code_key(pair[1].code)))


@dataclass(frozen=True)
class JudgeEntry:
    """An accepted entry as it concerns one judge."""

    id: int
    code: str
    product: str
    group_code: str
    facility: str
    assigned: bool
    begun: bool
    recused: str | None
    own: bool  # of the judge's own facility


@dataclass(frozen=True)
class JudgePage(ContestPage):
    """One judge with all accepted entries."""

    id: int
    name: str
    email: str
    position: str
    is_head: bool
    entries: tuple[JudgeEntry, ...]

    @property
    def may_be_dismissed(self) -> bool:
        """Whether nothing was saved on any sheet."""
        return not any(entry.begun for entry in self.entries)


def judge_page(session: Session, actor: Actor, contest_id: int, judge_id: int) -> JudgePage:
    """Read one judge of a contest this person may see."""
    contest = head_of(session, actor, contest_id)
    row = session.execute(
        select(Judge.position, Judge.is_head, name_on_jury().label("name"), User.email)
        .join(User, User.id == Judge.user_id)
        .where(Judge.id == judge_id, Judge.contest_id == contest_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return JudgePage(
        contest=contest,
        id=judge_id,
        name=row.name,
        email=row.email,
        position=row.position,
        is_head=row.is_head,
        entries=_entries_of_judge(session, contest, judge_id),
    )


def _entries_of_judge(session: Session, contest: ContestHead, judge_id: int) -> tuple[JudgeEntry, ...]:
    own = exists().where(Judge.id == judge_id, User.id == Judge.user_id, belongs_to_facility())
    rows = session.execute(
        select(
            Entry.id,
            func.coalesce(Entry.code, ""),
            Product.name,
            Entry.group_code,
            Facility.name,
            ScoreSheet.id.is_not(None),
            ScoreSheet.saved_at.is_not(None),
            Recusal.reason,
            own.correlate(Facility),
        )
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .outerjoin(
            ScoreSheet,
            and_(
                ScoreSheet.entry_id == Entry.id,
                ScoreSheet.judge_id == judge_id,
                ScoreSheet.pass_no == contest.current_pass,
            ),
        )
        .outerjoin(Recusal, (Recusal.entry_id == Entry.id) & (Recusal.judge_id == judge_id))
        .where(is_scored_now(contest))
    )
    entries = [JudgeEntry(*row) for row in rows]
    return tuple(sorted(entries, key=lambda entry: code_key(entry.code)))
