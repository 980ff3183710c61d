"""The rules of one contest: declared, frozen before scoring opens, and known by their digest ever after."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message


class Method(StrEnum):
    """How a jury's totals become one value (design: `scoring`)."""

    MEAN = "mean"
    TRIMMED = "trimmed"
    MEDIAN = "median"
    WITHOUT_OUTLIERS = "without-outliers"


class ThresholdOp(StrEnum):
    """Whether a value equal to the threshold reaches it: "từ 70 điểm" (ge) or "trên 70 điểm" (gt)."""

    GE = "ge"
    GT = "gt"


SPREAD = "spread"


@dataclass(frozen=True)
class CriterionRule:
    """One line of the score sheet; marks in hundredths of a point."""

    code: str
    name_vi: str
    name_en: str
    max_mark: int
    floor: int = 0


@dataclass(frozen=True)
class GroupRule:
    """A product group as this contest words it."""

    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class ContestRules:
    """Everything that decides a result. Marks, threshold and step are hundredths of a point."""

    rubric: str
    criteria: tuple[CriterionRule, ...]
    groups: tuple[GroupRule, ...]
    mark_step: int = 50
    method: Method = Method.MEAN
    trim: int = 1
    outlier: int = 700
    threshold: int = 7000
    threshold_op: ThresholdOp = ThresholdOp.GE
    quota: int | None = None
    group_quotas: dict[str, int] = field(default_factory=dict)
    min_sheets: int = 5
    tie_break: tuple[str, ...] = ("L1", "L2", SPREAD)
    spread_limit: int = 1000
    quorum_percent: int = 67
    certificate_months: int = 36
    certificate_series: str = "GCN-CNNTTB"
    complaint_days: int = 15
    lower_tier_skipped: str = ""

    def as_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces; what the digest is taken of."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    def criterion(self, code: str) -> CriterionRule:
        """The criterion with this code; KeyError if there is none."""
        return {criterion.code: criterion for criterion in self.criteria}[code]

    def group(self, code: str) -> GroupRule:
        """The product group with this code; KeyError if there is none."""
        return {group.code: group for group in self.groups}[code]

    @property
    def highest_total(self) -> int:
        """The most points a sheet can give, in hundredths."""
        return sum(criterion.max_mark for criterion in self.criteria)


def rules_from_json(text: str) -> ContestRules:
    """Read back what `as_json` wrote."""
    raw: dict[str, Any] = json.loads(text)
    raw["criteria"] = tuple(CriterionRule(**criterion) for criterion in raw["criteria"])
    raw["groups"] = tuple(GroupRule(**group) for group in raw["groups"])
    raw["method"] = Method(raw["method"])
    raw["threshold_op"] = ThresholdOp(raw["threshold_op"])
    raw["tie_break"] = tuple(raw["tie_break"])
    return ContestRules(**raw)


def check_rules(rules: ContestRules) -> ContestRules:
    """Return the rules if they can decide a contest; otherwise raise InvalidInput by field.

    A fault of one criterion, product group or place of the tie-break chain has a field of its own: `floor_L1`,
    `quota_A`, `vi_A`, `en_A`, `tie_1`.
    """
    faults: dict[str, Message] = {}
    ranges = {
        "mark_step": (1, 1000),
        "trim": (1, 10),
        "outlier": (0, rules.highest_total),
        "threshold": (0, rules.highest_total),
        "min_sheets": (1, 99),
        "spread_limit": (0, rules.highest_total),
        "quorum_percent": (1, 100),
        "certificate_months": (1, 600),
        "complaint_days": (0, 365),
    }
    for name, (low, high) in ranges.items():
        if not low <= getattr(rules, name) <= high:
            faults[name] = _range_fault(name, low, high)
    if rules.method is Method.TRIMMED and rules.min_sheets < 2 * rules.trim + 1:
        faults["min_sheets"] = Message(
            N_("Dropping %(trim)d lowest and %(trim)d highest needs at least %(least)d sheets."),
            {"trim": rules.trim, "least": 2 * rules.trim + 1},
        )
    if any(criterion.max_mark % rules.mark_step for criterion in rules.criteria if rules.mark_step > 0):
        faults["mark_step"] = Message(
            N_("The highest mark of each criterion must be a whole number of steps.")
        )
    faults |= _selection_faults(rules) | _text_faults(rules)
    if faults:
        raise InvalidInput(faults)
    return rules


def _selection_faults(rules: ContestRules) -> dict[str, Message]:
    faults: dict[str, Message] = {}
    if rules.quota is not None and rules.quota < 1:
        faults["quota"] = Message(N_("Enter a number from 1, or leave it empty for no limit."))
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


LONGEST_SERIES = 40
SERIES = re.compile(r"[^\W_]+([/-][^\W_]+)*")  # letters and digits, parted by one hyphen or slash at a time
COMMUNE_TIER_NOT_HELD = "Trên địa bàn tỉnh chưa tổ chức bình chọn cấp xã"  # what a new contest begins with


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


MARK_FIELDS = frozenset({"mark_step", "outlier", "threshold", "spread_limit"})


def _range_fault(name: str, low: int, high: int) -> Message:
    if name in MARK_FIELDS:
        return Message(
            N_("Enter points from %(low)s to %(high)s."), {"low": f"{low / 100:g}", "high": f"{high / 100:g}"}
        )
    return Message(N_("Enter a whole number from %(low)d to %(high)d."), {"low": low, "high": high})


def with_wording(rules: ContestRules, groups: tuple[GroupRule, ...]) -> ContestRules:
    """The same rules with other labels for the product groups."""
    return replace(rules, groups=groups)
