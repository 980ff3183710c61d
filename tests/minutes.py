"""The council of `tests.meetings` at its minutes."""

import io
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select

from app.domain.minutes import Signing
from app.domain.permissions import Permission
from app.models import MinutesText, User
from app.services.files import FileStore
from app.services.intake import CleanFile
from app.services.minutes import Draft, draft_of, minutes_file
from app.services.minutes_editing import EditMinutes, SignMinutes, edit_minutes, keep_scan, sign_minutes
from tests.meetings import Sitting

CHAIR, SECRETARY = Signing.CHAIR, Signing.SECRETARY


class Desk(Sitting):
    """The same council at its minutes."""

    @property
    def draft(self) -> Draft:
        """The minutes as they stand."""
        with self.world.session() as session:
            actor = self.world.actor(self.secretary)
            return draft_of(session, actor, self.contest.id, Permission.MEETING_KEEP)

    @property
    def store(self) -> FileStore:
        """Where files are kept."""
        return FileStore(self.world.files_dir)

    @property
    def pdf(self) -> bytes:
        """The minutes as they are printed."""
        with self.world.session() as session:
            actor = self.world.actor(self.organiser)
            return minutes_file(session, actor, self.contest.id, store=self.store)

    @property
    def text(self) -> str:
        """What the printed minutes say."""
        pages = PdfReader(io.BytesIO(self.pdf)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def edit(self, version: int = 0, by: User | None = None, **texts: Any) -> None:
        """Write into the minutes."""
        values = {"introduction": "", "discussion": "", "conclusion": "", "parts": {}} | texts
        self.do(edit_minutes, EditMinutes(self.contest.id, version, **values), by=by)

    def sign(self, signing: Signing, by: int, fingerprint: str = "") -> None:
        """Sign as one of the council."""
        command = SignMinutes(self.contest.id, signing, fingerprint or self.draft.fingerprint)
        self.now = self.moment(200)
        with self.world.session() as session:
            actor = self.world.actor(self.users[by])
            sign_minutes(session, command, store=self.store, actor=actor, now=self.now)

    def sign_both(self) -> None:
        """Sign as secretary, then as chair."""
        self.sign(SECRETARY, 1)
        self.sign(CHAIR, 0)

    @property
    def row(self) -> MinutesText:
        """What is stored of the minutes."""
        found: MinutesText
        [found] = self.world.all(select(MinutesText))
        return found


def scan(desk: Desk, content: bytes = b"%PDF-scan", by: User | None = None) -> None:
    """Keep a scan."""
    file = CleanFile("bien-ban.pdf", "application/pdf", content)
    desk.now = desk.moment(300)
    with desk.world.session() as session:
        actor = desk.world.actor(by or desk.secretary)
        keep_scan(session, desk.contest.id, file, "0" * 64, store=desk.store, actor=actor, now=desk.now)
