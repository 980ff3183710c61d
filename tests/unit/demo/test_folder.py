"""What counts as the example's own in its folder."""

from pathlib import Path

import pytest

from app.demo.export import NOTICE
from app.demo.folder import is_finished, is_unfinished, strange_paths

SHA = "ab" + 62 * "0"
OWN = (
    "lock",
    "secret-key",
    "summary.txt",
    "binhchon.sqlite",
    "binhchon.sqlite-wal",
    f"files/ab/{SHA}",
    "lists/tinh-bac-kan-2018/results.pdf",
    "lists/tinh-bac-kan-2018/minutes.pdf",
    "lists/tinh-bac-kan-2018/certificates/001.pdf",
)


def fill(folder: Path, *paths: str) -> None:
    """Make files by their paths inside a folder."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()


def test_nothing_that_an_example_makes_is_strange(tmp_path: Path) -> None:
    fill(tmp_path, *OWN)

    assert strange_paths(tmp_path) == []


@pytest.mark.parametrize(
    "path",
    [
        "thu.docx",
        "lists/ghi-chu.txt",
        "lists/tinh-bac-kan-2018/ban-nhap.pdf",
        "files/ab/anh.jpg",
        ".git/HEAD",
    ],
)
def test_everything_else_is(tmp_path: Path, path: str) -> None:
    fill(tmp_path, *OWN, path)

    assert path in strange_paths(tmp_path)


def test_a_summary_of_something_else_makes_no_example(tmp_path: Path) -> None:
    summary = tmp_path / "summary.txt"

    found = []
    for content in (NOTICE.encode(), b"", b"Summary of my thesis", b"\xff"):
        summary.write_bytes(content)
        found.append(is_finished(tmp_path))

    assert found == [True, False, False, False]
    assert not is_unfinished(tmp_path)
