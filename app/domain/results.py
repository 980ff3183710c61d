"""Outcomes of the jury's marks and of the council's ballot."""

from enum import StrEnum
from fractions import Fraction


class Outcome(StrEnum):
    """What the jury's marks make of an entry."""

    NOT_SCORED = "not_scored"
    NOT_ADVANCED = "not_advanced"  # scored in the first pass, below the mark that goes on to the second
    BELOW = "below"
    REACHED = "reached"  # over the threshold, outside the quota
    TIED = "tied"  # still equal across a cut: for the council to decide
    SELECTED = "selected"


class Office(StrEnum):
    """A member's place in the council."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    SECRETARY = "secretary"


class Choice(StrEnum):
    """A vote."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


def quorum_of(members: int, percent: int) -> int:
    """The fewest members who must vote: the declared share, rounded up.

    >>> quorum_of(9, 67)
    7
    """
    return -(-members * percent // 100)


def is_carried(yes: int, no: int, abstain: int) -> bool:
    """Whether more than half of those who voted, abstentions counted, said yes."""
    return 2 * yes > yes + no + abstain


def printed_average(numerator: int, denominator: int) -> int:
    """A value rounded half up to whole hundredths: for print only, never compared.

    >>> printed_average(13999, 2)
    7000
    """
    return (2 * numerator + denominator) // (2 * denominator)


def exact_points(numerator: int, denominator: int, decimal: str = ",") -> str:
    """A fraction of hundredths as points without rounding: in decimals if they end soon, else as a fraction.

    >>> exact_points(13999, 2), exact_points(21000, 3), exact_points(21001, 3)
    ('69,995', '70', '21001/300')
    """
    value = Fraction(numerator, 100 * denominator)
    ten_thousandths = value * 10_000
    if ten_thousandths.denominator > 1:
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(int(ten_thousandths), 10_000)
    return f"{whole}{decimal}{rest:04d}".rstrip("0").rstrip(decimal)
