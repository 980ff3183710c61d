"""What the example holds. Counts are those of real contests where a source gives them; everything else is made up.

Counts with a source: Kiên Giang 2023: 179 products of 102 facilities, 177 of 100 certified. Bình Thuận 2022:
45 products of 23 facilities, groups 7/36/2/0, 9 judges, 40 reached 70, 30 prizes planned, 30 certified.
Bắc Kạn 2018: 18 products of 16 facilities certified. The groups of Kiên Giang other than A (24), the juries of
Bắc Kạn and of the upper tiers, and the counts of the regional contest are made up; of the national one only
"6 of 12" is given.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from app.demo.schedule import office_day
from app.domain.rules import ContestRules, PrizeRule
from app.domain.tiers import Tier

COMMUNES_SINCE = date(2025, 7, 1)  # the lowest tier, in place of districts


@dataclass(frozen=True)
class ContestPlan:
    """One contest of the example, from its calendar to its counts."""

    slug: str
    name: str
    tier: Tier
    place: str
    year: int
    opens: date
    closes: date
    scored_on: date
    voted_on: date
    decided_on: date
    judges: int
    groups: dict[str, int] = field(default_factory=dict)  # products that facilities register themselves
    facilities: int = 0
    below: int = 0  # entries that stay below the threshold
    below_alone: bool = False  # each of them is its facility's only product
    quota: int | None = None
    council: int = 7
    series: str = "GCN"
    fed_from: dict[str, int] = field(default_factory=dict)  # lower contest -> how many it nominates
    first_pass_on: date | None = None  # the day its first of two passes closes
    own_rubric: bool = False  # lines of the territory's own below the law's criteria
    prizes: tuple[PrizeRule, ...] = ()
    recused: int | None = None  # places on the jury: who stands aside from the best entry,
    imported: int | None = None  # whose sheets come as a spreadsheet,
    keyed: int | None = None  # whose are on paper,
    hasty: int | None = None  # who is far too quick
    reopened: int = 0  # sheets submitted with a wrong mark, and given back
    joins: bool = False  # its council joins two products into a set
    sends: int | None = None  # how many its council decides to nominate
    signatory: str = ""
    facility_account: str = ""  # addresses for whoever tries the example: of its first facility's user,
    judge_account: str = ""  # its last judge,
    head_account: str = ""  # its head of jury,
    secretary_account: str = ""
    council_account: str = ""  # its council's chair
    observer_account: str = ""  # and its observer, if it has one

    @property
    def registered(self) -> int:
        """Products in the contest."""
        return sum(self.groups.values()) + sum(self.fed_from.values())

    def rules_from(self, usual: ContestRules) -> ContestRules:
        """The rules of this contest: the usual ones, with its own quota, passes, prizes and numbering."""
        passes = 2 if self.first_pass_on else 1
        return replace(
            usual,
            quota=self.quota,
            min_sheets=min(5, self.judges),
            certificate_series=self.series,
            prizes=self.prizes,
            passes=passes,
            deciding_pass=passes,
            lower_tier_skipped=(
                "Cấp huyện không tổ chức bình chọn"
                if self.tier is Tier.PROVINCIAL and self.opens < COMMUNES_SINCE
                else usual.lower_tier_skipped
            ),
        )


def begins_on(plan: ContestPlan) -> date:
    """The day on which its judges begin."""
    return office_day(plan.closes + timedelta(days=3))


FINISHED = (
    ContestPlan(
        slug="bac-kan-2018",
        name="Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu tỉnh Bắc Kạn năm 2018",
        tier=Tier.PROVINCIAL,
        place="Bắc Kạn",
        year=2018,
        opens=date(2018, 3, 1),
        closes=date(2018, 4, 27),
        scored_on=date(2018, 5, 15),
        voted_on=date(2018, 5, 22),
        decided_on=date(2018, 6, 5),
        judges=7,
        groups={"A": 2, "B": 14, "D": 2},
        facilities=16,
        keyed=4,
        series="GCN-BK",
        signatory="Hoàng Đức Thiện",
    ),
    ContestPlan(
        slug="binh-thuan-2022",
        name="Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu tỉnh Bình Thuận năm 2022",
        tier=Tier.PROVINCIAL,
        place="Bình Thuận",
        year=2022,
        opens=date(2022, 4, 20),
        closes=date(2022, 4, 26),
        scored_on=date(2022, 6, 8),
        voted_on=date(2022, 6, 21),
        decided_on=date(2022, 7, 7),
        judges=9,
        groups={"A": 7, "B": 36, "C": 2},
        facilities=23,
        below=5,
        quota=30,
        imported=6,
        reopened=1,
        series="GCN-BTH",
        signatory="Lê Minh Khang",
    ),
    ContestPlan(
        slug="kien-giang-2023",
        name="Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu tỉnh Kiên Giang năm 2023",
        tier=Tier.PROVINCIAL,
        place="Kiên Giang",
        year=2023,
        opens=date(2023, 3, 1),
        closes=date(2023, 4, 28),
        scored_on=date(2023, 6, 6),
        voted_on=date(2023, 6, 20),
        decided_on=date(2023, 7, 4),
        judges=9,
        groups={"A": 24, "B": 138, "C": 5, "D": 12},
        facilities=102,
        below=2,
        below_alone=True,
        hasty=5,
        reopened=3,
        series="GCN-KG",
        signatory="Phạm Quốc Hưng",
    ),
    ContestPlan(
        slug="phia-nam-2024",
        name="Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu khu vực phía Nam năm 2024",
        tier=Tier.REGIONAL,
        place="Phía Nam",
        year=2024,
        opens=date(2024, 4, 1),
        closes=date(2024, 5, 31),
        scored_on=date(2024, 7, 10),
        voted_on=date(2024, 7, 24),
        decided_on=date(2024, 8, 12),
        judges=7,
        below=4,
        quota=28,
        reopened=1,
        series="GCN-PN",
        fed_from={"binh-thuan-2022": 30, "kien-giang-2023": 24},
        joins=True,
        sends=12,
        signatory="Trần Thanh Bình",
    ),
    ContestPlan(
        slug="quoc-gia-2025",
        name="Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp quốc gia năm 2025",
        tier=Tier.NATIONAL,
        place="Việt Nam",
        year=2025,
        opens=date(2025, 7, 15),
        closes=date(2025, 8, 29),
        first_pass_on=date(2025, 9, 11),
        scored_on=date(2025, 9, 25),
        voted_on=date(2025, 10, 9),
        decided_on=date(2025, 10, 30),
        judges=7,
        below=1,
        quota=6,
        recused=3,
        reopened=1,
        series="GCN-QG",
        fed_from={"phia-nam-2024": 12},
        signatory="Nguyễn Hải Đăng",
    ),
)


def running(today: date) -> tuple[ContestPlan, ContestPlan, ContestPlan]:
    """Three contests to work in: the council votes in one, one is being scored, one is open for registration."""
    under_way = partial(_under_way, today)
    voting = under_way(
        "Thái Nguyên",
        (-110, -50, -8, -1, 14),
        slug="dang-bieu-quyet",
        groups={"B": 6},
        facilities=5,
        below=1,
        quota=4,
        own_rubric=True,
        prizes=_prizes(1, 1, 2),
        series="GCN-TN",
        council_account="hoi-dong@example.vn",
        secretary_account="thu-ky@example.vn",
    )
    registering = under_way(
        "An Giang",
        (-21, 40, 70, 77, 90),
        slug="dang-nhan",
        groups={"B": 3},
        facilities=2,
        series="GCN-AG",
        facility_account="co-so@example.vn",
    )
    return voting, _being_scored(today), registering


def _being_scored(today: date) -> ContestPlan:
    """The contest in which sheets are filled in, sent in and typed."""
    return _under_way(
        today,
        "Lâm Đồng",
        (-80, -22, 23, 30, 45),
        slug="dang-cham",
        groups={"A": 4, "B": 6, "D": 2},
        facilities=8,
        quota=8,
        prizes=_prizes(1, 2, 2, 3),
        imported=2,
        keyed=1,
        series="GCN-LD",
        head_account="to-truong@example.vn",
        judge_account="giam-khao@example.vn",
        observer_account="giam-sat@example.vn",
    )


def _prizes(*limits: int) -> tuple[PrizeRule, ...]:
    """Classes of prize, the best first, each for so many."""
    names = (
        ("Giải A", "Prize A"),
        ("Giải B", "Prize B"),
        ("Giải C", "Prize C"),
        ("Giải khuyến khích", "Consolation prize"),
    )
    return tuple(
        PrizeRule(str(number), *names[number - 1], limit) for number, limit in enumerate(limits, start=1)
    )


def _under_way(today: date, place: str, offsets: tuple[int, ...], **fields: Any) -> ContestPlan:
    """A province's contest of this year whose days, from opening to decision, lie so far from today."""
    opens, closes, scored_on, voted_on, decided_on = (today + timedelta(days=days) for days in offsets)
    return ContestPlan(
        name=f"Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu tỉnh {place} năm {today.year}",
        tier=Tier.PROVINCIAL,
        place=place,
        year=today.year,
        opens=opens,
        closes=closes,
        scored_on=scored_on,
        voted_on=voted_on,
        decided_on=decided_on,
        judges=5,
        **fields,
    )
