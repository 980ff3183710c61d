"""Which quota decided about an entry, and where the entry stood there; told from ranks and outcomes alone."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    facility_id: int | None = None
    prize: str | None = None
    prize_tied: bool = False


@dataclass(frozen=True)
class Place:
    """Where an entry that reached the threshold stands at a quota."""

    position: int  # 1 is best
    equals: int  # how many share the position, the entry itself included
    quota: int
    group: str | None  # None for the quota of a facility or of the whole contest
    of_facility: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether the entry, or one that is equal to it, is outside the quota."""
        return self.position - 1 + self.equals > self.quota


Quota = tuple[object, int | None]  # what shares it, and how many it lets in


def places(results: Sequence[JuryResult], rules: ContestRules) -> list[Place | None]:
    """Give each entry's place at the quota that it met last, of a facility, a group or all; else None."""
    found: list[Place | None] = [None] * len(results)
    _meet(found, results, [(result.facility_id, _facility_quota(result, rules)) for result in results])
    found = [replace(place, of_facility=True) if place else None for place in found]
    _meet(found, results, [(result.group, rules.group_quotas.get(result.group)) for result in results])
    _meet(found, results, [(None, rules.quota)] * len(results))
    return found


def _facility_quota(result: JuryResult, rules: ContestRules) -> int | None:
    return None if result.facility_id is None else rules.facility_quota


def _meet(found: list[Place | None], results: Sequence[JuryResult], quotas: Sequence[Quota]) -> None:
    """Let the entries that no earlier quota cut meet theirs, and note the place of each there."""
    running = [
        (index, result.rank)
        for index, (result, place) in enumerate(zip(results, found, strict=True))
        if result.rank and result.outcome in REACHING and not (place and place.is_cut)
    ]
    ranks: dict[object, list[int]] = defaultdict(list)
    for rank, index in sorted((rank, index) for index, rank in running):
        ranks[quotas[index][0]].append(rank)
    for index, rank in running:
        name, quota = quotas[index]
        if quota is not None:
            better = bisect_left(ranks[name], rank)
            equals = bisect_right(ranks[name], rank) - better
            found[index] = Place(better + 1, equals, quota, name if isinstance(name, str) else None)
