"""The example's counts are those of its sources."""

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from app.demo.entrants import products_per_facility
from app.demo.marks import habits, sheets_of
from app.demo.plan import FINISHED, begins_on, running
from app.domain.rule_checks import check_rules
from app.domain.rules import ContestRules, CriterionRule

PLANS = {plan.slug: plan for plan in FINISHED}
RULES = ContestRules(
    rubric="tt26-2014",
    criteria=tuple(
        CriterionRule(code, code, code, highest)
        for code, highest in (("L1", 4000), ("L2", 4000), ("L3", 1000), ("L4", 1000))
    ),
    groups=(),
)


@pytest.mark.parametrize(
    ("slug", "registered", "facilities", "below", "quota"),
    [
        ("kien-giang-2023", 179, 102, 2, None),
        ("binh-thuan-2022", 45, 23, 5, 30),
        ("bac-kan-2018", 18, 16, 0, None),
    ],
)
def test_a_provincial_contest_has_the_counts_of_its_source(
    slug: str, registered: int, facilities: int, below: int, quota: int | None
) -> None:
    plan = PLANS[slug]

    assert (plan.registered, plan.facilities, plan.below, plan.quota) == (
        registered,
        facilities,
        below,
        quota,
    )


def test_six_of_twelve_products_are_certified_nationally() -> None:
    assert (PLANS["quoc-gia-2025"].registered, PLANS["quoc-gia-2025"].quota) == (12, 6)


def test_the_national_contest_has_a_pass_on_dossiers_and_one_on_site() -> None:
    passes = {plan.slug: plan.rules_from(RULES).passes for plan in (*FINISHED, *running(date(2026, 11, 22)))}

    assert [slug for slug, number in passes.items() if number == 2] == ["quoc-gia-2025"]
    assert PLANS["quoc-gia-2025"].rules_from(RULES).deciding_pass == 2


def test_a_tier_that_is_skipped_has_the_name_of_its_time() -> None:
    usual = replace(RULES, lower_tier_skipped="Trên địa bàn tỉnh chưa tổ chức bình chọn cấp xã")
    plans = (*FINISHED, *running(date(2026, 11, 22)))

    reasons = {plan.slug: plan.rules_from(usual).lower_tier_skipped for plan in plans}

    assert reasons["kien-giang-2023"] == "Cấp huyện không tổ chức bình chọn"
    assert reasons["dang-cham"] == "Trên địa bàn tỉnh chưa tổ chức bình chọn cấp xã"


def test_every_contest_can_be_prepared() -> None:
    for plan in (*FINISHED, *running(date(2026, 11, 22))):
        assert plan.rules_from(RULES) == check_rules(plan.rules_from(RULES))
        assert plan.opens <= plan.closes < begins_on(plan) < plan.scored_on < plan.voted_on < plan.decided_on
        for place in (plan.recused, plan.imported, plan.keyed, plan.hasty):
            assert place is None or 0 < place < plan.judges


@pytest.mark.parametrize("slug", ["kien-giang-2023", "binh-thuan-2022", "bac-kan-2018"])
def test_every_facility_brings_a_product_and_every_product_has_a_facility(slug: str) -> None:
    plan = PLANS[slug]

    shares = products_per_facility(plan, Random(7))

    counts = Counter({group: sum(share) for group, share in shares.items()})
    assert counts == Counter(plan.groups)
    assert sum(len(share) for share in shares.values()) == plan.facilities
    assert min(min(share) for share in shares.values()) == 1


@pytest.mark.parametrize("below", [True, False])
def test_marks_land_on_the_side_that_the_plan_asks_for(below: bool) -> None:
    chance = Random(3)

    for _entry in range(200):
        sheets = sheets_of(chance, RULES, habits(chance, 9), below=below)
        assert (sum(sum(sheet.values()) for sheet in sheets) < 7000 * 9) is below
        assert all(
            0 <= value <= highest and value % 50 == 0
            for sheet in sheets
            for value, highest in zip(sheet.values(), (4000, 4000, 1000, 1000), strict=True)
        )
