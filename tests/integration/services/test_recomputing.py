from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, NotFound
from app.domain.permissions import Role
from app.domain.results import Outcome
from app.models import Computation, Contest, Mark, Recusal, Result
from app.services.recomputing import Difference, Recomputed, recompute_for
from tests.awards import Award, move, scored
from tests.builders import NOW, World


def again(award: Award) -> tuple[Recomputed, ...]:
    with award.world.session() as session:
        return recompute_for(session, award.contest.id, actor=award.actor)


def change_a_mark(award: Award, by: int = 50) -> None:
    with award.world.session() as session:
        below = select(Mark.id).where(Mark.value > 0, Mark.value < Mark.max_mark - by)
        first = below.order_by(Mark.id).limit(1).scalar_subquery()
        session.execute(update(Mark).where(Mark.id == first).values(value=Mark.value + by))


def test_the_same_rules_and_sheets_give_the_same_bytes(world: World) -> None:
    award = scored(world, [[7072, 8200], [6991, 6999], [7100, 7100], [None, None]], rules={"quota": 1})

    [result] = again(award)

    assert (result.version, result.pass_no, result.is_identical, result.differences) == (1, 1, True, ())


def test_recomputing_stores_nothing(world: World) -> None:
    award = scored(world, [[7072, 8200]])

    again(award)

    assert len(world.all(select(Computation))) == 1


def test_the_digest_of_a_result_does_not_depend_on_ids(world: World) -> None:
    first, second = (scored(world, [[7072, 8200], [6991, 6999]]) for _contest in range(2))

    assert again(first)[0].digest == again(second)[0].digest


def test_a_mark_changed_behind_the_systems_back_is_found_with_its_effect(world: World) -> None:
    award = scored(world, [[6950, 7000], [6900, 6900]])
    [before] = world.all(select(Computation))
    change_a_mark(award)

    [result] = again(award)

    digest, *effects = result.differences
    assert (digest.field, digest.stored, result.is_identical) == (
        "inputs_digest",
        before.inputs_digest,
        False,
    )
    assert effects == [
        Difference("B-001", "numerator", 6975, 7000),
        Difference("B-001", "outcome", Outcome.BELOW, Outcome.SELECTED),
        Difference("B-001", "spread", 50, 0),
    ]


def test_a_result_changed_behind_the_systems_back_is_found(world: World) -> None:
    award = scored(world, [[6000]])
    with world.session() as session:
        session.execute(update(Result).values(outcome=Outcome.SELECTED))

    [result] = again(award)

    assert result.differences == (Difference("B-001", "outcome", Outcome.SELECTED, Outcome.BELOW),)


def test_a_result_that_is_gone_or_was_added_is_found(world: World) -> None:
    award = scored(world, [[8000], [7500]])
    with world.session() as session:
        session.execute(delete(Result).where(Result.entry_id == award.entries[1].id))

    [result] = again(award)

    assert {(found.entry, found.field, found.stored, found.now) for found in result.differences} == {
        ("B-002", "sheets", None, 1),
        ("B-002", "numerator", None, 7500),
        ("B-002", "denominator", None, 1),
        ("B-002", "rank", None, 2),
        ("B-002", "outcome", None, Outcome.SELECTED),
        ("B-002", "decided_by", None, "value"),
        ("B-002", "spread", None, 0),
        ("B-002", "prize_tied", None, False),
    }


def test_by_rules_that_are_not_the_frozen_ones_nothing_is_compared(world: World) -> None:
    award = scored(world, [[8000]])
    softer = replace(award.contest.rules, threshold=100)
    with world.session() as session:
        session.execute(update(Contest).values(rules_json=softer.as_json()))

    [result] = again(award)

    assert result.differences == (Difference("", "rules_digest", award.contest.rules_digest, softer.digest),)


def test_rules_that_cannot_even_be_read_are_told_and_stop_nothing(world: World) -> None:
    award = scored(world, [[8000]])
    with world.session() as session:
        session.execute(update(Contest).values(rules_json="{}"))

    [result] = again(award)

    assert [found.field for found in result.differences] == ["rules_digest"]


def test_a_sheet_that_lost_a_mark_is_told(world: World) -> None:
    award = scored(world, [[8000]])
    with world.session() as session:
        session.execute(delete(Mark).where(Mark.value == 4000))

    [result] = again(award)

    assert result.refusal is not None
    assert (result.is_identical, result.refusal.values["code"]) == (False, "B-001")


def test_a_judge_recused_after_the_result_makes_it_differ(world: World) -> None:
    award = scored(world, [[8000, 7000]])
    judge, entry = award.judges[0], award.entries[0]
    world.add(Recusal(judge_id=judge.id, entry_id=entry.id, reason="Người nhà của cơ sở.", recorded_at=NOW))

    [result] = again(award)

    assert [found.field for found in result.differences] == [
        "inputs_digest", "sheets", "numerator", "spread",
    ]  # fmt: skip


def test_a_result_whose_scoring_is_open_again_cannot_be_asked_for(world: World) -> None:
    award = scored(world, [[8000]])
    move(award, ContestState.SCORING)

    with pytest.raises(IllegalState):
        again(award)


def test_only_those_who_see_the_contest_may_ask(world: World) -> None:
    award = scored(world, [[8000]])
    stranger = world.organiser(world.territory("An Giang"))
    observer = world.member(Role.OBSERVER, contest_id=award.contest.id)

    with world.session() as session:
        with pytest.raises(NotFound):
            recompute_for(session, award.contest.id, actor=world.actor(stranger))
        assert len(recompute_for(session, award.contest.id, actor=world.actor(observer))) == 1
