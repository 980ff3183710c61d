from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from app.models import StoredFile
from app.services.files import FileStore, keep_file
from tests.builders import NOW, World

CONTENT = "Giấy chứng nhận".encode()
NAME = sha256(CONTENT).hexdigest()


def test_a_file_lies_under_the_hash_of_its_content(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")

    assert store.put(CONTENT) == NAME

    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()] == [
        Path("files") / NAME[:2] / NAME
    ]
    assert store.read(NAME) == CONTENT
    with store.open(NAME) as file:
        assert file.read() == CONTENT


def test_the_same_content_is_stored_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.put(CONTENT)
    written = store.path(NAME).stat().st_mtime_ns

    assert store.put(CONTENT) == NAME

    assert store.path(NAME).stat().st_mtime_ns == written


def test_a_file_that_was_never_stored_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).read("0" * 64)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)

    with pytest.raises(OSError, match="No space left"):
        FileStore(tmp_path).put(CONTENT)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_many_writers_of_one_file_leave_it_whole(tmp_path: Path) -> None:
    store, content = FileStore(tmp_path), CONTENT * 50_000
    writers = [Thread(target=store.put, args=(content,)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    [kept] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept.read_bytes() == content


def test_a_kept_file_has_one_row(world: World) -> None:
    store = FileStore(world.files_dir)
    with world.session() as session:
        first = keep_file(session, store, CONTENT, "application/pdf", now=NOW)
    with world.session() as session:
        again = keep_file(session, store, CONTENT, "application/pdf", now=NOW + timedelta(days=1))

    assert (first.sha256, first.size, first.media_type) == (NAME, len(CONTENT), "application/pdf")
    assert again.stored_at == NOW
    assert [row.sha256 for row in world.all(select(StoredFile))] == [NAME]


def test_a_photo_knows_its_small_picture(world: World) -> None:
    store = FileStore(world.files_dir)
    with world.session() as session:
        small = keep_file(session, store, b"small", "image/jpeg", now=NOW)
        large = keep_file(session, store, b"large", "image/jpeg", now=NOW, thumbnail=small)

    assert large.thumbnail_sha256 == small.sha256
