"""Why an entry has its outcome, in one plain sentence."""

from app.domain.marks import format_average, format_mark
from app.domain.placings import JuryResult, Place
from app.domain.results import Outcome, exact_points, printed_average
from app.domain.rules import ContestRules, CriterionRule, PrizeRule, ThresholdOp


def outcome_reason(result: JuryResult, place: Place | None, rules: ContestRules, language: str) -> str:
    """Say why the jury's marks gave this outcome; `language` is "vi" or "en"."""
    if result.outcome is Outcome.NOT_ADVANCED:
        return _not_advanced(rules, language)
    if result.numerator is None or result.denominator is None:
        return _not_scored(result, rules, language)
    value = _compared(result.numerator, result.denominator, rules, language)
    if result.outcome is Outcome.BELOW:
        return _below(result, value, rules, language)
    reached = {"vi": "Đạt", "en": "Reached"}[language] + f" {value}"
    said = [reached, *([_placed(result.outcome, place, language)] if place else [])]
    said += [_prize(prize, language) for prize in rules.prizes if prize.code == result.prize]
    if result.prize_tied:
        said.append(_PRIZE_TIED[language])
    return f"{'; '.join(said)}."


def _prize(prize: PrizeRule, language: str) -> str:
    return {"vi": f"hạng giải: {prize.name_vi}", "en": f"prize: {prize.name_en}"}[language]


_PRIZE_TIED = {
    "vi": "đồng hạng ở ranh giới hạng giải: hội đồng quyết định hạng giải",
    "en": "equal to others across the edge of a prize class: the council decides the prize",
}


def _not_advanced(rules: ContestRules, language: str) -> str:
    bar = format_mark(rules.advance_mark, _decimal(language))
    return {
        "vi": f"Kết quả vòng 1 dưới {bar} điểm nên không vào vòng 2.",
        "en": f"The first pass gave less than {bar} points, so the entry did not go on to the second.",
    }[language]


def _not_scored(result: JuryResult, rules: ContestRules, language: str) -> str:
    sheets, least = result.sheets, rules.min_sheets
    if sheets >= least:
        distance = format_mark(rules.outlier, _decimal(language))
        return {
            "vi": f"Bỏ các phiếu lệch quá {distance} điểm thì còn ít hơn {least} phiếu.",
            "en": f"Without the sheets more than {distance} points away, fewer than {least} remain.",
        }[language]
    return {
        "vi": f"Có {sheets} phiếu hợp lệ, cần ít nhất {least}.",
        "en": f"{sheets} sheets count; at least {least} are needed.",
    }[language]


def _compared(numerator: int, denominator: int, rules: ContestRules, language: str) -> str:
    """The value against the threshold, written exactly where rounding would seem to say the opposite."""
    decimal, bar = _decimal(language), rules.threshold
    sign = (numerator > bar * denominator) - (numerator < bar * denominator)
    average = printed_average(numerator, denominator)
    seems = (average > bar) - (average < bar)
    shown = (
        format_average(average, decimal) if seems == sign else exact_points(numerator, denominator, decimal)
    )
    return f"{shown} {_SIGNS[rules.threshold_op, sign]} {format_mark(bar, decimal)}"


_SIGNS = {
    (ThresholdOp.GE, -1): "<",
    (ThresholdOp.GE, 0): "≥",
    (ThresholdOp.GE, 1): "≥",
    (ThresholdOp.GT, -1): "≤",
    (ThresholdOp.GT, 0): "≤",
    (ThresholdOp.GT, 1): ">",
}


def _below(result: JuryResult, value: str, rules: ContestRules, language: str) -> str:
    faults = [value] if "<" in value or "≤" in value else []
    faults += [
        _missed(criterion, total, result.sheets, language)
        for criterion, total in zip(rules.criteria, result.criterion_sums, strict=True)
        if total < criterion.floor * result.sheets
    ]
    return {"vi": "Không đạt", "en": "Below"}[language] + f": {'; '.join(faults)}."


def _missed(criterion: CriterionRule, total: int, sheets: int, language: str) -> str:
    mean, floor = (
        exact_points(total, sheets, _decimal(language)),
        format_mark(criterion.floor, _decimal(language)),
    )
    return {
        "vi": f"điểm bình quân tiêu chí {criterion.code} {mean} < {floor}",
        "en": f"mean of criterion {criterion.code} {mean} < {floor}",
    }[language]


def _placed(outcome: Outcome, place: Place, language: str) -> str:
    where = _where(place)[language]
    if outcome is Outcome.TIED:
        return {
            "vi": f"{place.equals} sản phẩm đồng hạng {place.position} trong {where}, ở ranh giới số lượng "
            f"tối đa {place.quota}: hội đồng quyết định",
            "en": f"{place.equals} entries share place {place.position} in {where}, across the limit of "
            f"{place.quota}: the council decides",
        }[language]
    return {
        "vi": f"hạng {place.position} trong {where}, số lượng tối đa {place.quota}",
        "en": f"place {place.position} in {where}, at most {place.quota}",
    }[language]


def _where(place: Place) -> dict[str, str]:
    if place.of_facility:
        return {"vi": "số sản phẩm của cơ sở", "en": "the facility's own entries"}
    if place.group:
        return {"vi": f"nhóm {place.group}", "en": f"group {place.group}"}
    return {"vi": "cả đợt", "en": "the whole contest"}


def _decimal(language: str) -> str:
    return "." if language == "en" else ","
