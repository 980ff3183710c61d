"""By what an entry may take part above the lowest tier.

A regional entry brings a valid provincial certificate, a national one a regional certificate; a tier that was
not held is passed over with a reason (Thông tư 26/2014/TT-BCT, as consolidated in 46/VBHN-BCT).
"""

from dataclasses import dataclass
from datetime import date

from app.domain.certificates import Standing
from app.domain.messages import N_, Message
from app.domain.tiers import Tier
from app.domain.vietnamese import format_date


@dataclass(frozen=True)
class LowerCertificate:
    """A certificate that an entry brings along, as it stands on the day."""

    number: str
    tier: Tier
    standing: Standing
    valid_until: date
    same_product: bool
    within: bool  # the territory that gave it lies in the contest's own


def certificate_faults(
    certificate: LowerCertificate, tier: Tier, *, may_skip: bool = False
) -> tuple[Message, ...]:
    """Everything that keeps a certificate from opening a contest of this tier; empty when it does.

    With `may_skip` it may be of any tier below: those between were not held.
    """
    texts = []
    if certificate.standing is Standing.EXPIRED:
        texts.append(N_("Certificate %(number)s expired on %(day)s; a valid one is needed."))
    elif certificate.standing is not Standing.VALID:
        texts.append(N_("Certificate %(number)s was revoked or replaced; a valid one is needed."))
    if not certificate.same_product:
        texts.append(N_("Certificate %(number)s was given to another product."))
    if certificate.tier is not tier.below and not (may_skip and tier.is_above(certificate.tier)):
        texts.append(N_("Certificate %(number)s is not of the tier just below this contest."))
    if not certificate.within:
        texts.append(N_("Certificate %(number)s was given in a territory outside this contest."))
    values = {"number": certificate.number, "day": format_date(certificate.valid_until)}
    return tuple(Message(text, dict(values)) for text in texts)


def qualification_faults(
    tier: Tier, *, lower_tier_skipped: str, certificate: LowerCertificate | None, exemption: str
) -> tuple[Message, ...]:
    """Everything that keeps an entry out of a contest of this tier; empty when it may take part.

    The lowest tier asks for nothing, nor does a provincial contest whose rules say why no lower tier was
    held. Elsewhere a certificate of the tier just below is needed, or an exemption with its reason.
    """
    if tier.below is None or (tier is Tier.PROVINCIAL and lower_tier_skipped) or exemption:
        return ()
    if certificate is None:
        text = N_(
            "A product needs a valid certificate of the tier below and is nominated by that tier's organiser."
        )
        return (Message(text),)
    return certificate_faults(certificate, tier)
