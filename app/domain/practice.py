"""Practice contests (chấm thử): what their rules are, made of those of a real contest."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.rule_checks import check_rules
from app.domain.rules import ContestRules, Method

PREFIX = "Chấm thử: "  # begins the name of each, on every page and document


def practice_name(name: str) -> str:
    """What a practice contest is called."""
    return (PREFIX + name)[:300]


def practice_rules(rules: ContestRules, jury: Sequence[Sequence[str]]) -> ContestRules:
    """The rules of a contest for practice: one pass, and no more sheets of an entry than the jury can give.

    `jury` holds the product groups of each judge.

    Raises
    ------
    InvalidInput
        The rules do not hold together.
    """
    practised = {code for codes in jury for code in codes}
    fewest = min((sum(code in codes for codes in jury) for code in practised), default=1)
    least = min(rules.min_sheets, fewest)
    method = rules.method
    if method is Method.TRIMMED and least < 2 * rules.trim + 1:
        method = Method.MEAN  # too few are left to leave any out
    return check_rules(replace(rules, passes=1, deciding_pass=1, min_sheets=least, method=method))
