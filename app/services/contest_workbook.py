"""Everything of a contest in one workbook. Rows go straight from the database to the file, however many there are."""

import io
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.certificates import CertificateStatus
from app.domain.contests import COUNCIL_SEES
from app.domain.entries import EntryState
from app.domain.errors import require
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.domain.rule_sentences import rule_sentences
from app.models import (
    Ballot,
    BallotItem,
    Contest,
    Entry,
    Facility,
    IssuedCertificate,
    Product,
)
from app.queries.mergers import sets_of
from app.queries.scope import contest_for
from app.services.streamed_workbooks import Head, Look, StreamedWorkbook, streamed_workbook
from app.services.workbook_changes import write_motions
from app.services.workbook_marks import (
    BATCH,
    CODE,
    FACILITY,
    GROUP,
    PRODUCT,
    write_marks,
    write_results,
    write_sheets,
)

ENTRY_STATES: Final = {
    EntryState.SUBMITTED: "Đã nộp",
    EntryState.RETURNED: "Trả lại để bổ sung",
    EntryState.ACCEPTED: "Đã tiếp nhận",
    EntryState.REJECTED: "Không tiếp nhận",
}
CERTIFICATE_STATES: Final = {
    CertificateStatus.VALID: "Đã cấp",
    CertificateStatus.REPLACED: "Đã thay bằng giấy mới",
    CertificateStatus.REVOKED: "Đã thu hồi",
}

PRIZE_HEADS: Final = (Head("Hạng giải", width=18), Head("Lý do quyết định hạng giải", width=50))


def contest_workbook(session: Session, contest_id: int, *, actor: Actor) -> bytes:
    """Write rules, entries, sheets, marks, results, ballot and certificates of a contest as XLSX.

    Raises
    ------
    NotFound
        There is no such contest for this person.
    IllegalState
        Scoring has not closed: nobody sees a number before.
    """
    contest = contest_for(session, actor, Permission.CONTEST_VIEW, contest_id)
    require(contest.state in COUNCIL_SEES, N_("The result can be seen once scoring has closed."))
    data = io.BytesIO()
    with streamed_workbook(data) as book:
        _write_rules(book, contest)
        _write_entries(book, session, contest.id)
        write_sheets(book, session, contest)
        write_marks(book, session, contest)
        write_results(book, session, contest)
        _write_ballot(book, session, contest)
        write_motions(book, session, contest)
        _write_certificates(book, session, contest.id)
    return data.getvalue()


def _write_rules(book: StreamedWorkbook, contest: Contest) -> None:
    rules = contest.rules
    facts = [
        ("Đợt bình chọn", contest.name),
        ("Địa bàn", contest.territory.full_name),
        ("Năm", str(contest.year)),
        ("SHA-256 của quy chế", contest.rules_digest),
        *([("Lưu ý", "VÍ DỤ: cơ sở, sản phẩm và điểm đều là giả định")] if contest.is_example else []),
        *(("Quy chế", sentence) for sentence in rule_sentences(rules, contest.tier, "vi")),
    ]
    book.sheet("Quy chế", (Head("Mục", width=22), Head("Nội dung", width=110)), facts)
    heads = (
        Head("Mã"),
        Head("Tiêu chí", width=60),
        Head("Thuộc tiêu chí"),
        GROUP,
        Head("Điểm tối đa", Look.POINTS),
        Head("Điểm tối thiểu", Look.POINTS),
    )
    first = ((c.code, c.name_vi, None, None, c.max_mark, c.floor or None) for c in rules.criteria)
    second = ((c.code, c.name_vi, c.parent, c.group, c.max_mark, None) for c in rules.sub_criteria)
    book.sheet("Tiêu chí", heads, [*first, *second])


def _write_entries(book: StreamedWorkbook, session: Session, contest_id: int) -> None:
    heads = (
        CODE,
        GROUP,
        PRODUCT,
        FACILITY,
        Head("Địa chỉ", width=50),
        Head("Hồ sơ", width=22),
        Head("Nộp lúc", Look.MOMENT, 17),
        Head("Mã tiếp nhận hồ sơ", width=16),
        Head("Lý do trả lại, không tiếp nhận", width=50),
    )
    found = session.execute(
        select(
            Entry.code,
            Entry.group_code,
            Product.name,
            Facility.name,
            Facility.address,
            Entry.state,
            Entry.submitted_at,
            Entry.receipt_code,
            Entry.review_reason,
        )
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Entry.contest_id == contest_id, Entry.state != EntryState.DRAFT)
        .order_by(Entry.code.is_(None), Entry.code, Entry.id),
        execution_options=BATCH,
    )
    book.sheet("Hồ sơ", heads, ((*row[:5], ENTRY_STATES[row.state], *row[6:]) for row in found))


def _write_ballot(book: StreamedWorkbook, session: Session, contest: Contest) -> None:
    prizes = {prize.code: prize.name_vi for prize in contest.rules.prizes}
    heads = (
        CODE,
        PRODUCT,
        Head("Trong danh sách của ban giám khảo", width=14),
        Head("Lý do đưa thêm", width=50),
        Head("Đồng ý", Look.COUNT, 10),
        Head("Không đồng ý", Look.COUNT, 10),
        Head("Không ý kiến", Look.COUNT, 10),
        Head("Được thông qua", width=12),
        *(PRIZE_HEADS if prizes else ()),
    )
    found = session.execute(
        select(
            Entry.code,
            Product.name,
            BallotItem.on_jury_list,
            BallotItem.reason,
            BallotItem.yes,
            BallotItem.no,
            BallotItem.abstain,
            BallotItem.carried,
            BallotItem.prize,
            BallotItem.prize_reason,
        )
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .join(Entry, Entry.id == BallotItem.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(Ballot.contest_id == contest.id)
        .order_by(Entry.code),
        execution_options=BATCH,
    )
    sets = {one.members[0].code: one.name for one in sets_of(session, contest.id).values()}
    rows = (
        (row.code, sets.get(row.code, row.name), *row[2:8], *(_prize_cells(prizes, row) if prizes else ()))
        for row in found
    )
    book.sheet("Biểu quyết", heads, rows)


def _prize_cells(prizes: dict[str, str], row: Any) -> tuple[str | None, str]:
    """The class that was given; none to an entry that was not carried."""
    lost = row.prize is None or row.carried is False
    return None if lost else prizes[row.prize], row.prize_reason


def _write_certificates(book: StreamedWorkbook, session: Session, contest_id: int) -> None:
    heads = (
        Head("Số", width=24),
        Head("Mã tra cứu", width=20),
        CODE,
        PRODUCT,
        Head("Ngày cấp", Look.DAY, 12),
        Head("Có giá trị đến", Look.DAY, 12),
        Head("Tình trạng", width=22),
        Head("Lý do thu hồi, cấp lại", width=50),
        Head("SHA-256 của tệp", width=68),
    )
    found = session.execute(
        select(IssuedCertificate, Entry.code)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .where(Entry.contest_id == contest_id)
        .order_by(IssuedCertificate.id),
        execution_options=BATCH,
    )
    rows = (
        (
            given.number,
            given.code,
            code,
            given.printed["product"],
            given.issued_on,
            given.valid_until,
            CERTIFICATE_STATES[given.status],
            given.revocation_reason or given.reissue_reason,
            given.file_sha256,
        )
        for given, code in found
    )
    book.sheet("Giấy chứng nhận", heads, rows)
