from dataclasses import replace

import pytest

from app.domain.rule_sentences import rule_sentences
from app.domain.rules import (
    ContestRules,
    CriterionRule,
    GroupRule,
    Method,
    PrizeBy,
    PrizeRule,
    SubCriterionRule,
    ThresholdOp,
)
from app.domain.tiers import Tier

RULES = ContestRules(
    rubric="two",
    criteria=(
        CriterionRule("L1", "Thị trường", "Market", 6000),
        CriterionRule("L2", "Kinh tế", "Economy", 4000),
    ),
    groups=(GroupRule("A", "Thủ công", "Handicrafts"),),
    tie_break=("L1", "spread"),
)


def test_the_usual_rules_in_vietnamese() -> None:
    assert rule_sentences(RULES, Tier.COMMUNE, "vi") == (
        (
            "Mỗi phiếu chấm điểm có 2 tiêu chí, tổng điểm tối đa 100: L1 – Thị trường (60 điểm); "
            "L2 – Kinh tế (40 điểm). Bước điểm: 0,5."
        ),
        (
            "Kết quả của sản phẩm là điểm bình quân (trung bình cộng tổng điểm) của các phiếu hợp lệ. Điểm được "
            "tính và so sánh chính xác, không làm tròn; chỉ khi in mới làm tròn đến hai chữ số thập phân."
        ),
        (
            "Phiếu hợp lệ là phiếu đã nộp của giám khảo không thuộc trường hợp không tham gia chấm sản phẩm đó. "
            "Sản phẩm cần ít nhất 5 phiếu hợp lệ để có kết quả."
        ),
        "Sản phẩm đạt khi kết quả từ 70 điểm trở lên.",
        (
            "Xếp hạng theo kết quả từ cao xuống thấp. Kết quả bằng nhau thì xét lần lượt: điểm bình quân tiêu chí L1 "
            "(cao hơn xếp trước); chênh lệch giữa phiếu cao nhất và phiếu thấp nhất (nhỏ hơn xếp trước). Vẫn bằng "
            "nhau thì đồng hạng."
        ),
        "Không giới hạn số lượng: mọi sản phẩm đạt đều được chọn để hội đồng biểu quyết.",
        (
            "Hội đồng biểu quyết khi có ít nhất 67% số thành viên tham gia; sản phẩm được đề nghị công nhận khi hơn "
            "một nửa số người biểu quyết đồng ý."
        ),
        (
            "Sản phẩm có tổng điểm giữa các phiếu chênh lệch trên 10 điểm phải được ban giám khảo thảo luận và ghi "
            "lại ý kiến trước khi kết thúc chấm điểm; việc thảo luận tự nó không làm thay đổi kết quả."
        ),
        "Thời hạn khiếu nại: 15 ngày làm việc kể từ ngày công bố danh sách dự kiến.",
        "Giấy chứng nhận có giá trị 36 tháng kể từ ngày ký.",
    )


def test_the_usual_rules_in_english() -> None:
    assert rule_sentences(RULES, Tier.COMMUNE, "en") == (
        (
            "A score sheet has 2 criteria and at most 100 points: L1 – Market (60 points); L2 – Economy (40 points). "
            "Step of marks: 0.5."
        ),
        (
            "An entry's result is the mean of the totals of its counting sheets. Results are computed and compared "
            "exactly; only what is printed is rounded, to two decimals."
        ),
        (
            "A sheet counts when it has been submitted and its judge is not recused from the entry. An entry needs "
            "at least 5 counting sheets to have a result."
        ),
        "An entry reaches the threshold with at least 70 points.",
        (
            "Entries are ranked by result, highest first. Equal results are separated by, in this order: the mean of "
            "criterion L1 (higher first); the difference between the highest and the lowest sheet (smaller first). "
            "What is still equal shares a rank."
        ),
        "There is no limit: every entry that reaches the threshold is put to the council's vote.",
        (
            "The council votes when at least 67% of its members take part; an entry is carried when more than half "
            "of those who vote say yes."
        ),
        (
            "An entry whose sheets differ by more than 10 points in total must be discussed by the jury, in writing, "
            "before scoring closes; the discussion by itself changes no result."
        ),
        "Complaints may be made within 15 working days after the provisional list is published.",
        "A certificate is valid for 36 months from the day it is signed.",
    )


@pytest.mark.parametrize(
    ("changes", "place", "vietnamese", "english"),
    [
        (
            {"method": Method.TRIMMED, "trim": 2},
            1,
            "sau khi bỏ 2 phiếu có tổng điểm cao nhất và 2 phiếu có tổng điểm thấp nhất.",
            "without the 2 highest and the 2 lowest totals.",
        ),
        ({"method": Method.MEDIAN}, 1, "là trung vị của tổng điểm", "is the median of the totals"),
        (
            {"method": Method.WITHOUT_OUTLIERS, "outlier": 750},
            1,
            "bỏ những phiếu lệch quá 7,5 điểm",
            "without those more than 7.5 points away",
        ),
        ({"threshold_op": ThresholdOp.GT}, 3, "trên 70 điểm.", "with more than 70 points."),
        (
            {"criteria": (CriterionRule("L1", "Thị trường", "Market", 10000, floor=3550),)},
            3,
            "không thấp hơn mức tối thiểu: L1 35,5.",
            "no less than these means of single criteria: L1 35.5.",
        ),
        ({"tie_break": ()}, 4, "Kết quả bằng nhau thì đồng hạng.", "Equal results share a rank."),
        (
            {"quota": 30, "group_quotas": {"B": 12, "A": 10}},
            5,
            "Số lượng tối đa được chọn: nhóm A 10; nhóm B 12; cả đợt 30.",
            "At most so many entries are selected: group A 10; group B 12; whole contest 30.",
        ),
        (
            {"facility_quota": 2, "quota": 30},
            5,
            "Số lượng tối đa được chọn: mỗi cơ sở 2; cả đợt 30.",
            "At most so many entries are selected: each facility 2; whole contest 30.",
        ),
        (
            {"sub_criteria": (SubCriterionRule("L1.1", "L1", "", "Doanh thu", "Revenue", 6000),)},
            0,
            "Bước điểm: 0,5. Các tiêu chí L1 được chấm theo tiêu chí thành phần",
            "Step of marks: 0.5. The criteria L1 are marked line by line",
        ),
        (
            {"passes": 2, "advance_mark": 6550, "deciding_pass": 2},
            3,
            "vòng 1 (hồ sơ) từ 65,5 điểm trở lên được kiểm tra thực tế và chấm vòng 2 (thực tế). Kết quả bình chọn",
            "at least 65.5 points in the first (dossier) is visited and scored again in the second (site visit).",
        ),
        (
            {"passes": 2, "advance_mark": 7550, "deciding_pass": 2},
            3,
            "vòng 2. Sản phẩm có kết quả vòng 1 dưới 75,5 điểm không được chọn, kể cả khi đã đạt điểm tối thiểu.",
            "decides. An entry below 75.5 points in the first is not selected, even if it reaches the threshold.",
        ),
        (
            {"passes": 2, "advance_mark": 7550, "deciding_pass": 1},
            3,
            "tham khảo. Sản phẩm có kết quả vòng 1 dưới 75,5 điểm không vào vòng 2, kể cả khi đã đạt điểm tối thiểu.",
            "consider. An entry below 75.5 points in the first is not visited, even if it reaches the threshold.",
        ),
        (
            {"passes": 2, "deciding_pass": 1},
            3,
            "Kết quả bình chọn lấy theo vòng 1; vòng 2 để hội đồng tham khảo.",
            "The first pass decides; the second is for the council to consider.",
        ),
        (
            {
                "prizes": (
                    PrizeRule("1", "Giải Nhất", "First prize", 1),
                    PrizeRule("2", "Giải Nhì", "Second", 3),
                )
            },
            6,
            "theo thứ hạng chung cả đợt: Giải Nhất 1 sản phẩm; Giải Nhì 3 sản phẩm. Sản phẩm đồng hạng",
            "by their rank in the whole contest: First prize for 1; Second for 3. When entries",
        ),
        (
            {"prizes": (PrizeRule("1", "Giải Nhất", "First prize", 9050),), "prize_by": PrizeBy.BAND},
            6,
            "theo kết quả chính xác: Giải Nhất từ 90,5 điểm.",
            "by their exact result: First prize from 90.5 points.",
        ),
        (
            {"lower_tier_skipped": "Cấp xã chưa tổ chức."},
            10,
            "Không yêu cầu giấy chứng nhận cấp dưới. Lý do: Cấp xã chưa tổ chức.",
            "No certificate of the lower tier is needed. Reason: Cấp xã chưa tổ chức.",
        ),
    ],
)
def test_every_other_rule_is_said_too(
    changes: dict[str, object], place: int, vietnamese: str, english: str
) -> None:
    rules = replace(RULES, **changes)  # type: ignore[arg-type]  # any field of the rules

    assert vietnamese in rule_sentences(rules, Tier.PROVINCIAL, "vi")[place]
    assert english in rule_sentences(rules, Tier.PROVINCIAL, "en")[place]


def test_a_second_pass_that_all_who_reach_the_threshold_go_on_to_needs_no_more_words() -> None:
    sentence = rule_sentences(replace(RULES, passes=2, deciding_pass=2), Tier.PROVINCIAL, "en")[3]

    assert sentence.endswith("The second pass decides.")


@pytest.mark.parametrize(
    ("tier", "vietnamese", "english"),
    [
        (Tier.PROVINCIAL, "giấy chứng nhận cấp xã còn giá trị", "a valid commune-level certificate"),
        (Tier.REGIONAL, "giấy chứng nhận cấp tỉnh còn giá trị", "a valid provincial-level certificate"),
        (Tier.NATIONAL, "giấy chứng nhận cấp khu vực còn giá trị", "a valid regional-level certificate"),
    ],
)
def test_a_certificate_that_entries_need_is_asked_for_in_the_rules(
    tier: Tier, vietnamese: str, english: str
) -> None:
    assert rule_sentences(RULES, tier, "vi")[-1] == (
        f"Sản phẩm tham gia phải có {vietnamese}, trừ trường hợp được miễn có ghi lý do."
    )
    assert rule_sentences(RULES, tier, "en")[-1] == (
        f"An entry needs {english}, unless it is exempted with a written reason."
    )


def test_the_lowest_tier_asks_for_no_certificate() -> None:
    sentences = [rule_sentences(RULES, tier, "vi") for tier in (Tier.COMMUNE, Tier.PROVINCIAL)]

    assert sentences[0] == sentences[1][:-1]


def test_above_the_province_no_reason_spares_the_certificate() -> None:
    rules = replace(RULES, lower_tier_skipped="Cấp dưới chưa tổ chức.")

    assert rule_sentences(rules, Tier.REGIONAL, "vi") == rule_sentences(RULES, Tier.REGIONAL, "vi")
