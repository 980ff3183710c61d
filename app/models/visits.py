"""Site visits between the passes: what was found, and photos of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.contests import Entry, StoredFile


class SiteVisit(Base):
    """A visit to the place of production (kiểm tra thực tế), shown beside the score sheet of the next pass."""

    __tablename__ = "site_visits"
    __table_args__ = (CheckConstraint("findings <> ''", name="findings"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    visited_on: Mapped[date]
    visitors: Mapped[str] = mapped_column(String(500))
    findings: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]

    entry: Mapped[Entry] = relationship(lazy="raise")
    photos: Mapped[list["SiteVisitPhoto"]] = relationship(
        back_populates="visit", lazy="raise", order_by="SiteVisitPhoto.id", cascade="all, delete-orphan"
    )


class SiteVisitPhoto(Base):
    """A photo taken on a site visit."""

    __tablename__ = "site_visit_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("site_visits.id", ondelete="CASCADE"), index=True)
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    name: Mapped[str] = mapped_column(String(255))
    added_at: Mapped[datetime]

    visit: Mapped[SiteVisit] = relationship(back_populates="photos", lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise")
