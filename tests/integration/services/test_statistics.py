from datetime import date

from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.tiers import Tier
from app.models import IssuedCertificate
from app.queries.place_names import place_names
from app.queries.statistics import Count, Steps, by_tier, sentence, statistics
from app.services.certificates import Revoke, revoke
from app.services.results import compute
from tests.awards import decided, issue, move, voted
from tests.builders import NOW, World


def test_every_step_counts_products_and_different_facilities(world: World) -> None:
    one, two = world.facility(), world.facility()
    products = [world.product(one, group="A"), world.product(one), world.product(two), world.product()]
    award = decided(
        world, [[9000], [8000], [6000], [None]], products=products, carried=[True, True, False, False]
    )
    world.entry(award.contest, world.product(two), EntryState.REJECTED)
    world.entry(award.contest, world.product(two), EntryState.DRAFT)
    issue(award)
    with world.session() as session:
        first = session.scalars(select(IssuedCertificate).order_by(IssuedCertificate.id)).first()
        assert first is not None
        revoke(session, Revoke(first.id, "Vi phạm"), actor=award.actor, now=NOW)

    with world.session() as session:
        [row] = statistics(session)

    assert row.steps == Steps(
        registered=Count(5, 3),
        accepted=Count(4, 3),
        scored=Count(3, 2),
        reached=Count(2, 1),
        voted=Count(4, 3),
        recognised=Count(2, 1),
        certified=Count(1, 1),
    )
    groups = {group.code: steps for group, steps in row.groups}
    assert list(groups) == ["A", "B", "C", "D"]
    assert groups["A"].registered == groups["A"].recognised == Count(1, 1)
    assert groups["B"].registered == Count(4, 3)
    assert groups["B"].certified == Count(1, 1)
    assert groups["C"].registered == Count(0, 0)


def test_only_the_newest_computation_counts(world: World) -> None:
    award = decided(world, [[9000]])
    move(award, ContestState.SCORED)
    with world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)
    move(award, ContestState.FINAL)

    with world.session() as session:
        [row] = statistics(session)

    assert row.steps.reached == Count(1, 1)


def test_contests_that_are_not_public_are_left_out(world: World) -> None:
    voted(world, [[9000]])
    world.contest(ContestState.REGISTRATION)

    with world.session() as session:
        assert statistics(session) == []


def test_a_contest_without_entries_counts_nothing(world: World) -> None:
    award = decided(world, [])

    with world.session() as session:
        [row] = statistics(session, award.contest.id)

    assert row.steps.registered == Count(0, 0)
    assert sentence(row, "vi") == "Lâm Đồng 2026: 0/0 cơ sở với 0/0 sản phẩm đạt"


def test_the_sentence_of_the_annual_report(world: World) -> None:
    kien_giang = world.territory("Kiên Giang", date(2023, 6, 1))
    facility = world.facility()
    products = [world.product(facility), world.product(facility), world.product()]
    award = decided(
        world,
        [[9000], [8000], [6000]],
        products=products,
        carried=[True, True, False],
        territory=kien_giang,
        year=2023,
    )

    with world.session() as session:
        [row] = statistics(session)
    move(award, ContestState.PROVISIONAL)
    with world.session() as session:
        [provisional] = statistics(session)

    assert sentence(row, "vi") == "Kiên Giang 2023: 1/2 cơ sở với 2/3 sản phẩm đạt"
    assert sentence(row, "en") == "Kiên Giang 2023: 1 of 2 facilities with 2 of 3 products recognised"
    assert row.place.now == "An Giang"
    assert sentence(provisional, "vi") == "Kiên Giang 2023: 1/2 cơ sở với 2/3 sản phẩm dự kiến đạt"
    assert sentence(provisional, "en") == "Kiên Giang 2023: 1 of 2 facilities with 2 of 3 products proposed"


def test_rows_are_gathered_by_year_and_tier_and_an_example_stays_apart(world: World) -> None:
    decided(world, [[9000], [6000]], carried=[True, False])
    decided(world, [[9000]], territory=world.territory("An Giang"))
    decided(world, [[9000]], territory=world.territory("Đắk Lắk"), is_example=True)
    decided(world, [[9000]], territory=world.territory("Phía Nam"), year=2024)

    with world.session() as session:
        tiers = by_tier(statistics(session))

    assert [(part.year, part.tier, part.is_example, part.registered, part.recognised) for part in tiers] == [
        (2026, Tier.PROVINCIAL, False, 3, 2),
        (2026, Tier.PROVINCIAL, True, 1, 1),
        (2024, Tier.REGIONAL, False, 1, 1),
    ]


def test_places_are_known_by_what_they_became_and_what_they_were(world: World) -> None:
    with world.session() as session:
        names = place_names(session)

    kien_giang = names[world.territory("Kiên Giang", date(2023, 6, 1)).id]
    an_giang = names[world.territory("An Giang").id]
    old_lam_dong = names[world.territory("Lâm Đồng", date(2023, 6, 1)).id]
    assert (kien_giang.now, an_giang.now, old_lam_dong.now) == ("An Giang", "", "")
    assert "tinh an giang" in kien_giang.folded
    assert "tinh kien giang" in an_giang.folded
    assert "binh thuan" in names[world.territory("Lâm Đồng").id].folded
