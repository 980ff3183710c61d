"""Whether a contest's rules can decide it."""

import re

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message, Points
from app.domain.rubrics import line_faults
from app.domain.rules import SPREAD, ContestRules, Method, PrizeBy
from app.domain.vietnamese import normalise


def check_rules(rules: ContestRules) -> ContestRules:
    """Return the rules if they can decide a contest; otherwise raise InvalidInput by field.

    A fault of one criterion, product group, class of prize or place of the tie-break chain has a field of its
    own: `floor_L1`, `quota_A`, `vi_A`, `en_A`, `tie_1`, `prize_vi_1`, `prize_en_1`, `prize_limit_1`; those of
    level-2 lines are named in `line_faults`.
    """
    faults: dict[str, Message] = {}
    ranges = {
        "mark_step": (1, 1000),
        "trim": (1, 10),
        "outlier": (1 if rules.method is Method.WITHOUT_OUTLIERS else 0, rules.highest_total),
        "threshold": (0, rules.highest_total),
        "min_sheets": (1, 99),
        "spread_limit": (0, rules.highest_total),
        "quorum_percent": (1, 100),
        "certificate_months": (1, 600),
        "complaint_days": (0, 365),
        "passes": (1, 2),
        "advance_mark": (0, rules.highest_total),
        "deciding_pass": (1, 2),
    }
    for name, (low, high) in ranges.items():
        if not low <= getattr(rules, name) <= high:
            faults[name] = _range_fault(name, low, high)
    if rules.passes == 1 and rules.deciding_pass == 2:
        faults["deciding_pass"] = Message(N_("The second pass decides only where there are two."))
    if rules.method is Method.TRIMMED and rules.min_sheets < 2 * rules.trim + 1:
        faults["min_sheets"] = Message(
            N_("Dropping %(trim)d lowest and %(trim)d highest needs at least %(least)d sheets."),
            {"trim": rules.trim, "least": 2 * rules.trim + 1},
        )
    maxima = [line.max_mark for line in rules.criteria] + [line.max_mark for line in rules.sub_criteria]
    if any(highest % rules.mark_step for highest in maxima if rules.mark_step > 0):
        faults["mark_step"] = Message(
            N_("The highest mark of each criterion must be a whole number of steps.")
        )
    faults |= _selection_faults(rules) | _prize_faults(rules) | _text_faults(rules)
    faults |= line_faults(rules.criteria, rules.sub_criteria, [group.code for group in rules.groups])
    if faults:
        raise InvalidInput(faults)
    return rules


def _selection_faults(rules: ContestRules) -> dict[str, Message]:
    faults: dict[str, Message] = {}
    if rules.quota is not None and rules.quota < 1:
        faults["quota"] = Message(N_("Enter a number from 1, or leave it empty for no limit."))
    if rules.edge_percent is not None and not 0 <= rules.edge_percent <= MOST_EDGE:
        faults["edge_percent"] = _range_fault("edge_percent", 0, MOST_EDGE)
    if rules.facility_quota is not None and rules.facility_quota < 1:
        faults["facility_quota"] = Message(N_("Enter a number from 1, or leave it empty for no limit."))
    known_groups = {group.code for group in rules.groups}
    for code, quota in rules.group_quotas.items():
        if code not in known_groups or quota < 0:
            faults[f"quota_{code}"] = Message(
                N_("Enter a number from 0 for each group, or leave it empty for no limit.")
            )
    known_keys = {SPREAD, *(criterion.code for criterion in rules.criteria)}
    for place, key in enumerate(rules.tie_break):
        if key not in known_keys or key in rules.tie_break[:place]:
            faults[f"tie_{place + 1}"] = Message(N_("Name each criterion at most once, or “spread”."))
    return faults


def _prize_faults(rules: ContestRules) -> dict[str, Message]:
    faults = _prize_name_faults(rules)
    if len({prize.code for prize in rules.prizes}) != len(rules.prizes):
        faults["prizes"] = Message(N_("Every class of prize needs a code of its own."))
    for place, prize in enumerate(rules.prizes, start=1):
        if rules.prize_by is PrizeBy.RANK and prize.limit < 1:
            faults[f"prize_limit_{place}"] = Message(
                N_("Enter how many entries the class has room for, from 1.")
            )
        elif rules.prize_by is PrizeBy.BAND and not rules.threshold <= prize.limit <= rules.highest_total:
            faults[f"prize_limit_{place}"] = _range_fault("threshold", rules.threshold, rules.highest_total)
        elif rules.prize_by is PrizeBy.BAND and place > 1 and prize.limit >= rules.prizes[place - 2].limit:
            faults[f"prize_limit_{place}"] = Message(
                N_("A lower class begins at fewer points than the one above it.")
            )
    return faults


def _prize_name_faults(rules: ContestRules) -> dict[str, Message]:
    faults: dict[str, Message] = {}
    told: set[tuple[str, str]] = set()
    for place, prize in enumerate(rules.prizes, start=1):
        for language, text in (("vi", prize.name_vi), ("en", prize.name_en)):
            name = (language, normalise(text).casefold())
            if not text:
                faults[f"prize_{language}_{place}"] = Message(
                    N_("Every class of prize needs a name in both languages.")
                )
            elif name in told:
                faults[f"prize_{language}_{place}"] = Message(
                    N_("Another class of prize has this name already.")
                )
            told.add(name)
    return faults


LONGEST_SERIES = 40
SERIES = re.compile(r"[^\W_]+([/-][^\W_]+)*")  # letters and digits, parted by one hyphen or slash at a time


def _text_faults(rules: ContestRules) -> dict[str, Message]:
    faults: dict[str, Message] = {}
    series = rules.certificate_series
    if not SERIES.fullmatch(series) or len(series) > LONGEST_SERIES:
        faults["certificate_series"] = Message(
            N_("Use letters and digits, parted by single hyphens or slashes, such as GCN-CNNTTB or GCN/SCT.")
        )
    for group in rules.groups:
        for name, text in ((f"vi_{group.code}", group.name_vi), (f"en_{group.code}", group.name_en)):
            if not text:
                faults[name] = Message(N_("Every product group needs a name."))
    for criterion in rules.criteria:
        if not 0 <= criterion.floor <= criterion.max_mark:
            faults[f"floor_{criterion.code}"] = Message(
                N_("The lowest average of a criterion lies from 0 to its highest mark.")
            )
    return faults


MOST_EDGE = 49  # percent of the highest mark: some of the scale is left in the middle
MARK_FIELDS = frozenset({"mark_step", "outlier", "threshold", "spread_limit", "advance_mark"})


def _range_fault(name: str, low: int, high: int) -> Message:
    if name in MARK_FIELDS:
        return Message(
            N_("Enter points from %(low)s to %(high)s."), {"low": Points(low), "high": Points(high)}
        )
    return Message(N_("Enter a whole number from %(low)d to %(high)d."), {"low": low, "high": high})
