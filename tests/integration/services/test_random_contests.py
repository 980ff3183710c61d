from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders import World
from tests.bundles import bundle_of, faults_of, unpacked
from tests.random_contests import RandomContest, people
from tests.random_contests import faults_of as disagreements

EACH = 5


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 50, EACH))
def test_database_export_verifier_and_a_second_computation_agree(
    world: World, tmp_path: Path, first: int
) -> None:
    those = people(world)

    found = {seed: disagreements(world, those, seed, tmp_path) for seed in range(first, first + EACH)}

    assert found == {seed: [] for seed in range(first, first + EACH)}


def test_the_same_seed_makes_the_same_contest(world: World) -> None:
    those = people(world)
    first = RandomContest(world, those, 7)
    rules = first.rules
    first.carry_out()

    with world.session() as session:  # its rubric has the seed in its code
        session.execute(text("UPDATE rubric_versions SET code = 'another' WHERE code = 'random-7'"))
    second = RandomContest(world, those, 7)
    second.carry_out()

    assert second.rules == rules
    assert second.award.results() == first.award.results()


def test_a_result_that_is_off_by_one_hundredth_is_named(world: World, tmp_path: Path) -> None:
    award = RandomContest(world, people(world), 3).carry_out()
    with world.session() as session:
        session.execute(text("UPDATE results SET numerator = numerator + 1 WHERE numerator IS NOT NULL"))

    faults = faults_of(tmp_path, unpacked(bundle_of(award)))

    assert any("numerator" in fault for fault in faults)
