"""A data folder belongs to its servers, or to one build, for as long as they run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.cli.refusals import Refusal

LOCK = "lock"


@contextmanager
def in_use(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Keep a folder from being rebuilt by others; `alone` also keeps out those who serve it.

    Raises
    ------
    Refusal
        Another build, or for `alone` a server, uses it.
    """
    with (folder / LOCK).open("a") as file:
        try:
            _lock(file, alone=alone)
        except BlockingIOError:
            message = f"Thư mục {folder} đang được một lệnh binhchon khác dùng; hãy dừng lệnh đó trước."
            raise Refusal(message) from None
        yield


def _lock(file: IO[str], *, alone: bool) -> None:
    """The system releases the lock when the file is closed or the process ends, however it ends."""
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415 -- Windows has none

        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
