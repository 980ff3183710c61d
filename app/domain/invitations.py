"""Which role holds where, who may give it, and how long a link to it is good."""

from dataclasses import dataclass, fields
from datetime import timedelta

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.permissions import SYSTEM, Actor, Permission, Role

INVITATION_LIFE = timedelta(days=7)
PASSWORD_LINK_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Place:
    """Where a role holds: nowhere in particular, or in one territory, contest or facility."""

    territory_id: int | None = None
    contest_id: int | None = None
    facility_id: int | None = None


# A facility's first user is invited for a territory: the facility is registered by that person.
PLACES: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (),
    Role.ORGANISER: ("territory_id",),
    Role.OBSERVER: ("contest_id",),
    Role.HEAD_OF_JURY: ("contest_id",),
    Role.JUDGE: ("contest_id",),
    Role.COUNCIL_MEMBER: ("contest_id",),
    Role.FACILITY_USER: ("facility_id", "territory_id"),
}
# What organisers give, and by which permission; the other roles are the administrator's to give.
GIVEN_BY: dict[Role, Permission] = {
    Role.OBSERVER: Permission.JURY_APPOINT,
    Role.HEAD_OF_JURY: Permission.JURY_APPOINT,
    Role.JUDGE: Permission.JURY_APPOINT,
    Role.COUNCIL_MEMBER: Permission.JURY_APPOINT,
    Role.FACILITY_USER: Permission.FACILITY_INVITE,
}


def keeps_accounts(actor: Actor) -> bool:
    """Whether this is an administrator, or a command run on the machine itself."""
    return actor == SYSTEM or actor.may(Permission.ACCOUNT_ADMINISTER)


def may_give(actor: Actor, role: Role) -> bool:
    """Whether this person may give the role somewhere."""
    return keeps_accounts(actor) or (role in GIVEN_BY and actor.may(GIVEN_BY[role]))


def check_place(role: Role, place: Place) -> None:
    """Raise InvalidInput unless the place is of the kind the role needs, and the only one."""
    given = [field.name for field in fields(place) if getattr(place, field.name) is not None]
    allowed = PLACES[role]
    if not (len(given) == 1 and given[0] in allowed if allowed else not given):
        raise InvalidInput({(allowed or given)[0]: Message(N_("Choose where the role holds."))})
