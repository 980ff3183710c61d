"""Between the names of a contest's rules and the axes of `scoring`."""

from collections.abc import Sequence

from app.domain.rules import SPREAD, ContestRules
from scoring import SPREAD as SPREAD_AXIS
from scoring import Method, PrizeBy, Prizes, Rubric, Rules, ThresholdOp


def rubric_axes(rules: ContestRules) -> Rubric:
    """Give the maxima and floors in the order of the criteria."""
    return Rubric(
        max_marks=tuple(criterion.max_mark for criterion in rules.criteria),
        floors=tuple(criterion.floor for criterion in rules.criteria),
    )


def rules_axes(rules: ContestRules, groups: Sequence[str]) -> Rules:
    """Give the rules with criteria and groups as indices; `groups` are the codes in the order of the indices.

    Raises
    ------
    KeyError
        The tie-break chain names a criterion that the rubric does not have.
    """
    indices = {criterion.code: index for index, criterion in enumerate(rules.criteria)} | {
        SPREAD: SPREAD_AXIS
    }
    return Rules(
        method=Method(rules.method),
        trim=rules.trim,
        outlier=rules.outlier,
        threshold=rules.threshold,
        threshold_op=ThresholdOp(rules.threshold_op),
        min_sheets=rules.min_sheets,
        tie_break=tuple(indices[key] for key in rules.tie_break),
        quota=rules.quota,
        group_quotas=tuple(rules.group_quotas.get(group) for group in groups) if rules.group_quotas else (),
        facility_quota=rules.facility_quota,
    )


def prize_axes(rules: ContestRules) -> Prizes:
    """Give the classes of prize in their order."""
    return Prizes(PrizeBy(rules.prize_by), tuple(prize.limit for prize in rules.prizes))


def deciding_name(rules: ContestRules, decided_by: int) -> str | None:
    """Name what set an entry apart, as `scoring.Ranking` counts it; None where it was not scored."""
    # -1 is nothing to the end of the chain, -2 is not scored: they count from the end of this tuple.
    return ("value", *rules.tie_break, None, "tie")[decided_by]
