"""Running the program that lies in each bundle on a bundle that somebody uploads."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO
from zipfile import BadZipFile, ZipFile

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.verify import SOURCE

MOST_BYTES = 512 << 20  # unpacked
SECONDS = 60
_HEAD = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Verdict:
    """Whether everything agrees, and what the program printed, in both languages."""

    is_right: bool
    said: str
    has_head: bool | None = None  # that was asked for; None if none was, or if what is wrong leaves it open


def head_typed(text: str) -> str:
    """A head as somebody typed it off the minutes, in one spelling; nothing for nothing.

    Raises
    ------
    InvalidInput
        It is no head.
    """
    head = "".join(text.split()).lower()
    if head and not _HEAD.fullmatch(head):
        said = N_("This is no head. A head has 64 characters: digits and letters from a to f.")
        raise InvalidInput({"head": Message(said)})
    return head


def verified(file: IO[bytes], head: str = "") -> Verdict:
    """Verify an uploaded bundle in a process of its own: a hostile one can take its time, not the server's.

    `head` is one from paper, as `head_typed` gives it, that the bundle should hold.

    Raises
    ------
    InvalidInput
        It is no zip file, too large when unpacked, or takes too long.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        with path.open("wb") as copy:
            copyfileobj(file, copy)
        _check_size(path)
        try:
            run = subprocess.run(  # noqa: S603 -- our own program, on a path of our own
                [sys.executable, "-I", str(SOURCE), str(path), *(("--head", head) if head else ())],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            text = N_("Checking it takes too long here. Run verify.py on your own machine.")
            raise InvalidInput({"file": Message(text)}) from None
    is_right, said = run.returncode == 0, run.stdout.decode(errors="replace")
    is_missing = f"The head {head} is not in the bundle" in said
    return Verdict(is_right, said, is_right if head and (is_right or is_missing) else None)


def _check_size(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except (BadZipFile, ValueError, NotImplementedError):
        text = N_("This is not a zip file, or it is damaged. Choose the bundle as it was downloaded.")
        raise InvalidInput({"file": Message(text)}) from None
    if size > MOST_BYTES:
        values: dict[str, str | int] = {"most": MOST_BYTES >> 20}
        text = N_("Unpacked it has more than %(most)d MB. Run verify.py on your own machine.")
        raise InvalidInput({"file": Message(text, values)})
