"""The rules of one contest: declared, frozen before scoring opens, and known by their digest ever after."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any


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
COMMUNE_TIER_NOT_HELD = "Trên địa bàn tỉnh chưa tổ chức bình chọn cấp xã"  # what a new contest begins with


@dataclass(frozen=True)
class CriterionRule:
    """One line of the score sheet; marks in hundredths of a point."""

    code: str
    name_vi: str
    name_en: str
    max_mark: int
    floor: int = 0

    @property
    def parent(self) -> str:
        """The criterion that a mark on this line adds to: itself."""
        return self.code

    @property
    def group(self) -> str:
        """Serves every product group."""
        return ""


@dataclass(frozen=True)
class SubCriterionRule:
    """A level-2 line under a criterion; marks in hundredths. An empty group serves every group."""

    code: str
    parent: str
    group: str
    name_vi: str
    name_en: str
    max_mark: int
    guidance_vi: str = ""
    guidance_en: str = ""


class PrizeBy(StrEnum):
    """What a prize class goes by."""

    RANK = "rank"  # the first so many of those selected
    BAND = "band"  # from so many points


@dataclass(frozen=True)
class PrizeRule:
    """A class of prize; `limit` is a number of entries (by rank) or hundredths of a point (by band)."""

    code: str
    name_vi: str
    name_en: str
    limit: int


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
    sub_criteria: tuple[SubCriterionRule, ...] = ()
    facility_quota: int | None = None
    prize_by: PrizeBy = PrizeBy.RANK
    prizes: tuple[PrizeRule, ...] = ()  # best first
    passes: int = 1
    advance_mark: int = 7000  # a first pass at or above it goes on to the second
    deciding_pass: int = 1
    edge_percent: int | None = None  # a mark so near an end of its scale needs a reason; None: no mark does

    def as_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces; what the digest is taken of."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return rules_digest_of(self.as_json())

    def criterion(self, code: str) -> CriterionRule:
        """The criterion with this code; KeyError if there is none."""
        return {criterion.code: criterion for criterion in self.criteria}[code]

    def group(self, code: str) -> GroupRule:
        """The product group with this code; KeyError if there is none."""
        return {group.code: group for group in self.groups}[code]

    def prize(self, code: str) -> PrizeRule:
        """The class of prize with this code; KeyError if there is none."""
        return {prize.code: prize for prize in self.prizes}[code]

    def lines(self, group: str) -> tuple[CriterionRule | SubCriterionRule, ...]:
        """What a judge fills in for an entry of a group: its level-2 lines, or the criteria where it has none."""
        below = {
            criterion.code: tuple(
                line
                for line in self.sub_criteria
                if line.parent == criterion.code and line.group in ("", group)
            )
            for criterion in self.criteria
        }
        return tuple(line for criterion in self.criteria for line in below[criterion.code] or (criterion,))

    @property
    def highest_total(self) -> int:
        """The most points a sheet can give, in hundredths."""
        return sum(criterion.max_mark for criterion in self.criteria)


def rules_digest_of(text: str) -> str:
    """SHA-256, in hexadecimal, of rules as they are stored.

    Never of what they read back as: fields that came later have defaults, and would change an old digest.
    """
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=64)
def rules_from_json(text: str) -> ContestRules:
    """Read back what `as_json` wrote; the same object for the same text, as nobody ever changes one."""
    raw: dict[str, Any] = json.loads(text)
    raw["criteria"] = tuple(CriterionRule(**criterion) for criterion in raw["criteria"])
    raw["sub_criteria"] = tuple(SubCriterionRule(**line) for line in raw.get("sub_criteria", ()))
    raw["prizes"] = tuple(PrizeRule(**prize) for prize in raw.get("prizes", ()))
    raw["prize_by"] = PrizeBy(raw.get("prize_by", PrizeBy.RANK))
    raw["groups"] = tuple(GroupRule(**group) for group in raw["groups"])
    raw["method"] = Method(raw["method"])
    raw["threshold_op"] = ThresholdOp(raw["threshold_op"])
    raw["tie_break"] = tuple(raw["tie_break"])
    return ContestRules(**raw)
