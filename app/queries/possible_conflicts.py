"""Possible conflicts of interest in a contest: pairs of judge and entry with something in common, and what was said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.conflicts import (
    ConflictKind,
    FacilityFacts,
    Finding,
    JudgeFacts,
    facts_digest,
    findings,
)
from app.domain.contests import JURY_OPEN
from app.domain.errors import NotFound
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import person_sort_key
from app.models import (
    ConflictAnswer,
    Contest,
    Entry,
    Facility,
    ImpartialityStatement,
    Judge,
    Product,
    Recusal,
    ScoreSheet,
    Territory,
    User,
)
from app.queries.contests import ContestPage, head_of
from app.queries.own_facilities import own_entries
from app.queries.passes import InPass, is_scored_now
from app.queries.people import name_on_jury
from app.queries.progress import code_key
from app.queries.statements import OwnStatement, own_statement, standing_statements

Pair = tuple[int, int]  # ids of judge and entry


@dataclass(frozen=True)
class Answer:
    """A judge's word that there is no conflict."""

    id: int
    reason: str
    answered_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True)
class PossibleConflict:
    """A judge and an entry with something in common; the answer is the one given for these very facts."""

    judge_id: int
    judge: str
    entry_id: int
    code: str
    product: str
    facility: str
    findings: tuple[Finding, ...]
    has_sheet: bool  # told when all judges are asked for
    answer: Answer | None

    @property
    def digest(self) -> str:
        """What an answer is given for."""
        return facts_digest(self.findings)

    @property
    def answer_digest(self) -> str:
        """What an organiser who accepts has read: these facts, and the answer of this moment."""
        return f"{self.digest}.{self.answer.answered_at.isoformat()}" if self.answer else ""

    @property
    def is_certain(self) -> bool:
        """Whether no answer can help: the judge works for the facility."""
        return any(finding.kind is ConflictKind.OWN_FACILITY for finding in self.findings)

    @property
    def is_settled(self) -> bool:
        """Whether the organiser has accepted the judge's answer."""
        return self.answer is not None and self.answer.accepted_at is not None


@dataclass(frozen=True)
class _Entry:
    id: int
    code: str
    product: str
    facility_id: int


def possible_conflicts(
    session: Session, contest: InPass, judge_ids: Collection[int] | None = None
) -> list[PossibleConflict]:
    """Pairs of judges and entries scored now that have something in common and of which no recusal is on record.

    By entry code and judge; all judges of the contest, or some.
    """
    judges = _judges(session, contest.id, judge_ids)
    entries, facilities = _entries(session, contest)
    own = own_entries(session, list(judges), [entry.id for entry in entries])
    recused = _pairs(session, Recusal, judges)
    seated = _pairs(session, ScoreSheet, judges) if judge_ids is None else set()
    answers = _answers(session, judges)
    found = []
    for judge_id, facts in judges.items():
        common = {key: findings(facts, facility) for key, facility in facilities.items()}
        for entry in entries:
            pair = judge_id, entry.id
            works_there = (
                (Finding(ConflictKind.OWN_FACILITY, facts.name, facilities[entry.facility_id].name),)
                if pair in own
                else ()
            )
            if (both := works_there + common[entry.facility_id]) and pair not in recused:
                found.append(
                    PossibleConflict(
                        judge_id=judge_id,
                        judge=facts.name,
                        entry_id=entry.id,
                        code=entry.code,
                        product=entry.product,
                        facility=facilities[entry.facility_id].name,
                        findings=both,
                        has_sheet=pair in seated,
                        answer=_same_facts(answers.get(pair), both),
                    )
                )
    return sorted(found, key=lambda one: (code_key(one.code), person_sort_key(one.judge), one.judge_id))


def _same_facts(row: ConflictAnswer | None, found: tuple[Finding, ...]) -> Answer | None:
    if row is None or row.facts_sha256 != facts_digest(found):
        return None
    return Answer(row.id, row.reason, row.answered_at, row.accepted_at)


def _judges(session: Session, contest_id: int, judge_ids: Collection[int] | None) -> dict[int, JudgeFacts]:
    statements = standing_statements(session, contest_id)
    rows = select(Judge.id, User.name).join(User, User.id == Judge.user_id)
    rows = rows.where(Judge.contest_id == contest_id).order_by(Judge.id)
    if judge_ids is not None:
        rows = rows.where(Judge.id.in_(judge_ids))
    return {judge_id: _facts(name, statements.get(judge_id)) for judge_id, name in session.execute(rows)}


def _facts(name: str, statement: ImpartialityStatement | None) -> JudgeFacts:
    if statement is None:
        return JudgeFacts(name)
    return JudgeFacts(
        name=name,
        employer=statement.employer,
        employer_tax_code=statement.employer_tax_code,
        address=statement.address,
        links=statement.links.splitlines(),
    )


def _entries(session: Session, contest: InPass) -> tuple[list[_Entry], dict[int, FacilityFacts]]:
    rows = session.execute(
        select(Entry.id, Entry.code, Product.name, Facility, Territory.full_name)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .join(Territory, Territory.id == Facility.territory_id)
        .where(is_scored_now(contest), Entry.code.is_not(None))
    )
    entries, facilities = [], {}
    for entry_id, code, product, facility, territory in rows:
        entries.append(_Entry(entry_id, code or "", product, facility.id))
        facilities[facility.id] = FacilityFacts(
            name=facility.name,
            representative=facility.representative,
            tax_code=facility.tax_code,
            address=facility.address,
            territory=territory,
            phone=facility.phone,
            email=facility.email,
        )
    return entries, facilities


def _pairs(session: Session, kind: type[Recusal] | type[ScoreSheet], judges: Collection[int]) -> set[Pair]:
    rows = session.execute(select(kind.judge_id, kind.entry_id).where(kind.judge_id.in_(list(judges))))
    return {(judge_id, entry_id) for judge_id, entry_id in rows}


def _answers(session: Session, judges: Collection[int]) -> dict[Pair, ConflictAnswer]:
    rows = session.scalars(select(ConflictAnswer).where(ConflictAnswer.judge_id.in_(list(judges))))
    return {(row.judge_id, row.entry_id): row for row in rows}


@dataclass(frozen=True)
class OwnConflicts:
    """A judge's own possible conflicts in one contest."""

    own: OwnStatement
    conflicts: tuple[PossibleConflict, ...]

    @property
    def unanswered(self) -> tuple[PossibleConflict, ...]:
        """Those on which the judge has said nothing yet."""
        return tuple(one for one in self.conflicts if one.answer is None)


def own_conflicts(session: Session, actor: Actor, contest_id: int) -> OwnConflicts:
    """The possible conflicts of this person as a judge; NotFound for whoever is not on the jury."""
    own = own_statement(session, actor, contest_id)
    found = possible_conflicts(session, own.contest, [own.judge_id]) if own.may_sign else ()
    return OwnConflicts(own, tuple(found))


def conflict_of(session: Session, contest: Contest, judge_id: int, entry_id: int) -> PossibleConflict:
    """One possible conflict; NotFound if the two have nothing in common, or a recusal is on record."""
    for one in possible_conflicts(session, contest, [judge_id]):
        if one.entry_id == entry_id:
            return one
    raise NotFound


@dataclass(frozen=True)
class ConflictsPage(ContestPage):
    """The possible conflicts of a contest, for its organiser."""

    conflicts: tuple[PossibleConflict, ...]
    names: dict[int, str]
    unsigned: tuple[str, ...]  # judges of whom little is known: no statement yet

    @property
    def open(self) -> tuple[PossibleConflict, ...]:
        """Those that are not settled."""
        return tuple(one for one in self.conflicts if not one.is_settled)

    @property
    def settled(self) -> tuple[PossibleConflict, ...]:
        """Those whose answer was accepted."""
        return tuple(one for one in self.conflicts if one.is_settled)

    @property
    def may_settle(self) -> bool:
        """Whether the organiser can still do something about them."""
        return self.contest.state in JURY_OPEN


def conflicts_page(session: Session, actor: Actor, contest_id: int) -> ConflictsPage:
    """Read the possible conflicts of a contest whose jury this person appoints."""
    contest = head_of(session, actor, contest_id, Permission.JURY_APPOINT)
    rows = session.execute(
        select(Judge.id, name_on_jury())
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest_id)
    )
    names = {judge_id: name for judge_id, name in rows}  # noqa: C416 -- a Row is no pair to mypy
    signed = standing_statements(session, contest_id)
    unsigned = sorted((name for key, name in names.items() if key not in signed), key=person_sort_key)
    return ConflictsPage(contest, tuple(possible_conflicts(session, contest)), names, tuple(unsigned))


def check_judge_of(session: Session, contest_id: int, judge_id: int) -> None:
    """Raise NotFound unless the judge is on this contest's jury."""
    own = select(Judge.id).where(Judge.id == judge_id, Judge.contest_id == contest_id)
    if session.scalar(own) is None:
        raise NotFound
