"""The receipt of a submitted sheet: its place in the ledger's tree, and the proof that it is there."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.judging import SheetState
from app.domain.ledger import SheetAct
from app.domain.permissions import Actor
from app.models import (
    Contest,
    Criterion,
    Entry,
    Judge,
    LedgerEvent,
    LedgerLeaf,
    Mark,
    Product,
    ScoreSheet,
)
from app.queries.conflicts import own_sheet
from app.queries.ledger import Head, newest_head
from app.services.ledger import leaf_of
from app.services.merkle import inclusion_proof, is_included, root
from app.services.sequencing import leaf_hashes, sequence


@dataclass(frozen=True)
class Receipt:
    """One submission of an own sheet, with all that another program needs to check that it is in the tree."""

    sheet_id: int
    contest: str
    code: str
    product: str
    submitted_at: datetime
    reopened_at: datetime | None  # since then the judge may have changed it, and has not submitted it again
    leaf: str
    leaf_hash: str
    index: int
    size: int
    root: str
    proof: tuple[str, ...]
    is_included: bool
    agrees: bool  # whether product and marks are still those that were submitted
    published: Head | None  # the newest head that was made known; it may be older than the tree

    @property
    def short_code(self) -> str:
        """The first letters of the leaf hash, to read out."""
        return "-".join(self.leaf_hash[at : at + 4].upper() for at in (0, 4, 8, 12))

    @property
    def is_published(self) -> bool:
        """Whether a head that was made known covers this submission."""
        return self.published is not None and self.index < self.published.size


def receipt_of(session: Session, sheet_id: int, *, actor: Actor) -> Receipt:
    """The receipt of the newest submission of an own sheet; gives it its place in the tree if it has none yet.

    Raises
    ------
    NotFound
        The sheet is not this judge's, or was never submitted.
    """
    row = session.execute(_newest_submission(sheet_id, actor)).one_or_none()
    if row is None:
        raise NotFound
    event, sheet, contest, code, product = row
    size = sequence(session, contest.id)
    hashes = leaf_hashes(session, contest.id, size)
    index = session.scalars(select(LedgerLeaf.leaf_index).where(LedgerLeaf.event_id == event.id)).one()
    proof, head = inclusion_proof(index, hashes), root(hashes)
    return Receipt(
        sheet_id=sheet_id,
        contest=contest.name,
        code=code or "",
        product=product,
        submitted_at=event.at,
        reopened_at=_reopened_at(session, event),
        leaf=leaf_of(event),
        leaf_hash=event.sha256,
        index=index,
        size=size,
        root=head.hex(),
        proof=tuple(step.hex() for step in proof),
        is_included=is_included(bytes.fromhex(event.sha256), index, size, proof, head),
        agrees=_agrees(session, sheet, json.loads(event.details)),
        published=newest_head(session, contest.id),
    )


def _newest_submission(sheet_id: int, actor: Actor) -> Select[*tuple[Any, ...]]:
    """Select the newest submission of an own sheet, with the sheet, its contest, and what was scored."""
    return (
        select(LedgerEvent, ScoreSheet, Contest, Entry.code, Product.name)
        .join(ScoreSheet, ScoreSheet.id == LedgerEvent.subject_id)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            LedgerEvent.subject_kind == ScoreSheet.__tablename__,
            LedgerEvent.subject_id == sheet_id,
            LedgerEvent.action == SheetAct.SUBMIT,
            own_sheet(actor),
        )
        .order_by(LedgerEvent.id.desc())
        .limit(1)
    )


def _reopened_at(session: Session, submission: LedgerEvent) -> datetime | None:
    """When the sheet of this submission, the newest, was given back to its judge."""
    return session.scalar(
        select(func.min(LedgerEvent.at)).where(
            LedgerEvent.subject_kind == submission.subject_kind,
            LedgerEvent.subject_id == submission.subject_id,
            LedgerEvent.action == SheetAct.REOPEN,
            LedgerEvent.id > submission.id,
        )
    )


def _agrees(session: Session, sheet: ScoreSheet, said: dict[str, Any]) -> bool:
    """Whether a sheet is still of the judge, product and pass that the ledger names, and a final one has its marks."""
    of = {"judge": sheet.judge_id, "entry": sheet.entry_id, "pass": sheet.pass_no}
    given = (
        select(Criterion.code, Mark.value)
        .join(Mark, Mark.criterion_id == Criterion.id)
        .where(Mark.sheet_id == sheet.id)
    )
    marks = dict(session.execute(given).all())
    is_same = sheet.state is not SheetState.SUBMITTED or marks == said["marks"]
    return is_same and all(said.get(name, value) == value for name, value in of.items())
