"""How long `scoring.decide` takes on a million entries, beside one pass over the array and two data frame libraries.

pandas and polars get the marks as a table, one row a sheet, already in memory, and compute only the averages and
ranks: no check of any mark, no exact fractions, no tie-breaks, no quota. Then come the advisory numbers, on contests
of real sizes.
"""

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from scoring import (
    SPREAD,
    Method,
    Rubric,
    Rules,
    agreement,
    decide,
    rank_intervals,
    sensitivity,
    severity,
    tally,
)

RULES = {
    "mean": Rules(threshold=5000),
    "mean, chain of 3, quota": Rules(threshold=5000, tie_break=(0, 1, SPREAD), quota=1000),
    "trimmed": Rules(method=Method.TRIMMED, threshold=5000),
    "median": Rules(method=Method.MEDIAN, threshold=5000),
    "without-outliers": Rules(method=Method.WITHOUT_OUTLIERS, threshold=5000),
}
LEGAL = Rubric((4000, 4000, 1000, 1000))


def best(call: Callable[[], object], runs: int) -> float:
    """Seconds of the fastest run."""
    seconds = []
    for _run in range(runs):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def peak() -> float:
    """MiB that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def of_pandas(marks: NDArray[np.int64]) -> Callable[[], object]:
    entries = np.repeat(np.arange(len(marks)), marks.shape[1])
    table = pd.DataFrame(marks.reshape(-1, marks.shape[2]), copy=False)

    def ranks() -> Any:
        return table.sum(axis=1).groupby(entries).mean().rank(method="min", ascending=False)

    return ranks


def of_polars(marks: NDArray[np.int64]) -> Callable[[], object]:
    entries = np.repeat(np.arange(len(marks)), marks.shape[1])
    table = pl.DataFrame(marks.reshape(-1, marks.shape[2])).with_columns(entry=entries)

    def ranks() -> Any:
        total = pl.sum_horizontal(pl.exclude("entry"))
        average = table.lazy().group_by("entry").agg(total.mean().alias("average"))
        return average.with_columns(rank=pl.col("average").rank("min", descending=True)).collect()

    return ranks


def aggregation(options: argparse.Namespace) -> None:
    shape = (options.entries, options.judges, options.criteria)
    marks = np.random.default_rng(1).integers(0, 834, shape)
    every = np.ones(shape[:2], dtype=bool)
    gaps = np.random.default_rng(2).random(shape[:2]) < 0.9
    rubric = Rubric((834,) * options.criteria)
    start = peak()
    once = best(marks.sum, options.runs)
    print(f"{shape} of {marks.dtype}, {marks.nbytes / 2**20:.0f} MiB; marks.sum() {once * 1000:.0f} ms")

    def told(name: str, call: Callable[[], object]) -> None:
        seconds = best(call, options.runs)
        print(f"{name:40} {seconds * 1000:6.0f} ms  {seconds / once:5.1f} x")

    for name, rules in RULES.items():
        for counts, sheets in ((every, "all sheets"), (gaps, "9 of 10 sheets")):
            told(f"{name}, {sheets}", lambda: decide(marks, counts, rubric, rules))  # noqa: B023 -- called at once
    print(f"memory beside the array: {peak() - start:.0f} MiB")
    told("pandas, averages and ranks only", of_pandas(marks))
    told("polars, averages and ranks only", of_polars(marks))


def evidence(n_entries: int, n_judges: int, runs: int) -> None:
    """Time each advisory number on a contest with groups, quotas and a chain."""
    chance = np.random.default_rng(1)
    marks = np.stack(
        [chance.integers(top // 100, top // 50 + 1, (n_entries, n_judges)) * 50 for top in LEGAL.max_marks],
        axis=2,
    )
    counts = np.ones(marks.shape[:2], dtype=bool)
    groups = np.arange(n_entries) % 4
    rules = Rules(quota=n_entries // 3, group_quotas=(n_entries // 8,) * 4, tie_break=(0, 1, SPREAD))
    sums = tally(marks, counts, LEGAL)
    calls = {
        "decide": lambda: decide(marks, counts, LEGAL, rules, groups),
        "agreement": lambda: agreement(sums),
        "severity": lambda: severity(marks, counts, LEGAL),
        "sensitivity": lambda: sensitivity(marks, counts, LEGAL, rules, groups, step=50),
        "rank intervals, 1,000 juries": lambda: rank_intervals(sums, rules, rng=np.random.default_rng(1)),
    }
    print(f"evidence of {n_entries} entries x {n_judges} judges")
    for name, call in calls.items():
        print(f"{name:40} {best(call, runs) * 1000:8.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--judges", type=int, default=9)
    parser.add_argument("--criteria", type=int, default=12)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    aggregation(options)
    for n_entries in (179, 5000):
        evidence(n_entries, 9, options.runs)


if __name__ == "__main__":
    main()
