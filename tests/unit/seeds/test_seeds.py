from collections import Counter
from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest

from app.domain.tiers import Tier
from app.seeds import (
    REGISTER_OPENS,
    Territory,
    organisers,
    organisers_of,
    product_groups,
    region_memberships,
    rubric_versions,
    successions,
    territories,
    valid_on,
)
from app.seeds.rows import Dated

TODAY = date(2026, 11, 22)
LAST_DAY_OF_63 = date(2025, 6, 30)
DAYS = [
    REGISTER_OPENS,
    date(2024, 12, 31),
    date(2025, 1, 1),
    LAST_DAY_OF_63,
    date(2025, 7, 1),
    date(2026, 4, 30),
    TODAY,
]
UNITS = [territory for territory in territories() if territory.tier is Tier.PROVINCIAL]
BY_KEY = {unit.key: unit for unit in UNITS}


def unit_on(code: str, day: date) -> Territory:
    [unit] = [unit for unit in valid_on(UNITS, day) if unit.code == code]
    return unit


@pytest.mark.parametrize(
    ("day", "units", "cities"),
    [
        (REGISTER_OPENS, 63, 5),
        (date(2024, 12, 31), 63, 5),
        (date(2025, 1, 1), 63, 6),
        (LAST_DAY_OF_63, 63, 6),
        (date(2025, 7, 1), 34, 6),
        (date(2026, 4, 29), 34, 6),
        (date(2026, 4, 30), 34, 7),
        (TODAY, 34, 7),
    ],
)
def test_the_country_has_its_units_on_every_day(day: date, units: int, cities: int) -> None:
    kinds = Counter(unit.kind for unit in valid_on(UNITS, day))

    assert kinds == {"city": cities, "province": units - cities}


def test_the_34_units_have_3321_communes() -> None:
    assert sum(unit.communes or 0 for unit in valid_on(UNITS, TODAY)) == 3321
    assert all(unit.communes for unit in valid_on(UNITS, TODAY))


def test_every_day_has_one_nation_and_three_regions() -> None:
    for day in DAYS:
        tiers = Counter(territory.tier for territory in valid_on(territories(), day))

        assert (tiers[Tier.NATIONAL], tiers[Tier.REGIONAL]) == (1, 3)


def test_code_and_first_day_name_one_row_of_a_tier() -> None:
    keys = [(territory.tier, *territory.key) for territory in territories()]

    assert len(set(keys)) == len(keys)


def test_the_rows_of_one_code_follow_each_other_without_gap_or_overlap() -> None:
    for _, rows in groupby(sorted(UNITS, key=lambda unit: unit.key), key=lambda unit: unit.code):
        for before, after in pairwise(rows):
            assert before.valid_to is not None
            assert after.valid_from == before.valid_to + timedelta(days=1)


def test_no_row_ends_before_it_begins() -> None:
    rows: list[Dated] = [*territories(), *region_memberships(), *organisers(), *rubric_versions()]

    assert [row for row in rows if row.valid_to is not None and row.valid_to < row.valid_from] == []
    assert min(row.valid_from for row in rows) == REGISTER_OPENS


def test_every_unit_that_ended_has_exactly_one_successor_on_the_next_day() -> None:
    ended = {unit.key for unit in UNITS if unit.valid_to is not None}

    assert Counter(row.predecessor for row in successions()) == Counter(ended)
    for row in successions():
        assert BY_KEY[row.predecessor].valid_to == BY_KEY[row.successor].valid_from - timedelta(days=1)


def test_every_unit_of_2025_has_predecessors() -> None:
    new = {unit.key for unit in UNITS if unit.valid_from > REGISTER_OPENS}

    assert {row.successor for row in successions()} == new


def test_a_merged_unit_keeps_the_code_of_one_of_its_predecessors() -> None:
    for unit in valid_on(UNITS, TODAY):
        origins = {row.predecessor.code for row in successions() if row.successor == unit.key}

        assert unit.code in origins


def test_phu_tho_is_made_of_three_provinces() -> None:
    today = unit_on("25", TODAY)

    assert today.full_name == "Tỉnh Phú Thọ"
    assert sorted(BY_KEY[row.predecessor].name for row in successions() if row.successor == today.key) == [
        "Hòa Bình",
        "Phú Thọ",
        "Vĩnh Phúc",
    ]


def test_dong_nai_became_a_city_with_the_same_code() -> None:
    province, city = unit_on("75", date(2026, 4, 29)), unit_on("75", date(2026, 4, 30))

    assert (province.full_name, city.full_name) == ("Tỉnh Đồng Nai", "Thành phố Đồng Nai")


def test_hue_was_thua_thien_hue_until_2025() -> None:
    names = [unit_on("46", day).full_name for day in (date(2024, 12, 31), date(2025, 1, 1), TODAY)]

    assert names == ["Tỉnh Thừa Thiên Huế", "Thành phố Huế", "Thành phố Huế"]


def test_a_reused_code_names_another_unit_before_the_merger() -> None:
    assert (unit_on("24", LAST_DAY_OF_63).name, unit_on("24", TODAY).name) == ("Bắc Giang", "Bắc Ninh")


def test_every_unit_is_in_exactly_one_region_all_its_days() -> None:
    spans = {row.province: (row.valid_from, row.valid_to) for row in region_memberships()}

    assert len(region_memberships()) == len(UNITS)
    assert spans == {unit.key: (unit.valid_from, unit.valid_to) for unit in UNITS}


@pytest.mark.parametrize(
    ("day", "sizes"),
    [
        (LAST_DAY_OF_63, {"bac": 28, "trung_tay_nguyen": 15, "nam": 20}),
        (TODAY, {"bac": 18, "trung_tay_nguyen": 8, "nam": 8}),
    ],
)
def test_the_regions_have_their_sizes(day: date, sizes: dict[str, int]) -> None:
    assert Counter(row.region_code for row in valid_on(region_memberships(), day)) == sizes


def test_only_lam_dong_is_placed_by_assumption() -> None:
    assumed = [row for row in region_memberships() if row.status == "assumed"]

    assert [(BY_KEY[row.province].name, row.region_code) for row in assumed] == [
        ("Lâm Đồng", "trung_tay_nguyen")
    ]
    assert "xác nhận" in assumed[0].basis


def test_regions_of_today_follow_from_their_predecessors() -> None:
    region_of = {row.province: row.region_code for row in region_memberships()}
    moved = [
        BY_KEY[row.predecessor].name
        for row in successions()
        if region_of[row.predecessor] != region_of[row.successor]
    ]

    assert moved == ["Bình Thuận"]


def test_every_territory_has_one_organiser_on_every_day_it_holds() -> None:
    for territory in territories():
        for day in DAYS:
            standing = valid_on(organisers_of(territory), day)

            assert len(standing) == territory.is_valid_on(day)


@pytest.mark.parametrize(
    ("code", "parent", "name", "name_en", "place"),
    [
        (
            "25",
            "Ủy ban nhân dân tỉnh Phú Thọ",
            "Sở Công Thương tỉnh Phú Thọ",
            "Department of Industry and Trade of Phu Tho Province",
            "Phú Thọ",
        ),
        (
            "48",
            "Ủy ban nhân dân thành phố Đà Nẵng",
            "Sở Công Thương thành phố Đà Nẵng",
            "Department of Industry and Trade of Da Nang City",
            "Đà Nẵng",
        ),
        (
            "79",
            "Ủy ban nhân dân Thành phố Hồ Chí Minh",
            "Sở Công Thương Thành phố Hồ Chí Minh",
            "Department of Industry and Trade of Ho Chi Minh City",
            "Thành phố Hồ Chí Minh",
        ),
    ],
)
def test_a_provinces_organiser_carries_its_name(
    code: str, parent: str, name: str, name_en: str, place: str
) -> None:
    [organiser] = organisers_of(unit_on(code, TODAY))

    assert (organiser.parent_name, organiser.name, organiser.name_en) == (parent, name, name_en)
    assert (organiser.signing_body, organiser.signatory_title, organiser.place) == (parent, "Chủ tịch", place)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2016, 9, 1), "Cục Công nghiệp địa phương"),
        (date(2024, 5, 13), "Cục Công Thương địa phương"),
        (TODAY, "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"),
    ],
)
def test_the_regional_organiser_changed_its_name_twice(day: date, name: str) -> None:
    [region] = [territory for territory in territories() if territory.code == "bac"]
    [organiser] = valid_on(organisers_of(region), day)

    assert (organiser.name, organiser.signing_body, organiser.signatory_title) == (name, name, "Cục trưởng")
    assert organiser.parent_name == "Bộ Công Thương"


def test_the_minister_signs_at_the_national_tier() -> None:
    [nation] = [territory for territory in territories() if territory.tier is Tier.NATIONAL]
    [organiser] = organisers_of(nation)

    assert (organiser.name, organiser.signatory_title, organiser.place) == (
        "Bộ Công Thương",
        "Bộ trưởng",
        "Hà Nội",
    )


def test_the_communes_took_over_from_the_districts_without_a_gap() -> None:
    district, commune = [row for row in organisers() if row.tier is Tier.COMMUNE]

    assert (district.valid_to, commune.valid_from) == (LAST_DAY_OF_63, LAST_DAY_OF_63 + timedelta(days=1))


def test_the_legal_sheet_is_the_circulars() -> None:
    [law] = [version for version in rubric_versions() if version.status == "law"]

    assert [(criterion.code, criterion.max_mark) for criterion in law.criteria] == [
        ("L1", 4000),
        ("L2", 4000),
        ("L3", 1000),
        ("L4", 1000),
    ]
    assert (law.code, law.valid_from, law.valid_to) == ("tt26-2014", date(2014, 10, 21), None)
    assert "26/2014/TT-BCT" in law.legal_basis


def test_the_proposal_says_that_it_is_one_and_keeps_the_legal_sums_in_every_group() -> None:
    [proposal] = [version for version in rubric_versions() if version.status == "proposal"]
    sums: Counter[tuple[str, str]] = Counter()
    for line in proposal.criteria:
        if line.parent:
            sums[line.parent, line.group] += line.max_mark

    legal = {"L1": 4000, "L2": 4000, "L3": 1000, "L4": 1000}
    assert sums == {(code, group): highest for code, highest in legal.items() for group in "ABCD"}
    assert {line.code: line.max_mark for line in proposal.criteria if not line.parent} == legal
    assert "đề xuất" in proposal.name_vi
    assert "chưa phải quy định" in proposal.legal_basis
    assert all(line.max_mark % 50 == 0 for line in proposal.criteria)


def test_the_codes_of_a_rubric_are_its_own() -> None:
    codes = [version.code for version in rubric_versions()]

    assert len(set(codes)) == len(codes)
    for version in rubric_versions():
        lines = [(line.code, line.group) for line in version.criteria]

        assert len(set(lines)) == len(lines)
        assert {line.parent for line in version.criteria} - {""} <= {code for code, _group in lines}


def test_the_four_groups_are_named_in_both_languages() -> None:
    assert [group.code for group in product_groups()] == ["A", "B", "C", "D"]
    assert product_groups()[0].name_vi == "Nhóm sản phẩm thủ công mỹ nghệ"
    assert all(group.name_en and group.short_vi and group.short_en for group in product_groups())
