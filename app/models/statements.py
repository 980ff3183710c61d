"""What judges declare of themselves: the impartiality statement, and their word on possible conflicts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.judging import Judge
from app.models.people import User


class ImpartialityStatement(Base):
    """A judge's dated statement for one contest (bản cam kết khách quan); the newest of a judge stands.

    Signed in the system under a version of the wording, or on paper, which the secretary records.
    """

    __tablename__ = "impartiality_statements"
    __table_args__ = (
        CheckConstraint("(wording = '') = (language = '')", name="language"),
        CheckConstraint("wording <> '' OR recorded_by_id IS NOT NULL", name="paper"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"), index=True)
    signed_on: Mapped[date]
    wording: Mapped[str] = mapped_column(String(20))  # its version; empty for one on paper
    language: Mapped[str] = mapped_column(String(8))  # in which the judge read it
    employer: Mapped[str] = mapped_column(String(300))
    employer_tax_code: Mapped[str] = mapped_column(String(14))
    address: Mapped[str] = mapped_column(String(300))
    links: Mapped[str] = mapped_column(Text)  # facilities the judge has to do with, one a line
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]

    judge: Mapped[Judge] = relationship(lazy="raise")
    recorded_by: Mapped[User | None] = relationship(lazy="raise")

    @property
    def is_on_paper(self) -> bool:
        """Whether the judge signed it on paper."""
        return not self.wording


class ConflictAnswer(Base):
    """A judge's word that a possible conflict is none, for the facts that were shown; the organiser may accept it."""

    __tablename__ = "conflict_answers"
    __table_args__ = (
        UniqueConstraint("judge_id", "entry_id"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("accepted_by_id IS NULL OR accepted_at IS NOT NULL", name="accepted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    facts_sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None]
