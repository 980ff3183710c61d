"""Communes for tests, registered as the administrator does."""

from datetime import date
from typing import Any

from app.domain.permissions import Role
from app.domain.territories import COMMUNES_SINCE, CommuneKind
from app.models import Territory
from app.services.communes import AddCommune, ImportCommunes, add_commune, import_communes
from tests.builders import NOW, World


def register(world: World, **changes: Any) -> Territory:
    """Xã Tân Hòa in Lâm Đồng, code 12345, unless said otherwise."""
    typed: dict[str, Any] = {
        "code": "12345",
        "name": "Tân Hòa",
        "kind": CommuneKind.COMMUNE,
        "province_id": world.territory("Lâm Đồng").id,
        "valid_from": COMMUNES_SINCE,
    }
    actor = world.actor(world.member(Role.ADMINISTRATOR))
    with world.session() as session:
        return add_commune(session, AddCommune(**typed | changes), actor=actor, now=NOW)


def take(world: World, text: str | bytes, day: date = COMMUNES_SINCE) -> int:
    """Import a file."""
    content = text.encode() if isinstance(text, str) else text
    actor = world.actor(world.member(Role.ADMINISTRATOR))
    with world.session() as session:
        return import_communes(session, ImportCommunes(content, day), actor=actor, now=NOW)
