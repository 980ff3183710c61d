"""Giving the ledger's events their places in the tree, and making heads of it known."""

from datetime import datetime

from sqlalchemy import func, insert, literal, select, text
from sqlalchemy.orm import Session

from app.domain.ledger import Occasion
from app.models import LedgerEvent, LedgerHead, LedgerLeaf
from app.services.merkle import root

NO_CONTEST = 0
LOCK = 0x6C656467  # "ledg": tells these advisory locks from others on the server


def sequence(session: Session, contest_id: int | None) -> int:
    """Give each event of a contest (or of none) that has no place yet the next one; tell the tree's size.

    One at a time: on PostgreSQL under a lock of its own, so that nobody who saves a mark ever waits for it; on
    SQLite there is one writer anyway. An event that is committed later than a younger one comes after it.
    """
    tree = contest_id or NO_CONTEST
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock, :tree)"), {"lock": LOCK, "tree": tree})
    session.flush()
    size = tree_size(session, contest_id)
    of_tree = LedgerEvent.contest_id == contest_id if contest_id else LedgerEvent.contest_id.is_(None)
    unplaced = (
        select(LedgerEvent.id, literal(tree), size - 1 + func.row_number().over(order_by=LedgerEvent.id))
        .outerjoin(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id)
        .where(of_tree, LedgerLeaf.event_id.is_(None))
    )
    session.execute(insert(LedgerLeaf).from_select(["event_id", "tree", "leaf_index"], unplaced))
    return tree_size(session, contest_id)


def tree_size(session: Session, contest_id: int | None) -> int:
    """How many leaves a tree has."""
    leaves = select(func.count()).where(LedgerLeaf.tree == (contest_id or NO_CONTEST))
    return session.scalar(leaves) or 0


def leaf_hashes(session: Session, contest_id: int | None, size: int) -> list[bytes]:
    """The first leaf hashes of a tree, in order."""
    hashes = session.scalars(
        select(LedgerEvent.sha256)
        .join(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id)
        .where(LedgerLeaf.tree == (contest_id or NO_CONTEST), LedgerLeaf.leaf_index < size)
        .order_by(LedgerLeaf.leaf_index)
    )
    return [bytes.fromhex(sha256) for sha256 in hashes]


def publish_head(session: Session, contest_id: int, occasion: Occasion, *, now: datetime) -> LedgerHead:
    """Keep the head of the tree over all events so far, to be printed and shown; once kept it stays."""
    size = sequence(session, contest_id)
    head = LedgerHead(
        tree=contest_id,
        size=size,
        root=root(leaf_hashes(session, contest_id, size)).hex(),
        occasion=occasion.value,
        made_at=now,
    )
    session.add(head)
    session.flush()
    return head
