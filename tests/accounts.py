"""Giving links and using them, for the tests of accounts."""

from datetime import timedelta

from app.domain.permissions import Actor, Role
from app.models import User
from app.services.accounts import AcceptInvitation, Invite, accept_invitation, invite
from tests.builders import NOW, World

HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
EMAIL = "hanh@example.vn"


def admin(world: World) -> Actor:
    return world.actor(world.member(Role.ADMINISTRATOR))


def give(world: World, actor: Actor, role: Role, email: str = EMAIL, /, **place: object) -> str:
    with world.session() as session:
        return invite(session, Invite(email, "Trần Thị Hạnh", role, **place), actor=actor, now=NOW)  # type: ignore[arg-type]  # place is any of its fields


def accept(world: World, token: str, user: User | None = None, days: float = 0) -> User:
    answer = AcceptInvitation(token, "Trần Thị Hạnh", HASH, user_id=user.id if user else None)
    with world.session() as session:
        return accept_invitation(session, answer, now=NOW + timedelta(days=days))
