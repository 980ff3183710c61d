"""Install pretalx into an environment of its own under var/ and time its review dashboard, beside bench/evidence.py."""

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

VERSION = "2025.2.2"
HERE = Path(__file__).parent
ENVIRONMENT = HERE.parents[1] / "var" / "pretalx"


def installed(python: Path) -> Path:
    """The interpreter of pretalx's environment, made if it is not there."""
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"pretalx=={VERSION}"], check=True)
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", default="179")
    parser.add_argument("--judges", default="9")
    options = parser.parse_args()
    python = installed(ENVIRONMENT / "bin" / "python")
    with tempfile.TemporaryDirectory() as folder:
        surroundings = os.environ | {
            "DJANGO_SETTINGS_MODULE": "pretalx.settings",
            "PRETALX_FILESYSTEM_DATA": folder,
            "PRETALX_FILESYSTEM_STATIC": f"{folder}/static",
            "PRETALX_DB_NAME": f"{folder}/db.sqlite3",
        }
        command = [
            python,
            HERE / "measure.py",
            "--entries",
            options.entries,
            "--judges",
            options.judges,
        ]
        sys.exit(subprocess.run(command, env=surroundings, check=False).returncode)


if __name__ == "__main__":
    main()
