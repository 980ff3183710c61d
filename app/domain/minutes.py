"""The minutes of the council's meeting: what may be written into them, who signs, when they are frozen."""

from enum import StrEnum

from app.domain.errors import require
from app.domain.messages import N_

MAX_TEXT = 4000
"""Letters of one free text: a paragraph of the printed minutes holds as many."""

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
