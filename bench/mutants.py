"""How many small faults put into `scoring` its unit tests notice: mutmut, in a folder and environment of its own."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "mutants"
PYTHON = FOLDER / ".venv" / "bin" / "python"
MUTMUT = "mutmut==3.8.1"  # not among the project's pins: nothing else needs it

DECISIVE = ["aggregate", "decide", "marks", "prizes", "ranking", "rounding", "rubric", "rules", "selection"]

CONFIGURATION = """
[tool.mutmut]
source_paths = ["scoring"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = ["tests/unit/scoring"]
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
    """Copy what is tested, and install what the tests of `scoring` need at the project's own pins."""
    for part in ("scoring", "tests", "mutants"):
        shutil.rmtree(FOLDER / part, ignore_errors=True)
    shutil.copytree(ROOT / "scoring", FOLDER / "scoring", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests/unit/scoring", FOLDER / "tests/unit/scoring")
    only = [f"scoring/{module}.py" for module in modules]
    (FOLDER / "pyproject.toml").write_text(CONFIGURATION.format(modules=json.dumps(only)))
    (FOLDER / "tests/conftest.py").write_text(CONFTEST)
    if not PYTHON.exists():
        venv.create(PYTHON.parent.parent, with_pip=True)
        pins = ["-c", str(ROOT / "requirements-dev.txt")]
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *pins, MUTMUT, "numpy", "pytest", "hypothesis"], check=True)


def survivors() -> list[str]:
    """What was changed where no test noticed, a line before and after."""
    mutmut = [str(PYTHON), "-m", "mutmut"]
    listed = subprocess.run(
        [*mutmut, "results"], cwd=FOLDER, check=True, capture_output=True, text=True
    ).stdout
    found = []
    for line in listed.splitlines():
        if not line.endswith(": survived"):
            continue
        name = line.strip().split(":")[0]
        shown = subprocess.run(
            [*mutmut, "show", name], cwd=FOLDER, check=True, capture_output=True, text=True
        )
        changed = [
            row for row in shown.stdout.splitlines() if row[:1] in "+-" and row[:3] not in ("+++", "---")
        ]
        found.append(
            "\n".join([line.strip(), *(f"    {row[0]} {row[1:].strip()}" for row in changed if row)])
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "modules", nargs="*", default=DECISIVE, help="such as ranking; without any, those that decide"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    prepare(options.modules)
    mutmut = [str(PYTHON), "-m", "mutmut"]
    with (FOLDER / "run.log").open("w") as log:
        run = [*mutmut, "run", "--max-children", str(options.processes)]
        status = subprocess.run(run, cwd=FOLDER, stdout=log, stderr=log, check=False).returncode
    if status:
        sys.exit(f"mutmut stopped; see {FOLDER / 'run.log'}")
    print(*survivors(), sep="\n")
    subprocess.run([*mutmut, "export-cicd-stats"], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
    stats = json.loads((FOLDER / "mutants" / "mutmut-cicd-stats.json").read_text())
    killed = stats["killed"] + stats["timeout"]
    print(f"{killed} of {stats['total']} faults found: {killed / stats['total']:.1%}")


if __name__ == "__main__":
    main()
