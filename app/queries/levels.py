"""The two levels of a rubric as rules know them."""

from app.domain.rules import CriterionRule, SubCriterionRule
from app.models import RubricVersion


def levels_of(rubric: RubricVersion) -> tuple[tuple[CriterionRule, ...], tuple[SubCriterionRule, ...]]:
    """The criteria of a rubric and the lines below them, as rules know them."""
    criteria = tuple(
        CriterionRule(row.code, row.name_vi, row.name_en, row.max_mark)
        for row in rubric.criteria
        if not row.parent_code
    )
    lines = tuple(
        SubCriterionRule(
            code=row.code,
            parent=row.parent_code,
            group=row.group_code,
            name_vi=row.name_vi,
            name_en=row.name_en,
            max_mark=row.max_mark,
            guidance_vi=row.guidance_vi,
            guidance_en=row.guidance_en,
        )
        for row in rubric.criteria
        if row.parent_code
    )
    return criteria, lines
