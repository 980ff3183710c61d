"""Heads of the ledger that were made known, and where in its tree an event stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ledger import Occasion
from app.domain.vietnamese import in_vietnam
from app.models import LedgerHead


@dataclass(frozen=True)
class Head:
    """A head (mã gốc): the root over the first `size` lines of a contest's ledger."""

    size: int
    root: str
    occasion: Occasion
    made_at: datetime


@dataclass(frozen=True)
class HeadGroup:
    """Heads that follow each other on one day for one occasion, as when certificates are issued in batches."""

    newest: Head  # proves all that the earlier ones do
    earlier: tuple[Head, ...]  # the newest of them first


def grouped(heads: Sequence[Head]) -> tuple[HeadGroup, ...]:
    """Heads in their order, those of one occasion and day in Vietnam together."""
    runs = [tuple(run) for _key, run in groupby(heads, key=lambda head: (head.occasion, _day(head)))]
    return tuple(HeadGroup(run[-1], run[-2::-1]) for run in runs)


def _day(head: Head) -> date:
    return in_vietnam(head.made_at).date()


def heads_of(session: Session, contest_id: int) -> tuple[Head, ...]:
    """Every head of a contest that was made known, oldest first."""
    rows = session.scalars(select(LedgerHead).where(LedgerHead.tree == contest_id).order_by(LedgerHead.id))
    return tuple(Head(row.size, row.root, Occasion(row.occasion), row.made_at) for row in rows)


def newest_head(session: Session, contest_id: int, *occasions: Occasion) -> Head | None:
    """The newest head of a contest, or the newest on these occasions; None if there is none."""
    found = [head for head in heads_of(session, contest_id) if not occasions or head.occasion in occasions]
    return found[-1] if found else None


def said_of_head(head: Head | None) -> str:
    """A head as documents print it, in Vietnamese; nothing for contests older than the tree."""
    return f" Mã gốc nhật ký ({head.size} dòng, SHA-256): {head.root}." if head else ""
