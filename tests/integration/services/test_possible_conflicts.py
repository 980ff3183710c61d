"""Possible conflicts: found from what judges declare, answered by them, accepted or recorded by the organiser."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.conflicts import ConflictKind
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.permissions import Actor, Role
from app.models import ConflictAnswer, Contest, LedgerEvent, Membership
from app.queries.possible_conflicts import PossibleConflict, conflicts_page, own_conflicts, possible_conflicts
from app.services.conflicts import AcceptAnswer, AnswerConflict, accept_answer, answer_conflict
from tests.assignments import stand_aside
from tests.builders import NOW, World

LATER = NOW + timedelta(hours=1)
REASON = "Tôi chỉ mua hàng một lần."


class Likeness:
    """A judge who works at a place that is called like a facility of the contest."""

    def __init__(self, world: World, state: ContestState = ContestState.SCORING) -> None:
        self.world = world
        self.contest = world.contest(state)
        self.user = world.user("Lê Văn Đức")
        self.judge = world.unsigned_judge(self.contest, self.user)
        world.signed(self.judge, employer="HTX Ngọc Liên")
        facility = world.facility("Hợp tác xã Ngọc Liên")
        self.entry = world.entry(self.contest, world.product(facility, "Trà sen"), code="B-002")
        self.other = world.entry(self.contest, code="B-001")
        self.organiser = world.actor(world.organiser(world.territory("Lâm Đồng")))

    @property
    def actor(self) -> Actor:
        return self.world.actor(self.user)

    @property
    def found(self) -> list[PossibleConflict]:
        with self.world.session() as session:
            return possible_conflicts(session, session.get_one(Contest, self.contest.id))

    def answer(self, reason: str = REASON, seen: str | None = None, by: Actor | None = None) -> None:
        seen = self.found[0].digest if seen is None else seen
        command = AnswerConflict(self.contest.id, self.judge.id, self.entry.id, seen, reason)
        with self.world.session() as session:
            answer_conflict(session, command, actor=by or self.actor, now=LATER)

    def accept(self, seen: str | None = None, by: Actor | None = None) -> None:
        seen = self.found[0].answer_digest if seen is None else seen
        command = AcceptAnswer(self.contest.id, self.judge.id, self.entry.id, seen)
        with self.world.session() as session:
            accept_answer(session, command, actor=by or self.organiser, now=LATER)

    @property
    def acts(self) -> list[str]:
        events = select(LedgerEvent.action).where(LedgerEvent.action.startswith("conflict-answer:"))
        return self.world.all(events.order_by(LedgerEvent.id))


@pytest.fixture
def likeness(world: World) -> Likeness:
    return Likeness(world)


def test_a_likeness_is_found_with_the_facts_side_by_side(likeness: Likeness) -> None:
    likeness.world.sheet(likeness.judge, likeness.entry)

    [one] = likeness.found

    assert (one.judge, one.code, one.product, one.has_sheet) == ("Lê Văn Đức", "B-002", "Trà sen", True)
    [finding] = one.findings
    assert (finding.kind, finding.of_judge, finding.of_facility) == (
        ConflictKind.EMPLOYER,
        "HTX Ngọc Liên",
        "Hợp tác xã Ngọc Liên",
    )


def test_the_newest_statement_counts_and_a_recusal_settles(likeness: Likeness) -> None:
    world = likeness.world
    newest = world.signed(likeness.judge, employer="Hội Mỹ thuật tỉnh")
    assert likeness.found == []
    with world.session() as session:
        session.delete(newest)

    stand_aside(world, likeness.actor, likeness.judge, likeness.entry)

    assert likeness.found == []


def test_a_judge_of_the_facility_is_a_certain_conflict_that_no_answer_settles(likeness: Likeness) -> None:
    world = likeness.world
    facility = world.facility()
    entry = world.entry(likeness.contest, world.product(facility), code="A-001")
    user = world.facility_user(facility)
    judge = world.judge(likeness.contest, user)
    one = likeness.found[0]

    command = AnswerConflict(likeness.contest.id, judge.id, entry.id, one.digest, REASON)
    with world.session() as session, pytest.raises(IllegalState):
        answer_conflict(session, command, actor=world.actor(user), now=LATER)

    assert (one.judge_id, one.is_certain, one.findings[0].kind) == (judge.id, True, ConflictKind.OWN_FACILITY)


def test_a_judge_answers_and_the_organiser_accepts(likeness: Likeness) -> None:
    likeness.answer()
    waiting = likeness.found[0]
    likeness.accept()
    likeness.accept()

    assert waiting.answer is not None
    assert (waiting.answer.reason, waiting.is_settled, likeness.found[0].is_settled) == (REASON, False, True)
    assert likeness.acts == ["conflict-answer:give", "conflict-answer:accept"]
    [details] = likeness.world.all(
        select(LedgerEvent.details).where(LedgerEvent.action == "conflict-answer:give")
    )
    assert json.loads(details) == {
        "reason": REASON,
        "judge": likeness.judge.id,
        "entry": likeness.entry.id,
        "in_common": [["employer", "HTX Ngọc Liên", "Hợp tác xã Ngọc Liên"]],
    }


def test_a_new_answer_has_to_be_accepted_anew(likeness: Likeness) -> None:
    likeness.answer()
    seen = likeness.found[0].answer_digest
    likeness.accept()
    with likeness.world.session() as session:
        row = session.scalars(select(ConflictAnswer)).one()
        row.answered_at = NOW
    likeness.answer("Lý do khác.")

    assert not likeness.found[0].is_settled
    likeness.accept(seen)
    assert likeness.found[0].is_settled


def test_an_answer_holds_for_the_facts_it_was_given_for(likeness: Likeness) -> None:
    likeness.answer()
    seen = likeness.found[0].answer_digest
    likeness.world.signed(likeness.judge, employer="HTX Ngọc Liên", links="0912345678")

    assert likeness.found[0].answer is None
    with pytest.raises(IllegalState):
        likeness.accept(seen)
    with pytest.raises(StaleVersion):
        likeness.answer(seen=seen)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_an_answer_needs_a_reason_of_some_length(likeness: Likeness, reason: str) -> None:
    with pytest.raises(InvalidInput):
        likeness.answer(reason)


def test_what_was_not_answered_is_not_accepted(likeness: Likeness) -> None:
    with pytest.raises(IllegalState):
        likeness.accept("")
    likeness.answer()
    with pytest.raises(StaleVersion):
        likeness.accept("something else")


def test_only_the_judge_answers_and_only_somebody_else_accepts(likeness: Likeness) -> None:
    world = likeness.world
    other = world.user()
    world.judge(likeness.contest, other)
    abroad = world.actor(world.organiser(world.territory("Quảng Ninh")))

    for actor in (world.actor(other), likeness.organiser, abroad):
        with pytest.raises(NotFound):
            likeness.answer(by=actor)
    likeness.answer()
    for actor in (likeness.actor, world.actor(other), abroad):
        with pytest.raises(NotFound):
            likeness.accept(by=actor)
        with world.session() as session, pytest.raises(NotFound):
            conflicts_page(session, actor, likeness.contest.id)
    territory = likeness.contest.territory_id
    world.add(
        Membership(user_id=likeness.user.id, role=Role.ORGANISER, territory_id=territory, created_at=NOW)
    )
    with pytest.raises(IllegalState, match="Nobody accepts their own answer"):
        likeness.accept(by=likeness.actor)


def test_an_answer_on_what_is_no_longer_in_common_is_stale(likeness: Likeness) -> None:
    seen = likeness.found[0].digest
    likeness.world.signed(likeness.judge, employer="Hội Mỹ thuật tỉnh")

    with pytest.raises(StaleVersion):
        likeness.answer(seen=seen)


def test_what_the_judge_stands_aside_from_is_neither_answered_nor_accepted(likeness: Likeness) -> None:
    likeness.answer()
    [one] = likeness.found
    stand_aside(likeness.world, likeness.organiser, likeness.judge, likeness.entry)

    with pytest.raises(IllegalState, match="It is on record that you do not score it"):
        likeness.answer(seen=one.digest)
    with pytest.raises(IllegalState, match="It is on record that this judge does not score it"):
        likeness.accept(seen=one.answer_digest)


def test_a_pair_with_nothing_in_common_cannot_be_answered(likeness: Likeness) -> None:
    command = AnswerConflict(likeness.contest.id, likeness.judge.id, likeness.other.id, "", REASON)

    with likeness.world.session() as session, pytest.raises(NotFound):
        answer_conflict(session, command, actor=likeness.actor, now=LATER)


def test_after_scoring_nothing_is_answered_and_the_judge_is_asked_nothing(world: World) -> None:
    likeness = Likeness(world, ContestState.SCORED)

    with pytest.raises(IllegalState):
        likeness.answer()
    with world.session() as session:
        assert own_conflicts(session, likeness.actor, likeness.contest.id).conflicts == ()


def test_the_organisers_page_tells_open_from_settled_and_who_has_not_signed(likeness: Likeness) -> None:
    world = likeness.world
    world.unsigned_judge(likeness.contest, world.user("Võ Thị Năm"))
    with world.session() as session:
        before = conflicts_page(session, likeness.organiser, likeness.contest.id)
    likeness.answer()
    likeness.accept()
    with world.session() as session:
        after = conflicts_page(session, likeness.organiser, likeness.contest.id)

    assert (len(before.open), len(before.settled), before.unsigned) == (1, 0, ("Võ Thị Năm",))
    assert (len(after.open), len(after.settled)) == (0, 1)
