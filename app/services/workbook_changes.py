"""The council's motions in the workbook of a contest, and the sets that they made."""

from typing import Final

from sqlalchemy.orm import Session

from app.models import Contest
from app.queries.mergers import sets_of
from app.queries.motions import motions_of
from app.services.minutes_of_motions import GROUNDS, STATES, content_in_words
from app.services.streamed_workbooks import Head, Look, StreamedWorkbook
from app.services.workbook_marks import CODE, PRODUCT

MOTION_HEADS: Final = (
    Head("Số", Look.COUNT, 6),
    Head("Đề nghị", width=70),
    Head("Người đề nghị", width=28),
    Head("Lý do", width=50),
    Head("Hình thức biểu quyết", width=22),
    Head("Đồng ý", Look.COUNT, 10),
    Head("Không đồng ý", Look.COUNT, 10),
    Head("Không ý kiến", Look.COUNT, 10),
    Head("Số thành viên được biểu quyết", Look.COUNT, 14),
    Head("Kết quả", width=20),
    Head("Lý do rút", width=50),
)
SET_HEADS: Final = (
    Head("Bộ sản phẩm", width=40),
    Head("Căn cứ ghép", width=20),
    CODE,
    PRODUCT,
    Head("Điểm bình quân", Look.POINTS, 12),
    Head("Đứng tên cho bộ", width=12),
)


def write_motions(book: StreamedWorkbook, session: Session, contest: Contest) -> None:
    """Write every motion with its vote, and every set with its products; nothing where there was none."""
    motions = motions_of(session, contest.id, contest.rules)
    if not motions:
        return
    rows = [
        (
            motion.number,
            content_in_words(motion, contest.rules),
            motion.proposer,
            motion.reason,
            "Giơ tay" if motion.by_hands else "Trên thiết bị",
            *(motion.counts or (None, None, None)),
            motion.entitled,
            STATES[motion.state],
            motion.withdrawal_reason,
        )
        for motion in motions
    ]
    book.sheet("Đề nghị thay đổi", MOTION_HEADS, rows)
    members = [
        (
            one.name,
            GROUNDS[one.ground],
            member.code,
            member.product,
            member.average,
            "có" if member is one.members[0] else None,
        )
        for one in sets_of(session, contest.id).values()
        for member in one.members
    ]
    book.sheet("Bộ sản phẩm", SET_HEADS, members)
