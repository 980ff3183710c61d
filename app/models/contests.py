"""Rubrics, contests, and the entries in them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.contests import Calendar, ContestState
from app.domain.entries import AttachmentKind, EntryState
from app.domain.rubrics import RubricState
from app.domain.rules import ContestRules, rules_from_json
from app.domain.tiers import Tier
from app.models.base import Base
from app.models.facilities import Product
from app.models.territories import Territory


class RubricVersion(Base):
    """One version of the criteria (bộ tiêu chí), with its legal basis and dates.

    Without a territory it serves everybody. Once a contest uses it, it stays as it is.
    """

    __tablename__ = "rubric_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    legal_basis: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"), index=True)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("rubric_versions.id"))
    state: Mapped[RubricState] = mapped_column(
        default=RubricState.PUBLISHED, server_default=RubricState.PUBLISHED.value
    )
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="rubric_version", lazy="raise", order_by="Criterion.position"
    )


class Criterion(Base):
    """One criterion (tiêu chí) of a rubric version; marks are hundredths of a point.

    Level 1 is the law's. Level 2 names its parent, and its product group where groups differ; what a
    judge gives on it adds up to the parent's mark.
    """

    __tablename__ = "criteria"
    __table_args__ = (
        UniqueConstraint("rubric_version_id", "code", "group_code"),
        UniqueConstraint("id", "max_mark"),  # marks refer to both, so none can pass its maximum
        CheckConstraint("max_mark > 0", name="max_mark"),
        CheckConstraint("group_code = '' OR parent_code <> ''", name="level_one_serves_all_groups"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rubric_version_id: Mapped[int] = mapped_column(ForeignKey("rubric_versions.id"))
    code: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300))
    max_mark: Mapped[int]
    parent_code: Mapped[str] = mapped_column(String(20), default="", server_default="")
    group_code: Mapped[str] = mapped_column(String(4), default="", server_default="")  # "" is every group
    guidance_vi: Mapped[str] = mapped_column(Text, default="", server_default="")
    guidance_en: Mapped[str] = mapped_column(Text, default="", server_default="")

    rubric_version: Mapped[RubricVersion] = relationship(back_populates="criteria", lazy="raise")


class Contest(Base):
    """One contest (đợt bình chọn) of a tier in a territory, or a practice contest (đợt chấm thử) of made-up entries."""

    __tablename__ = "contests"
    __table_args__ = (
        UniqueConstraint("territory_id", "year", "slug"),
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year"),
        CheckConstraint("registration_closes_on >= registration_opens_on", name="registration_dates"),
        CheckConstraint("(rules_digest IS NULL) = (rules_frozen_at IS NULL)", name="freeze"),
        # A practice contest is never voted on, published or certified.
        CheckConstraint("NOT is_practice OR state IN ('scoring', 'scored')", name="practice"),
        CheckConstraint("removed_at IS NULL OR is_practice", name="removed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    tier: Mapped[Tier]
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"), index=True)
    year: Mapped[int]
    state: Mapped[ContestState] = mapped_column(default=ContestState.DRAFT)
    registration_opens_on: Mapped[date]
    registration_closes_on: Mapped[date]
    scoring_closes_on: Mapped[date]
    rubric_version_id: Mapped[int] = mapped_column(ForeignKey("rubric_versions.id"))
    rules_json: Mapped[str] = mapped_column(Text)
    rules_digest: Mapped[str | None] = mapped_column(String(64))
    rules_frozen_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    current_pass: Mapped[int] = mapped_column(default=1, server_default="1")
    is_example: Mapped[bool] = mapped_column(default=False)
    is_practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    practice_of_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"), index=True)
    removed_at: Mapped[
        datetime | None
    ]  # a practice contest that was deleted: only the ledger still tells of it
    created_at: Mapped[datetime]

    territory: Mapped[Territory] = relationship(lazy="raise")
    rubric_version: Mapped[RubricVersion] = relationship(lazy="raise")

    @property
    def calendar(self) -> Calendar:
        """The days of the contest."""
        return Calendar(self.registration_opens_on, self.registration_closes_on, self.scoring_closes_on)

    @property
    def rules(self) -> ContestRules:
        """The rules as they stand."""
        return rules_from_json(self.rules_json)


class Entry(Base):
    """A product in a contest (sản phẩm tham gia bình chọn), with its dossier as submitted."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("contest_id", "product_id"),
        UniqueConstraint("contest_id", "code"),
        CheckConstraint("(state = 'accepted') = (code IS NOT NULL)", name="code_when_accepted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("product_groups.code"))
    code: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[EntryState] = mapped_column(default=EntryState.DRAFT)
    dossier: Mapped[dict[str, Any]] = mapped_column(default=dict)
    receipt_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    submitted_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    review_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    contest: Mapped[Contest] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")
    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="entry", lazy="raise", order_by="Attachment.id"
    )


class StoredFile(Base):
    """A file in the store; its name there is its SHA-256. A photo has a small picture for lists beside it."""

    __tablename__ = "stored_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    thumbnail_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))
    stored_at: Mapped[datetime]


class Attachment(Base):
    """A document of a dossier (tài liệu kèm theo)."""

    __tablename__ = "attachments"
    __table_args__ = (Index(None, "entry_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    kind: Mapped[AttachmentKind]
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    name: Mapped[str] = mapped_column(String(255))
    added_at: Mapped[datetime]

    entry: Mapped[Entry] = relationship(back_populates="attachments", lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise")


class Qualification(Base):
    """By what an entry may take part above the lowest tier: a lower certificate, or an exemption and its reason."""

    __tablename__ = "qualifications"
    __table_args__ = (CheckConstraint("(certificate_id IS NULL) = (exemption <> '')", name="one_ground"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("issued_certificates.id"), index=True)
    exemption: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]


class Nomination(Base):
    """A recognised entry sent up to the next tier (đề nghị tham gia bình chọn cấp trên)."""

    __tablename__ = "nominations"
    __table_args__ = (
        UniqueConstraint("entry_id", "to_contest_id"),
        ForeignKeyConstraint(["new_entry_id"], ["entries.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    to_contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    new_entry_id: Mapped[int] = mapped_column(unique=True)
    nominated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    nominated_at: Mapped[datetime]
