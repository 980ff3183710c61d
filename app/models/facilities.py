"""Facilities and what they make."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.facilities import FacilityKind
from app.models.base import Base
from app.models.territories import Territory


class ProductGroup(Base):
    """One of the product groups (nhóm sản phẩm); a contest may word its label otherwise."""

    __tablename__ = "product_groups"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))


class Facility(Base):
    """A rural industrial facility (cơ sở công nghiệp nông thôn)."""

    __tablename__ = "facilities"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    folded_name: Mapped[str] = mapped_column(String(300), index=True)
    kind: Mapped[FacilityKind]
    tax_code: Mapped[str] = mapped_column(String(14), unique=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"), index=True)
    address: Mapped[str] = mapped_column(String(300))
    representative: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]

    territory: Mapped[Territory] = relationship(lazy="raise")
    products: Mapped[list["Product"]] = relationship(back_populates="facility", lazy="raise")


class Product(Base):
    """A product or a set of products (sản phẩm, bộ sản phẩm) of one facility."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("facility_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    name: Mapped[str] = mapped_column(String(300))
    folded_name: Mapped[str] = mapped_column(String(300), index=True)
    is_set: Mapped[bool] = mapped_column(default=False)
    group_code: Mapped[str] = mapped_column(ForeignKey("product_groups.code"))
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    facility: Mapped[Facility] = relationship(back_populates="products", lazy="raise")
