"""Lists that were public once and were withdrawn to be corrected: they stay readable, with the reason."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.contests import PUBLIC
from app.domain.errors import NotFound
from app.domain.rules import ContestRules
from app.models import Contest, Decision, WithdrawnList
from app.queries.decisions import Correction, correction_of
from app.queries.public_results import SLUG


@dataclass(frozen=True)
class ListedProduct:
    """A product as the list named it; `average` is printed hundredths of a point."""

    code: str
    product: str
    facility: str
    address: str
    average: int | None
    prize: str | None = None  # code of its class
    certificate: str = ""  # its number, on a final list
    check_code: str = ""  # by which it is checked
    members: tuple[str, ...] = ()  # codes and names of the products of a set that the council made


@dataclass(frozen=True)
class OldList:
    """One list that was withdrawn; versions are counted from 1."""

    version: int
    published_at: datetime
    withdrawn_at: datetime
    reason: str
    decision: Decision | None  # of a final list
    rows: tuple[ListedProduct, ...]


@dataclass(frozen=True)
class WithdrawnPage:
    """The withdrawn lists of a contest, newest first."""

    slug: str
    name: str
    is_example: bool
    is_public: bool  # whether a list stands again
    correction: Correction | None  # of a decision, while it runs
    rules: ContestRules
    lists: tuple[OldList, ...]


def withdrawn_page(session: Session, slug: str) -> WithdrawnPage:
    """Read the withdrawn lists of a contest; NotFound where there is none."""
    if not has_withdrawn_list(session, slug):
        raise NotFound
    found = session.execute(
        select(Contest, WithdrawnList)
        .join(WithdrawnList, WithdrawnList.contest_id == Contest.id)
        .where(Contest.slug == slug)
        .options(joinedload(WithdrawnList.decision))
        .order_by(WithdrawnList.id)
    ).all()
    contest = found[0][0]
    lists = [
        OldList(
            version=version,
            published_at=old.published_at,
            withdrawn_at=old.withdrawn_at,
            reason=old.reason,
            decision=old.decision,
            rows=tuple(_listed(row) for row in old.content["rows"]),
        )
        for version, (_contest, old) in enumerate(found, start=1)
    ]
    return WithdrawnPage(
        slug=contest.slug,
        name=contest.name,
        is_example=contest.is_example,
        is_public=contest.state in PUBLIC,
        correction=correction_of(session, contest.id),
        rules=contest.rules,
        lists=tuple(reversed(lists)),
    )


def _listed(row: dict[str, Any]) -> ListedProduct:
    return ListedProduct(**row | {"members": tuple(row.get("members", ()))})


def has_withdrawn_list(session: Session, slug: str) -> bool:
    """Whether a list of this contest was ever withdrawn."""
    statement = select(WithdrawnList.id).join(Contest, Contest.id == WithdrawnList.contest_id)
    if not re.fullmatch(SLUG, slug):  # such as a NUL, which PostgreSQL refuses
        return False
    return session.scalars(statement.where(Contest.slug == slug).limit(1)).first() is not None
