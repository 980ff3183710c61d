"""What a record of a site visit (kiểm tra thực tế) may say."""

from dataclasses import dataclass
from datetime import date

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.vietnamese import format_date

MAX_PHOTOS = 12
MAX_VISITORS = 500
MAX_FINDINGS = 5000


@dataclass(frozen=True)
class VisitFacts:
    """When an entry was visited, by whom, and what they found."""

    visited_on: date | None
    visitors: str
    findings: str


def check_visit(facts: VisitFacts, *, first_day: date, today: date) -> None:
    """Raise InvalidInput by field unless the record is complete and its day lies within the second pass."""
    faults: dict[str, Message] = {}
    if facts.visited_on is None:
        faults["visited_on"] = Message(N_("Enter the day of the visit."))
    elif facts.visited_on > today:
        faults["visited_on"] = Message(
            N_("This day has not come yet. Record the visit once it has been made.")
        )
    elif facts.visited_on < first_day:
        faults["visited_on"] = Message(
            N_("Visits are made after the first pass was closed, on %(day)s."),
            {"day": format_date(first_day)},
        )
    faults |= _text_fault("visitors", facts.visitors, MAX_VISITORS, N_("Write who made the visit."))
    faults |= _text_fault("findings", facts.findings, MAX_FINDINGS, N_("Write what was found on the spot."))
    if faults:
        raise InvalidInput(faults)


def _text_fault(name: str, text: str, most: int, missing: str) -> dict[str, Message]:
    if not text.strip():
        return {name: Message(missing)}
    if len(text) > most:
        values: dict[str, str | int] = {"most": most, "length": len(text)}
        return {name: Message(N_("At most %(most)d characters; there are %(length)d."), values)}
    return {}
