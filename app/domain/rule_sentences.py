"""The rules of a contest in plain sentences: the same on its page, in the results list and in the minutes."""

from collections.abc import Iterator

from app.domain.marks import format_mark
from app.domain.rules import SPREAD, ContestRules, Method, PrizeBy, ThresholdOp
from app.domain.tiers import Tier

_VI = {
    "sheet": (
        "Mỗi phiếu chấm điểm có {count} tiêu chí, tổng điểm tối đa {total}: {criteria}. Bước điểm: {step}."
    ),
    "criterion": "{code} – {name} ({max} điểm)",
    "lines": (
        " Các tiêu chí {parents} được chấm theo tiêu chí thành phần của từng nhóm sản phẩm; điểm của tiêu chí "
        "là tổng điểm các tiêu chí thành phần."
    ),
    "passes": (
        "Chấm hai vòng. Sản phẩm có kết quả vòng 1 (hồ sơ) từ {advance} điểm trở lên được kiểm tra thực tế và "
        "chấm vòng 2 (thực tế). {decides}"
    ),
    "pass 1": "Kết quả bình chọn lấy theo vòng 1; vòng 2 để hội đồng tham khảo.",
    "pass 2": "Kết quả bình chọn lấy theo vòng 2.",
    "strict 1": (
        " Sản phẩm có kết quả vòng 1 dưới {advance} điểm không vào vòng 2, kể cả khi đã đạt điểm tối thiểu."
    ),
    "strict 2": (
        " Sản phẩm có kết quả vòng 1 dưới {advance} điểm không được chọn, kể cả khi đã đạt điểm tối thiểu."
    ),
    Method.MEAN: "Kết quả của sản phẩm là điểm bình quân (trung bình cộng tổng điểm) của các phiếu hợp lệ.",
    Method.TRIMMED: (
        "Kết quả của sản phẩm là điểm bình quân của các phiếu hợp lệ sau khi bỏ {trim} phiếu có tổng điểm "
        "cao nhất và {trim} phiếu có tổng điểm thấp nhất."
    ),
    Method.MEDIAN: (
        "Kết quả của sản phẩm là trung vị của tổng điểm các phiếu hợp lệ (phiếu đứng giữa, hoặc trung bình "
        "của hai phiếu đứng giữa)."
    ),
    Method.WITHOUT_OUTLIERS: (
        "Kết quả của sản phẩm là điểm bình quân của các phiếu hợp lệ sau khi bỏ những phiếu lệch quá "
        "{outlier} điểm so với điểm bình quân của tất cả các phiếu hợp lệ."
    ),
    "exact": (
        "Điểm được tính và so sánh chính xác, không làm tròn; chỉ khi in mới làm tròn đến hai chữ số thập "
        "phân."
    ),
    "counting": (
        "Phiếu hợp lệ là phiếu đã nộp của giám khảo không thuộc trường hợp không tham gia chấm sản phẩm đó. "
        "Sản phẩm cần ít nhất {min_sheets} phiếu hợp lệ để có kết quả."
    ),
    ThresholdOp.GE: "Sản phẩm đạt khi kết quả từ {threshold} điểm trở lên{floors}.",
    ThresholdOp.GT: "Sản phẩm đạt khi kết quả trên {threshold} điểm{floors}.",
    "floors": " và điểm bình quân của từng tiêu chí sau không thấp hơn mức tối thiểu: {floors}",
    "order": "Xếp hạng theo kết quả từ cao xuống thấp.",
    "ties": "Kết quả bằng nhau thì xét lần lượt: {ties}. Vẫn bằng nhau thì đồng hạng.",
    "no ties": "Kết quả bằng nhau thì đồng hạng.",
    "tie": "điểm bình quân tiêu chí {code} (cao hơn xếp trước)",
    SPREAD: "chênh lệch giữa phiếu cao nhất và phiếu thấp nhất (nhỏ hơn xếp trước)",
    "no quota": "Không giới hạn số lượng: mọi sản phẩm đạt đều được chọn để hội đồng biểu quyết.",
    "quotas": (
        "Số lượng tối đa được chọn: {quotas}. Khi các sản phẩm đồng hạng nằm đúng ở ranh giới số lượng, "
        "hội đồng quyết định."
    ),
    "facility quota": "mỗi cơ sở {quota}",
    "group quota": "nhóm {code} {quota}",
    "quota": "cả đợt {quota}",
    PrizeBy.RANK: (
        "Hạng giải của các sản phẩm được chọn, lần lượt theo thứ hạng chung cả đợt: {prizes}. Sản phẩm đồng "
        "hạng nằm đúng ở ranh giới hai hạng giải thì hội đồng quyết định."
    ),
    PrizeBy.BAND: "Hạng giải của các sản phẩm được chọn, theo kết quả chính xác: {prizes}.",
    "prize rank": "{name} {limit} sản phẩm",
    "prize band": "{name} từ {limit} điểm",
    "council": (
        "Hội đồng biểu quyết khi có ít nhất {quorum}% số thành viên tham gia; sản phẩm được đề nghị công "
        "nhận khi hơn một nửa số người biểu quyết đồng ý."
    ),
    "spread flag": (
        "Sản phẩm có tổng điểm giữa các phiếu chênh lệch trên {spread} điểm phải được ban giám khảo thảo luận "
        "và ghi lại ý kiến trước khi kết thúc chấm điểm; việc thảo luận tự nó không làm thay đổi kết quả."
    ),
    "edge": (
        "Giám khảo phải ghi lý do khi cho điểm một tiêu chí từ {low}% điểm tối đa trở xuống hoặc từ {high}% "
        "trở lên."
    ),
    "complaints": "Thời hạn khiếu nại: {days} ngày làm việc kể từ ngày công bố danh sách dự kiến.",
    "certificate": "Giấy chứng nhận có giá trị {months} tháng kể từ ngày ký.",
    "skipped": "Không yêu cầu giấy chứng nhận cấp dưới. Lý do: {reason}.",
    "lower tier": (
        "Sản phẩm tham gia phải có giấy chứng nhận {below} còn giá trị, trừ trường hợp được miễn có ghi lý do."
    ),
    Tier.COMMUNE: "cấp xã",
    Tier.PROVINCIAL: "cấp tỉnh",
    Tier.REGIONAL: "cấp khu vực",
}

_EN = {
    "sheet": "A score sheet has {count} criteria and at most {total} points: {criteria}. Step of marks: "
    "{step}.",
    "criterion": "{code} – {name} ({max} points)",
    "lines": (
        " The criteria {parents} are marked line by line, with lines for each product group; a criterion's mark "
        "is the sum of its lines."
    ),
    "passes": (
        "There are two passes. An entry with at least {advance} points in the first (dossier) is visited and "
        "scored again in the second (site visit). {decides}"
    ),
    "pass 1": "The first pass decides; the second is for the council to consider.",
    "pass 2": "The second pass decides.",
    "strict 1": (
        " An entry below {advance} points in the first is not visited, even if it reaches the threshold."
    ),
    "strict 2": (
        " An entry below {advance} points in the first is not selected, even if it reaches the threshold."
    ),
    Method.MEAN: "An entry's result is the mean of the totals of its counting sheets.",
    Method.TRIMMED: (
        "An entry's result is the mean of its counting sheets without the {trim} highest and the {trim} "
        "lowest totals."
    ),
    Method.MEDIAN: (
        "An entry's result is the median of the totals of its counting sheets (the middle one, or the mean "
        "of the two middle ones)."
    ),
    Method.WITHOUT_OUTLIERS: (
        "An entry's result is the mean of its counting sheets without those more than {outlier} points away "
        "from the mean of all."
    ),
    "exact": "Results are computed and compared exactly; only what is printed is rounded, to two decimals.",
    "counting": (
        "A sheet counts when it has been submitted and its judge is not recused from the entry. An entry "
        "needs at least {min_sheets} counting sheets to have a result."
    ),
    ThresholdOp.GE: "An entry reaches the threshold with at least {threshold} points{floors}.",
    ThresholdOp.GT: "An entry reaches the threshold with more than {threshold} points{floors}.",
    "floors": " and no less than these means of single criteria: {floors}",
    "order": "Entries are ranked by result, highest first.",
    "ties": "Equal results are separated by, in this order: {ties}. What is still equal shares a rank.",
    "no ties": "Equal results share a rank.",
    "tie": "the mean of criterion {code} (higher first)",
    SPREAD: "the difference between the highest and the lowest sheet (smaller first)",
    "no quota": "There is no limit: every entry that reaches the threshold is put to the council's vote.",
    "quotas": (
        "At most so many entries are selected: {quotas}. When entries of equal rank straddle the limit, the "
        "council decides."
    ),
    "facility quota": "each facility {quota}",
    "group quota": "group {code} {quota}",
    "quota": "whole contest {quota}",
    PrizeBy.RANK: (
        "Selected entries have a class of prize by their rank in the whole contest: {prizes}. When entries of "
        "equal rank straddle the edge of a class, the council decides."
    ),
    PrizeBy.BAND: "Selected entries have a class of prize by their exact result: {prizes}.",
    "prize rank": "{name} for {limit}",
    "prize band": "{name} from {limit} points",
    "council": (
        "The council votes when at least {quorum}% of its members take part; an entry is carried when more "
        "than half of those who vote say yes."
    ),
    "spread flag": (
        "An entry whose sheets differ by more than {spread} points in total must be discussed by the jury, in "
        "writing, before scoring closes; the discussion by itself changes no result."
    ),
    "edge": (
        "A judge writes the reason for a mark of {low}% or less, or of {high}% or more, of a criterion's highest."
    ),
    "complaints": "Complaints may be made within {days} working days after the provisional list is "
    "published.",
    "certificate": "A certificate is valid for {months} months from the day it is signed.",
    "skipped": "No certificate of the lower tier is needed. Reason: {reason}.",
    "lower tier": (
        "An entry needs a valid {below}-level certificate, unless it is exempted with a written reason."
    ),
    Tier.COMMUNE: "commune",
    Tier.PROVINCIAL: "provincial",
    Tier.REGIONAL: "regional",
}


def rule_sentences(rules: ContestRules, tier: Tier, language: str) -> tuple[str, ...]:
    """Say what decides a result in a contest of this tier, one paragraph per rule; `language` is "vi" or "en"."""
    return tuple(_sentences(rules, tier, language))


def _sentences(rules: ContestRules, tier: Tier, language: str) -> Iterator[str]:
    words = _EN if language == "en" else _VI

    def points(hundredths: int) -> str:
        return _points(hundredths, language)

    yield _sheet(rules, words, language)
    value = words[rules.method].format(trim=rules.trim, outlier=points(rules.outlier))
    yield f"{value} {words['exact']}"
    yield words["counting"].format(min_sheets=rules.min_sheets)
    if rules.passes > 1:
        yield _passes(rules, words, language)
    floors = "; ".join(f"{c.code} {points(c.floor)}" for c in rules.criteria if c.floor)
    yield words[rules.threshold_op].format(
        threshold=points(rules.threshold), floors=words["floors"].format(floors=floors) if floors else ""
    )
    yield f"{words['order']} {_ties(rules, words)}"
    yield _quotas(rules, words)
    if rules.prizes:
        yield _prizes(rules, words, language)
    yield words["council"].format(quorum=rules.quorum_percent)
    yield words["spread flag"].format(spread=points(rules.spread_limit))
    if rules.edge_percent is not None:
        yield words["edge"].format(low=rules.edge_percent, high=100 - rules.edge_percent)
    yield words["complaints"].format(days=rules.complaint_days)
    yield words["certificate"].format(months=rules.certificate_months)
    if tier is Tier.PROVINCIAL and rules.lower_tier_skipped:
        yield words["skipped"].format(reason=rules.lower_tier_skipped.rstrip("."))
    elif tier.below:
        yield words["lower tier"].format(below=words[tier.below])


def _points(hundredths: int, language: str) -> str:
    return format_mark(hundredths, "." if language == "en" else ",")


def _sheet(rules: ContestRules, words: dict[str, str], language: str) -> str:
    parents = {line.parent for line in rules.sub_criteria}
    sheet = words["sheet"].format(
        count=len(rules.criteria),
        total=_points(rules.highest_total, language),
        criteria="; ".join(
            words["criterion"].format(
                code=criterion.code,
                name=criterion.name_en if language == "en" else criterion.name_vi,
                max=_points(criterion.max_mark, language),
            )
            for criterion in rules.criteria
        ),
        step=_points(rules.mark_step, language),
    )
    return sheet + (words["lines"].format(parents=", ".join(sorted(parents))) if parents else "")


def _passes(rules: ContestRules, words: dict[str, str], language: str) -> str:
    advance, deciding = _points(rules.advance_mark, language), rules.deciding_pass
    said = words["passes"].format(advance=advance, decides=words[f"pass {deciding}"])
    is_strict = rules.advance_mark > rules.threshold
    return said + (words[f"strict {deciding}"].format(advance=advance) if is_strict else "")


def _prizes(rules: ContestRules, words: dict[str, str], language: str) -> str:
    by_band = rules.prize_by is PrizeBy.BAND
    return words[rules.prize_by].format(
        prizes="; ".join(
            words[f"prize {rules.prize_by}"].format(
                name=prize.name_en if language == "en" else prize.name_vi,
                limit=_points(prize.limit, language) if by_band else prize.limit,
            )
            for prize in rules.prizes
        )
    )


def _ties(rules: ContestRules, words: dict[str, str]) -> str:
    ties = "; ".join(words["tie" if key != SPREAD else SPREAD].format(code=key) for key in rules.tie_break)
    return words["ties"].format(ties=ties) if ties else words["no ties"]


def _quotas(rules: ContestRules, words: dict[str, str]) -> str:
    quotas = [words["facility quota"].format(quota=rules.facility_quota)] if rules.facility_quota else []
    quotas += [
        words["group quota"].format(code=code, quota=quota)
        for code, quota in sorted(rules.group_quotas.items())
    ]
    if rules.quota is not None:
        quotas.append(words["quota"].format(quota=rules.quota))
    return words["quotas"].format(quotas="; ".join(quotas)) if quotas else words["no quota"]
