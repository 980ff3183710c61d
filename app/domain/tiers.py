"""The four tiers of the award and the road between them (Thông tư 26/2014, as consolidated in 46/VBHN-BCT)."""

from enum import StrEnum


class Tier(StrEnum):
    """Level at which a contest is held (cấp). Names, organisers and signers are rows with dates, not code."""

    COMMUNE = "commune"
    PROVINCIAL = "provincial"
    REGIONAL = "regional"
    NATIONAL = "national"

    @property
    def below(self) -> "Tier | None":
        """The tier whose certificate an entry needs, or None at the bottom."""
        position = ROAD.index(self)
        return ROAD[position - 1] if position else None

    @property
    def above(self) -> "Tier | None":
        """The tier that winners go up to, or None at the top."""
        position = ROAD.index(self)
        return ROAD[position + 1] if position + 1 < len(ROAD) else None

    def is_above(self, other: "Tier") -> bool:
        """Whether this tier stands higher than the other."""
        return ROAD.index(self) > ROAD.index(other)


ROAD = (Tier.COMMUNE, Tier.PROVINCIAL, Tier.REGIONAL, Tier.NATIONAL)

TIER_NAMES_VI = {
    Tier.COMMUNE: "cấp xã",
    Tier.PROVINCIAL: "cấp tỉnh",
    Tier.REGIONAL: "cấp khu vực",
    Tier.NATIONAL: "cấp quốc gia",
}
