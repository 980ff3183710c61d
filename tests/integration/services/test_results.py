import pytest
from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, NotFound
from app.domain.results import Outcome
from app.domain.rules import CriterionRule, Method, ThresholdOp
from app.models import Computation, Contest, LedgerEvent, Mark, Recusal, Result
from app.services.results import compute
from tests.awards import marks_for, move, scored, scoring
from tests.builders import NOW, World

SELECTED, REACHED, BELOW, TIED, NOT_SCORED = (
    Outcome.SELECTED,
    Outcome.REACHED,
    Outcome.BELOW,
    Outcome.TIED,
    Outcome.NOT_SCORED,
)


def test_values_are_exact_fractions_and_70_is_enough(world: World) -> None:
    award = scored(world, [[6991, 6999, 7010], [7000, 7000, 6999], [7500, 7100, 7001]])

    assert award.results() == [
        (3, 7000, 1, 2, SELECTED, "value", 19),
        (3, 20999, 3, 3, BELOW, "value", 1),
        (3, 21601, 3, 1, SELECTED, "value", 499),
    ]


def test_over_70_refuses_exactly_70(world: World) -> None:
    award = scored(world, [[6991, 6999, 7010]], rules={"threshold_op": ThresholdOp.GT})

    assert award.results() == [(3, 7000, 1, 1, BELOW, "value", 19)]


def test_a_sheet_that_is_not_submitted_or_of_a_recused_judge_does_not_count(world: World) -> None:
    award = scoring(world, [[8000, None, 5000]])
    world.add(
        Recusal(judge_id=award.judges[2].id, entry_id=award.entries[0].id, reason="Họ hàng", recorded_at=NOW)
    )
    move(award, ContestState.SCORED)

    with world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)

    assert award.results() == [(1, 8000, 1, 1, SELECTED, "value", 0)]


def test_a_second_pass_does_not_count_yet(world: World) -> None:
    award = scoring(world, [[8000]])
    world.sheet(award.judges[0], award.entries[0], marks_for(1000), pass_no=2)

    with world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)

    assert award.results() == [(1, 8000, 1, 1, SELECTED, "value", 0)]


def test_too_few_sheets_give_no_value(world: World) -> None:
    award = scored(world, [[8000, None], [None, None], [7000, 7200]], rules={"min_sheets": 2})

    assert award.results() == [
        (1, None, None, None, NOT_SCORED, None, 0),
        (0, None, None, None, NOT_SCORED, None, None),
        (2, 7100, 1, 1, SELECTED, "value", 200),
    ]


def test_the_first_criterion_and_then_the_spread_decide_between_equals(world: World) -> None:
    award = scored(
        world, [[7000, 8000], [7500, 7500], [7500, 7500], [7600, 7400]], rules={"tie_break": ("L1", "spread")}
    )

    assert [(row[3], row[5]) for row in award.results()] == [
        (4, "spread"),
        (1, "tie"),
        (1, "tie"),
        (3, "spread"),
    ]


def test_the_group_quota_cuts_first_and_equals_at_the_cut_are_left_to_the_council(world: World) -> None:
    award = scored(
        world,
        [[9000], [8000], [8000], [7500], [7400], [7300]],
        groups="ABBCCC",
        rules={"group_quotas": {"B": 1, "C": 2}, "quota": 2, "tie_break": ()},
    )

    assert [row[4] for row in award.results()] == [SELECTED, TIED, TIED, SELECTED, REACHED, REACHED]


def test_the_declared_method_is_the_one_that_is_used(world: World) -> None:
    award = scored(
        world, [[1000, 7000, 7200, 7300, 10000]], rules={"method": Method.TRIMMED, "min_sheets": 3}
    )

    assert award.results() == [(5, 21500, 3, 1, SELECTED, "value", 9000)]


def test_a_criterion_below_its_floor_keeps_an_entry_below(world: World) -> None:
    criteria = tuple(
        CriterionRule(c.code, c.name_vi, c.name_en, c.max_mark, floor=100 if c.code == "L4" else 0)
        for c in world.rules().criteria
    )
    award = scored(world, [[9000], [9100]], rules={"criteria": criteria})

    assert [row[4] for row in award.results()] == [BELOW, SELECTED]


def test_computing_again_gives_a_new_version_with_the_same_rows(world: World) -> None:
    award = scored(world, [[7012, 8350, 6600], [7333, 7334, 7334], [7333, 7334, 7334], [None, 5000, 9900]])
    first = award.results()

    with world.session() as session:
        again = compute(session, award.contest.id, actor=award.actor, now=NOW)

    versions = world.all(select(Computation).order_by(Computation.version))
    assert [version.version for version in versions] == [1, 2]
    assert versions[0].inputs_digest == versions[1].inputs_digest == again.inputs_digest
    assert versions[1].rules_digest == award.contest.rules_digest
    assert award.results() == first
    assert len(world.all(select(Result))) == 8


def test_one_changed_mark_changes_the_digest_of_the_inputs(world: World) -> None:
    award = scored(world, [[7012], [8000]])
    with world.session() as session:
        mark = session.scalars(select(Mark).where(Mark.value == 12)).one_or_none()
        mark = mark or session.scalars(select(Mark).order_by(Mark.id)).first()
        assert mark is not None
        mark.value -= 1

    with world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)

    first, second = world.all(select(Computation).order_by(Computation.version))
    assert first.inputs_digest != second.inputs_digest


def test_the_ledger_tells_of_the_computation(world: World) -> None:
    award = scored(world, [[7000], [6900]])

    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "results:compute"))

    computation = world.all(select(Computation))[0]
    assert (event.contest_id, event.subject_id) == (award.contest.id, computation.id)
    assert f'"inputs_digest":"{computation.inputs_digest}"' in event.details
    assert '"outcomes":{"below":1,"selected":1}' in event.details


def test_a_contest_without_entries_or_judges_computes_to_nothing(world: World) -> None:
    award = scored(world, [])

    assert world.all(select(Result)) == []
    assert [version.version for version in world.all(select(Computation))] == [1]
    assert award.contest.state is ContestState.SCORED


def test_a_submitted_sheet_without_all_marks_is_refused_by_name(world: World) -> None:
    award = scoring(world, [[8000], [8000]])
    with world.session() as session:
        mark = session.scalars(select(Mark).order_by(Mark.id.desc())).first()
        session.delete(mark)

    with (
        world.session() as session,
        pytest.raises(IllegalState, match=r"Nguyễn Văn Minh for entry B-002 lacks a mark"),
    ):
        compute(session, award.contest.id, actor=award.actor, now=NOW)


@pytest.mark.parametrize("state", [ContestState.REGISTRATION, ContestState.VOTING, ContestState.FINAL])
def test_a_result_is_computed_only_between_scoring_and_the_vote(world: World, state: ContestState) -> None:
    award = scoring(world, [[8000]])
    move(award, state)

    with world.session() as session, pytest.raises(IllegalState):
        compute(session, award.contest.id, actor=award.actor, now=NOW)


def test_rules_that_are_not_frozen_or_were_changed_since_are_refused(world: World) -> None:
    award = scoring(world, [[8000]])
    softer = world.rules(threshold=5000).as_json()

    with world.session() as session:
        session.execute(update(Contest).values(rules_json=softer))
    with world.session() as session, pytest.raises(IllegalState, match="differ from those that were frozen"):
        compute(session, award.contest.id, actor=award.actor, now=NOW)

    with world.session() as session:
        session.execute(update(Contest).values(rules_digest=None, rules_frozen_at=None))
    with world.session() as session, pytest.raises(IllegalState, match="must be frozen"):
        compute(session, award.contest.id, actor=award.actor, now=NOW)


def test_nobody_computes_the_result_of_another_territory(world: World) -> None:
    award = scoring(world, [[8000]])
    stranger = world.actor(world.organiser(world.territory("An Giang")))

    with world.session() as session, pytest.raises(NotFound):
        compute(session, award.contest.id, actor=stranger, now=NOW)
