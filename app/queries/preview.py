"""Score sheets as a judge sees them before anything is on them, for the organiser who has put so on record."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, require
from app.domain.judging import SheetState
from app.domain.ledger import PREVIEW
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.models import Contest, Entry, Facility, LedgerEvent, Product, ScoreSheet
from app.queries.conflicts import is_recused
from app.queries.dossiers import dossier_page
from app.queries.earlier_certificates import earlier_certificates
from app.queries.judging import OwnContest, own_contest
from app.queries.passes import is_scored_now
from app.queries.progress import code_key
from app.queries.scope import contest_for
from app.queries.score_sheet import SheetPage
from app.queries.site_visits import visits_of

LASTS = timedelta(hours=12)
OVER = N_("This preview was opened too long ago. Open it again from the page of the jury.")


@dataclass(frozen=True)
class Preview:
    """A preview that was opened: of which contest, and as which judge; no judge is one of every product group."""

    id: int
    contest: OwnContest
    judge_id: int | None
    judge: str


@dataclass(frozen=True)
class PreviewLine:
    """An entry in the list."""

    entry_id: int
    code: str
    product: str
    facility: str
    group_code: str


@dataclass(frozen=True)
class PreviewList:
    """The entries that the judge would score now."""

    preview: Preview
    lines: tuple[PreviewLine, ...]


@dataclass(frozen=True)
class PreviewSheet(SheetPage):
    """The empty sheet of one entry; nothing can be saved on it."""

    is_preview: ClassVar[bool] = True
    preview: Preview


def preview_list(session: Session, actor: Actor, event_id: int, now: datetime) -> PreviewList:
    """The list of a preview that this person opened."""
    preview, contest = _preview(session, actor, event_id, now)
    return PreviewList(preview, tuple(_lines(session, preview, contest)))


def preview_sheet(
    session: Session, actor: Actor, event_id: int, entry_id: int, now: datetime
) -> PreviewSheet:
    """The empty sheet of one entry of the list."""
    preview, contest = _preview(session, actor, event_id, now)
    found = _lines(session, preview, contest, Entry.id == entry_id)
    if not found:
        raise NotFound
    line = found[0]
    return PreviewSheet(
        sheet_id=0,  # there is none
        pass_no=contest.current_pass,
        version=0,
        state=SheetState.DRAFT,
        contest=preview.contest,
        entry_id=entry_id,
        judge_id=preview.judge_id or 0,
        code=line.code,
        group=contest.rules.group(line.group_code),
        product=line.product,
        facility=line.facility,
        dossier=dossier_page(session, entry_id),
        visits=visits_of(session, entry_id) if contest.current_pass > 1 else (),
        certificates=earlier_certificates(session, session.get_one(Entry, entry_id)),
        marks={},
        earlier_marks={},
        notes={},
        remark="",
        saved_at=None,
        submitted_at=None,
        reopen_reason="",
        receipt=None,
        preview=preview,
    )


def _preview(session: Session, actor: Actor, event_id: int, now: datetime) -> tuple[Preview, Contest]:
    """What the ledger says was opened; NotFound if somebody else did, IllegalState if it was long ago."""
    event = session.scalars(
        select(LedgerEvent).where(
            LedgerEvent.id == event_id,
            LedgerEvent.action == PREVIEW,
            LedgerEvent.actor_id == actor.user_id,
        )
    ).one_or_none()
    if event is None or event.contest_id is None:
        raise NotFound
    contest = contest_for(session, actor, Permission.JURY_APPOINT, event.contest_id)
    require(now - event.at < LASTS, OVER)
    told = json.loads(event.details)
    own = own_contest(contest, is_head=False)
    return Preview(event.id, own, told["judge_id"], told.get("judge", "")), contest


def _lines(
    session: Session, preview: Preview, contest: Contest, *conditions: ColumnElement[bool]
) -> list[PreviewLine]:
    found = (
        select(Entry.id, func.coalesce(Entry.code, ""), Product.name, Facility.name, Entry.group_code)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(is_scored_now(contest), *conditions)
    )
    if preview.judge_id is not None:
        found = found.join(ScoreSheet, ScoreSheet.entry_id == Entry.id).where(
            ScoreSheet.judge_id == preview.judge_id,
            ScoreSheet.pass_no == contest.current_pass,
            not_(is_recused()),
        )
    lines = [PreviewLine(*row) for row in session.execute(found)]
    return sorted(lines, key=lambda line: code_key(line.code))
