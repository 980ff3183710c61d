"""The council's motions, the votes on them, and the sets that they made of entries."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.motions import Ground, MotionKind, MotionState
from app.domain.results import Choice
from app.models.base import Base


class Motion(Base):
    """A motion (đề nghị thay đổi) put to the council while its ballot is open; the counts are written at its close."""

    __tablename__ = "motions"
    __table_args__ = (
        UniqueConstraint("ballot_id", "number"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        CheckConstraint(
            "(state IN ('carried', 'lost')) = (yes IS NOT NULL) AND (yes IS NULL) = (no IS NULL)"
            " AND (yes IS NULL) = (abstain IS NULL) AND (yes IS NULL) = (entitled IS NULL)",
            name="counted",
        ),
        CheckConstraint("(state = 'withdrawn') = (withdrawal_reason <> '')", name="withdrawn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"))
    number: Mapped[int]
    kind: Mapped[MotionKind]
    content: Mapped[dict[str, Any]]  # as `Proposal.content`
    proposer: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    by_hands: Mapped[bool]  # counted in the room by the secretary, not cast on the members' own devices
    state: Mapped[MotionState] = mapped_column(default=MotionState.OPEN)
    put_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    yes: Mapped[int | None]
    no: Mapped[int | None]
    abstain: Mapped[int | None]
    entitled: Mapped[int | None]  # members who could vote on it as it was closed

    votes: Mapped[list["MotionVote"]] = relationship(back_populates="motion", lazy="raise")


class MotionVote(Base):
    """One council member's choice on one motion."""

    __tablename__ = "motion_votes"
    __table_args__ = (UniqueConstraint("motion_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_members.id"), index=True)
    choice: Mapped[Choice]
    cast_at: Mapped[datetime]

    motion: Mapped[Motion] = relationship(back_populates="votes", lazy="raise")


class Merger(Base):
    """Entries of one facility that the council joined into a set (ghép thành bộ sản phẩm); one entry stands for it."""

    __tablename__ = "mergers"

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), unique=True)  # whose place the set has
    name: Mapped[str] = mapped_column(String(200))
    ground: Mapped[Ground]

    members: Mapped[list["MergedEntry"]] = relationship(back_populates="merger", lazy="raise")


class MergedEntry(Base):
    """An entry of a set, the one that stands for it included; an entry is in one set at most."""

    __tablename__ = "merged_entries"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    merger_id: Mapped[int] = mapped_column(ForeignKey("mergers.id"), index=True)
    item: Mapped[dict[str, Any]]  # its line of the ballot before it left it; empty if it had none

    merger: Mapped[Merger] = relationship(back_populates="members", lazy="raise")
