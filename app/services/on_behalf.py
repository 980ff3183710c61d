"""Submitting a judge's sheet by somebody else's hand: from a spreadsheet, or typed from paper by two people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.ledger import SheetSource
from app.domain.permissions import Actor
from app.services.judging import Content, Desk


@dataclass(frozen=True)
class OnBehalf:
    """What goes on a judge's sheet: all of its marks, in hundredths by the code of their line."""

    judge: str
    marks: Mapping[str, int]
    remark: str
    source: SheetSource


def submit_on_behalf(
    session: Session, desk: Desk, command: OnBehalf, *, actor: Actor, now: datetime, **details: object
) -> None:
    """Put the marks on the sheet and submit it; the ledger says for whom, from where, and by whom.

    Raises
    ------
    IllegalState
        The sheet is submitted already, or its pass is not being scored.
    InvalidInput
        A mark is missing or breaks a rule.
    """
    desk.check_open()
    before = desk.content
    after = Content(dict(command.marks), before.notes, command.remark or before.remark)
    desk.check(after)
    desk.submit(session, actor, after, now, on_behalf_of=command.judge, source=command.source, **details)
