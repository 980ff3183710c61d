"""The council's meeting: attendance, the votes taken in it, remarks, and its minutes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.meetings import PollBy
from app.domain.minutes import Signing
from app.models.base import Base
from app.models.results import Ballot, BallotItem


class Meeting(Base):
    """A meeting of the council (cuộc họp hội đồng) in which it votes on its ballot, product by product."""

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint("(timer_seconds IS NULL) = (timer_started_at IS NULL)", name="timer"),
        CheckConstraint("closed_at >= opened_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"), unique=True)
    place: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    current_item_id: Mapped[int | None] = mapped_column(ForeignKey("ballot_items.id"))
    timer_seconds: Mapped[int | None]
    timer_started_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)  # grows with every change that others shall see

    ballot: Mapped[Ballot] = relationship(lazy="raise")


class Attendance(Base):
    """One stay of a council member in the meeting; it lasts until `left_at`."""

    __tablename__ = "attendances"
    __table_args__ = (
        Index(
            "uq_attendances_one_stay_at_a_time",
            "meeting_id",
            "member_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        CheckConstraint("left_at >= came_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_members.id"), index=True)
    came_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Poll(Base):
    """A vote taken in the meeting (lượt biểu quyết), on one entry or on a list of entries at once.

    `seats` says who might vote when it closed ("entitled") and who stood aside ("aside"), by council member.
    """

    __tablename__ = "polls"
    __table_args__ = (
        Index(
            "uq_polls_one_open_in_a_meeting",
            "meeting_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint(
            "(closed_at IS NULL) = (yes IS NULL) AND (yes IS NULL) = (no IS NULL)"
            " AND (no IS NULL) = (abstain IS NULL)",
            name="counted",
        ),
        CheckConstraint("yes >= 0 AND no >= 0 AND abstain >= 0", name="counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    taken_by: Mapped[PollBy]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    yes: Mapped[int | None]
    no: Mapped[int | None]
    abstain: Mapped[int | None]
    seats: Mapped[dict[str, Any]] = mapped_column(default=dict)

    items: Mapped[list["PollItem"]] = relationship(
        back_populates="poll", lazy="raise", order_by="PollItem.item_id", cascade="all, delete-orphan"
    )


class PollItem(Base):
    """An entry of the ballot in the vote that is taken, or was taken, on it."""

    __tablename__ = "poll_items"

    item_id: Mapped[int] = mapped_column(ForeignKey("ballot_items.id"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), index=True)

    poll: Mapped[Poll] = relationship(back_populates="items", lazy="raise")
    item: Mapped[BallotItem] = relationship(lazy="raise")


class Remark(Base):
    """What the secretary wrote down during the meeting, on an entry or in general."""

    __tablename__ = "remarks"
    __table_args__ = (CheckConstraint("text <> ''", name="text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("ballot_items.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class MinutesText(Base):
    """What the secretary adds to the drafted minutes (biên bản), and the files of the signed ones.

    Minutes of a ballot that was annulled stay, without a ballot, if anybody had signed them or a scan was kept.
    """

    __tablename__ = "minutes"
    __table_args__ = (CheckConstraint("(ballot_id IS NULL) = (annulled_at IS NOT NULL)", name="annulled"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    ballot_id: Mapped[int | None] = mapped_column(ForeignKey("ballots.id"), unique=True)
    introduction: Mapped[str] = mapped_column(Text, default="")
    discussion: Mapped[str | None] = mapped_column(Text)  # none: the remarks of the meeting
    conclusion: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))  # once both have signed
    scan_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))  # of the signed paper
    scan_name: Mapped[str] = mapped_column(String(255), default="")
    annulled_at: Mapped[datetime | None]

    parts: Mapped[list["MinutesPart"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    signatures: Mapped[list["MinutesSignature"]] = relationship(
        lazy="raise", order_by="MinutesSignature.id", cascade="all, delete-orphan"
    )


class MinutesPart(Base):
    """What the minutes say of the discussion of one entry, in place of the remarks of the meeting."""

    __tablename__ = "minutes_parts"
    __table_args__ = (UniqueConstraint("minutes_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    text: Mapped[str] = mapped_column(Text)


class MinutesSignature(Base):
    """Somebody's confirmation that the minutes say what happened; `text_sha256` is of what was read and signed."""

    __tablename__ = "minutes_signatures"
    __table_args__ = (UniqueConstraint("minutes_id", "signing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    signing: Mapped[Signing]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime]
    text_sha256: Mapped[str] = mapped_column(String(64))
