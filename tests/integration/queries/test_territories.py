from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain.vietnamese import sort_key
from app.queries.territories import reach_of, search_territories, units_of_day
from tests.builders import World

TODAY = date(2026, 11, 22)
BEFORE = date(2024, 1, 1)


def found(world: World, text: str, day: date = TODAY) -> list[tuple[str, str | None]]:
    with Session(world.engine) as session:
        return [(match.unit.name, match.old_name) for match in search_territories(session, text, day)]


def reach(world: World, name: str, day: date = TODAY, today: date = TODAY) -> set[tuple[str, bool]]:
    """Names of the territories whose contests are open, and whether each still exists."""
    with Session(world.engine) as session:
        ids = reach_of(session, world.territory(name, day).id, today)
        from app.models import Territory

        return {(t.name, t.valid_to is None) for t in (session.get_one(Territory, id_) for id_ in ids)}


def test_there_are_34_units_today_and_63_before_the_mergers(world: World) -> None:
    with Session(world.engine) as session:
        today, before = units_of_day(session, TODAY), units_of_day(session, BEFORE)

    assert (len(today), len(before)) == (34, 63)
    assert [unit.name for unit in today] == sorted((unit.name for unit in today), key=sort_key)
    assert all(unit.region for unit in (*today, *before))


def test_a_unit_knows_what_it_was_made_of(world: World) -> None:
    with Session(world.engine) as session:
        units = {unit.name: unit for unit in units_of_day(session, TODAY)}

    assert units["Lâm Đồng"].region == "Miền Trung – Tây Nguyên"
    assert units["Hà Nội"].former == ()
    assert [(old.full_name, old.valid_to) for old in units["Phú Thọ"].former] == [
        ("Tỉnh Hòa Bình", date(2025, 6, 30)),
        ("Tỉnh Phú Thọ", date(2025, 6, 30)),
        ("Tỉnh Vĩnh Phúc", date(2025, 6, 30)),
    ]


@pytest.mark.parametrize(
    ("name", "joined"),
    [
        ("An Giang", ["An Giang", "Kiên Giang"]),
        ("Lâm Đồng", ["Bình Thuận", "Đắk Nông", "Lâm Đồng"]),
        ("Hồ Chí Minh", ["Bà Rịa - Vũng Tàu", "Bình Dương", "Hồ Chí Minh"]),
        ("Đồng Nai", ["Bình Phước", "Đồng Nai"]),
        ("Huế", []),
        ("Hà Nội", []),
    ],
)
def test_a_merged_unit_holds_every_unit_it_was_joined_of_also_that_of_its_own_name(
    world: World, name: str, joined: list[str]
) -> None:
    with Session(world.engine) as session:
        [unit] = [unit for unit in units_of_day(session, TODAY) if unit.name == name]

    assert [old.name for old in unit.merged] == joined
    assert {old.valid_to for old in unit.merged} <= {date(2025, 6, 30)}


def test_no_predecessor_of_a_merged_unit_is_missing(world: World) -> None:
    with Session(world.engine) as session:
        units = units_of_day(session, TODAY)

    assert sum(len(unit.merged) or 1 for unit in units) == 63


def test_a_change_of_rank_or_name_is_no_merger(world: World) -> None:
    with Session(world.engine) as session:
        units = {unit.name: unit for unit in units_of_day(session, TODAY)}

    assert [(old.full_name, old.valid_to) for old in units["Huế"].former] == [
        ("Tỉnh Thừa Thiên Huế", date(2024, 12, 31))
    ]
    assert [(old.full_name, old.valid_to) for old in units["Đồng Nai"].former] == [
        ("Tỉnh Bình Phước", date(2025, 6, 30)),
        ("Tỉnh Đồng Nai", date(2025, 6, 30)),
        ("Tỉnh Đồng Nai", date(2026, 4, 29)),
    ]


@pytest.mark.parametrize(
    "text", ["Bình Thuận", "binh thuan", "BÌNH THUẬN", " bi\u0300nh  thuân ", "Tỉnh Bình Thuận"]
)
def test_an_old_name_finds_what_it_has_become(world: World, text: str) -> None:
    assert found(world, text) == [("Lâm Đồng", "Bình Thuận")]


def test_a_new_name_is_no_old_name(world: World) -> None:
    assert found(world, "lam dong") == [("Lâm Đồng", None)]
    assert found(world, "đồng nai") == [("Đồng Nai", None)]


def test_part_of_a_name_finds_all_that_hold_it(world: World) -> None:
    assert found(world, "thái") == [("Hưng Yên", "Thái Bình"), ("Thái Nguyên", None)]


def test_both_spellings_of_a_name_find_it(world: World) -> None:
    assert found(world, "Hoà Bình") == found(world, "Hòa Bình") == [("Phú Thọ", "Hòa Bình")]


def test_nothing_typed_finds_all(world: World) -> None:
    assert len(found(world, " ")) == 34


@pytest.mark.parametrize("text", ["%", "_", "Atlantis", "'; DROP TABLE territories --"])
def test_what_no_unit_holds_finds_none(world: World, text: str) -> None:
    assert found(world, text) == []


def test_on_a_day_before_the_mergers_the_old_units_stand(world: World) -> None:
    assert found(world, "binh thuan", BEFORE) == [("Bình Thuận", None)]


def test_contests_near_a_unit_are_its_own_its_regions_and_the_nations(world: World) -> None:
    assert reach(world, "Lâm Đồng") == {
        ("Lâm Đồng", True),
        ("Lâm Đồng", False),
        ("Bình Thuận", False),
        ("Đắk Nông", False),
        ("Miền Trung – Tây Nguyên", True),
        ("Việt Nam", True),
    }


def test_a_facility_of_a_merged_unit_takes_part_where_the_unit_went(world: World) -> None:
    assert reach(world, "Bình Thuận", BEFORE) == reach(world, "Lâm Đồng")


def test_in_its_own_time_a_merged_unit_was_in_another_region(world: World) -> None:
    assert reach(world, "Bình Thuận", BEFORE, today=BEFORE) == {
        ("Bình Thuận", False),
        ("Phía Nam", True),
        ("Việt Nam", True),
    }
