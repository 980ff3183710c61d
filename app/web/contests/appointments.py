"""Appointing a person by e-mail: at once if there is an account, by a link that is shown once if there is none."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms.widgets import EmailInput

from app.domain.errors import InvalidInput
from app.domain.invitations import Place
from app.domain.messages import N_, Message
from app.domain.permissions import Permission, Role
from app.queries.appointments import account_of
from app.services.accounts import Invite, invite, withdraw_invitation
from app.services.emails import clean_email
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import transaction
from app.web.fields import Form, TextField, filled_in, longest
from app.web.i18n import _, _l


class PersonForm(Form):
    """Whom to appoint."""

    email = TextField(_l("E-mail address"), widget=EmailInput(), validators=[filled_in, longest(255)])
    name = TextField(_l("Full name"), validators=[longest(200)])
    position = TextField(_l("Post or academic title"), validators=[longest(200)])


@dataclass(frozen=True)
class Link:
    """The token of an invitation and whom to send it to."""

    token: str
    name: str
    email: str


def appoint_or_invite(
    form: PersonForm, appoint: Callable[[Session, int], object], invitation: Invite
) -> Link | None:
    """Appoint the person of this address; give a link to send when there is no account yet.

    Raises
    ------
    InvalidInput
        If the person cannot be appointed, it is no address, or the name is missing that an invitation needs.
    """
    typed = form.data
    with transaction() as session:
        account = account_of(session, typed["email"])
        if account is not None:
            appoint(session, account.id)
            return None
        clean_email(typed["email"])  # nobody is asked for the name that belongs to what is no address
        if not typed["name"]:
            missing = N_(
                "Nobody has an account with this address yet. Write the full name to invite the person."
            )
            raise InvalidInput({"name": Message(missing)})
        whom = replace(invitation, email=typed["email"], name=typed["name"], position=typed["position"])
        token = invite(session, whom, actor=current_actor(), now=now())
    return Link(token, whom.name, whom.email)


@bp.post("/<int:contest_id>/invitations/<int:invitation_id>/withdraw")
@requires(Permission.JURY_APPOINT)
def withdraw(contest_id: int, invitation_id: int) -> ResponseReturnValue:
    """Make an open link to the jury or the council useless."""
    with transaction() as session:
        invitation = withdraw_invitation(
            session, invitation_id, actor=current_actor(), now=now(), within=Place(contest_id=contest_id)
        )
        page = ".council" if invitation.role is Role.COUNCIL_MEMBER else ".jury"
    flash(_("The link no longer works."), "success")
    return redirect(url_for(page, contest_id=contest_id), 303)
