"""How many small faults put into what decides a contest its unit tests notice: mutmut, in an environment of its own."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "mutants"
PYTHON = FOLDER / ".venv" / "bin" / "python"
MUTMUT = "mutmut==3.8.1"  # not among the project's pins: nothing else needs it

DECIDING = ("aggregate", "decide", "marks", "prizes", "ranking", "rounding", "rubric", "rules", "selection")
"""Modules of `scoring`; the others only advise."""

VERIFIER = "verify"
RECOUNT = ("criteria", "tree_head", "follow_sheet", "check_result", "counting_sheets", "inputs_digest",
           "recount", "value_of", "placed", "select", "award", "canonical")  # fmt: skip
"""Functions of `verify.py` that count a result again; the others read files and compare what they hold."""

SCORING_TESTS = [f"tests/unit/scoring/test_{name}.py" for name in
                 ("aggregate", "decide", "edges", "prizes", "rules", "selection")]  # fmt: skip
VERIFIER_TESTS = ["tests/unit/verify"]

CONFIGURATION = """
[tool.mutmut]
source_paths = ["scoring", "app"]
only_mutate = {files}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider"]

[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
filterwarnings = ["error"]
"""

# The same examples each time; whether a fault is found counts, not the smallest example that finds it.
CONFTEST = """
from hypothesis import Phase, settings

settings.register_profile(
    "mutants", derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("mutants")
"""


def prepare(modules: list[str]) -> None:
    """Copy what is tested, and install what its tests need at the project's own pins."""
    for part in ("scoring", "app", "tests", "mutants"):
        shutil.rmtree(FOLDER / part, ignore_errors=True)
    no_bytecode = shutil.ignore_patterns("__pycache__")
    for part in ("scoring", "app/verify", "tests/unit/scoring", "tests/unit/verify"):
        shutil.copytree(ROOT / part, FOLDER / part, ignore=no_bytecode)
    shutil.copy(ROOT / "app/__init__.py", FOLDER / "app")
    files = [f"app/verify/{name}.py" if name == VERIFIER else f"scoring/{name}.py" for name in modules]
    tests = SCORING_TESTS * (modules != [VERIFIER]) + VERIFIER_TESTS * (VERIFIER in modules)
    (FOLDER / "pyproject.toml").write_text(
        CONFIGURATION.format(files=json.dumps(files), tests=json.dumps(tests))
    )
    (FOLDER / "tests/conftest.py").write_text(CONFTEST)
    if not PYTHON.exists():
        venv.create(PYTHON.parent.parent, with_pip=True)
        pins = ["-c", str(ROOT / "requirements-dev.txt")]
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *pins, MUTMUT, "numpy", "pytest", "hypothesis"], check=True)


def wanted(modules: list[str]) -> list[str]:
    """Patterns of the names that mutmut gives to the faults in these modules."""
    scoring = [f"scoring.{name}.*" for name in modules if name != VERIFIER]
    return scoring + [f"app.verify.verify.x*{name}__mutmut_*" for name in RECOUNT if VERIFIER in modules]


def asked(*arguments: str) -> str:
    """What mutmut answers to a question about the last run."""
    command = [str(PYTHON), "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, text=True).stdout


def outcomes() -> dict[str, str]:
    """What became of each fault that was put in, by its name."""
    lines = asked("results", "--all", "true").splitlines()
    found = dict(line.strip().rsplit(": ", 1) for line in lines if ": " in line)
    return {name: outcome for name, outcome in found.items() if outcome != "not checked"}


def changed(name: str) -> str:
    """The lines that a fault changes, before and after."""
    lines = [
        line
        for line in asked("show", name).splitlines()
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    return "\n".join(f"    {line[0]} {line[1:].strip()}" for line in lines if line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "modules",
        nargs="*",
        default=[*DECIDING, VERIFIER],
        help="such as ranking or verify; without any, all",
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    prepare(options.modules)
    with (FOLDER / "run.log").open("w") as log:
        run = [
            str(PYTHON),
            "-m",
            "mutmut",
            "run",
            "--max-children",
            str(options.processes),
            *wanted(options.modules),
        ]
        status = subprocess.run(run, cwd=FOLDER, stdout=log, stderr=log, check=False).returncode
    if status:
        sys.exit(f"mutmut stopped; see {FOLDER / 'run.log'}")
    found = outcomes()
    for name, outcome in found.items():
        if outcome != "killed":
            print(f"{name}: {outcome}\n{changed(name)}")
    for part in ("scoring.", "app.verify."):
        counted = Counter(outcome for name, outcome in found.items() if name.startswith(part))
        if counted:
            share = counted["killed"] / counted.total()
            print(f"{part[:-1]}: {counted['killed']} of {counted.total()} faults found: {share:.1%}")


if __name__ == "__main__":
    main()
