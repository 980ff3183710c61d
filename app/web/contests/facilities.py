"""The organiser's page of facilities: invite those of the territory, one or a whole list, and see who has not come."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, TextAreaField
from wtforms.widgets import EmailInput

from app.domain.errors import InvalidInput
from app.domain.invitations import Place
from app.domain.permissions import Permission
from app.queries.appointments import FacilitiesPage, facilities_page
from app.services.accounts import withdraw_invitation
from app.services.facility_invitations import (
    LARGEST_LIST,
    FacilityLink,
    InviteFacilities,
    InviteFacility,
    invite_facilities,
    invite_facility,
    renew_facility_invitation,
)
from app.services.faults import FaultyRows, RowFault
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import UNPRINTABLE, Form, TextField
from app.web.i18n import _, _l


class PastedField(TextAreaField):
    """Lines as they were pasted, with the tabs between their cells."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text as it is, but for what no page may hold."""
        self.data = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", valuelist[0]) if valuelist else ""


class OneForm(Form):
    """A facility to invite."""

    name = TextField(_l("Name of the facility"))
    email = TextField(_l("E-mail address"), widget=EmailInput())


class ManyForm(Form):
    """A list of facilities to invite, pasted or as a file."""

    lines = PastedField(_l("List of facilities"))
    file = FileField(_l("or a CSV file"))

    def command(self, territory_id: int) -> InviteFacilities:
        """The file, if one was chosen; else what was pasted."""
        if self.file.data:
            return InviteFacilities(territory_id, self.file.data.stream.read(LARGEST_LIST + 1), "file")
        return InviteFacilities(territory_id, (self.lines.data or "").encode(), "lines")


@bp.get("/<int:contest_id>/facilities")
@requires(Permission.FACILITY_INVITE)
def facilities(contest_id: int) -> str:
    """Show whom the organiser has invited, and how to invite more."""
    return _show(_page(contest_id), one=OneForm(), many=ManyForm())


@bp.post("/<int:contest_id>/facilities")
@requires(Permission.FACILITY_INVITE)
def invite_one(contest_id: int) -> ResponseReturnValue:
    """Invite one facility and show the link, this once."""
    page, form = _page(contest_id), OneForm()
    typed = form.data
    try:
        with transaction() as session:
            command = InviteFacility(page.contest.territory_id, typed["name"], typed["email"])
            link = invite_facility(session, command, actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
        return _show(page, one=form), 422
    return _show(_page(contest_id), links=[link]), 201


@bp.post("/<int:contest_id>/facilities/many")
@requires(Permission.FACILITY_INVITE)
def invite_many(contest_id: int) -> ResponseReturnValue:
    """Invite all facilities of a list, or none, and show the links, this once."""
    page, form = _page(contest_id), ManyForm()
    try:
        with transaction() as session:
            command = form.command(page.contest.territory_id)
            links = invite_facilities(session, command, actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
        faults = error.rows if isinstance(error, FaultyRows) else ()
        return _show(page, many=form, faults=faults), 422
    return _show(_page(contest_id), links=links), 201


@bp.post("/<int:contest_id>/facilities/<int:invitation_id>/renew")
@requires(Permission.FACILITY_INVITE)
def renew_link(contest_id: int, invitation_id: int) -> ResponseReturnValue:
    """Show a new link for a facility that lost the old one."""
    place = Place(territory_id=_page(contest_id).contest.territory_id)
    with transaction() as session:
        link = renew_facility_invitation(
            session, invitation_id, within=place, actor=current_actor(), now=now()
        )
    return _show(_page(contest_id), links=[link]), 201


@bp.post("/<int:contest_id>/facilities/<int:invitation_id>/withdraw")
@requires(Permission.FACILITY_INVITE)
def withdraw_facility(contest_id: int, invitation_id: int) -> ResponseReturnValue:
    """Make an open link useless."""
    place = Place(territory_id=_page(contest_id).contest.territory_id)
    with transaction() as session:
        withdraw_invitation(session, invitation_id, actor=current_actor(), now=now(), within=place)
    flash(_("The link no longer works."), "success")
    return redirect(url_for(".facilities", contest_id=contest_id), 303)


def _page(contest_id: int) -> FacilitiesPage:
    return facilities_page(read(), current_actor(), contest_id)


def _show(
    page: FacilitiesPage,
    *,
    one: OneForm | None = None,
    many: ManyForm | None = None,
    faults: Sequence[RowFault] = (),
    links: Sequence[FacilityLink] = (),
) -> str:
    return render_template(
        "contests/facilities.html",
        page=page,
        one=one or OneForm(formdata=None),
        many=many or ManyForm(formdata=None),
        faults=faults,
        links=links,
        moment_now=now(),
    )
