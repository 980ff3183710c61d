"""What a certificate says, put together from the contest, the decision and the entry."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.certificates import CertificateStatus
from app.domain.contests import ContestState
from app.domain.entry_names import EntryNames, as_sent, with_province
from app.domain.errors import IllegalState
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.domain.tiers import TIER_NAMES_VI, Tier
from app.models import Contest, Decision, Entry, Facility, IssuedCertificate, Product
from app.queries.ballot_prizes import council_prizes
from app.queries.decisions import replaced_decisions, standing_decision
from app.queries.mergers import ProductSet, sets_of
from app.queries.organisers import organiser_on
from app.queries.scope import contest_for
from app.services.printing import lines_of
from certificates import Certificate, DocumentError


@dataclass(frozen=True)
class Award:
    """What all certificates of a contest share."""

    contest: Contest  # with its territory
    decision: Decision
    issuer_parent: str | None
    public_url: str
    prizes: dict[int, str | None]  # code of the class that the council gave, by entry
    sets: dict[int, ProductSet]  # that the council made, by the entry that stands for each


@dataclass(frozen=True)
class Particulars:
    """What is new on each certificate."""

    number: str
    code: str
    signed_on: date
    valid_until: date


def award_of(session: Session, contest: Contest, public_url: str) -> Award:
    """The award that a contest's signed decision gives."""
    decision = standing_decision(session, contest.id)
    if decision is None:
        raise IllegalState(N_("Certificates are issued once the decision is recorded."))
    organiser = organiser_on(session, contest.territory_id, decision.signed_on)
    # A body that organises and signs itself is printed below the one it belongs to; a people's committee is not.
    signs_itself = organiser is not None and organiser.name == decision.signing_body
    parent = organiser.parent_name.upper() if organiser and signs_itself else ""
    prizes, sets = council_prizes(session, contest.id), sets_of(session, contest.id)
    return Award(contest, decision, parent or None, public_url, prizes, sets)


def certificate_of(award: Award, entry: Entry, names: EntryNames, particulars: Particulars) -> Certificate:
    """The certificate of one entry under these names."""
    contest, decision, prize = award.contest, award.decision, award.prizes.get(entry.id)
    return Certificate(
        issuer_parent=award.issuer_parent,
        issuer=decision.signing_body.upper(),
        number=particulars.number,
        tier=TIER_NAMES_VI[contest.tier],
        territory=None if contest.tier is Tier.NATIONAL else contest.territory.full_name,
        year=contest.year,
        product=names.product,
        is_set=names.is_set,
        members=names.members,
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
        prize=contest.rules.prize(prize).name_vi if prize else None,
        example=contest.is_example,
    )


def outdated_certificates(
    session: Session, actor: Actor, contest_id: int, *, today: date
) -> dict[int, tuple[str, ...]]:
    """By certificate that stands after a new decision: the fields of the award that it would print otherwise now.

    What concerns the signing (authority, decision, signatory, days) stays as it was signed.
    """
    contest = contest_for(session, actor, Permission.CONTEST_VIEW, contest_id)
    if contest.state is not ContestState.FINAL or not replaced_decisions(session, contest.id):
        return {}
    award = award_of(session, contest, "http://localhost")
    found = session.execute(
        select(IssuedCertificate, Entry)
        .join(Entry, Entry.id == IssuedCertificate.entry_id)
        .where(
            Entry.contest_id == contest.id,
            IssuedCertificate.status == CertificateStatus.VALID,
            IssuedCertificate.valid_until > today,  # on its last day it is not replaced any more
        )
        .options(ENTRY_ON_PAPER)
        .order_by(IssuedCertificate.id)
    ).all()
    changed = {row.id: tuple(_differences(award, entry, row)) for row, entry in found}
    return {certificate_id: fields for certificate_id, fields in changed.items() if fields}


def _differences(award: Award, entry: Entry, given: IssuedCertificate) -> Iterator[str]:
    names = names_of(award, entry, today=given.replaces_id is not None)
    signed = Particulars(given.number, given.code, given.issued_on, given.valid_until)
    try:
        document = certificate_of(award, entry, names, signed)
    except DocumentError as error:  # it would not even print
        yield error.field
        return
    for field in fields(document):
        printed = given.printed.get(field.name)
        printed = tuple(printed or ()) if field.name == "members" else printed
        if field.name not in SIGNED and printed != getattr(document, field.name):
            yield field.name


SIGNED = frozenset(
    {"issuer_parent", "issuer", "number", "decision_number", "decision_date", "place", "signed_on"}
    | {"signatory_title", "signatory", "valid_until", "check_url", "code", "example"}
)

ENTRY_ON_PAPER = joinedload(Entry.product).joinedload(Product.facility).joinedload(Facility.territory)
"""Loads what `names_now` reads of an entry."""


def names_of(award: Award, entry: Entry, *, today: bool) -> EntryNames:
    """What is certified: as it was judged, or what it is called today; the set, where the entry stands for one."""
    names = names_now(entry) if today else as_sent(entry.dossier, names_now(entry))
    product_set = award.sets.get(entry.id)
    return product_set.names(names, today=today) if product_set else names


def names_now(entry: Entry) -> EntryNames:
    """What product and facility of an entry are called today."""
    product, facility = entry.product, entry.product.facility
    return EntryNames(
        product=product.name,
        is_set=product.is_set,
        facility=facility.name,
        address=with_province(facility.address, facility.territory.full_name),
    )
