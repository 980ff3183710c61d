"""Taking a contest from one state to the next."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotReady
from app.domain.permissions import Actor, Role
from app.models import Computation, Contest, Entry, LedgerEvent, Membership, Product, Recusal
from app.services.contests import (
    close_scoring,
    open_registration,
    open_scoring,
    reopen_scoring,
)
from tests.builders import NOW, World
from tests.refusals import refusals


@pytest.fixture
def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


def acts(world: World, contest: Contest) -> list[tuple[str, dict[str, object]]]:
    events = world.all(
        select(LedgerEvent).where(LedgerEvent.contest_id == contest.id).order_by(LedgerEvent.id)
    )
    return [(event.action, json.loads(event.details)) for event in events]


def ready_contest(world: World) -> Contest:
    """A contest in registration with one accepted entry and one judge for it."""
    contest = world.contest(ContestState.REGISTRATION)
    world.sheet(world.judge(contest), world.entry(contest))
    return contest


def test_registration_opens_on_a_draft(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.DRAFT)

    with world.session() as session:
        open_registration(session, contest.id, actor=organiser, now=NOW)

    assert world.get(Contest, contest.id).state is ContestState.REGISTRATION
    assert acts(world, contest) == [("contest:move", {"old": "draft", "new": "registration"})]


def test_registration_does_not_open_after_its_last_day(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.DRAFT)
    after_midnight = datetime(2026, 4, 30, 17, 0, tzinfo=UTC)  # 1 May in Vietnam

    with world.session() as session, pytest.raises(NotReady) as error:
        open_registration(session, contest.id, actor=organiser, now=after_midnight)

    assert str(error.value) == (
        "Registration would have ended on 30/04/2026 already. Change the days of the contest first."
    )


def test_the_last_day_of_registration_still_counts(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.DRAFT)

    with world.session() as session:
        open_registration(session, contest.id, actor=organiser, now=datetime(2026, 4, 30, 16, 59, tzinfo=UTC))

    assert world.get(Contest, contest.id).state is ContestState.REGISTRATION


def test_opening_scoring_freezes_the_rules_under_their_digest(world: World, organiser: Actor) -> None:
    contest = ready_contest(world)

    with world.session() as session:
        open_scoring(session, contest.id, actor=organiser, now=NOW)

    stored = world.get(Contest, contest.id)
    assert (stored.state, stored.rules_digest, stored.rules_frozen_at) == (
        ContestState.SCORING,
        contest.rules.digest,
        NOW,
    )
    [entry] = world.all(select(Entry))
    facility_id = world.get(Product, entry.product_id).facility_id
    frozen = {
        "rules_digest": contest.rules.digest,
        "entries": {str(entry.id): [entry.code, entry.group_code, facility_id]},
    }
    assert acts(world, contest) == [("contest:move", {"old": "registration", "new": "scoring", **frozen})]


def test_scoring_does_not_open_without_entries(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.REGISTRATION)

    with world.session() as session, pytest.raises(NotReady) as error:
        open_scoring(session, contest.id, actor=organiser, now=NOW)

    assert [str(reason) for reason in error.value.reasons] == ["No entry has been accepted yet."]


def test_everything_that_scoring_waits_for_is_said_at_once(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.REGISTRATION, rules=world.rules(min_sheets=2))
    entry, judge = world.entry(contest, code="B-001"), world.judge(contest)
    world.entry(contest, code="B-002")
    world.entry(contest, state=EntryState.SUBMITTED)
    world.sheet(judge, entry)
    world.add(Recusal(judge_id=judge.id, entry_id=entry.id, reason="Người nhà", recorded_at=NOW))
    facility = world.facility()
    own = world.user("Lê Thị Own")
    world.add(Membership(user_id=own.id, role=Role.FACILITY_USER, facility_id=facility.id, created_at=NOW))
    mine = world.entry(contest, world.product(facility), code="B-003")
    world.sheet(world.judge(contest, own), mine)
    world.sheet(judge, mine)

    with world.session() as session, pytest.raises(NotReady) as error:
        open_scoring(session, contest.id, actor=organiser, now=NOW)

    assert [str(reason) for reason in error.value.reasons] == [
        "Dossiers that were submitted but not yet accepted, returned or rejected: 1.",
        "Each entry needs at least 2 judges. Assign more judges to: B-001, B-002.",
        "Lê Thị Own belongs to the facility of entry B-003. Record that they do not score it.",
    ]
    assert world.get(Contest, contest.id).state is ContestState.REGISTRATION


def test_returned_rejected_and_draft_dossiers_do_not_hold_scoring_up(world: World, organiser: Actor) -> None:
    contest = ready_contest(world)
    for state in (EntryState.DRAFT, EntryState.RETURNED, EntryState.REJECTED):
        world.entry(contest, state=state)

    with world.session() as session:
        open_scoring(session, contest.id, actor=organiser, now=NOW)

    assert world.get(Contest, contest.id).state is ContestState.SCORING


def test_scoring_closes_and_the_result_is_computed(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORING)
    world.submitted(world.judge(contest), world.entry(contest))

    with world.session() as session:
        close_scoring(session, contest.id, actor=organiser, now=NOW)

    assert world.get(Contest, contest.id).state is ContestState.SCORED
    computations = world.all(select(Computation).where(Computation.contest_id == contest.id))
    assert [(row.version, row.rules_digest) for row in computations] == [(1, contest.rules_digest)]
    assert [action for action, _details in acts(world, contest)] == ["contest:move", "results:compute"]


def test_scoring_does_not_close_over_missing_sheets_without_a_reason(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORING)
    world.sheet(world.judge(contest), world.entry(contest), {"L1": 3000})

    with world.session() as session, pytest.raises(InvalidInput) as error:
        close_scoring(session, contest.id, actor=organiser, now=NOW)

    assert refusals(error) == {"reason": "Sheets are missing. Write why scoring is closed without them."}
    assert world.get(Contest, contest.id).state is ContestState.SCORING


def test_what_was_missing_at_closing_stays_in_the_ledger_with_the_reason(
    world: World, organiser: Actor
) -> None:
    contest = world.contest(ContestState.SCORING)
    first, second = world.judge(contest), world.judge(contest)
    entry, other = world.entry(contest, code="B-001"), world.entry(contest, code="B-002")
    world.submitted(first, entry)
    world.sheet(second, entry, {"L1": 3000})
    world.sheet(second, other)

    with world.session() as session:
        close_scoring(session, contest.id, actor=organiser, now=NOW, reason="Giám khảo ốm")

    assert acts(world, contest)[0] == (
        "contest:move",
        {
            "old": "scoring",
            "new": "scored",
            "reason": "Giám khảo ốm",
            "missing_sheets": 2,
            "draft_sheets": 1,
            "not_scored": "B-002",
        },
    )


def test_a_sheet_of_a_recused_judge_is_not_missed(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORING)
    entry, recused = world.entry(contest), world.judge(contest)
    world.submitted(world.judge(contest), entry)
    world.sheet(recused, entry, {"L1": 3000})
    world.add(Recusal(judge_id=recused.id, entry_id=entry.id, reason="Người nhà", recorded_at=NOW))

    with world.session() as session:
        close_scoring(session, contest.id, actor=organiser, now=NOW)

    assert world.get(Contest, contest.id).state is ContestState.SCORED


def test_scoring_opens_again_for_a_reason_and_closes_with_a_new_result(
    world: World, organiser: Actor
) -> None:
    contest = world.contest(ContestState.SCORING)
    world.submitted(world.judge(contest), world.entry(contest))

    with world.session() as session:
        close_scoring(session, contest.id, actor=organiser, now=NOW)
        reopen_scoring(session, contest.id, "Thiếu một phiếu", actor=organiser, now=NOW + timedelta(hours=1))
        close_scoring(session, contest.id, actor=organiser, now=NOW + timedelta(hours=2))

    computations = world.all(select(Computation.version).where(Computation.contest_id == contest.id))
    assert sorted(computations) == [1, 2]
    moves = [details for action, details in acts(world, contest) if action == "contest:move"]
    assert moves[1] == {"old": "scored", "new": "scoring", "reason": "Thiếu một phiếu"}


def test_scoring_is_not_opened_again_without_a_reason(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORED)

    with world.session() as session, pytest.raises(InvalidInput) as error:
        reopen_scoring(session, contest.id, "", actor=organiser, now=NOW)

    assert refusals(error) == {"reason": "Write why scoring is opened again."}


MOVES = {
    "open registration": (ContestState.DRAFT, open_registration),
    "open scoring": (ContestState.REGISTRATION, open_scoring),
    "close scoring": (ContestState.SCORING, close_scoring),
    "reopen scoring": (
        ContestState.SCORED,
        lambda session, contest_id, *, actor, now: reopen_scoring(
            session, contest_id, "Lý do", actor=actor, now=now
        ),
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_each_step_is_taken_from_its_own_state_only(world: World, organiser: Actor, name: str) -> None:
    start, step = MOVES[name]
    others = {state: world.contest(state) for state in ContestState if state is not start}

    for contest in others.values():
        with world.session() as session, pytest.raises(IllegalState) as error:
            step(session, contest.id, actor=organiser, now=NOW)
        assert "not at the stage" in str(error.value)

    assert {state: world.get(Contest, contest.id).state for state, contest in others.items()} == {
        state: state for state in others
    }


@pytest.mark.parametrize("name", MOVES)
def test_no_step_is_taken_in_a_foreign_or_unknown_contest(world: World, name: str) -> None:
    start, step = MOVES[name]
    contest = world.contest(start)
    stranger = world.actor(world.organiser(world.territory("Quảng Ninh")))
    observer = world.actor(world.member(Role.OBSERVER, contest_id=contest.id))

    for actor, contest_id in ((stranger, contest.id), (stranger, 987654), (observer, contest.id)):
        with world.session() as session, pytest.raises(NotFound):
            step(session, contest_id, actor=actor, now=NOW)

    assert world.get(Contest, contest.id).state is start
