"""The minutes of the council's meeting: what may be written into them, who signs, when they are frozen."""

from enum import StrEnum

from app.domain.ballots import check_length
from app.domain.errors import InvalidInput, require
from app.domain.messages import N_, Message

MAX_TEXT = 4000
"""Letters of one free text; one that the remarks of the meeting made longer may stay as long."""
MAX_LINE = 3900
"""Letters of one of its lines: with what the minutes put before it, a paragraph of theirs, which holds 4000."""

FROZEN = N_(
    "Both have signed these minutes, so they are frozen. Open them again, with a reason, to change them."
)
CHANGED_MEANWHILE = N_(
    "Somebody else changed the minutes since you opened this page. What they say now is shown beside what you "
    "typed; check and save again."
)
NOT_WHAT_WAS_READ = N_(
    "The minutes have changed since you opened this page. Read them again before you sign."
)


class Signing(StrEnum):
    """For what somebody signs the minutes."""

    CHAIR = "chair"
    SECRETARY = "secretary"


def check_open(signatures: int) -> None:
    """Raise IllegalState if the minutes are frozen."""
    require(signatures < len(Signing), FROZEN)


def check_text(field: str, text: str, before: str) -> None:
    """Raise InvalidInput if a text is too long, and longer than it was, or has a line too long to be printed."""
    check_length(field, text, max(MAX_TEXT, len(before)))
    longest = max(map(len, text.splitlines()), default=0)
    if longest > MAX_LINE:
        values: dict[str, str | int] = {"most": MAX_LINE, "length": longest}
        said = N_("At most %(most)d characters in one line; there is a line of %(length)d. Break it in two.")
        raise InvalidInput({field: Message(said, values)})
