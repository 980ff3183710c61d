"""Letters that no certificate, list or minutes can show are refused where they are typed."""

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.errors import InvalidInput
from app.domain.motions import MotionKind
from app.domain.permissions import Actor, Role
from app.domain.results import Office, Outcome
from app.domain.rules import PrizeRule
from app.models import Contest, Facility, Product
from app.services.accounts import Invite, invite
from app.services.administration import CorrectAccount, correct_account
from app.services.ballots import (
    CloseBallot,
    OpenBallot,
    close_ballot,
    open_ballot,
)
from app.services.contests import (
    CreateContest,
    SetRules,
    UpdateContest,
    create_contest,
    set_rules,
    update_contest,
)
from app.services.juries import AppointCouncilMember, ChangeOffice, appoint_council_member, change_office
from app.services.motions import PutMotion, put_motion
from app.services.registration import (
    AddProduct,
    RegisterFacility,
    UpdateFacility,
    UpdateProduct,
    add_product,
    register_facility,
    update_facility,
    update_product,
)
from tests.builders import NOW, World, tax_code
from tests.dossiers import Maker
from tests.motions import PROPOSER, WHY, proposed
from tests.refusals import refusals

SAID = "These characters cannot be printed: 🪷茶. Replace them."
BAD = "Trà 🪷 và 茶"

Service = Callable[..., object]


def refused(world: World, service: Service, command: Any, actor: Actor) -> dict[str, str]:
    """What is said beside which field."""
    with world.session() as session, pytest.raises(InvalidInput) as error:
        service(session, command, actor=actor, now=NOW)
    return refusals(error)


def facts_of(facility: Facility) -> dict[str, Any]:
    names = ("name", "kind", "tax_code", "territory_id", "address", "representative", "phone", "email")
    return {name: getattr(facility, name) for name in names}


def test_what_a_facility_says_of_itself(world: World) -> None:
    home = world.territory("Lâm Đồng")
    person = world.actor(world.member(Role.FACILITY_USER, territory_id=home.id))
    facts = facts_of(world.facility()) | {"tax_code": tax_code(999)}
    bad = dict.fromkeys(("name", "address", "representative"), BAD)

    said = refused(world, register_facility, RegisterFacility(**facts | bad), person)

    assert said == dict.fromkeys(bad, SAID)


def test_the_name_of_a_product(world: World) -> None:
    maker = Maker(world)
    facts: dict[str, Any] = {"is_set": False, "group_code": "B", "description": BAD}

    added = refused(
        world, add_product, AddProduct(facility_id=maker.facility.id, name=BAD, **facts), maker.actor
    )
    changed = refused(
        world, update_product, UpdateProduct(product_id=maker.product().id, name=BAD, **facts), maker.actor
    )

    assert added == changed == {"name": SAID}


def test_a_name_that_is_stored_already_stays_while_the_rest_is_changed(world: World) -> None:
    maker = Maker(world)
    product = maker.product(BAD)
    world.entry(maker.contest(), product, EntryState.SUBMITTED)
    with world.session() as session:
        session.get_one(Facility, maker.facility.id).name = BAD
    facts = facts_of(world.get(Facility, maker.facility.id)) | {"phone": "0987654321"}

    with world.session() as session:
        update_facility(
            session, UpdateFacility(facility_id=maker.facility.id, **facts), actor=maker.actor, now=NOW
        )
        command = UpdateProduct(
            product_id=product.id, name=BAD, is_set=False, group_code="B", description="Mới"
        )
        update_product(session, command, actor=maker.actor, now=NOW)

    facility = world.get(Facility, maker.facility.id)
    assert (facility.name, facility.phone) == (BAD, "0987654321")
    assert (world.get(Product, product.id).name, world.get(Product, product.id).description) == (BAD, "Mới")


def test_names_from_before_keep_a_dossier_back_until_they_are_corrected(world: World) -> None:
    maker = Maker(world)
    entry = maker.whole(maker.draft(product=maker.product(BAD)))

    with pytest.raises(InvalidInput) as error:
        maker.submit(entry)

    assert refusals(error) == {"product": SAID}


def test_the_name_and_the_rules_of_a_contest(world: World) -> None:
    home = world.territory("Lâm Đồng")
    contest, organiser = world.contest(ContestState.DRAFT), world.actor(world.organiser(home))
    new = CreateContest(home.id, 2026, BAD, contest.calendar, world.rubric().id)
    rules = world.rules(lower_tier_skipped=BAD, prizes=(PrizeRule("1", BAD, "First prize", 1),))
    groups = tuple(type(group)(group.code, BAD, BAD) for group in rules.groups[:1]) + rules.groups[1:]
    rules = type(rules)(**vars(rules) | {"groups": groups})

    created = refused(world, create_contest, new, organiser)
    updated = refused(
        world, update_contest, UpdateContest(contest.id, 2026, BAD, contest.calendar), organiser
    )
    ruled = refused(world, set_rules, SetRules(contest.id, rules), organiser)

    assert created == updated == {"name": SAID}
    assert ruled == dict.fromkeys(("lower_tier_skipped", "vi_A", "prize_vi_1"), SAID)


def test_names_and_posts_of_people(world: World) -> None:
    contest, user = world.contest(ContestState.REGISTRATION), world.user()
    organiser = world.actor(world.organiser(world.territory("Lâm Đồng")))
    admin = world.actor(world.member(Role.ADMINISTRATOR))
    member = world.council_member(contest)
    person = Invite("hanh@example.vn", "Trần Thị Hạnh", Role.COUNCIL_MEMBER, contest_id=contest.id)

    posts = [
        refused(world, invite, Invite(**vars(person) | {"position": BAD}), organiser),
        refused(
            world,
            appoint_council_member,
            AppointCouncilMember(contest.id, user.id, Office.MEMBER, BAD),
            organiser,
        ),
        refused(world, change_office, ChangeOffice(member.id, Office.MEMBER, BAD), organiser),
    ]
    names = [
        refused(world, invite, Invite(**vars(person) | {"name": BAD}), organiser),
        refused(world, correct_account, CorrectAccount(user.id, BAD, user.email), admin),
    ]

    assert posts == [{"position": SAID}] * 3
    assert names == [{"name": SAID}] * 2


def test_what_the_minutes_say_of_the_vote(world: World) -> None:
    contest, organiser = world.contest(ContestState.SCORED), world.organiser(world.territory("Lâm Đồng"))
    chosen, other = world.entry(contest), world.entry(contest)
    world.computed(contest, (chosen, Outcome.TIED, 8000), (other, Outcome.REACHED, 7500))
    world.council_member(contest, Office.CHAIR)
    world.council_member(contest)
    actor = world.actor(organiser)

    place = refused(world, open_ballot, OpenBallot(contest.id, BAD), actor)
    with world.session() as session:
        open_ballot(session, OpenBallot(contest.id, "Hội trường"), actor=actor, now=NOW)
    proposal = proposed(MotionKind.ADD, other.id)
    reason = refused(world, put_motion, PutMotion(contest.id, proposal, PROPOSER, BAD, by_hands=True), actor)
    proposer = refused(world, put_motion, PutMotion(contest.id, proposal, BAD, WHY, by_hands=True), actor)
    note = refused(world, close_ballot, CloseBallot(contest.id, BAD), actor)

    assert (place, reason, note) == ({"place": SAID}, {"reason": SAID}, {"note": SAID})
    assert proposer == {"proposer": SAID}
    assert world.get(Contest, contest.id).state is ContestState.VOTING
