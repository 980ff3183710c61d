"""How long the automatic assignment takes to find its seats, and how good they are."""

import time

import numpy as np

from app.services.seating import Hall, seat

SIZES = ((45, 9, 5), (179, 9, 5), (400, 30, 5), (400, 30, 9), (1000, 40, 7))
GROUPS = (0.15, 0.7, 0.1, 0.05)  # as uneven as in Kiên Giang


def hall(n_entries: int, n_judges: int, wanted: int) -> Hall:
    """A jury in which one seat of twenty is barred by a recusal."""
    chance = np.random.default_rng(1)
    free = chance.random((n_entries, n_judges)) > 0.05
    nothing = np.zeros_like(free)
    groups = np.sort(chance.choice(len(GROUPS), n_entries, p=GROUPS)).astype(np.int64)
    wished = np.ones((n_judges, len(GROUPS)), dtype=bool)
    return Hall(nothing, free, nothing, groups, wished, wanted)


def main() -> None:
    for size in SIZES:
        room = hall(*size)
        start = time.perf_counter()
        seats = seat(room)
        seconds = time.perf_counter() - start
        loads = seats.sum(axis=0)
        panels = [int(seats[room.groups == group].any(axis=0).sum()) for group in range(len(GROUPS))]
        print(
            "{} entries x {} judges, {} sheets each: ".format(*size)
            + f"{seconds:.2f} s; sheets a judge {loads.min()}-{loads.max()}; judges a group {panels}"
        )


if __name__ == "__main__":
    main()
