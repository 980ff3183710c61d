"""What messages of the outbox say, may hold, and when they are tried again."""

from datetime import date, timedelta

import pytest

from app.domain.mails import (
    MAX_BODY,
    MAX_SUBJECT,
    JuryStand,
    SheetsLeft,
    draft_of_notice,
    draft_of_reminder,
    letter_faults,
    pause_after,
)

LEFT = SheetsLeft("Bình chọn 2026", "Lê An", 12, 7, 3, date(2026, 6, 30))


def test_a_reminder_tells_counts_deadline_and_link() -> None:
    subject, body = draft_of_reminder(LEFT, "https://binhchon.example.vn/judging/?contest=1", "Trần Hạnh")

    assert subject == "Nhắc nộp phiếu chấm điểm: còn 5/12 phiếu"
    assert body.split("\n\n") == [
        "Kính gửi ông/bà Lê An,",
        (
            "Bình chọn 2026: ông/bà được phân công 12 phiếu chấm điểm, đã nộp 7 phiếu, còn 5 phiếu chưa nộp"
            " (đã bắt đầu 3 phiếu, chưa bắt đầu 2 phiếu)."
        ),
        "Hạn chấm điểm: hết ngày 30/06/2026. Phiếu chưa nộp khi kết thúc chấm điểm sẽ không được tính.",
        "Danh sách phiếu của ông/bà: https://binhchon.example.vn/judging/?contest=1",
        "Thư này chỉ nêu số phiếu, không nêu điểm. Nếu ông/bà đã nộp đủ, xin bỏ qua thư này.",
        "Trân trọng,\nTrần Hạnh",
    ]
    assert letter_faults(subject, body) == {}


@pytest.mark.parametrize(
    ("ready", "said"),
    [
        (False, "Ban giám khảo đã nộp 7/12 phiếu chấm điểm."),
        (
            True,
            (
                "Ban giám khảo đã nộp 7/12 phiếu chấm điểm, không còn sản phẩm nào phải thảo luận."
                " Đề nghị kết thúc chấm điểm."
            ),
        ),
    ],
)
def test_the_head_of_jury_says_whether_scoring_can_be_closed(ready: bool, said: str) -> None:
    _subject, body = draft_of_notice(JuryStand("Đợt 1", 12, 7, ready), "Trần Hạnh", "https://x/", "Vũ Hà")

    assert body.split("\n\n")[1] == f"Đợt 1: {said}"


def test_a_subject_made_of_a_long_name_still_fits() -> None:
    subject, _body = draft_of_notice(JuryStand("Đợt " * 200, 1, 1, is_ready=True), "A", "x", "B")

    assert len(subject) == MAX_SUBJECT


@pytest.mark.parametrize(
    ("subject", "body", "fields"),
    [
        ("", "Thư", {"subject"}),
        ("   ", "  \n ", {"subject", "body"}),
        ("Nhắc\r\nBcc: all@example.vn", "Thư", {"subject"}),
        ("Nhắc\nBcc: all@example.vn", "Thư", {"subject"}),
        ("Nhắc\rBcc", "Thư", {"subject"}),
        ("Nhắc\u2028Bcc", "Thư", {"subject"}),
        ("Nhắc\x85Bcc", "Thư", {"subject"}),
        ("Nhắc\0", "Thư\0", {"subject", "body"}),
        ("x" * (MAX_SUBJECT + 1), "x" * (MAX_BODY + 1), {"subject", "body"}),
        ("x" * MAX_SUBJECT, "x" * MAX_BODY, set()),
        ("Nhắc", "Dòng một\nDòng hai\r\n", {"body"}),
    ],
)
def test_a_message_that_could_hold_another_header_or_nothing_is_refused(
    subject: str, body: str, fields: set[str]
) -> None:
    assert letter_faults(subject, body).keys() == fields


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(tries) for tries in range(1, 8)]

    minutes = [pause and pause / timedelta(minutes=1) for pause in pauses]
    assert minutes == [1, 5, 15, 60, 240, None, None]
