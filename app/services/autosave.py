"""Saves that a judge's browser sends by itself: each is carried out once, however often it arrives."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput
from app.domain.judging import check_save_key, check_version
from app.domain.messages import N_, Message
from app.domain.permissions import Actor
from app.models import SheetSave
from app.models.base import canonical_json
from app.services.judging import SaveSheet, own_desk, save_on


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
    is_overtaken: bool = False  # it was answered before, and the sheet has been saved again since


def autosave_sheet(session: Session, command: Autosave, *, actor: Actor, now: datetime) -> Saved:
    """Save a judge's draft once; the same key again gives the first answer and changes nothing.

    Raises
    ------
    NotFound, StaleVersion, IllegalState, InvalidInput
        As `save_sheet` does. A key that came with other content before is InvalidInput.
    """
    check_save_key(command.key)
    desk = own_desk(session, command.sheet.sheet_id, actor)
    # After the lock: nobody else adds it now.
    before = session.execute(_BEFORE, {"sheet_id": desk.sheet.id, "key": command.key}).one_or_none()
    if before is not None:
        if before.sha256 != command.sha256:
            raise InvalidInput({"key": Message(N_("This key was used for another save. Reload the page."))})
        return Saved(before.version, before.saved_at, is_overtaken=before.version != desk.sheet.version)
    desk.check_open()
    check_version(desk.sheet.version, command.sheet.version)  # even if it changes nothing: the page is old
    sheet = save_on(session, desk, command.sheet, actor=actor, now=now)
    saved = Saved(sheet.version, sheet.saved_at)
    row = {"version": saved.version, "saved_at": saved.saved_at}
    session.execute(_KEEP, row | {"sheet_id": sheet.id, "key": command.key, "sha256": command.sha256})
    return saved


_SAVES = cast("Table", SheetSave.__table__)
_BEFORE = select(_SAVES).where(_SAVES.c.sheet_id == bindparam("sheet_id"), _SAVES.c.key == bindparam("key"))
_KEEP = insert(_SAVES)
