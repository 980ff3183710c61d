"""Computed results, the council's ballot, the decision, and the certificates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.certificates import CertificateStatus
from app.domain.results import Choice, Office, Outcome
from app.models.base import Base
from app.models.contests import Contest, Entry
from app.models.people import User


class Computation(Base):
    """One run of the scoring module over a contest, with the digests of what went in."""

    __tablename__ = "computations"
    __table_args__ = (UniqueConstraint("contest_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    version: Mapped[int]
    pass_no: Mapped[int] = mapped_column(default=1, server_default="1")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")  # of a correction
    rules_digest: Mapped[str] = mapped_column(String(64))
    inputs_digest: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    results: Mapped[list["Result"]] = relationship(back_populates="computation", lazy="raise")


class Result(Base):
    """What the jury's marks make of one entry: an exact fraction in hundredths, its place and the rule that decided."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("computation_id", "entry_id"),
        CheckConstraint(
            "(outcome IN ('not_scored', 'not_advanced')) = (rank IS NULL) AND (rank IS NULL) = (numerator IS NULL)"
            " AND (numerator IS NULL) = (denominator IS NULL)",
            name="scored",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    computation_id: Mapped[int] = mapped_column(ForeignKey("computations.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    sheets: Mapped[int]
    numerator: Mapped[int | None] = mapped_column(BigInteger)
    denominator: Mapped[int | None] = mapped_column(BigInteger)
    rank: Mapped[int | None]
    outcome: Mapped[Outcome]
    decided_by: Mapped[str | None] = mapped_column(String(20))
    spread: Mapped[int | None]
    prize: Mapped[str | None] = mapped_column(String(20))
    prize_tied: Mapped[bool] = mapped_column(default=False, server_default=false())

    computation: Mapped[Computation] = relationship(back_populates="results", lazy="raise")
    entry: Mapped[Entry] = relationship(lazy="raise")


class CouncilMember(Base):
    """A member of a contest's council (hội đồng bình chọn)."""

    __tablename__ = "council_members"
    __table_args__ = (UniqueConstraint("contest_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    office: Mapped[Office]
    position: Mapped[str] = mapped_column(String(200), default="")
    appointed_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")


class Ballot(Base):
    """The council's vote (biểu quyết) on the jury's list of one contest."""

    __tablename__ = "ballots"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), unique=True)
    place: Mapped[str] = mapped_column(String(200))
    members: Mapped[int]
    quorum: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closing_note: Mapped[str] = mapped_column(Text, default="")

    contest: Mapped[Contest] = relationship(lazy="raise")
    items: Mapped[list["BallotItem"]] = relationship(
        back_populates="ballot", lazy="raise", order_by="BallotItem.id"
    )


class BallotItem(Base):
    """An entry put to the vote; the counts are written when the ballot closes."""

    __tablename__ = "ballot_items"
    __table_args__ = (UniqueConstraint("ballot_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    on_jury_list: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    yes: Mapped[int | None]
    no: Mapped[int | None]
    abstain: Mapped[int | None]
    carried: Mapped[bool | None]
    prize: Mapped[str | None] = mapped_column(String(20))  # what the council gives; at first the jury's
    prize_reason: Mapped[str] = mapped_column(Text, default="", server_default="")  # where it settled it

    ballot: Mapped[Ballot] = relationship(back_populates="items", lazy="raise")
    entry: Mapped[Entry] = relationship(lazy="raise")
    votes: Mapped[list["Vote"]] = relationship(back_populates="item", lazy="raise")


class Vote(Base):
    """One council member's choice on one entry."""

    __tablename__ = "votes"
    __table_args__ = (UniqueConstraint("item_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("ballot_items.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_members.id"), index=True)
    choice: Mapped[Choice]
    cast_at: Mapped[datetime]

    item: Mapped[BallotItem] = relationship(back_populates="votes", lazy="raise")


class Decision(Base):
    """The decision (quyết định) that recognises the products of a contest; it stands until another replaces it."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(
            "uq_decisions_one_standing_for_a_contest",
            "contest_id",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        CheckConstraint("(superseded_at IS NULL) = (superseded_reason = '')", name="superseded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]
    signing_body: Mapped[str] = mapped_column(String(200))
    signatory_title: Mapped[str] = mapped_column(String(200))
    signatory: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(100))
    recorded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    superseded_reason: Mapped[str] = mapped_column(Text, default="", server_default="")


class WithdrawnList(Base):
    """A list as it was public, and why it was withdrawn to be corrected; it stays readable."""

    __tablename__ = "withdrawn_lists"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))  # of a final list
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]]  # "rows": what the public page said of each product

    decision: Mapped[Decision | None] = relationship(lazy="raise")


class CertificateRegister(Base):
    """The last number given in one series of one year; its row is the lock under which numbers are taken."""

    __tablename__ = "certificate_registers"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_serial: Mapped[int] = mapped_column(default=0)


class IssuedCertificate(Base):
    """A certificate (giấy chứng nhận) that was given: everything it prints, and the hash of its file."""

    __tablename__ = "issued_certificates"
    __table_args__ = (
        UniqueConstraint("series", "year", "serial"),
        Index(
            "uq_issued_certificates_one_valid_for_an_entry",
            "entry_id",
            unique=True,
            sqlite_where=text("status = 'valid'"),
            postgresql_where=text("status = 'valid'"),
        ),
        CheckConstraint("serial >= 1", name="serial"),
        CheckConstraint("valid_until > issued_on", name="validity"),
        CheckConstraint("(status = 'revoked') = (revoked_at IS NOT NULL)", name="revoked"),
        CheckConstraint("(replaces_id IS NULL) = (reissue_reason = '')", name="reissued"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    series: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    status: Mapped[CertificateStatus] = mapped_column(default=CertificateStatus.VALID)
    issued_on: Mapped[date]
    valid_until: Mapped[date]
    printed: Mapped[dict[str, Any]]
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    revoked_at: Mapped[datetime | None]
    revocation_reason: Mapped[str] = mapped_column(Text, default="")
    revoked_by_decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("issued_certificates.id"), unique=True)
    reissue_reason: Mapped[str] = mapped_column(Text, default="")

    entry: Mapped[Entry] = relationship(lazy="raise", foreign_keys=[entry_id])
