"""Messages of the outbox (thư trong hộp thư đi): what they may say, where they stand, when they are tried again."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import require
from app.domain.messages import N_, Message
from app.domain.vietnamese import format_date

MAX_SUBJECT = 150
MAX_BODY = 5000
AGAIN_AFTER = timedelta(days=1)  # a judge is reminded once within it, unless somebody confirms
LEASE = timedelta(minutes=5)  # longer than any one delivery takes
PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)
)  # after each try that may be repeated
MOST_TRIES = 12  # also of senders that were killed each time
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class MailKind(StrEnum):
    """What a message is about."""

    REMINDER = "reminder"  # to a judge whose sheets are not all submitted
    READY = "ready"  # from the head of jury to the organiser: scoring can be closed


class MailState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"  # it can be read; nothing happens by itself
    SENDING = "sending"  # a person pressed send
    SENT = "sent"  # the mail server took it
    BY_HAND = "by-hand"  # a person sent it from their own mail program
    FAILED = "failed"  # refused, or tried too often
    CANCELLED = "cancelled"


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    sender: str
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    per_minute: int = 30


@dataclass(frozen=True)
class SheetsLeft:
    """What a reminder says of a judge's sheets: counts, never a mark."""

    contest: str
    judge: str
    assigned: int
    submitted: int
    begun: int
    deadline: date

    @property
    def empty(self) -> int:
        """Sheets with nothing on them."""
        return self.assigned - self.submitted - self.begun

    @property
    def left(self) -> int:
        """Sheets that are not submitted."""
        return self.assigned - self.submitted


def draft_of_reminder(left: SheetsLeft, link: str, writer: str) -> tuple[str, str]:
    """Subject and text of a reminder, to be changed as the writer likes; in the language of offices."""
    subject = f"Nhắc nộp phiếu chấm điểm: còn {left.left}/{left.assigned} phiếu"
    counts = (
        f"{left.contest}: ông/bà được phân công {left.assigned} phiếu chấm điểm, đã nộp {left.submitted} phiếu,"
        f" còn {left.left} phiếu chưa nộp (đã bắt đầu {left.begun} phiếu, chưa bắt đầu {left.empty} phiếu)."
    )
    deadline = (
        f"Hạn chấm điểm: hết ngày {format_date(left.deadline)}."
        " Phiếu chưa nộp khi kết thúc chấm điểm sẽ không được tính."
    )
    paragraphs = (
        f"Kính gửi ông/bà {left.judge},",
        counts,
        deadline,
        f"Danh sách phiếu của ông/bà: {link}",
        "Thư này chỉ nêu số phiếu, không nêu điểm. Nếu ông/bà đã nộp đủ, xin bỏ qua thư này.",
        f"Trân trọng,\n{writer}",
    )
    return _one_line(subject), "\n\n".join(paragraphs)


@dataclass(frozen=True)
class JuryStand:
    """What the head of jury tells the organiser: how far the jury is, and whether scoring can be closed."""

    contest: str
    assigned: int
    submitted: int
    is_ready: bool


def draft_of_notice(stand: JuryStand, organiser: str, link: str, writer: str) -> tuple[str, str]:
    """Subject and text by which the head of jury tells the organiser that scoring can be closed, or not yet."""
    done = f"Ban giám khảo đã nộp {stand.submitted}/{stand.assigned} phiếu chấm điểm"
    if stand.is_ready:
        done += ", không còn sản phẩm nào phải thảo luận. Đề nghị kết thúc chấm điểm"
    paragraphs = (
        f"Kính gửi ông/bà {organiser},",
        f"{stand.contest}: {done}.",
        f"Tiến độ chấm điểm: {link}",
        f"Trân trọng,\n{writer}\nTrưởng ban giám khảo",
    )
    return _one_line(f"Tiến độ chấm điểm: {stand.contest}"), "\n\n".join(paragraphs)


def letter_faults(subject: str, body: str) -> dict[str, Message]:
    """What is wrong with a message, by field; empty when it may be queued.

    A subject is one line: nobody can smuggle a header in.
    """
    faults: dict[str, Message] = {}
    if not subject.strip():
        faults["subject"] = Message(N_("Write what the message is about."))
    elif CONTROL.search(subject):
        faults["subject"] = Message(N_("The subject is one line without control characters."))
    elif len(subject) > MAX_SUBJECT:
        faults["subject"] = _too_long(subject, MAX_SUBJECT)
    if not body.strip():
        faults["body"] = Message(N_("Write the message."))
    elif CONTROL.search(body.replace("\n", "")):
        faults["body"] = Message(N_("The message holds control characters; type it anew."))
    elif len(body) > MAX_BODY:
        faults["body"] = _too_long(body, MAX_BODY)
    return faults


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many tries before the next; None when it is given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def may_be_cancelled(state: MailState, *, is_held: bool) -> bool:
    """Whether a message can be taken back: it waits for a person, or for its next try; no sender holds it."""
    return state is MailState.QUEUED or (state is MailState.SENDING and not is_held)


def check_sendable(state: MailState) -> None:
    """Raise IllegalState unless a message may be handed to the sender: it waits, or has failed."""
    require(
        state in (MailState.QUEUED, MailState.FAILED),
        N_("This message is on its way, sent or cancelled; reload the page."),
    )


def _too_long(text: str, most: int) -> Message:
    return Message(
        N_("At most %(most)d characters; there are %(length)d."), {"most": most, "length": len(text)}
    )


def _one_line(text: str) -> str:
    return CONTROL.sub(" ", text)[:MAX_SUBJECT]
