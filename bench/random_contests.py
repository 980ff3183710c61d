"""Thousands of random contests through database, export and standalone verifier; names the seeds that disagree."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.builders import World
from tests.databases import SqliteDatabases
from tests.random_contests import faults_of, people

TOGETHER = 200  # contests in one database


@contextmanager
def fresh_world(folder: Path) -> Iterator[World]:
    """A database of its own, sparing the disk."""
    databases = SqliteDatabases(folder)
    databases.restore()
    yield World(databases.engine, folder / "files")
    databases.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=10_000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    options = parser.parse_args()
    last, wrong, start = options.first + options.number, 0, time.monotonic()
    for first in range(options.first, last, TOGETHER):
        seeds = range(first, min(first + TOGETHER, last))
        with tempfile.TemporaryDirectory() as name, fresh_world(Path(name)) as world:
            those = people(world)
            for seed in seeds:
                faults = faults_of(world, those, seed, Path(name))
                wrong += bool(faults)
                for fault in faults:
                    print(f"seed {seed}: {fault}")
        print(
            f"{seeds[-1] + 1 - options.first} contests, {wrong} disagree, {time.monotonic() - start:.0f} s",
            flush=True,
        )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
