"""Files and functions stay small enough to be read at one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What may be longer, and why.
LONG_FILES: dict[str, str] = {
    "app/verify/verify.py": "one file that is handed out alone",
}
LONG_FUNCTIONS: dict[str, str] = {}
LONG_TEMPLATES: dict[str, str] = {}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "versions" not in path.parts:  # migrations are written by a tool, once
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def too_long(paths: Iterator[Path], limit: int) -> dict[str, int]:
    return {name(path): lines(path) for path in paths if lines(path) > limit}


def test_files_have_at_most_300_lines() -> None:
    found = too_long(sources("app", "scoring", "certificates"), 300)

    assert {path: count for path, count in found.items() if path not in LONG_FILES} == {}


def test_test_files_have_at_most_400_lines() -> None:
    found = too_long(sources("tests"), 400)

    assert {path: count for path, count in found.items() if path not in LONG_FILES} == {}


def test_templates_have_at_most_150_lines() -> None:
    found = too_long((ROOT / "templates").rglob("*.html"), 150)

    assert {path: count for path, count in found.items() if path not in LONG_TEMPLATES} == {}


def test_functions_have_at_most_40_lines_besides_their_docstring() -> None:
    found = {}
    for path in sources("app", "scoring", "certificates"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and length(node) > 40:
                found[f"{name(path)}:{node.name}"] = length(node)

    assert {each: count for each, count in found.items() if each not in LONG_FUNCTIONS} == {}


def test_every_exception_is_still_needed() -> None:
    named = {*LONG_FILES, *LONG_TEMPLATES, *(each.partition(":")[0] for each in LONG_FUNCTIONS)}

    assert {path for path in named if not (ROOT / path).exists()} == set()


def length(function: ast.FunctionDef) -> int:
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring
