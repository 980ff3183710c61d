"""How an automatic assignment reads the product groups that are ticked for judges."""

from enum import StrEnum


class GroupMode(StrEnum):
    """What ticked product groups mean; a judge without any may score all."""

    PREFER = "prefer"  # others only where nobody else can
    LIMIT = "limit"  # no others
    NONE = "none"
