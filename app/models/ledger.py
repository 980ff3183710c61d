"""The ledger (nhật ký): every act, append-only, and the Merkle tree over it.

Triggers in the database refuse to change or delete a row of these tables.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class LedgerEvent(Base):
    """Who did what, when, old -> new; `sha256` is the hash of its leaf in the tree.

    The salt keeps what is withheld from a bundle from being guessed by its hash.
    """

    __tablename__ = "ledger_events"
    __table_args__ = (Index(None, "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(String(200))
    on_behalf_of: Mapped[str] = mapped_column(String(200), default="", server_default="")
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    details: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32), default="", server_default="")
    sha256: Mapped[str] = mapped_column(String(64))


class LedgerLeaf(Base):
    """Where an event stands in its tree: that of its contest, or tree 0 for events of no contest.

    The tree refers to no contest: giving an index must not wait for whoever holds the contest's row.
    """

    __tablename__ = "ledger_leaves"
    __table_args__ = (
        UniqueConstraint("tree", "leaf_index"),
        CheckConstraint("leaf_index >= 0", name="leaf_index"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("ledger_events.id"), primary_key=True)
    tree: Mapped[int]
    leaf_index: Mapped[int]


class LedgerHead(Base):
    """A head (mã gốc) of a tree that was made known: the root over its first `size` leaves, and on what occasion."""

    __tablename__ = "ledger_heads"
    __table_args__ = (
        Index(None, "tree", "size"),
        CheckConstraint("size >= 1", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tree: Mapped[int]
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    occasion: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
