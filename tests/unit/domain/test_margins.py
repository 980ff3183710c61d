from dataclasses import replace
from fractions import Fraction

from app.domain.margins import Margin, margins, rounded_away
from app.domain.placings import JuryResult, places
from app.domain.results import Outcome
from app.domain.rules import ContestRules, CriterionRule, GroupRule

RULES = ContestRules(
    rubric="one",
    criteria=(CriterionRule("L1", "Một", "One", 10_000),),
    groups=(GroupRule("A", "A", "A"), GroupRule("B", "B", "B")),
    min_sheets=1,
    tie_break=(),
)


def jury(group: str, rank: int, outcome: Outcome, value: Fraction | int, facility: int = 1) -> JuryResult:
    fraction = Fraction(value)
    return JuryResult(group, 1, fraction.numerator, fraction.denominator, rank, outcome, (0,), facility)


def margins_of(results: list[JuryResult], rules: ContestRules) -> list[Margin | None]:
    return margins(results, places(results, rules), rules)


def test_the_distance_to_the_threshold_is_exact() -> None:
    results = [
        jury("A", 1, Outcome.SELECTED, Fraction(21001, 3)),
        jury("A", 2, Outcome.BELOW, Fraction(20999, 3)),
        JuryResult("A", 0, None, None, None, Outcome.NOT_SCORED, (0,)),
    ]

    assert margins_of(results, RULES) == [Margin(Fraction(1, 3)), Margin(Fraction(-1, 3)), None]


def test_at_a_quota_each_side_is_compared_with_the_nearest_of_the_other() -> None:
    results = [
        jury("A", 1, Outcome.SELECTED, 9000),
        jury("A", 2, Outcome.SELECTED, 8500),
        jury("A", 3, Outcome.REACHED, 8400),
        jury("A", 4, Outcome.REACHED, 8000),
        jury("A", 5, Outcome.BELOW, 6000),
    ]

    found = margins_of(results, replace(RULES, quota=2))

    assert found == [
        Margin(Fraction(2000), Fraction(600), 2),
        Margin(Fraction(1500), Fraction(100), 2),
        Margin(Fraction(1400), Fraction(-100), 1),
        Margin(Fraction(1000), Fraction(-500), 1),
        Margin(Fraction(-1000)),
    ]


def test_a_quota_of_a_group_is_no_line_for_another_group() -> None:
    results = [
        jury("A", 1, Outcome.SELECTED, 9000),
        jury("A", 2, Outcome.REACHED, 8800),
        jury("B", 3, Outcome.SELECTED, 8000),
    ]

    found = margins_of(results, replace(RULES, group_quotas={"A": 1}))

    assert [margin and margin.rival for margin in found] == [1, 0, None]


def test_the_better_of_those_kept_out_by_group_and_contest_is_the_nearer() -> None:
    results = [
        jury("A", 1, Outcome.SELECTED, 9000),
        jury("A", 2, Outcome.REACHED, 8800),  # its group is full
        jury("B", 3, Outcome.SELECTED, 8500),
        jury("B", 4, Outcome.REACHED, 8400),  # the contest is full
    ]

    found = margins_of(results, replace(RULES, group_quotas={"A": 1}, quota=2))

    assert [margin and margin.rival for margin in found] == [1, 0, 3, 2]


def test_a_facility_that_has_its_share_competes_with_itself() -> None:
    results = [
        jury("A", 1, Outcome.SELECTED, 9000, facility=1),
        jury("B", 2, Outcome.REACHED, 8900, facility=1),
        jury("A", 3, Outcome.SELECTED, 8000, facility=2),
    ]

    found = margins_of(results, replace(RULES, facility_quota=1))

    assert [margin and margin.rival for margin in found] == [1, 0, None]


def test_equals_that_fill_a_whole_quota_have_nobody_on_the_other_side() -> None:
    results = [jury("A", 1, Outcome.TIED, 8000), jury("A", 1, Outcome.TIED, 8000)]

    assert margins_of(results, replace(RULES, quota=1)) == [Margin(Fraction(1000)), Margin(Fraction(1000))]


def test_only_nothing_prints_as_nothing() -> None:
    assert [rounded_away(Fraction(n, 7)) for n in (-8, -7, -1, 0, 1, 7, 8)] == [-2, -1, -1, 0, 1, 1, 2]
