"""Entries joined into a set: on the ballot, in the bundle, on certificates, on the way up, after a correction."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput
from app.domain.motions import Ground, MotionKind
from app.domain.results import Choice
from app.models import Contest, Entry, LedgerEvent, MergedEntry, Merger, Product
from app.queries.own_entries import own_entries_of
from app.queries.public_results import public_results
from app.queries.statistics import statistics
from app.services.ballot_turns import TurnBack, run_off
from app.services.certificate_checks import agrees_with_ledger
from app.services.certificate_texts import outdated_certificates
from app.services.nominations import Nominate, nominate, qualification_faults
from tests.awards import issue, issued, sign
from tests.builders import NOW, TODAY, World
from tests.bundles import bundle_of, edited, faults_of, unpacked
from tests.corrections import mark_again, open_final, standing
from tests.sets import NAME, Sets


@pytest.fixture
def sets(world: World) -> Sets:
    return Sets(world).open()


def test_the_best_of_the_set_stands_for_it_and_the_freed_place_stays_free(sets: Sets) -> None:
    sets.join(0, 2, 3)

    assert sets.on_ballot == [0, 1]
    [merger] = sets.world.all(select(Merger))
    assert (merger.entry_id, merger.name, merger.ground) == (sets.entries[0].id, NAME, Ground.MATERIAL)
    merged = {row.entry_id: row.item for row in sets.world.all(select(MergedEntry))}
    assert [bool(merged[sets.entries[number].id]) for number in (0, 2, 3)] == [True, True, False]


def test_votes_on_what_becomes_a_set_are_annulled_and_the_others_stand(sets: Sets) -> None:
    sets.vote()

    motion = sets.join(0, 2)

    with sets.world.session() as session:
        details = [json.loads(event) for event in session.scalars(_closings())]
    assert details[-1]["annulled"] == [sets.entries[0].id, sets.entries[2].id]
    assert motion.number == 1
    with pytest.raises(IllegalState, match="0 of 2 members have voted"):
        sets.close()
    sets.vote()
    sets.close()


def _closings() -> Any:
    closings = LedgerEvent.action == "motion:close"
    return select(LedgerEvent.details).where(closings).order_by(LedgerEvent.id)


@pytest.mark.parametrize(
    ("entries", "content", "text"),
    [
        ((0,), {}, "at least two"),
        ((), {}, "at least one"),
        ((0, 0), {}, "at least two"),
        ((0, 1), {}, "one facility"),
        ((3, 4), {}, "on the ballot"),
        ((0, 2), {"name": ""}, "name of the set"),
        ((0, 2), {"name": "x" * 201}, "At most 200"),
        ((0, 2), {"name": "Trà 🪷"}, "cannot be printed"),
        ((0, 2), {"name": "TRÀ SEN 1"}, "another product of this name"),
        ((0, 2), {"ground": None}, "in common"),
    ],
)
def test_what_cannot_be_a_set_is_refused(
    sets: Sets, entries: tuple[int, ...], content: dict[str, Any], text: str
) -> None:
    with pytest.raises(InvalidInput, match=text):
        sets.carry(MotionKind.MERGE, *entries, **content)

    assert sets.on_ballot == [0, 1, 2]


def test_an_entry_below_the_threshold_or_in_another_set_is_not_joined(world: World) -> None:
    sets = Sets(world, (9000, 8500, 8000, 7500, 6900)).open()
    with pytest.raises(InvalidInput, match=r"Below it: B-005"):
        sets.join(0, 4)
    sets.join(0, 2)

    with pytest.raises(InvalidInput, match="part of a set already: B-001"):
        sets.join(0, 3, name="Bộ khác")
    with pytest.raises(InvalidInput, match="already: B-003"):
        sets.carry(MotionKind.ADD, 2)
    with pytest.raises(InvalidInput, match="Split a set"):
        sets.carry(MotionKind.LEAVE_OUT, 0)


def test_a_set_that_is_split_leaves_the_ballot_as_it_was(sets: Sets) -> None:
    sets.join(0, 2, 3)
    sets.vote()

    sets.carry(MotionKind.SPLIT, 0)

    assert sets.on_ballot == [0, 1, 2]
    assert sets.world.all(select(MergedEntry)) == sets.world.all(select(Merger)) == []
    sets.join(0, 3, name="Bộ khác")
    assert sets.on_ballot == [0, 1, 2]


def test_a_set_is_one_product_on_the_list_with_its_members_own_values(sets: Sets) -> None:
    sets.join(0, 2, 3)
    sets.finish()

    with sets.world.session() as session:
        page = public_results(session, sets.contest.slug, today=TODAY)
        [numbers] = statistics(session, sets.contest.id)
        own = own_entries_of(session, sets.products[0].facility_id, TODAY)
    assert [(row.code, row.names.product, row.average) for row in page.rows] == [
        ("B-001", NAME, 9000),
        ("B-002", "Gốm đỏ 2", 8500),
    ]
    assert page.rows[0].names.is_set
    assert page.rows[0].product_set is not None
    assert [(one.code, one.product, one.average) for one in page.rows[0].product_set.members] == [
        ("B-001", "Trà sen 1", 9000),
        ("B-003", "Trà sen ướp 3", 8000),
        ("B-004", "Tim sen 4", 7500),
    ]
    assert [motion.number for motion in page.motions] == [1]
    steps = numbers.steps
    assert [c.products for c in (steps.registered, steps.reached, steps.recognised, steps.certified)] == [
        5,
        5,
        2,
        2,
    ]
    assert {(one.product, one.set_name, one.stage.value) for one in own} == {
        ("Trà sen 1", NAME, "certified"),
        ("Trà sen ướp 3", NAME, "certified"),
        ("Tim sen 4", NAME, "certified"),
        ("Hạt sen 5", "", "not_recognised"),
    }


def test_a_set_has_one_certificate_that_names_its_products(sets: Sets) -> None:
    sets.join(0, 2)
    sets.finish()

    first, second = issued(sets.world)
    assert (first.printed["product"], first.printed["is_set"], first.printed["members"]) == (
        NAME,
        True,
        ["Trà sen 1", "Trà sen ướp 3"],
    )
    assert (second.printed["product"], second.printed["members"]) == ("Gốm đỏ 2", [])
    with sets.world.session() as session:
        assert agrees_with_ledger(session, first.code)


def test_a_bundle_with_motions_and_a_set_verifies(sets: Sets, tmp_path: Path) -> None:
    sets.carry(MotionKind.ADD, 3)
    sets.carry(MotionKind.LEAVE_OUT, 1)
    sets.join(0, 2, 3)
    sets.carry(MotionKind.NOMINATE, number=1)
    sets.finish()

    assert faults_of(tmp_path, unpacked(bundle_of(sets.award))) == []


def _put_back(ballot: Any) -> None:
    ballot["items"].append(ballot["items"][0] | {"entry": ballot["sets"][0]["entries"][1]})


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_put_back, "On the ballot"),
        (lambda ballot: ballot["sets"].clear(), "Sets of products"),
        (lambda ballot: ballot["sets"][0].update(name="Bộ khác"), "Sets of products"),
        (lambda ballot: ballot["motions"][0].update(yes=1), "ballot.json by the ledger"),
    ],
)
def test_a_ballot_that_is_not_what_the_motions_made_of_the_list_is_found(
    sets: Sets, tmp_path: Path, edit: Callable[[Any], None], said: str
) -> None:
    sets.join(0, 2)
    sets.finish()

    faults = faults_of(tmp_path, edited(unpacked(bundle_of(sets.award)), "ballot.json", edit))

    assert any(said in fault for fault in faults)


def test_a_correction_takes_the_set_away_until_the_council_joins_it_again(sets: Sets) -> None:
    sets.join(0, 2)
    sets.finish()
    open_final(sets.award)
    mark_again(sets.award, {2: 9500})
    assert sets.world.all(select(Merger)) == []

    sets.open().join(0, 2)
    sets.vote()
    sets.close()
    sign(sets.award, "130/QĐ-UBND", standing(sets.world).id)
    issue(sets.award)

    stands = {row.printed["product"]: (row.status.value, row.entry_id) for row in issued(sets.world)}
    assert stands[NAME] == (
        "valid",
        sets.entries[2].id,
    )  # the third is the best now; the first's paper is taken back
    statuses = [(row.entry_id, row.status.value) for row in issued(sets.world)]
    assert (sets.entries[0].id, "revoked") in statuses


def test_a_certificate_of_a_set_that_is_none_any_more_is_to_be_replaced(sets: Sets) -> None:
    sets.join(0, 2)
    sets.finish()
    open_final(sets.award)
    mark_again(sets.award, {0: 9100})
    sets.open().vote()
    sets.close()
    sign(sets.award, "130/QĐ-UBND", standing(sets.world).id)

    with sets.world.session() as session:
        found = outdated_certificates(session, sets.award.actor, sets.contest.id, today=TODAY)

    assert list(found.values()) == [("product", "is_set", "members")]


def target_of(sets: Sets) -> Contest:
    return sets.world.contest(
        ContestState.REGISTRATION,
        sets.world.territory("Miền Trung – Tây Nguyên"),
        rules=sets.world.rules(lower_tier_skipped=""),
    )


def send(sets: Sets, target: Contest, entry: int) -> Entry:
    command = Nominate(sets.entries[entry].id, target.id)
    new: Entry = sets.do(nominate, command)
    return new


def test_a_set_goes_up_as_a_product_that_is_a_set(sets: Sets) -> None:
    sets.join(0, 2)
    sets.finish()
    target = target_of(sets)

    new = send(sets, target, 0)

    product = sets.world.get(Product, new.product_id)
    assert (product.name, product.is_set, product.facility_id) == (NAME, True, sets.products[0].facility_id)
    assert product.description == "Bộ sản phẩm gồm: Trà sen 1; Trà sen ướp 3."
    with Session(sets.world.engine) as session:
        assert qualification_faults(session, session.get_one(Entry, new.id), now=NOW) == ()
    with pytest.raises(IllegalState):
        send(sets, target, 0)


def test_no_more_go_up_than_the_council_decided(sets: Sets) -> None:
    sets.carry(MotionKind.NOMINATE, number=3)
    sets.carry(MotionKind.NOMINATE, number=1)
    sets.finish()
    target = target_of(sets)
    send(sets, target, 0)

    with pytest.raises(IllegalState, match=r"nominate 1 products .* 1 are nominated"):
        send(sets, target, 1)

    assert len(sets.world.all(select(Entry).where(Entry.contest_id == target.id))) == 1


TIED = (9000, 8500, 8500, 8500, 7200)  # quota of two: one place for three that are equal


def test_a_tie_carries_no_more_than_it_has_places(world: World, tmp_path: Path) -> None:
    sets = Sets(world, TIED, quota=2, tie_break=()).open()
    with pytest.raises(InvalidInput, match="at most 1"):
        sets.vote()
    sets.vote(e2=Choice.NO, e3=Choice.NO)
    sets.close()
    sign(sets.award)
    issue(sets.award)

    assert len(issued(world)) == 2
    assert faults_of(tmp_path, unpacked(bundle_of(sets.award))) == []

    def both(ballot: Any) -> None:
        ballot["items"][2] |= {"yes": 2, "no": 0, "carried": True}

    faults = faults_of(tmp_path, edited(unpacked(bundle_of(sets.award)), "ballot.json", both))
    assert any("B-003, carried" in fault for fault in faults)


def level(world: World) -> Sets:
    """Three tied for two places, each with two of three votes."""
    sets = Sets(world, TIED, members=3, quota=3, tie_break=()).open()
    for member, against in enumerate(("e1", "e2", "e3")):
        sets.vote_of(member, **{against: Choice.NO})
    return sets


def test_equal_votes_for_the_last_place_are_taken_again_on_those_alone(world: World, tmp_path: Path) -> None:
    sets = level(world)
    with pytest.raises(IllegalState, match="B-002, B-003, B-004 have equally many votes"):
        sets.close()

    sets.do(run_off, TurnBack(sets.contest.id, "Ba sản phẩm bằng phiếu."))

    with pytest.raises(IllegalState, match="0 of 3 members"):
        sets.close()
    sets.vote(e3=Choice.NO)
    sets.close()
    sign(sets.award)
    issue(sets.award)
    assert len(issued(world)) == 3
    assert faults_of(tmp_path, unpacked(bundle_of(sets.award))) == []


def test_the_council_may_decide_on_another_number_of_places_instead(world: World, tmp_path: Path) -> None:
    sets = level(world)

    sets.carry(MotionKind.PLACES, 1, 2, 3, number=3)

    with pytest.raises(IllegalState, match="0 of 3 members"):  # who chose for two places chooses again
        sets.close()
    with pytest.raises(InvalidInput, match="from 0 to 3"):
        sets.carry(MotionKind.PLACES, 1, 2, 3, number=4)
    with pytest.raises(IllegalState, match="so many places already"):
        sets.carry(MotionKind.PLACES, 1, 2, 3, number=3)
    sets.vote()
    sets.close()
    sign(sets.award)
    issue(sets.award)
    assert len(issued(world)) == 4
    assert faults_of(tmp_path, unpacked(bundle_of(sets.award))) == []


def test_a_second_vote_without_equal_votes_or_without_a_reason_is_refused(world: World) -> None:
    sets = level(world)
    with pytest.raises(InvalidInput):
        sets.do(run_off, TurnBack(sets.contest.id, ""))
    sets.vote_of(2, e3=Choice.NO, e2=Choice.NO)

    with pytest.raises(IllegalState, match="no second vote is needed"):
        sets.do(run_off, TurnBack(sets.contest.id, "Bằng phiếu."))
