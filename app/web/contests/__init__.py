"""Pages of the organiser."""

from app.web.contests import (
    ballot,
    certificates,
    council,
    entries,
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
    "bp",
    "certificates",
    "council",
    "entries",
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
