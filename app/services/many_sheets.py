"""Several of a judge's sheets in one go: each by itself, so that one that is refused keeps none of the others back."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.permissions import Actor
from app.services.judging import SaveSheet, save_sheet, submit_sheet

Refused = dict[int, DomainError]  # id of a sheet -> why nothing of it was kept


def save_sheets(session: Session, commands: Iterable[SaveSheet], *, actor: Actor, now: datetime) -> Refused:
    """Keep what a judge typed on several sheets, as `save_sheet` does for one."""
    return _each(session, commands, lambda one: save_sheet(session, one, actor=actor, now=now))


def submit_sheets(session: Session, commands: Iterable[SaveSheet], *, actor: Actor, now: datetime) -> Refused:
    """Make several sheets of a judge final, as `submit_sheet` does for one."""
    return _each(session, commands, lambda one: submit_sheet(session, one, actor=actor, now=now))


def _each(session: Session, commands: Iterable[SaveSheet], act: Callable[[SaveSheet], object]) -> Refused:
    refused: Refused = {}
    for command in sorted(commands, key=lambda one: one.sheet_id):  # locks are taken in one order everywhere
        try:
            with session.begin_nested():
                act(command)
        except DomainError as error:
            refused[command.sheet_id] = error
    return refused
