"""Score sheets that were filled in on paper or in a spreadsheet, on their way into the system."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.paper import ImportState
from app.models.base import Base
from app.models.judging import ScoreSheet
from app.models.people import User


class KeyedSheet(Base):
    """One person's typing of a judge's paper sheet; two of them that agree become the sheet's marks."""

    __tablename__ = "keyed_sheets"
    __table_args__ = (UniqueConstraint("sheet_id", "keyed_by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheets.id"))
    keyed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    marks: Mapped[dict[str, Any]]  # hundredths by criterion code, all of them
    remark: Mapped[str] = mapped_column(Text, default="")
    keyed_at: Mapped[datetime]

    sheet: Mapped[ScoreSheet] = relationship(lazy="raise")
    keyed_by: Mapped[User] = relationship(lazy="raise")


class SheetImport(Base):
    """A spreadsheet of marks: stored as it came, previewed, then applied or discarded."""

    __tablename__ = "sheet_imports"
    __table_args__ = (CheckConstraint("(state = 'uploaded') = (settled_at IS NULL)", name="settled"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    name: Mapped[str] = mapped_column(String(255))
    pass_no: Mapped[int]
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
