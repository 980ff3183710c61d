"""How long `binhchon score` takes on 360,000 marks, beside the least that pandas needs for the averages alone."""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CRITERIA = {"L1": 40, "L2": 40, "L3": 10, "L4": 10}

OURS = "import sys; from app.cli import main; main()"

PANDAS = """
import sys
import pandas

marks = pandas.read_csv(sys.argv[1])
totals = marks.groupby(["entry", "judge"])["mark"].sum()
results = totals.groupby("entry").mean().to_frame("average")
results["rank"] = results["average"].rank(method="min", ascending=False)
results.sort_values("rank").to_json(sys.argv[2], orient="table")
"""


def write_marks(path: Path, entries: int, judges: int) -> None:
    """Write marks of 0.05 steps in the upper part of each criterion."""
    chance = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["entry", "judge", "criterion", "mark", "group"])
        for entry in range(entries):
            for judge in range(judges):
                for criterion, most in CRITERIA.items():
                    mark = chance.randint(most * 12, most * 20) / 20
                    rows.writerow(
                        [f"SP-{entry:05d}", f"GK{judge + 1}", criterion, f"{mark:g}", "ABCD"[entry % 4]]
                    )


def run(command: list[str]) -> tuple[float, float]:
    """Give the seconds and the MiB at most of one process, from its start to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--judges", type=int, default=9)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        marks, output = Path(folder, "marks.csv"), Path(folder, "results.json")
        write_marks(marks, options.entries, options.judges)
        ours = [sys.executable, "-c", OURS, "score", str(marks), "--format", "json", "--output", str(output)]
        theirs = [sys.executable, "-c", PANDAS, str(marks), str(output)]
        pairs = [(run(ours), run(theirs)) for _run in range(options.runs)]
    print(
        f"{options.entries} entries x {options.judges} judges x {len(CRITERIA)} criteria, best of {options.runs}"
    )
    found = [tuple(map(min, zip(*runs, strict=True))) for runs in zip(*pairs, strict=True)]
    for name, (seconds, mebibytes) in zip(("binhchon score", "pandas"), found, strict=True):
        print(f"{name:15} {seconds:5.2f} s  {mebibytes:4.0f} MiB")
    print(f"{'ratio':15} {found[0][0] / found[1][0]:5.2f}    {found[0][1] / found[1][1]:4.2f}")


if __name__ == "__main__":
    main()
