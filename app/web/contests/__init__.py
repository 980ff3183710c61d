"""Pages of the organiser."""

from app.web.contests import (
    ballot,
    ballot_turns,
    certificates,
    council,
    entries,
    facilities,
    judge,
    jury,
    links,
    moves,
    nominations,
    publication,
    results,
    rules,
    views,
)
from app.web.contests.blueprint import bp

__all__ = [
    "ballot",
    "ballot_turns",
    "bp",
    "certificates",
    "council",
    "entries",
    "facilities",
    "judge",
    "jury",
    "links",
    "moves",
    "nominations",
    "publication",
    "results",
    "rules",
    "views",
]
