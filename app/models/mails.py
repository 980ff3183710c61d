"""The outbox: messages that people wrote, and how far each has come on its way."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.mails import MailKind, MailState
from app.models.base import Base


class Mail(Base):
    """A message of the outbox (thư trong hộp thư đi): written by a person, sent once a person says so.

    Whoever sends it holds a lease on it meanwhile, so that two senders never take the same one; the message id
    stays the same at every try, so that a mailbox knows one that came twice.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index(None, "state", "next_try_at"),
        Index(None, "user_id", "written_at"),
        CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="lease"),
        # Nothing leaves that no person has sent.
        CheckConstraint(
            "state NOT IN ('sending', 'sent', 'failed') OR released_at IS NOT NULL", name="released"
        ),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    kind: Mapped[MailKind]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(index=True)
    next_try_at: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]  # sent, given up, cancelled
