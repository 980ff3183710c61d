"""How long `scoring.decide` takes on a million entries, as a multiple of one pass over the same array."""

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np

from scoring import SPREAD, Method, Rubric, Rules, decide

RULES = {
    "mean": Rules(threshold=5000),
    "mean, chain of 3, quota": Rules(threshold=5000, tie_break=(0, 1, SPREAD), quota=1000),
    "trimmed": Rules(method=Method.TRIMMED, threshold=5000),
    "median": Rules(method=Method.MEDIAN, threshold=5000),
    "without-outliers": Rules(method=Method.WITHOUT_OUTLIERS, threshold=5000),
}


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--judges", type=int, default=9)
    parser.add_argument("--criteria", type=int, default=12)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    shape = (options.entries, options.judges, options.criteria)
    marks = np.random.default_rng(1).integers(0, 834, shape)
    every = np.ones(shape[:2], dtype=bool)
    gaps = np.random.default_rng(2).random(shape[:2]) < 0.9
    rubric = Rubric((834,) * options.criteria)
    start = peak()
    once = best(marks.sum, options.runs)
    print(f"{shape} of {marks.dtype}, {marks.nbytes / 2**20:.0f} MiB; marks.sum() {once * 1000:.0f} ms")
    for name, rules in RULES.items():
        for counts, sheets in ((every, "all sheets"), (gaps, "9 of 10 sheets")):
            seconds = best(lambda: decide(marks, counts, rubric, rules), options.runs)  # noqa: B023 -- called at once
            print(f"{name + ', ' + sheets:40} {seconds * 1000:6.0f} ms  {seconds / once:5.1f} x")
    print(f"memory beside the array: {peak() - start:.0f} MiB")


if __name__ == "__main__":
    main()
