"""What README promises, and what no file may hold."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTING = re.compile(r"BINHCHON_[A-Z_]+[A-Z]")
# Names of places that belong to one machine, put together here so that this file does not hold them.
MACHINE = re.compile(
    "|".join(f"/{folder}/" + r"[\w.-]" for folder in ("work", "root", "home", "Users", "tmp/b"))
)
REGISTRY = re.compile(
    r"--(?:extra-)?index-url|--find-links|index-url\s*=|registry\s*=|"
    r"https?://[^\s\"'<>)]*(?:artifactory|nexus|devpi|pypi\.|/simple|registry\.|mirror)",
    re.IGNORECASE,
)
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[0-9A-Za-z]{30}")
VENDORED = ("app/static/vendor/", "tests/browser/vendor/")


def tracked() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    """Name and contents of every tracked text of ours."""
    found = {}
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        content = path.read_bytes()
        if not name.startswith(VENDORED) and b"\0" not in content[:8000]:
            found[name] = content.decode("utf-8")
    return found


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return texts()


def test_every_setting_is_explained_in_the_readme(files: dict[str, str]) -> None:
    read = {name for path in files if path.startswith("app/") for name in SETTING.findall(files[path])}

    assert read - set(SETTING.findall(files["README.md"])) == set()


def test_the_readme_explains_no_setting_that_nothing_reads(files: dict[str, str]) -> None:
    code = "".join(text for path, text in files.items() if not path.endswith(".md"))

    assert set(SETTING.findall(files["README.md"])) - set(SETTING.findall(code)) == set()


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY, SECRET], ids=["machine", "registry", "secret"])
def test_no_file_holds_what_belongs_to_one_machine(files: dict[str, str], pattern: re.Pattern[str]) -> None:
    own = Path(__file__).relative_to(ROOT).as_posix()
    found = [
        f"{path}: {match.group()}"
        for path, text in files.items()
        if path != own
        for match in pattern.finditer(text)
    ]

    assert found == []


def test_files_end_with_a_line_break_and_use_one_kind_of_it(files: dict[str, str]) -> None:
    wrong = [path for path, text in files.items() if text and (not text.endswith("\n") or "\r\n" in text)]

    assert [path for path in wrong if not path.endswith((".svg", ".css"))] == []
