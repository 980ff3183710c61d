"""People who sign in, what they are, and the invitations by which they came."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.domain.permissions import Role
from app.domain.results import Office
from app.domain.vietnamese import fold
from app.models.base import Base


class User(Base):
    """A person with an account. Sign-in itself (hashes, second factor) is Flask-Security's."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="small_letters"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(128))
    tf_last_counter: Mapped[int | None]  # a code is good for one sign-in
    mf_recovery_codes: Mapped[list[Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", lazy="raise")

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded_name = fold(name)
        return name


class Membership(Base):
    """A role of one person, in one place: a territory, a contest or a facility.

    Judges and council members are rows of their contest (`Judge`, `CouncilMember`), not memberships.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(
            "(role = 'administrator' AND territory_id IS NULL AND contest_id IS NULL AND facility_id IS NULL)"
            " OR (role = 'organiser' AND territory_id IS NOT NULL)"
            # One who is invited to register a facility has only the territory to do it in.
            " OR (role = 'facility_user' AND (facility_id IS NOT NULL OR territory_id IS NOT NULL))"
            " OR (role = 'observer' AND contest_id IS NOT NULL)",
            name="place_fits_role",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role]
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"), index=True)
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="memberships", lazy="raise")


class Invitation(Base):
    """A one-time link: to an account or one more role, or to a new password for the account it names."""

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint("(role IS NULL) = (user_id IS NOT NULL)", name="role_or_password"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(255), index=True)
    name: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role | None]
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"))
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"))
    position: Mapped[str] = mapped_column(String(200), default="")
    office: Mapped[Office | None]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A password or code that was tried and was not right, or not yet known to be; kept for as long as it counts."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))  # a hash: what was typed may be no address at all
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
