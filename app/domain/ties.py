"""Ties at the cut: entries that the marks cannot part where a quota ends, and how the council's votes part them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.ballots import choice_field
from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.placings import JuryResult, Place, places
from app.domain.results import Choice, Outcome, is_carried
from app.domain.rules import ContestRules

Scope = tuple[str, object]  # a quota: of a facility, of a group, or of the whole contest
ALL: Scope = ("all", None)


@dataclass(frozen=True)
class Tie:
    """Entries that are equal where a quota ends, and how many of them still have a place."""

    entries: tuple[int, ...]
    place: Place  # at the quota that ends there
    room: int  # places that the rules leave
    decided: int | None = None  # places that the council decided on instead

    @property
    def places(self) -> int:
        """How many of the entries the vote may carry."""
        return self.room if self.decided is None else self.decided


def ties_of_results(results: Mapping[int, JuryResult], rules: ContestRules) -> tuple[Tie, ...]:
    """Every tie at a cut, best placed first, with the places that are left in all quotas that it comes under.

    A place that a better tie may fill is not left to a worse one, so that together they keep to every quota.
    """
    met = zip(results.items(), places(list(results.values()), rules), strict=True)
    tied: defaultdict[Scope, list[int]] = defaultdict(list)
    ends: dict[Scope, Place] = {}
    for (entry_id, result), place in met:
        if place is not None and result.outcome is Outcome.TIED:
            tied[_cut(result, place)].append(entry_id)
            ends[_cut(result, place)] = place
    taken: Counter[Scope] = Counter()
    for result in results.values():
        if result.outcome is Outcome.SELECTED:
            taken.update(_scopes(result))
    found = []
    for cut, entries in sorted(tied.items(), key=lambda item: results[item[1][0]].rank or 0):
        place = ends[cut]
        wider = set.intersection(*(_scopes(results[entry_id]) for entry_id in entries)) - {cut}
        left = [quota - taken[scope] for scope in wider if (quota := _quota(scope, rules)) is not None]
        room = max(0, min([place.quota - place.position + 1, *left]))
        taken.update(dict.fromkeys((cut, *wider), room))
        found.append(Tie(tuple(sorted(entries)), place, room))
    return tuple(found)


def _cut(result: JuryResult, place: Place) -> Scope:
    if place.of_facility:
        return ("facility", result.facility_id)
    return ("group", place.group) if place.group is not None else ALL


def _scopes(result: JuryResult) -> set[Scope]:
    return {("facility", result.facility_id), ("group", result.group), ALL}


def _quota(scope: Scope, rules: ContestRules) -> int | None:
    kind, name = scope
    if kind == "facility":
        return rules.facility_quota
    return rules.group_quotas.get(str(name)) if kind == "group" else rules.quota


def check_tie_choices(choices: Mapping[int, Choice], ties: Iterable[Tie]) -> None:
    """Raise InvalidInput where a member says yes to more tied entries than have a place."""
    for tie in ties:
        said_yes = [entry_id for entry_id in tie.entries if choices.get(entry_id) is Choice.YES]
        if len(said_yes) > tie.places:
            text = N_(
                "These products are tied for %(places)d places; you said yes to %(number)d of them. "
                "Say yes to at most %(places)d."
            )
            message = Message(text, {"places": tie.places, "number": len(said_yes)})
            raise InvalidInput({choice_field(entry_id): message for entry_id in said_yes})


def check_tie_hands(others: int, yes: int, most: int) -> None:
    """Raise InvalidInput if raised hands say yes more often than the members can, to all entries of a tie together."""
    if others + yes > most:
        text = N_(
            "The products of this tie can have %(most)d yes votes together, as each member says yes to no more "
            "of them than there are places; with these counts they have %(sum)d."
        )
        message = Message(text, {"most": most, "sum": others + yes})
        raise InvalidInput({Choice.YES.value: message})


Counts = tuple[int, int, int]  # yes, no, abstain


@dataclass(frozen=True)
class Parted:
    """What the votes make of a tie."""

    carried: frozenset[int]
    undecided: frozenset[
        int
    ]  # equal where the places end: another vote, or another number of places, must tell


def part(tie: Tie, counts: Mapping[int, Counts]) -> Parted:
    """Of the entries with a majority, those with the most yes votes, as many as there are places.

    >>> place = Place(position=5, equals=3, quota=5, group=None)
    >>> part(Tie((1, 2, 3), place, 1), {1: (5, 2, 0), 2: (4, 3, 0), 3: (3, 4, 0)}).carried
    frozenset({1})
    """
    able = [entry_id for entry_id in tie.entries if entry_id in counts and is_carried(*counts[entry_id])]
    if len(able) <= tie.places:
        return Parted(frozenset(able), frozenset())
    best_without = sorted((counts[entry_id][0] for entry_id in able), reverse=True)[tie.places]
    carried = frozenset(entry_id for entry_id in able if counts[entry_id][0] > best_without)
    level = frozenset(entry_id for entry_id in able if counts[entry_id][0] == best_without)
    return Parted(carried, level if len(carried) < tie.places else frozenset())


class Verdict(StrEnum):
    """What the vote on an entry means, as far as it is known."""

    CARRIED = "carried"
    LOST = "lost"
    MAJORITY = "majority"  # of a tie whose places the votes have not shared out


def verdict_of(
    entry_id: int, ties: Iterable[Tie], counts: Mapping[int, Counts], waiting: Collection[int]
) -> Verdict:
    """What the vote on an entry means, from the votes that are closed, by entry.

    A tie is parted once none of its entries is `waiting` on the ballot; until then a majority is no more than that.
    Those that have left the ballot are waited for no longer.

    >>> tie = Tie((1, 2, 3), Place(position=5, equals=3, quota=5, group=None), 1)
    >>> [verdict_of(1, [tie], {1: (5, 2, 0)}, {2}), verdict_of(1, [tie], {1: (5, 2, 0), 2: (4, 3, 0)}, {7})]
    [<Verdict.MAJORITY: 'majority'>, <Verdict.CARRIED: 'carried'>]
    """
    if not is_carried(*counts[entry_id]):
        return Verdict.LOST
    tie = next((tie for tie in ties if entry_id in tie.entries), None)
    if tie is None:
        return Verdict.CARRIED
    if not set(tie.entries).isdisjoint(waiting):
        return Verdict.MAJORITY
    parted = part(tie, counts)
    if entry_id in parted.carried:
        return Verdict.CARRIED
    return Verdict.MAJORITY if entry_id in parted.undecided else Verdict.LOST
