"""Kinds of rural industrial facility."""

from enum import StrEnum


class FacilityKind(StrEnum):
    """Who may register products (Nghị định 45/2012, as amended)."""

    ENTERPRISE = "enterprise"
    COOPERATIVE = "cooperative"
    COOPERATIVE_GROUP = "cooperative_group"
    HOUSEHOLD = "household"
