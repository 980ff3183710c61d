"""Saves that a judge's browser sends by itself: each is carried out once, however often it arrives."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput
from app.domain.judging import check_save_key, check_version
from app.domain.messages import N_, Message
from app.domain.permissions import Actor
from app.models import SheetSave
from app.models.base import canonical_json
from app.queries.conflicts import own_sheet
from app.services.judging import SaveSheet, open_desk, save_on


@dataclass(frozen=True)
class Autosave:
    """What to save, and the key by which it is known when the answer was lost and it is sent again."""

    key: str
    sheet: SaveSheet

    @property
    def sha256(self) -> str:
        """Hash of all that it would save."""
        return hashlib.sha256(canonical_json(vars(self.sheet)).encode()).hexdigest()


@dataclass(frozen=True)
class Saved:
    """The version that a sheet has after the save, and when it was made; it is on disk once the caller commits."""

    version: int
    saved_at: datetime | None


def autosave_sheet(session: Session, command: Autosave, *, actor: Actor, now: datetime) -> Saved:
    """Save a judge's draft once; the same key again gives the first answer and changes nothing.

    Raises
    ------
    NotFound, StaleVersion, IllegalState, InvalidInput
        As `save_sheet` does. A key that came with other content before is InvalidInput.
    """
    check_save_key(command.key)
    desk = open_desk(session, command.sheet.sheet_id, own_sheet(actor))
    before = session.get(SheetSave, (desk.sheet.id, command.key))  # after the lock: nobody else adds it now
    if before is not None:
        if before.sha256 != command.sha256:
            raise InvalidInput({"key": Message(N_("This key was used for another save. Reload the page."))})
        return Saved(before.version, before.saved_at)
    desk.check_open()
    check_version(desk.sheet.version, command.sheet.version)  # even if it changes nothing: the page is old
    sheet = save_on(session, desk, command.sheet, actor=actor, now=now)
    session.add(
        SheetSave(
            sheet_id=sheet.id,
            key=command.key,
            sha256=command.sha256,
            version=sheet.version,
            saved_at=sheet.saved_at,
        )
    )
    return Saved(sheet.version, sheet.saved_at)
