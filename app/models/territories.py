"""Where contests are held: territories of every tier, with the dates between which each existed."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.tiers import Tier
from app.models.base import Base


class Territory(Base):
    """A commune, a province, an award region or the nation (địa bàn), as it was between two dates.

    Codes are reused after mergers, so the key is tier, code and first day. A commune lies in one province, which
    its full name names: "Xã Tân Hòa, tỉnh Lâm Đồng".
    """

    __tablename__ = "territories"
    __table_args__ = (
        UniqueConstraint("tier", "code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tier: Mapped[Tier]
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(100))
    full_name: Mapped[str] = mapped_column(String(150))
    name_en: Mapped[str] = mapped_column(String(150))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    province_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"), index=True)  # of a commune

    organisers: Mapped[list["Organiser"]] = relationship(back_populates="territory", lazy="raise")


class TerritorySuccession(Base):
    """One territory became part of another on a day."""

    __tablename__ = "territory_successions"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("territories.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("territories.id"), primary_key=True, index=True)
    on: Mapped[date]
    basis: Mapped[str] = mapped_column(String(300))


class RegionMembership(Base):
    """A province belonged to an award region between two dates; the basis says on whose word."""

    __tablename__ = "region_memberships"
    __table_args__ = (UniqueConstraint("province_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("territories.id"), index=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(300))


class Organiser(Base):
    """Who organises and who signs (cơ quan tổ chức, người ký) in a territory between two dates."""

    __tablename__ = "organisers"
    __table_args__ = (UniqueConstraint("territory_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    parent_name: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    signing_body: Mapped[str] = mapped_column(String(200))
    signatory_title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(100))
    basis: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    territory: Mapped[Territory] = relationship(back_populates="organisers", lazy="raise")
