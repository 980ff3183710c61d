"""Loading what a new installation knows: territories, organisers, product groups, the legal score sheet."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import seeds
from app.domain.tiers import Tier
from app.models import (
    Criterion,
    Organiser,
    ProductGroup,
    RegionMembership,
    RubricVersion,
    Territory,
    TerritorySuccession,
)


def load_reference_data(session: Session) -> None:
    """Fill an empty database with the seeds; give one that has territories only the rubrics that are new."""
    if session.scalar(select(Territory.id).limit(1)) is None:
        units = _load_territories(session)
        _load_relations(session, units)
        session.add_all(
            ProductGroup(code=group.code, name_vi=group.name_vi, name_en=group.name_en)
            for group in seeds.product_groups()
        )
    known = set(session.scalars(select(RubricVersion.code)))
    session.add_all(_rubric(version) for version in seeds.rubric_versions() if version.code not in known)
    session.flush()


def _load_territories(session: Session) -> dict[tuple[Tier, seeds.UnitKey], Territory]:
    loaded = {}
    for row in seeds.territories():
        territory = territory_of(row)
        session.add(territory)
        loaded[row.tier, row.key] = territory
    session.flush()
    return loaded


def territory_of(row: seeds.Territory) -> Territory:
    """A territory to store, with those who organise and sign in it."""
    return Territory(
        tier=row.tier,
        code=row.code,
        kind=row.kind,
        slug=row.slug,
        name=row.name,
        full_name=row.full_name,
        name_en=row.name_en,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        organisers=[
            Organiser(
                parent_name=organiser.parent_name,
                name=organiser.name,
                name_en=organiser.name_en,
                signing_body=organiser.signing_body,
                signatory_title=organiser.signatory_title,
                place=organiser.place,
                basis=organiser.basis,
                valid_from=organiser.valid_from,
                valid_to=organiser.valid_to,
            )
            for organiser in seeds.organisers_of(row)
        ],
    )


def _load_relations(session: Session, units: dict[tuple[Tier, seeds.UnitKey], Territory]) -> None:
    regions = {unit.code: unit for (tier, _key), unit in units.items() if tier is Tier.REGIONAL}
    for succession in seeds.successions():
        successor = units[Tier.PROVINCIAL, succession.successor]
        session.add(
            TerritorySuccession(
                predecessor_id=units[Tier.PROVINCIAL, succession.predecessor].id,
                successor_id=successor.id,
                on=successor.valid_from,
                basis=succession.basis,
            )
        )
    for membership in seeds.region_memberships():
        session.add(
            RegionMembership(
                region_id=regions[membership.region_code].id,
                province_id=units[Tier.PROVINCIAL, membership.province].id,
                valid_from=membership.valid_from,
                valid_to=membership.valid_to,
                basis=membership.basis,
            )
        )


def _rubric(version: seeds.RubricVersion) -> RubricVersion:
    return RubricVersion(
        code=version.code,
        name_vi=version.name_vi,
        name_en=version.name_en,
        legal_basis=version.legal_basis,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        criteria=[
            Criterion(
                code=criterion.code,
                position=position,
                name_vi=criterion.name_vi,
                name_en=criterion.name_en,
                max_mark=criterion.max_mark,
                parent_code=criterion.parent,
                group_code=criterion.group,
            )
            for position, criterion in enumerate(version.criteria, start=1)
        ],
    )
