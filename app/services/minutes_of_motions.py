"""What the minutes say of ties, motions and sets, in Vietnamese."""

from collections.abc import Iterator, Sequence

from app.domain.marks import format_average
from app.domain.motions import Ground, MotionKind, MotionState
from app.domain.rules import ContestRules
from app.domain.ties import Tie
from app.domain.vietnamese import as_sentence
from app.queries.ballots import BallotLine, BallotPage
from app.queries.mergers import ProductSet
from app.queries.motions import MotionRow, last_number
from app.services.minutes_course import spoken

GROUNDS = {
    Ground.USE: "cùng công dụng",
    Ground.MATERIAL: "cùng nguyên liệu",
    Ground.DESIGN: "cùng kiểu dáng",
}
STATES = {
    MotionState.OPEN: "chưa biểu quyết",
    MotionState.CARRIED: "được thông qua",
    MotionState.LOST: "không được thông qua",
    MotionState.WITHDRAWN: "đã rút",
}


def motion_sentences(ballot: BallotPage) -> Iterator[str]:
    """A paragraph for each tie, each motion, each set and each second vote."""
    for tie, lines in ballot.blocks:
        if tie:
            yield tie_in_words(tie, lines, ballot.rules)
    yield from (_motion(motion, ballot.rules) for motion in ballot.motions)
    yield from (set_in_words(line.product_set) for line in ballot.lines if line.product_set)
    codes = {line.row.entry_id: line.row.code for line in ballot.lines}
    for second in ballot.run_offs:
        again = ", ".join(sorted(codes.get(entry_id, "–") for entry_id in second.entries))
        yield (
            f"Các sản phẩm {again} có số phiếu đồng ý bằng nhau ở suất cuối nên Hội đồng biểu quyết lại về các sản "
            f"phẩm này, {spoken(second.at)}. Lý do: {as_sentence(second.reason)}"
        )


def nomination_conclusion(ballot: BallotPage) -> Iterator[str]:
    """How many the council sends up, where it decided that."""
    number = last_number(ballot.motions)
    if number is not None:
        yield f"Hội đồng quyết định số sản phẩm đề nghị tham gia bình chọn cấp trên là {number}."


def tie_in_words(tie: Tie, lines: Sequence[BallotLine], rules: ContestRules) -> str:
    """Which entries are tied where, how many places are left, and how the vote fills them."""
    codes = ", ".join(line.row.code for line in lines)
    by_council = "" if tie.decided is None else " theo quyết định của Hội đồng"
    return (
        f"Các sản phẩm {codes} có kết quả chấm điểm bằng nhau tại ranh giới của {_quota(tie, rules)}, "
        f"còn {tie.places} suất{by_council}. Mỗi thành viên đồng ý với nhiều nhất {tie.places} sản phẩm trong số này; "
        "được chọn là các sản phẩm được quá bán số phiếu, theo số phiếu đồng ý từ cao xuống, không vượt quá số suất."
    )


def _quota(tie: Tie, rules: ContestRules) -> str:
    if tie.place.of_facility:
        return f"số lượng tối đa của một cơ sở ({tie.place.quota})"
    if tie.place.group is not None:
        return f"số lượng của {rules.group(tie.place.group).name_vi} ({tie.place.quota})"
    return f"tổng số lượng được chọn ({tie.place.quota})"


def set_in_words(product_set: ProductSet) -> str:
    """A set with its products, each with its own average."""
    members = "; ".join(
        f"{one.code} {one.product}" + (f" ({format_average(one.average)})" if one.average is not None else "")
        for one in product_set.members
    )
    return (
        f"Bộ sản phẩm “{product_set.name}” ({GROUNDS[product_set.ground]}) gồm: {members}. Bộ được biểu quyết và công "
        f"nhận như một sản phẩm, ở thứ hạng của sản phẩm {product_set.members[0].code}."
    )


def _motion(motion: MotionRow, rules: ContestRules) -> str:
    content = content_in_words(motion, rules)
    said = f"Đề nghị số {motion.number} của {motion.proposer}: {content}. Lý do: {as_sentence(motion.reason)}"
    if motion.state is MotionState.WITHDRAWN:
        return (
            f"{said} Đề nghị đã được rút{_when(motion)}. Lý do rút: {as_sentence(motion.withdrawal_reason)}"
        )
    return f"{said} {result_in_words(motion)}"


def _when(motion: MotionRow) -> str:
    """When it was decided or withdrawn."""
    return f" {spoken(motion.closed_at)}" if motion.closed_at else ""


def result_in_words(motion: MotionRow) -> str:
    """How the vote on a motion went, and who took no part."""
    how = "giơ tay" if motion.by_hands else "trên thiết bị của thành viên"
    yes, no, abstain = motion.counts or (0, 0, 0)
    barred = ""
    if motion.barred:
        barred = f" Không tham gia biểu quyết vì có sản phẩm của cơ sở mình: {', '.join(motion.barred)}."
    return (
        f"Biểu quyết ({how}): {yes} đồng ý, {no} không đồng ý, {abstain} không ý kiến, trên {motion.entitled} thành "
        f"viên được biểu quyết; {STATES[motion.state]}{_when(motion)}.{barred}"
    )


def content_in_words(motion: MotionRow, rules: ContestRules) -> str:
    """What a motion is to change."""
    proposal, codes = motion.proposal, ", ".join(entry.code for entry in motion.entries)
    match motion.kind:
        case MotionKind.MERGE:
            ground = GROUNDS[proposal.ground] if proposal.ground else ""
            return f"ghép các sản phẩm {codes} thành bộ sản phẩm “{proposal.name}” (cùng cơ sở, {ground})"
        case MotionKind.SPLIT:
            return f"tách bộ sản phẩm “{proposal.name}” ({codes}) thành các sản phẩm riêng"
        case MotionKind.ADD:
            return f"đưa thêm vào danh sách biểu quyết: {codes}"
        case MotionKind.LEAVE_OUT:
            return f"đưa ra khỏi danh sách biểu quyết: {codes}"
        case MotionKind.PRIZE:
            if not proposal.prize:
                return f"không trao giải cho: {codes}"
            return f"xếp hạng giải “{rules.prize(proposal.prize).name_vi}” cho: {codes}"
        case MotionKind.PLACES:
            return f"số suất cho các sản phẩm đồng hạng {codes} là {proposal.number}"
        case MotionKind.NOMINATE:
            return f"số sản phẩm đề nghị tham gia bình chọn cấp trên là {proposal.number}"
