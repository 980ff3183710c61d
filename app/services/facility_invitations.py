"""Inviting the people who are to register their facilities: one, or a whole list of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, NotFound, require
from app.domain.invitations import Place
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Role
from app.domain.vietnamese import fold, normalise
from app.models import Invitation
from app.services.accounts import MAX_NAME, Invite, invite
from app.services.cells import csv_rows
from app.services.emails import clean_email
from app.services.faults import FaultyRows, FileFault, RefusedFile, RowFault
from app.services.roles import check_may_give

MOST_LINES = 500
LARGEST_LIST = 2**20


@dataclass(frozen=True)
class InviteFacility:
    """A facility and the address of the person who is to register it."""

    territory_id: int
    name: str
    email: str


@dataclass(frozen=True)
class InviteFacilities:
    """A list, pasted or from a CSV file: on each line the name of a facility and an e-mail address."""

    territory_id: int
    content: bytes
    field: str  # where the form has it


@dataclass(frozen=True)
class FacilityLink:
    """The token of a link, and whom to send it to."""

    token: str
    name: str
    email: str


def invite_facility(
    session: Session, command: InviteFacility, *, actor: Actor, now: datetime
) -> FacilityLink:
    """Invite a person to register a facility in a territory; whoever has an account signs in to accept."""
    name, email, faults = normalise(command.name), "", dict[str, Message]()
    if not 0 < len(name) <= MAX_NAME:
        text = N_("Write the name of the facility, in at most %(max)d characters.")
        faults["name"] = Message(text, {"max": MAX_NAME})
    try:
        email = clean_email(command.email)
    except InvalidInput as error:
        faults |= error.fields
    if faults:
        raise InvalidInput(faults)
    whom = Invite(email, name, Role.FACILITY_USER, territory_id=command.territory_id)
    return FacilityLink(invite(session, whom, actor=actor, now=now), name, email)


def invite_facilities(
    session: Session, command: InviteFacilities, *, actor: Actor, now: datetime
) -> list[FacilityLink]:
    """Invite everybody on a list.

    Raises
    ------
    FaultyRows
        With every line at fault; nobody is invited.
    InvalidInput
        The list as a whole cannot be taken.
    """
    check_may_give(session, actor, Role.FACILITY_USER, Place(territory_id=command.territory_id))
    links: list[FacilityLink] = []
    faulty: list[RowFault] = []
    first_line: dict[str, int] = {}
    for line, name, email in _lines(command):
        same = first_line.setdefault(email.casefold(), line)
        if email and same != line:
            text = N_("This address stands on line %(line)d already.")
            faulty.append(RowFault(line, "email", Message(text, {"line": same})))
            continue
        try:
            facility = InviteFacility(command.territory_id, name, email)
            links.append(invite_facility(session, facility, actor=actor, now=now))
        except InvalidInput as error:
            faulty += [RowFault(line, field, message) for field, message in error.fields.items()]
    if faulty:
        raise FaultyRows(faulty, command.field)
    return links


def renew_facility_invitation(
    session: Session, invitation_id: int, *, within: Place, actor: Actor, now: datetime
) -> FacilityLink:
    """Make a new link for a facility that lost the one it had, which stops working."""
    invitation = session.scalar(
        select(Invitation).where(
            Invitation.id == invitation_id,
            Invitation.territory_id == within.territory_id,
            Invitation.role == Role.FACILITY_USER,
        )
    )
    if invitation is None:
        raise NotFound
    is_open = invitation.accepted_at is None and invitation.revoked_at is None
    require(is_open, N_("This link has been used or withdrawn already."))
    again = InviteFacility(invitation.territory_id or 0, invitation.name, invitation.email)
    return invite_facility(session, again, actor=actor, now=now)


def _lines(command: InviteFacilities) -> Iterator[tuple[int, str, str]]:
    """Number, name and address of each line that holds something; a first line of headings is left out."""
    lines = [(number, cells) for number, cells in enumerate(_rows(command), start=1) if cells]
    if lines and _is_heading(lines[0][1]):
        del lines[0]
    if not lines:
        raise InvalidInput({command.field: Message(N_("Write at least one line: name, e-mail address."))})
    if len(lines) > MOST_LINES:
        text = N_("At most %(most)d lines at a time; these are %(count)d.")
        raise InvalidInput({command.field: Message(text, {"most": MOST_LINES, "count": len(lines)})})
    for number, cells in lines:
        email = next((cell for cell in reversed(cells) if "@" in cell), "")
        yield number, ", ".join(cell for cell in cells if cell != email), email


def _rows(command: InviteFacilities) -> list[list[str]]:
    if len(command.content) > LARGEST_LIST:
        raise InvalidInput({command.field: Message(N_("The list is too large; at most 1 MB."))})
    try:
        rows = list(csv_rows(command.content))
    except RefusedFile as error:
        [fault] = error.faults
        if fault.kind in (FileFault.BAD_CSV, FileFault.LONG_CELL):
            text = N_("Line %(line)d has a quotation mark that is not closed.")
            if fault.kind is FileFault.LONG_CELL:
                text = N_(
                    "Line %(line)d has a cell that is too long, or a quotation mark that is not closed."
                )
            raise InvalidInput({command.field: Message(text, dict(fault.values))}) from None
        text = N_("This is not a CSV file in UTF-8. Save the table as “CSV UTF-8” and choose it again.")
        raise InvalidInput({command.field: Message(text)}) from None
    return [[clean for cell in row if (clean := normalise(cell))] for row in rows]


def _is_heading(cells: list[str]) -> bool:
    named = [fold(cell) for cell in cells]
    return not any("@" in cell for cell in cells) and any(
        "mail" in cell or "thu dien tu" in cell for cell in named
    )
