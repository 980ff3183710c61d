"""Rubrics and rules for tests: the legal sheet, and one with a second level."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.rules import ContestRules, CriterionRule, GroupRule, SubCriterionRule
from app.models import Criterion, ProductGroup, RubricVersion
from tests.rows import Rows

LEGAL = "tt26-2014"
DETAILED = "chi-tiet"
# Group A has its own lines of L2 under the same codes as group B; L3 and L4 have no second level, nor L2 in C and D.
LINES = (
    SubCriterionRule(
        "L1.1",
        "L1",
        "",
        "Doanh thu",
        "Sales",
        2500,
        "Xem báo cáo\nthuế hai năm.",
        "Read two years of\ntax returns.",
    ),
    SubCriterionRule("L1.2", "L1", "", "Khả năng mở rộng", "Capacity to grow", 1500),
    SubCriterionRule("L2.1", "L2", "A", "Tay nghề", "Craftsmanship", 2000),
    SubCriterionRule("L2.2", "L2", "A", "Nguyên liệu tại chỗ", "Local materials", 2000),
    SubCriterionRule("L2.1", "L2", "B", "Công nghệ chế biến", "Processing technology", 1000),
    SubCriterionRule("L2.2", "L2", "B", "An toàn thực phẩm", "Food safety", 3000),
)
DETAILED_FULL = {"L1.1": 2000, "L1.2": 1200, "L2.1": 800, "L2.2": 2400, "L3": 800, "L4": 800}  # 80 points


class Rubrics(Rows):
    """The rubrics of one test's database."""

    def rubric(self, code: str = LEGAL) -> RubricVersion:
        """The legal score sheet with its criteria, or another."""
        found: RubricVersion
        [found] = self.all(
            select(RubricVersion)
            .where(RubricVersion.code == code)
            .options(selectinload(RubricVersion.criteria))
        )
        return found

    def rules(self, **changes: Any) -> ContestRules:
        """The default rules over the legal sheet, with the changes asked for."""
        groups = self.all(select(ProductGroup).order_by(ProductGroup.code))
        rules = ContestRules(
            rubric=self.rubric().code,
            criteria=tuple(
                CriterionRule(c.code, c.name_vi, c.name_en, c.max_mark) for c in self.rubric().criteria
            ),
            groups=tuple(GroupRule(group.code, group.name_vi, group.name_en) for group in groups),
            min_sheets=1,
            lower_tier_skipped="Cấp xã chưa tổ chức",
        )
        return replace(rules, **changes)

    def detailed_rubric(self) -> RubricVersion:
        """The legal sheet with LINES below its criteria; made when it is first asked for."""
        if self.all(select(RubricVersion.id).where(RubricVersion.code == DETAILED)):
            return self.rubric(DETAILED)
        rows = [
            *(_row(line) for line in self.rules().criteria),
            *(
                _row(
                    line,
                    parent_code=line.parent,
                    group_code=line.group,
                    guidance_vi=line.guidance_vi,
                    guidance_en=line.guidance_en,
                )
                for line in LINES
            ),
        ]
        for position, row in enumerate(rows, start=1):
            row.position = position
        self.add(
            RubricVersion(
                code=DETAILED,
                name_vi="Bộ tiêu chí chi tiết",
                name_en="Detailed criteria",
                legal_basis="Quyết định của Sở Công Thương",
                valid_from=date(2026, 1, 1),
                criteria=rows,
            )
        )
        return self.rubric(DETAILED)

    def detailed_rules(self, **changes: Any) -> ContestRules:
        """The default rules with the lines of `detailed_rubric`."""
        return self.rules(**{"rubric": self.detailed_rubric().code, "sub_criteria": LINES} | changes)


def _row(line: CriterionRule | SubCriterionRule, **fields: str) -> Criterion:
    return Criterion(
        code=line.code, name_vi=line.name_vi, name_en=line.name_en, max_mark=line.max_mark, **fields
    )
