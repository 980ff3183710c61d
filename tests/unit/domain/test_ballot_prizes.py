"""How many may have a class of prize, and what waits for the council."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ballot_prizes import GivenPrize, JuryPrize, check_prizes, count_prizes, overfull, unsettled
from app.domain.errors import IllegalState
from app.domain.rules import ContestRules, PrizeBy, PrizeRule

PRIZES = (PrizeRule("1", "Giải A", "Prize A", 1), PrizeRule("2", "Giải B", "Prize B", 2))


def rules(by: PrizeBy = PrizeBy.RANK) -> ContestRules:
    return ContestRules(rubric="r", criteria=(), groups=(), prizes=PRIZES, prize_by=by)


def line(code: str, prize: str | None, *, tied: bool = False, reason: str = "") -> GivenPrize:
    return GivenPrize(code, JuryPrize(None, tied), prize, reason)


def test_a_tie_waits_until_it_has_a_reason_even_for_no_prize() -> None:
    lines = [
        line("B-2", None, tied=True),
        line("B-1", None, tied=True),
        line("B-3", None, tied=True, reason="x"),
    ]

    assert unsettled(lines) == ["B-1", "B-2"]


@given(st.lists(st.sampled_from(["1", "2", None]), max_size=8))
def test_a_class_is_overfull_exactly_when_more_have_it_than_the_rules_give(prizes: list[str | None]) -> None:
    lines = [line(f"B-{number}", prize) for number, prize in enumerate(prizes)]

    found = {prize.code: len(codes) for prize, codes in overfull(rules(), lines).items()}

    assert found == {
        prize.code: prizes.count(prize.code) for prize in PRIZES if prizes.count(prize.code) > prize.limit
    }
    assert [number for _prize, number in count_prizes(rules(), prizes)] == [
        prizes.count("1"),
        prizes.count("2"),
    ]


def test_more_than_a_dozen_codes_are_cut_short() -> None:
    lines = [line(f"B-{number:02d}", "1") for number in range(14)]

    with pytest.raises(IllegalState) as caught:
        check_prizes(rules(), lines)

    assert str(caught.value.message.values["codes"]).endswith("B-11, … (+2)")


def test_points_give_a_class_to_as_many_as_reach_them() -> None:
    check_prizes(rules(PrizeBy.BAND), [line(f"B-{number}", "1") for number in range(50)])
