"""A contest of the commune tier: who may hold it, who may enter it, and how its winners go up."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.contests import Calendar, ContestState
from app.domain.errors import InvalidInput, NotFound, NotReady
from app.domain.facilities import FacilityKind
from app.domain.permissions import Permission, Role
from app.domain.tiers import Tier
from app.models import Contest, Entry, Nomination, Qualification, Territory, User
from app.queries.contests import head_of
from app.queries.facilities import contest_offers
from app.queries.new_contests import own_territories
from app.queries.nominations import nominations_page
from app.services.contests import CreateContest, create_contest
from app.services.dossiers import StartEntry, start_entry
from app.services.nominations import Nominate, nominate, qualification_faults
from app.services.registration import RegisterFacility, register_facility
from tests.awards import Award, certified, issued
from tests.builders import NOW, TODAY, World, tax_code
from tests.communes import register
from tests.dossiers import Maker

DAYS = Calendar(date(2026, 3, 1), date(2026, 4, 30), date(2026, 6, 30))


def create(world: World, territory: Territory, user: User) -> Contest:
    name = f"Bình chọn {territory.full_name} năm 2026"
    command = CreateContest(territory.id, 2026, name, DAYS, world.rubric().id)
    with world.session() as session:
        return create_contest(session, command, actor=world.actor(user), now=NOW)


def provincial(world: World, territory: str = "Lâm Đồng", skipped: str = "") -> Contest:
    rules = world.rules(lower_tier_skipped=skipped)
    return world.contest(ContestState.REGISTRATION, world.territory(territory), rules=rules)


def send(award: Award, target: Contest, user: User | None = None, **more: Any) -> Entry:
    with award.world.session() as session:
        command = Nominate(award.entries[0].id, target.id, **more)
        actor = award.world.actor(user) if user else award.actor
        return nominate(session, command, actor=actor, now=NOW)


@pytest.mark.parametrize("at", ["the commune", "its province"])
def test_the_organiser_of_a_commune_or_of_its_province_holds_its_contest(world: World, at: str) -> None:
    commune = register(world)
    user = world.organiser(commune if at == "the commune" else world.territory("Lâm Đồng"))

    contest = create(world, commune, user)

    assert (contest.tier, contest.territory_id, contest.slug, contest.state) == (
        Tier.COMMUNE,
        commune.id,
        "tan-hoa-lam-dong-2026",
        ContestState.DRAFT,
    )


@pytest.mark.parametrize("elsewhere", ["Đồng Tháp", "Miền Trung – Tây Nguyên", "Việt Nam"])
def test_nobody_else_holds_or_sees_it(world: World, elsewhere: str) -> None:
    commune = register(world)
    contest = world.contest(ContestState.DRAFT, commune)
    stranger, neighbour = (
        world.organiser(world.territory(elsewhere)),
        world.organiser(register(world, code="12346", name="Ngọc Liên")),
    )

    for user in (stranger, neighbour):
        with pytest.raises(InvalidInput) as error:
            create(world, commune, user)
        assert list(error.value.fields) == ["territory_id"]
        with world.session() as session, pytest.raises(NotFound):
            head_of(session, world.actor(user), contest.id)


def test_the_organiser_of_a_commune_reaches_nothing_of_its_province(world: World) -> None:
    commune, province = register(world), world.territory("Lâm Đồng")
    contest = world.contest(ContestState.DRAFT, province)
    actor = world.actor(world.organiser(commune))

    assert actor.territories(Permission.CONTEST_EDIT) == {commune.id}
    with world.session() as session, pytest.raises(NotFound):
        head_of(session, actor, contest.id)


def test_the_province_stands_before_its_communes_when_a_contest_is_created(world: World) -> None:
    for code, name in (("12345", "Tân Hòa"), ("12346", "An Nhơn")):
        register(world, code=code, name=name)
    actor = world.actor(world.organiser(world.territory("Lâm Đồng")))

    with world.session() as session:
        choices = own_territories(session, actor, TODAY)

    assert [(tier, place.name_vi, place.name_en) for tier, place in choices] == [
        (Tier.PROVINCIAL, "Tỉnh Lâm Đồng", "Lam Dong"),
        (Tier.COMMUNE, "Xã An Nhơn, tỉnh Lâm Đồng", "An Nhon Commune, Lam Dong"),
        (Tier.COMMUNE, "Xã Tân Hòa, tỉnh Lâm Đồng", "Tan Hoa Commune, Lam Dong"),
    ]


def test_facilities_of_the_province_may_enter_and_no_others(world: World) -> None:
    maker = Maker(world)
    near = maker.contest(register(world))
    far = maker.contest(
        register(world, code="12346", name="Ngọc Liên", province_id=world.territory("Đồng Tháp").id)
    )

    with world.session() as session:
        offers = contest_offers(session, maker.facility, TODAY)

    assert [(offer.id, offer.tier, offer.needs_certificate) for offer in offers] == [
        (near.id, Tier.COMMUNE, False)
    ]
    assert maker.start(near, maker.product()).contest_id == near.id
    with pytest.raises(NotFound):
        maker.start(far, maker.product())


def test_a_winner_goes_up_to_the_province_on_its_commune_certificate(world: World) -> None:
    award = certified(world, territory=register(world))
    target = provincial(world)

    new = send(award, target)

    [certificate] = issued(world)
    assert certificate.printed["tier"] == "cấp xã"
    assert certificate.printed["territory"] == "Xã Tân Hòa, tỉnh Lâm Đồng"
    qualification = world.get(Qualification, new.id)
    assert (qualification.certificate_id, qualification.exemption) == (certificate.id, "")
    with world.session() as session:
        assert qualification_faults(session, session.get_one(Entry, new.id), now=NOW) == ()


def test_the_organiser_of_the_province_may_send_a_winner_up(world: World) -> None:
    award = certified(world, territory=register(world))
    target = provincial(world)

    new = send(award, target, world.organiser(world.territory("Lâm Đồng")))

    assert world.all(select(Nomination.new_entry_id)) == [new.id]


def test_a_winner_goes_up_to_its_own_province_only(world: World) -> None:
    award = certified(world, territory=register(world))
    own, foreign = provincial(world), provincial(world, "Đồng Tháp")

    with world.session() as session:
        page = nominations_page(session, award.actor, award.contest.id, None, today=TODAY)

    assert [target.id for target in page.targets] == [own.id]
    with pytest.raises(NotReady) as caught:
        send(award, foreign)
    assert [str(reason) for reason in caught.value.reasons] == [
        "Certificate 01/2026/GCN-CNNTTB was given in a territory outside this contest."
    ]


def test_a_winner_passes_over_the_province_only_with_a_reason(world: World) -> None:
    award = certified(world, territory=register(world))
    region = world.contest(
        ContestState.REGISTRATION,
        world.territory("Miền Trung – Tây Nguyên"),
        rules=world.rules(lower_tier_skipped=""),
    )

    with pytest.raises(InvalidInput):
        send(award, region)
    new = send(award, region, exemption="Năm 2026 tỉnh không tổ chức.")

    assert world.get(Qualification, new.id).exemption == "Năm 2026 tỉnh không tổ chức."


@pytest.mark.parametrize(("skipped", "may"), [("", False), ("Năm 2026 cấp xã chưa tổ chức.", True)])
def test_a_provincial_entry_needs_a_commune_certificate_unless_that_tier_was_skipped(
    world: World, skipped: str, may: bool
) -> None:
    maker = Maker(world)
    command = StartEntry(provincial(world, skipped=skipped).id, maker.product().id)

    with world.session() as session:
        if may:
            assert start_entry(session, command, actor=maker.actor, now=NOW).contest_id == command.contest_id
        else:
            with pytest.raises(InvalidInput, match="valid certificate of the tier below"):
                start_entry(session, command, actor=maker.actor, now=NOW)


def test_a_facility_enters_the_provincial_contest_itself_with_its_commune_certificate(world: World) -> None:
    maker = Maker(world)
    product = maker.product()
    certified(world, products=[product], territory=register(world))

    entry = maker.start(provincial(world), product)

    [certificate] = issued(world)
    assert world.get(Qualification, entry.id).certificate_id == certificate.id


def test_a_facility_invited_by_its_commune_registers_in_the_province(world: World) -> None:
    commune = register(world)
    person = world.member(Role.FACILITY_USER, territory_id=commune.id)
    province = world.territory("Lâm Đồng")
    command = RegisterFacility(
        name="Hợp tác xã Trà sen Ngọc Liên",
        kind=FacilityKind.COOPERATIVE,
        tax_code=tax_code(999),
        territory_id=province.id,
        address="Thôn 2, xã Tân Hòa",
        representative="Trần Thị Hạnh",
        phone="0912345678",
        email="ngoc.lien@example.vn",
    )

    with world.session() as session:
        facility = register_facility(session, command, actor=world.actor(person), now=NOW)

    assert facility.territory_id == province.id
