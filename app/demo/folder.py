"""What the example leaves in its folder, so that nothing else is ever taken for it."""

import re
import shutil
from pathlib import Path

from app.demo.export import NOTICE, SUMMARY

UNFINISHED = "unfinished-example"
"""Lies in the folder while it is built."""

_OURS = re.compile(
    rf"""lock | secret-key | {re.escape(SUMMARY)} | {UNFINISHED} | binhchon\.sqlite(-wal|-shm|-journal)?
    | [a-z0-9-]+\.bundle\.zip
    | files(/[0-9a-f]{{2}}(/([0-9a-f]{{64}}|tmp\w+))?)?
    | lists(/[a-z0-9-]+(/(results\.(csv|json|xlsx|pdf)|minutes\.pdf|certificates(/[0-9]+\.pdf)?))?)?""",
    re.VERBOSE,
)


def is_finished(folder: Path) -> bool:
    """Whether the folder holds an example that was built to its end."""
    try:
        return (folder / SUMMARY).read_text(encoding="utf-8").startswith(NOTICE)
    except (OSError, UnicodeDecodeError):
        return False


def is_unfinished(folder: Path) -> bool:
    """Whether the folder holds an example whose building was broken off."""
    return (folder / UNFINISHED).is_file() and not is_finished(folder)


def strange_paths(folder: Path) -> list[str]:
    """Files and folders that no example makes, by their paths inside the folder."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return [path for path in paths if not _OURS.fullmatch(path)]


def clear(folder: Path) -> None:
    """Remove an example from its folder, all but the lock that is held meanwhile."""
    for path in folder.iterdir():
        if path.name == "lock":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
