"""Keeping files: a folder in which each is named after its SHA-256, and a row for each in the database."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import StoredFile


@dataclass(frozen=True)
class FileStore:
    """A folder of files named by content: nothing is ever overwritten, and a name proves what it names."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Store bytes and give their SHA-256; on return they are on the disk, whole."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, content)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where a file lies, or would lie."""
        return self.folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The file for reading; FileNotFoundError if it was never stored."""
        return self.path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        """All of the file; FileNotFoundError if it was never stored."""
        return self.path(sha256).read_bytes()


def keep_file(
    session: Session,
    store: FileStore,
    content: bytes,
    media_type: str,
    *,
    now: datetime,
    thumbnail: StoredFile | None = None,
) -> StoredFile:
    """Store bytes and the row that tells of them; the same bytes again give the same row."""
    sha256 = store.put(content)
    if session.get(StoredFile, sha256) is None:
        row = StoredFile(
            sha256=sha256,
            size=len(content),
            media_type=media_type,
            thumbnail_sha256=thumbnail.sha256 if thumbnail else None,
            stored_at=now,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            session.expire_all()  # somebody else stored the same bytes in this very moment
    return session.get_one(StoredFile, sha256)


def _write_whole(target: Path, content: bytes) -> None:
    """Write beside the target, then rename: even after a power cut there is all of the file or none of it."""
    with NamedTemporaryFile(dir=target.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    for folder in (target.parent, target.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last; Windows does this by itself and cannot open a folder."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
