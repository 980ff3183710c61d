"""The jury, its score sheets and the marks on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.judging import SheetState
from app.models.base import Base
from app.models.contests import Contest, Criterion, Entry
from app.models.people import User


class Judge(Base):
    """A member of a contest's jury (giám khảo); the head of jury is one of them."""

    __tablename__ = "judges"
    __table_args__ = (UniqueConstraint("contest_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    position: Mapped[str] = mapped_column(String(200), default="")
    is_head: Mapped[bool] = mapped_column(default=False)
    appointed_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")
    contest: Mapped[Contest] = relationship(lazy="raise")


class JudgeGroup(Base):
    """A product group whose entries a judge scores (phân công theo nhóm sản phẩm), also those accepted later."""

    __tablename__ = "judge_groups"

    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"), primary_key=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("product_groups.code"), primary_key=True)


class Recusal(Base):
    """A judge who does not score an entry (không tham gia chấm), and why."""

    __tablename__ = "recusals"
    __table_args__ = (UniqueConstraint("judge_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]


class ScoreSheet(Base):
    """One judge's sheet (phiếu chấm điểm) for one entry in one pass. It exists once the judge is assigned."""

    __tablename__ = "score_sheets"
    __table_args__ = (
        UniqueConstraint("judge_id", "entry_id", "pass_no"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        CheckConstraint("pass_no >= 1", name="pass_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    pass_no: Mapped[int] = mapped_column(default=1)
    state: Mapped[SheetState] = mapped_column(default=SheetState.DRAFT)
    remark: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # by criterion code; a missing mark may have one
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    reopen_reason: Mapped[str] = mapped_column(Text, default="")

    judge: Mapped[Judge] = relationship(lazy="raise")
    entry: Mapped[Entry] = relationship(lazy="raise")
    marks: Mapped[list["Mark"]] = relationship(
        back_populates="sheet", lazy="raise", cascade="all, delete-orphan"
    )


class Mark(Base):
    """What a judge gave for one criterion, in hundredths of a point; the maximum stands beside it and binds it."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("sheet_id", "criterion_id"),
        ForeignKeyConstraint(["criterion_id", "max_mark"], ["criteria.id", "criteria.max_mark"]),
        CheckConstraint("value >= 0 AND value <= max_mark", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheets.id", ondelete="CASCADE"))
    criterion_id: Mapped[int]
    max_mark: Mapped[int]
    value: Mapped[int]

    sheet: Mapped[ScoreSheet] = relationship(back_populates="marks", lazy="raise")
    criterion: Mapped[Criterion] = relationship(lazy="raise", viewonly=True)


class SheetSave(Base):
    """An automatic save by the key that the browser gave it: sent again, it is answered as the first time."""

    __tablename__ = "sheet_saves"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheets.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))  # of what was to be saved
    version: Mapped[int]  # of the sheet afterwards
    saved_at: Mapped[datetime | None]


class Discussion(Base):
    """How the jury settled an entry whose sheets lie far apart (sản phẩm cần thảo luận).

    It holds for the spread it was written for: with another spread the entry is open again.
    """

    __tablename__ = "discussions"
    __table_args__ = (
        UniqueConstraint("entry_id", "pass_no"),
        CheckConstraint("note <> ''", name="note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    pass_no: Mapped[int]
    spread: Mapped[int]  # hundredths of a point
    note: Mapped[str] = mapped_column(Text)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime]

    entry: Mapped[Entry] = relationship(lazy="raise")
    settled_by: Mapped[User | None] = relationship(lazy="raise")


class KeptForm(Base):
    """What somebody typed when the session had expired; given back after sign-in, then deleted."""

    __tablename__ = "kept_forms"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    path: Mapped[str] = mapped_column(String(200))
    fields_json: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(index=True)
