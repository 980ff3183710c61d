"""Which quota decided about an entry, and where the entry stood there; told from ranks and outcomes alone."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.results import Outcome
from app.domain.rules import ContestRules

REACHING = frozenset({Outcome.REACHED, Outcome.TIED, Outcome.SELECTED})


@dataclass(frozen=True)
class JuryResult:
    """What the computation made of one entry; its value is a fraction of hundredths of a point."""

    group: str
    sheets: int
    numerator: int | None
    denominator: int | None
    rank: int | None
    outcome: Outcome
    criterion_sums: tuple[int, ...]  # over the counting sheets, in the order of the rules


@dataclass(frozen=True)
class Place:
    """Where an entry that reached the threshold stands at a quota."""

    position: int  # 1 is best
    equals: int  # how many share the position, the entry itself included
    quota: int
    group: str | None  # None for the quota of the whole contest

    @property
    def is_cut(self) -> bool:
        """Whether the entry, or one that is equal to it, is outside the quota."""
        return self.position - 1 + self.equals > self.quota


def places(results: Sequence[JuryResult], rules: ContestRules) -> list[Place | None]:
    """Give each entry's place at the quota that it met last, its group's or the contest's; else None."""
    ranks = [result.rank if result.outcome in REACHING else None for result in results]
    in_group: dict[str, list[int]] = defaultdict(list)
    for rank, group in sorted(
        (rank, result.group) for rank, result in zip(ranks, results, strict=True) if rank
    ):
        in_group[group].append(rank)
    at_group = [
        _place(rank, in_group[result.group], rules.group_quotas.get(result.group), result.group)
        for rank, result in zip(ranks, results, strict=True)
    ]
    left = sorted(
        rank for rank, place in zip(ranks, at_group, strict=True) if rank and not (place and place.is_cut)
    )
    return [
        place if place and place.is_cut else _place(rank, left, rules.quota, None) or place
        for rank, place in zip(ranks, at_group, strict=True)
    ]


def _place(rank: int | None, ranks: Sequence[int], quota: int | None, group: str | None) -> Place | None:
    if quota is None or rank is None:
        return None
    better = bisect_left(ranks, rank)
    return Place(better + 1, bisect_right(ranks, rank) - better, quota, group)
