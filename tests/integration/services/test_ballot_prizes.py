"""Classes of prize on the council's ballot: prefilled, settled with a reason, kept within the rules."""

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.motions import MotionKind
from app.domain.rules import PrizeBy, PrizeRule
from app.models import BallotItem, Contest
from app.queries.ballot_prizes import council_prizes
from app.services.ballot_turns import TurnBack, withdraw_ballot
from tests.builders import World
from tests.motions import proposed
from tests.prizes import WHY, PrizeCouncil, prized

PRIZES_BY_POINTS = (PrizeRule("1", "Xuất sắc", "Excellent", 9000),)
FIVE = (9500, 9000, 8900, 8800, 8700)  # one place of A, two of B, one of encouragement, one without


def council_of(world: World, totals: Any = FIVE, **rules: Any) -> PrizeCouncil:
    return PrizeCouncil(prized(world, totals, **rules))


def given(council: PrizeCouncil) -> dict[int, str | None]:
    with council.world.session() as session:
        found = council_prizes(session, council.contest.id)
    numbers = {entry.id: number for number, entry in enumerate(council.award.entries)}
    return {numbers[entry]: prize for entry, prize in sorted(found.items())}


def test_every_product_comes_on_the_ballot_with_the_prize_that_the_marks_make(world: World) -> None:
    council = council_of(world)

    council.open()

    assert council.items == {0: ("1", ""), 1: ("2", ""), 2: ("2", ""), 3: ("3", ""), 4: (None, "")}


def test_prizes_by_points_come_on_the_ballot_too(world: World) -> None:
    bands = (PrizeRule("1", "Xuất sắc", "Excellent", 9000), PrizeRule("2", "Tiêu biểu", "Outstanding", 7000))
    council = council_of(world, (9000, 8999, 6999), prizes=bands, prize_by=PrizeBy.BAND)

    council.open()

    assert council.items == {0: ("1", ""), 1: ("2", "")}


def test_a_product_added_to_the_ballot_has_no_prize_until_the_council_gives_one(world: World) -> None:
    council = council_of(world, (9500, 9000), quota=1).open()

    council.add(1)
    council.settle(1, "2")

    assert council.items == {0: ("1", ""), 1: ("2", WHY)}


def test_the_council_gives_another_prize_with_a_reason_that_is_on_record(world: World) -> None:
    council = council_of(world).open()

    council.settle(4, "3")
    council.settle(3, None, "Sản phẩm chưa đủ sức cạnh tranh.")

    assert council.items == {
        0: ("1", ""),
        1: ("2", ""),
        2: ("2", ""),
        3: (None, "Sản phẩm chưa đủ sức cạnh tranh."),
        4: ("3", WHY),
    }
    ids = [entry.id for entry in council.award.entries]
    assert [(event["content"], event["counts"]) for event in council.events("motion:close")] == [
        ({"entries": [ids[4]], "prize": "3"}, [2, 0, 0]),
        ({"entries": [ids[3]], "prize": None}, [2, 0, 0]),
    ]


def test_going_back_to_the_prize_by_the_marks_takes_the_reason_away_and_is_on_record(world: World) -> None:
    council = council_of(world, (9500, 9000)).open()
    council.settle(0, "2")

    council.settle(0, "1", "Ghi nhầm.")

    assert council.items[0] == ("1", "")
    assert [(event["content"]["prize"], event["reason"]) for event in council.events("motion:put")] == [
        ("2", WHY),
        ("1", "Ghi nhầm."),
    ]


@pytest.mark.parametrize(("entry", "prize"), [(0, "1"), (1, "2"), (4, None)])
def test_what_the_marks_make_anyway_is_not_written_down(world: World, entry: int, prize: str | None) -> None:
    council = council_of(world).open()

    with pytest.raises(IllegalState, match="already"):
        council.settle(entry, prize)

    assert council.events("motion:put") == []


@pytest.mark.parametrize("prize", ["9", "", "A" * 10_000, "1\x00", "1'; DROP TABLE ballots", "Giải A"])
def test_a_prize_that_the_rules_do_not_have_is_refused(world: World, prize: str) -> None:
    council = council_of(world, (9500, 9000)).open()

    with pytest.raises(InvalidInput) as caught:
        council.settle(0, prize)

    assert list(caught.value.fields) == ["prize"]
    assert council.items == {0: ("1", ""), 1: ("2", "")}


@pytest.mark.parametrize("reason", ["", "x" * 2001, "Trà 🪷"])
def test_a_change_without_a_reason_that_can_be_printed_is_refused(world: World, reason: str) -> None:
    council = council_of(world, (9500, 9000)).open()

    with pytest.raises(InvalidInput) as caught:
        council.settle(0, "2", reason)

    assert list(caught.value.fields) == ["reason"]
    assert (council.items[0], council.events("motion:put")) == (("1", ""), [])


def test_tied_prizes_are_settled_before_the_ballot_closes(world: World) -> None:
    council = council_of(world, (9500, 9500, 8000)).open()
    assert council.items == {0: (None, ""), 1: (None, ""), 2: ("2", "")}
    council.vote()
    codes = [str(entry.code) for entry in council.award.entries]

    with pytest.raises(IllegalState) as both:
        council.close()
    council.settle(0, "1")
    with pytest.raises(IllegalState) as second:
        council.close()
    council.settle(1, None, "Chỉ trao một giải A; sản phẩm này không nhận giải.")
    council.close()

    assert (both.value.message.values["codes"], second.value.message.values["codes"]) == (
        ", ".join(codes[:2]),
        codes[1],
    )
    assert given(council) == {0: "1", 1: None, 2: "2"}


def test_more_prizes_than_the_rules_have_are_refused_whoever_is_carried(world: World) -> None:
    council = council_of(world).open()
    council.settle(4, "1")
    council.vote(0)  # the first holder will lose it, but nobody knows yet: the refusal must not tell

    with pytest.raises(IllegalState) as caught:
        council.close()

    codes = [str(council.award.entries[number].code) for number in (0, 4)]
    assert caught.value.message.values == {"given": 2, "codes": ", ".join(codes), "limit": 1}
    assert council.world.get(Contest, council.contest.id).state is ContestState.VOTING
    assert council.world.all(select(BallotItem.yes).where(BallotItem.yes.is_not(None))) == []


def test_the_last_place_of_a_class_may_be_taken_and_fewer_prizes_may_be_given(world: World) -> None:
    council = council_of(world).open()
    council.settle(0, None)
    council.settle(3, "1")
    council.vote()

    council.close()

    assert given(council) == {0: None, 1: "2", 2: "2", 3: "1", 4: None}


def test_a_class_by_points_has_no_number(world: World) -> None:
    council = council_of(world, (9500, 8000, 7500), prizes=PRIZES_BY_POINTS, prize_by=PrizeBy.BAND).open()
    for number in (1, 2):
        council.settle(number, "1")
    council.vote()

    council.close()

    assert given(council) == {0: "1", 1: "1", 2: "1"}


def test_who_is_not_carried_gets_no_prize_and_nobody_moves_up(world: World) -> None:
    council = council_of(world).open()
    council.vote(0)

    council.close()

    assert given(council) == {1: "2", 2: "2", 3: "3", 4: None}
    assert council.items[0] == ("1", "")
    [closing] = council.events("ballot:close")
    ids = [str(entry.id) for entry in council.award.entries]
    assert closing["prizes"] == dict(zip(ids, ("1", "2", "2", "3", None), strict=True))


def test_the_council_gives_a_free_prize_on_the_reopened_ballot(world: World) -> None:
    council = council_of(world).open()
    council.vote(0)
    council.close()
    council.reopen()

    council.settle(1, "1", "Giải A còn trống.")
    with pytest.raises(IllegalState, match="same class"):
        council.close()
    council.settle(0, None, "Không được thông qua.")
    council.close()

    assert given(council) == {1: "1", 2: "2", 3: "3", 4: None}


def test_a_ballot_opened_anew_begins_with_the_prizes_by_the_marks(world: World) -> None:
    council = council_of(world, (9500, 9000)).open()
    council.settle(0, None)
    council.do(withdraw_ballot, TurnBack(council.contest.id, "Mở nhầm."))

    council.open()

    assert council.items == {0: ("1", ""), 1: ("2", "")}


def test_a_contest_without_prizes_gives_none(world: World) -> None:
    council = council_of(world, (9500,), prizes=()).open()

    with pytest.raises(IllegalState, match="no prizes"):
        council.settle(0, None)
    council.vote()
    council.close()

    assert sorted(council.events("ballot:close")[0]) == ["counts", "note", "seals", "ties"]


def test_prizes_are_settled_only_while_the_ballot_is_open(world: World) -> None:
    council = council_of(world, (9500, 9000))
    with pytest.raises(IllegalState, match="not open"):
        council.settle(0, "2")
    council.open()
    council.vote()
    council.close()

    with pytest.raises(IllegalState, match="not open"):
        council.settle(0, "2")

    assert council.items == {0: ("1", ""), 1: ("2", "")}


def test_only_what_is_on_the_ballot_is_given_a_prize(world: World) -> None:
    council = council_of(world, (9500, 9000), quota=1).open()
    other = council_of(world, (9500,)).open()

    with pytest.raises(InvalidInput, match="not on the ballot"):
        council.settle(1, "1")
    for entry_id in (other.award.entries[0].id, 10**9):
        with pytest.raises(NotFound):
            council.carry(proposed(MotionKind.PRIZE, entry_id, prize="1"))


def test_only_the_organiser_of_the_contest_settles_prizes(world: World) -> None:
    council = council_of(world, (9500, 9000)).open()
    strangers = (
        world.organiser(world.territory("An Giang")),
        council.members[0],
        world.user_of(council.award.judges[0].user_id),
    )

    for user in strangers:
        with pytest.raises(NotFound):
            council.settle(0, "2", by=user)

    assert council.items[0] == ("1", "")
