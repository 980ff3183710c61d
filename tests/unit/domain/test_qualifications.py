from dataclasses import replace
from datetime import date

import pytest

from app.domain.certificates import Standing
from app.domain.qualifications import LowerCertificate, certificate_faults, qualification_faults
from app.domain.tiers import Tier

PROVINCIAL = LowerCertificate(
    number="05/2026/GCN",
    tier=Tier.PROVINCIAL,
    standing=Standing.VALID,
    valid_until=date(2029, 3, 10),
    same_product=True,
    within=True,
)


def faults(
    tier: Tier, certificate: LowerCertificate | None = None, exemption: str = "", skipped: str = ""
) -> int:
    return len(
        qualification_faults(tier, lower_tier_skipped=skipped, certificate=certificate, exemption=exemption)
    )


@pytest.mark.parametrize(
    ("tier", "certificate", "exemption", "skipped", "expected"),
    [
        (Tier.COMMUNE, None, "", "", 0),
        (Tier.PROVINCIAL, None, "", "", 1),
        (Tier.PROVINCIAL, None, "", "Cấp xã chưa tổ chức", 0),
        (Tier.REGIONAL, None, "", "Cấp tỉnh chưa tổ chức", 1),
        (Tier.REGIONAL, None, "Cấp tỉnh không tổ chức", "", 0),
        (Tier.REGIONAL, PROVINCIAL, "", "", 0),
        (Tier.NATIONAL, PROVINCIAL, "", "", 1),
        (Tier.NATIONAL, None, "", "", 1),
    ],
)
def test_who_may_take_part_at_which_tier(
    tier: Tier, certificate: LowerCertificate | None, exemption: str, skipped: str, expected: int
) -> None:
    assert faults(tier, certificate, exemption, skipped) == expected


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"standing": Standing.EXPIRED},
            "Certificate 05/2026/GCN expired on 10/03/2029; a valid one is needed.",
        ),
        (
            {"standing": Standing.REVOKED},
            "Certificate 05/2026/GCN was revoked or replaced; a valid one is needed.",
        ),
        (
            {"standing": Standing.REPLACED},
            "Certificate 05/2026/GCN was revoked or replaced; a valid one is needed.",
        ),
        ({"same_product": False}, "Certificate 05/2026/GCN was given to another product."),
        ({"tier": Tier.COMMUNE}, "Certificate 05/2026/GCN is not of the tier just below this contest."),
        ({"within": False}, "Certificate 05/2026/GCN was given in a territory outside this contest."),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(changes: dict[str, object], said: str) -> None:
    certificate = replace(PROVINCIAL, **changes)  # type: ignore[arg-type]  # any field of the certificate

    assert [str(fault) for fault in certificate_faults(certificate, Tier.REGIONAL)] == [said]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    certificate = replace(PROVINCIAL, standing=Standing.EXPIRED, same_product=False, within=False)

    assert len(certificate_faults(certificate, Tier.NATIONAL)) == 4


def test_a_tier_that_was_not_held_may_be_passed_over_upwards_only() -> None:
    assert certificate_faults(PROVINCIAL, Tier.NATIONAL, may_skip=True) == ()
    assert len(certificate_faults(PROVINCIAL, Tier.PROVINCIAL, may_skip=True)) == 1
    assert len(certificate_faults(PROVINCIAL, Tier.COMMUNE, may_skip=True)) == 1
