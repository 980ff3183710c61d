"""What a certificate says, put together from the contest, the decision and the entry."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.entry_names import EntryNames, with_province
from app.domain.errors import IllegalState
from app.domain.messages import N_
from app.domain.tiers import TIER_NAMES_VI, Tier
from app.models import Contest, Decision, Entry, Facility, Product
from app.queries.organisers import organiser_on
from app.services.printing import lines_of
from certificates import Certificate


@dataclass(frozen=True)
class Award:
    """What all certificates of a contest share."""

    contest: Contest  # with its territory
    decision: Decision
    issuer_parent: str | None
    public_url: str


@dataclass(frozen=True)
class Particulars:
    """What is new on each certificate."""

    number: str
    code: str
    signed_on: date
    valid_until: date


def award_of(session: Session, contest: Contest, public_url: str) -> Award:
    """The award that a contest's signed decision gives."""
    decision = session.scalars(select(Decision).where(Decision.contest_id == contest.id)).one_or_none()
    if decision is None:
        raise IllegalState(N_("Certificates are issued once the decision is recorded."))
    organiser = organiser_on(session, contest.territory_id, decision.signed_on)
    # A body that organises and signs itself is printed below the one it belongs to; a people's committee is not.
    signs_itself = organiser is not None and organiser.name == decision.signing_body
    parent = organiser.parent_name.upper() if organiser and signs_itself else ""
    return Award(contest, decision, parent or None, public_url)


def certificate_of(award: Award, entry: Entry, names: EntryNames, particulars: Particulars) -> Certificate:
    """The certificate of one entry under these names."""
    contest, decision = award.contest, award.decision
    return Certificate(
        issuer_parent=award.issuer_parent,
        issuer=decision.signing_body.upper(),
        number=particulars.number,
        tier=TIER_NAMES_VI[contest.tier],
        territory=None if contest.tier is Tier.NATIONAL else contest.territory.full_name,
        year=contest.year,
        product=names.product,
        is_set=names.is_set,
        group=contest.rules.group(entry.group_code).name_vi,
        facility=names.facility,
        address=names.address,
        decision_number=decision.number,
        decision_date=decision.signed_on,
        place=decision.place,
        signed_on=particulars.signed_on,
        signatory_title=lines_of(decision.signatory_title),
        signatory=decision.signatory,
        valid_until=particulars.valid_until,
        check_url=f"{award.public_url}/c/{particulars.code}",
        code=particulars.code,
        example=contest.is_example,
    )


ENTRY_ON_PAPER = joinedload(Entry.product).joinedload(Product.facility).joinedload(Facility.territory)
"""Loads what `names_now` reads of an entry."""


def names_now(entry: Entry) -> EntryNames:
    """What product and facility of an entry are called today."""
    product, facility = entry.product, entry.product.facility
    return EntryNames(
        product=product.name,
        is_set=product.is_set,
        facility=facility.name,
        address=with_province(facility.address, facility.territory.full_name),
    )
