"""Entries whose judges lie far apart (sản phẩm cần thảo luận): which they are, and which are still open."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.models import Discussion, Entry, Mark, Product, ScoreSheet, User
from app.models.base import canonical_json
from app.queries.counting import counting
from app.queries.passes import InPass
from app.queries.progress import code_key


@dataclass(frozen=True)
class Settled:
    """What the jury agreed on, and for which spread, in hundredths of a point."""

    spread: int
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class WideEntry:
    """An entry whose counting sheets lie, or lay, more than the limit apart; hundredths of a point."""

    entry_id: int
    code: str
    product: str
    group_code: str
    spread: int
    limit: int
    settled: Settled | None
    totals: tuple[int, ...] = ()  # lowest first

    @property
    def is_wide(self) -> bool:
        """Whether its sheets are too far apart as they stand now."""
        return self.spread > self.limit

    @property
    def is_open(self) -> bool:
        """Whether the jury still has to settle it."""
        return self.is_wide and (self.settled is None or self.settled.spread != self.spread)

    @property
    def settled_digest(self) -> str:
        """What tells apart what the jury agreed on at one time and at another; empty for nothing yet."""
        if self.settled is None:
            return ""
        said = [self.settled.spread, self.settled.note, self.settled.at.isoformat()]
        return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def open_discussions(session: Session, contest: InPass) -> tuple[str, ...]:
    """Codes of the entries that keep the current pass from being closed."""
    entries = [wide_entry(row, contest, {}) for row in session.execute(wide_entries(contest))]
    codes = (entry.code for entry in entries if entry.is_open)
    return tuple(sorted(codes, key=code_key))


def _spreads(contest: InPass) -> Select[*tuple[Any, ...]]:
    """Entry and spread of the totals of its counting sheets, in hundredths."""
    totals = (
        counting(
            select(ScoreSheet.entry_id, func.sum(Mark.value).label("total")).join(
                Mark, Mark.sheet_id == ScoreSheet.id
            ),
            contest.id,
            contest.current_pass,
        )
        .group_by(ScoreSheet.entry_id, ScoreSheet.id)
        .subquery()
    )
    spread = func.max(totals.c.total) - func.min(totals.c.total)
    return select(totals.c.entry_id, spread.label("spread")).group_by(totals.c.entry_id)


def wide_entries(contest: InPass) -> Select[*tuple[Any, ...]]:
    """Select entries over the limit, and those once discussed in this pass, with what was agreed."""
    spreads = _spreads(contest).subquery()
    of_pass = and_(Discussion.entry_id == Entry.id, Discussion.pass_no == contest.current_pass)
    return (
        select(
            Entry.id,
            func.coalesce(Entry.code, ""),
            Product.name,
            Entry.group_code,
            spreads.c.spread,
            Discussion,
            User.name,
        )
        .join(spreads, spreads.c.entry_id == Entry.id)
        .join(Product, Product.id == Entry.product_id)
        .outerjoin(Discussion, of_pass)
        .outerjoin(User, User.id == Discussion.settled_by_id)
        .where(or_(spreads.c.spread > contest.rules.spread_limit, Discussion.id.is_not(None)))
    )


def wide_entry(row: Any, contest: InPass, totals: Mapping[int, list[int]]) -> WideEntry:
    """One row of `wide_entries`, with the totals of its sheets by entry."""
    entry_id, code, product, group, spread, discussion, by = row
    settled = None
    if discussion is not None:
        settled = Settled(discussion.spread, discussion.note, by or "", discussion.settled_at)
    return WideEntry(
        entry_id,
        code,
        product,
        group,
        spread,
        contest.rules.spread_limit,
        settled,
        tuple(sorted(totals.get(entry_id, ()))),
    )
