import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.errors import DomainError, IllegalState, InvalidInput, NotFound, NotReady, StaleVersion
from app.domain.permissions import Actor, Role
from app.models import Contest, Entry, JudgeGroup, LedgerEvent, Recusal, ScoreSheet
from app.services.assignments import OWN_FACILITY
from app.services.entry_reviews import accept_entry, reject_entry, return_entry
from tests.builders import NOW, World

SUBMITTED = EntryState.SUBMITTED
REASON = "Thiếu ảnh chụp mặt bên của sản phẩm."

Review = Callable[..., Entry]


@pytest.fixture
def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION)


def submitted(world: World, contest: Contest, group: str = "B") -> Entry:
    return world.entry(contest, world.product(group=group), SUBMITTED)


def review(world: World, actor: Actor, step: Review, entry: Entry, *reason: str, **options: int) -> Entry:
    with world.session() as session:
        return step(session, entry.id, *reason, actor=actor, now=NOW, **options)


def acts(world: World, entry: Entry) -> list[tuple[str, dict[str, object]]]:
    events = world.all(
        select(LedgerEvent)
        .where(LedgerEvent.subject_kind == "entries", LedgerEvent.subject_id == entry.id)
        .order_by(LedgerEvent.id)
    )
    return [(event.action, json.loads(event.details)) for event in events]


def test_codes_follow_each_other_in_each_group(world: World, contest: Contest, organiser: Actor) -> None:
    entries = [submitted(world, contest, group) for group in "ABBA"]

    codes = [review(world, organiser, accept_entry, entry).code for entry in entries]

    assert codes == ["A-001", "B-001", "B-002", "A-002"]


def test_codes_of_another_contest_do_not_count(world: World, contest: Contest, organiser: Actor) -> None:
    world.entry(world.contest(ContestState.REGISTRATION), code="B-077")

    assert review(world, organiser, accept_entry, submitted(world, contest)).code == "B-001"


def test_after_the_thousandth_code_comes_the_next(world: World, contest: Contest, organiser: Actor) -> None:
    for code in ("B-999", "B-1000"):
        world.entry(contest, code=code)

    assert review(world, organiser, accept_entry, submitted(world, contest)).code == "B-1001"


def test_an_accepted_entry_and_its_trace(world: World, contest: Contest, organiser: Actor) -> None:
    entry = submitted(world, contest)

    review(world, organiser, accept_entry, entry)

    stored = world.get(Entry, entry.id)
    assert (stored.state, stored.reviewed_at, stored.review_reason) == (EntryState.ACCEPTED, NOW, "")
    assert acts(world, entry) == [("entry:accept", {"old": "submitted", "new": "accepted", "code": "B-001"})]


def test_an_accepted_entry_goes_to_the_judges_of_its_group(
    world: World, contest: Contest, organiser: Actor
) -> None:
    facility = world.facility()
    entry = world.entry(contest, world.product(facility), SUBMITTED)
    judges = [world.judge(contest) for _ in range(3)]
    judges.append(world.judge(contest, world.facility_user(facility)))
    for judge, group in zip(judges, "BBAB", strict=True):
        world.add(JudgeGroup(judge_id=judge.id, group_code=group))

    review(world, organiser, accept_entry, entry)

    sheets = world.all(select(ScoreSheet.judge_id).where(ScoreSheet.entry_id == entry.id))
    recusals = world.all(select(Recusal).where(Recusal.entry_id == entry.id))
    assert sorted(sheets) == [judges[0].id, judges[1].id]
    assert [(recusal.judge_id, recusal.reason) for recusal in recusals] == [(judges[3].id, OWN_FACILITY)]
    assert acts(world, entry)[1] == ("entry:assign", {"judges": [judges[0].id, judges[1].id]})


@pytest.mark.parametrize(
    ("step", "state", "action"),
    [
        (return_entry, EntryState.RETURNED, "entry:return"),
        (reject_entry, EntryState.REJECTED, "entry:reject"),
    ],
)
def test_a_dossier_goes_back_or_out_with_a_reason(
    world: World, contest: Contest, organiser: Actor, step: Review, state: EntryState, action: str
) -> None:
    entry = submitted(world, contest)

    review(world, organiser, step, entry, REASON)

    stored = world.get(Entry, entry.id)
    assert (stored.state, stored.code, stored.review_reason) == (state, None, REASON)
    assert acts(world, entry) == [(action, {"old": "submitted", "new": state.value, "reason": REASON})]


@pytest.mark.parametrize("step", [return_entry, reject_entry])
@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_decision_against_the_facility_needs_a_reason(
    world: World, contest: Contest, organiser: Actor, step: Review, reason: str
) -> None:
    entry = submitted(world, contest)

    with pytest.raises(InvalidInput) as error:
        review(world, organiser, step, entry, reason)

    assert {name: str(text) for name, text in error.value.fields.items()} == {
        "reason": "Write the reason: the facility reads it."
    }
    assert world.get(Entry, entry.id).state is SUBMITTED


STEPS: list[tuple[Review, tuple[str, ...]]] = [
    (accept_entry, ()),
    (return_entry, (REASON,)),
    (reject_entry, (REASON,)),
]


@pytest.mark.parametrize(("step", "reason"), STEPS)
@pytest.mark.parametrize("state", [EntryState.RETURNED, EntryState.ACCEPTED, EntryState.REJECTED])
def test_a_dossier_that_does_not_wait_is_not_decided_again(
    world: World, contest: Contest, organiser: Actor, step: Review, reason: tuple[str, ...], state: EntryState
) -> None:
    entry = world.entry(contest, state=state)

    with pytest.raises(IllegalState):
        review(world, organiser, step, entry, *reason)

    stored = world.get(Entry, entry.id)
    assert (stored.state, stored.code, acts(world, entry)) == (state, entry.code, [])


@pytest.mark.parametrize(("step", "reason"), STEPS)
def test_nobody_reviews_once_registration_is_closed(
    world: World, organiser: Actor, step: Review, reason: tuple[str, ...]
) -> None:
    for state in ContestState:
        if state is not ContestState.REGISTRATION:
            with pytest.raises(IllegalState):
                review(world, organiser, step, submitted(world, world.contest(state)), *reason)


@pytest.mark.parametrize(("step", "reason"), STEPS)
def test_a_draft_a_foreign_and_an_unknown_entry_are_the_same_nothing(
    world: World, contest: Contest, organiser: Actor, step: Review, reason: tuple[str, ...]
) -> None:
    draft = world.entry(contest, state=EntryState.DRAFT)
    abroad = world.contest(ContestState.REGISTRATION, world.territory("Quảng Ninh"))
    foreign = submitted(world, abroad)
    observer = world.actor(world.member(Role.OBSERVER, contest_id=contest.id))
    waiting = submitted(world, contest)

    for actor, entry_id in (
        (organiser, draft.id),
        (organiser, foreign.id),
        (organiser, 98765),
        (observer, waiting.id),
    ):
        with world.session() as session, pytest.raises(NotFound):
            step(session, entry_id, *reason, actor=actor, now=NOW)

    states = [world.get(Entry, entry.id).state for entry in (draft, foreign, waiting)]
    assert states == [EntryState.DRAFT, SUBMITTED, SUBMITTED]


@pytest.mark.parametrize(("step", "reason"), STEPS)
def test_a_dossier_that_changed_since_it_was_read_is_not_decided(
    world: World, contest: Contest, organiser: Actor, step: Review, reason: tuple[str, ...]
) -> None:
    entry = world.entry(contest, state=SUBMITTED, version=4)

    with pytest.raises(StaleVersion) as error:
        review(world, organiser, step, entry, *reason, version=3)

    assert str(error.value) == "The dossier has changed since you opened it. Read it again before you decide."
    assert world.get(Entry, entry.id).state is SUBMITTED


def test_an_entry_that_did_not_qualify_is_not_accepted(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.REGISTRATION, rules=world.rules(lower_tier_skipped=""))
    entry = submitted(world, contest)

    with pytest.raises(NotReady) as error:
        review(world, organiser, accept_entry, entry)

    assert [str(reason) for reason in error.value.reasons] == [
        "A product needs a valid certificate of the tier below and is nominated by that tier's organiser."
    ]
    assert world.get(Entry, entry.id).state is SUBMITTED


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """What each of so many threads got or was refused with, all started together."""
    barrier = Barrier(count)

    def one(number: int) -> object:
        barrier.wait()
        try:
            return work(number)
        except DomainError as error:
            return type(error)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_two_who_accept_the_same_entry_give_it_one_code(
    world: World, contest: Contest, organiser: Actor
) -> None:
    entry = submitted(world, contest)

    outcomes = at_once(2, lambda _number: review(world, organiser, accept_entry, entry).code)

    assert sorted(map(str, outcomes)) == sorted(["B-001", str(IllegalState)])
    assert [action for action, _details in acts(world, entry)] == ["entry:accept"]


def test_twenty_accepted_at_once_get_twenty_codes(world: World, contest: Contest, organiser: Actor) -> None:
    entries = [submitted(world, contest) for _ in range(20)]

    outcomes = at_once(20, lambda number: review(world, organiser, accept_entry, entries[number]).code)

    assert sorted(map(str, outcomes)) == [f"B-{number:03d}" for number in range(1, 21)]


def test_one_who_accepts_and_one_who_rejects_do_not_both_win(
    world: World, contest: Contest, organiser: Actor
) -> None:
    entry = submitted(world, contest)
    steps: list[tuple[Review, tuple[str, ...]]] = [(accept_entry, ()), (reject_entry, (REASON,))]

    def decide(number: int) -> EntryState:
        step, reason = steps[number]
        return review(world, organiser, step, entry, *reason).state

    outcomes = at_once(2, decide)

    assert outcomes.count(IllegalState) == 1
    assert world.get(Entry, entry.id).state in outcomes
