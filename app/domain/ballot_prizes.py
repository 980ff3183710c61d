"""Classes of prize on the council's ballot: what may be given, and what is to be settled before it closes."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.contests import list_codes
from app.domain.errors import IllegalState, InvalidInput, require
from app.domain.messages import N_, Message
from app.domain.rules import ContestRules, PrizeBy, PrizeRule


@dataclass(frozen=True)
class JuryPrize:
    """What the marks make of an entry's prize; equal entries astride an edge have none and are tied."""

    prize: str | None = None
    tied: bool = False


@dataclass(frozen=True)
class GivenPrize:
    """The class of prize of one entry on the ballot, and why it is not what the marks make of it."""

    code: str  # of the entry
    jury: JuryPrize
    prize: str | None = None
    reason: str = ""

    @property
    def is_unsettled(self) -> bool:
        """Whether the marks could not tell, and the council has not done so yet."""
        return self.jury.tied and not self.reason


def check_prize(rules: ContestRules, prize: str | None) -> None:
    """Raise unless a contest with these rules gives this class of prize, or none."""
    require(rules.prizes, N_("This contest gives no prizes."))
    if prize is not None and prize not in {one.code for one in rules.prizes}:
        raise InvalidInput({"prize": Message(N_("Choose one of the classes of prize, or no prize."))})


def unsettled(given: Iterable[GivenPrize]) -> list[str]:
    """Codes of the entries whose prize waits for the council."""
    return sorted(one.code for one in given if one.is_unsettled)


def overfull(rules: ContestRules, given: Iterable[GivenPrize]) -> dict[PrizeRule, list[str]]:
    """Classes that more entries have than the rules give, with the codes of these entries.

    Every entry on the ballot counts, for nobody knows yet which are carried: a refusal must not tell.
    """
    if rules.prize_by is not PrizeBy.RANK:
        return {}
    holders: defaultdict[str | None, list[str]] = defaultdict(list)
    for one in given:
        holders[one.prize].append(one.code)
    return {
        prize: sorted(holders[prize.code]) for prize in rules.prizes if len(holders[prize.code]) > prize.limit
    }


def check_prizes(rules: ContestRules, given: Iterable[GivenPrize]) -> None:
    """Raise IllegalState, naming the entries, if a prize is not settled yet or a class has too many."""
    prizes = tuple(given)
    waiting = unsettled(prizes)
    text = N_("Tied between classes of prize: %(codes)s. Settle the prize of each before the ballot closes.")
    require(not waiting, text, codes=list_codes(waiting))
    text = N_(
        "%(given)d products have the same class of prize (%(codes)s), but the rules have only %(limit)d of it."
    )
    for prize, codes in overfull(rules, prizes).items():
        raise IllegalState(text, given=len(codes), codes=list_codes(codes), limit=prize.limit)


def count_prizes(rules: ContestRules, given: Iterable[str | None]) -> tuple[tuple[PrizeRule, int], ...]:
    """How many have each class of prize, best first."""
    counted = Counter(given)
    return tuple((prize, counted[prize.code]) for prize in rules.prizes)
