"""The organiser's page of the council: its members and their offices."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from app.domain.contests import COUNCIL_OPEN
from app.domain.errors import InvalidInput, NotFound
from app.domain.permissions import Permission, Role
from app.domain.results import Office
from app.queries.appointments import CouncilPage, council_page
from app.services.accounts import Invite
from app.services.juries import (
    AppointCouncilMember,
    ChangeOffice,
    appoint_council_member,
    change_office,
    remove_council_member,
)
from app.web.access import current_actor, now, requires
from app.web.contests.appointments import Link, PersonForm, appoint_or_invite
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, TextField, longest
from app.web.i18n import _, _l
from app.web.labels import choices


class MemberForm(PersonForm):
    """A person for the council."""

    office = SelectField(_l("Office"), choices=lambda: choices(Office), default=Office.MEMBER.value)


class OfficeForm(Form):
    """The office and post of a member."""

    office = SelectField(_l("Office"), choices=lambda: choices(Office))
    position = TextField(_l("Post or academic title"), validators=[longest(200)])


@bp.get("/<int:contest_id>/council")
@requires(Permission.CONTEST_VIEW)
def council(contest_id: int) -> str:
    """Show the council."""
    return _show(_page(contest_id), MemberForm())


@bp.post("/<int:contest_id>/council")
@requires(Permission.JURY_APPOINT)
def appoint_member(contest_id: int) -> ResponseReturnValue:
    """Appoint a member of the council, or invite one."""
    page, form = _page(contest_id), MemberForm()
    if not form.validate_on_submit():
        return _show(page, form), 422
    office, position = Office(form.data["office"]), form.data["position"]
    try:
        link = appoint_or_invite(
            form,
            lambda session, user_id: appoint_council_member(
                session,
                AppointCouncilMember(contest_id, user_id, office, position),
                actor=current_actor(),
                now=now(),
            ),
            Invite(email="", name="", role=Role.COUNCIL_MEMBER, contest_id=contest_id, office=office),
        )
    except InvalidInput as error:
        form.refuse(error)
        return _show(page, form), 422
    if link is not None:
        return _show(_page(contest_id), MemberForm(formdata=None), link), 201
    flash(_("The member was appointed."), "success")
    return redirect(url_for(".council", contest_id=contest_id), 303)


@bp.route("/<int:contest_id>/council/<int:member_id>", methods=["GET", "POST"])
@requires(Permission.JURY_APPOINT)
def member(contest_id: int, member_id: int) -> ResponseReturnValue:
    """Change the office of a member."""
    page = _page(contest_id)
    found = next((row for row in page.members if row.id == member_id), None)
    if found is None:
        raise NotFound
    form = OfficeForm(office=found.office.value, position=found.position)
    if form.validate_on_submit():
        command = ChangeOffice(member_id, Office(form.data["office"]), form.data["position"])
        try:
            with transaction() as session:
                change_office(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The office of %(name)s was changed.", name=found.name), "success")
            return redirect(url_for(".council", contest_id=contest_id), 303)
    status = 422 if form.errors else 200
    return render_template("contests/member.html", page=page, member=found, form=form), status


@bp.post("/<int:contest_id>/council/<int:member_id>/remove")
@requires(Permission.JURY_APPOINT)
def remove_member(contest_id: int, member_id: int) -> ResponseReturnValue:
    """Take a member off the council."""
    if member_id not in {row.id for row in _page(contest_id).members}:
        raise NotFound
    with transaction() as session:
        remove_council_member(session, member_id, actor=current_actor(), now=now())
    flash(_("The member was removed from the council."), "success")
    return redirect(url_for(".council", contest_id=contest_id), 303)


def _page(contest_id: int) -> CouncilPage:
    return council_page(read(), current_actor(), contest_id)


def _show(page: CouncilPage, form: MemberForm, link: Link | None = None) -> str:
    may_appoint = page.contest.may(Permission.JURY_APPOINT) and page.contest.state in COUNCIL_OPEN
    return render_template("contests/council.html", page=page, form=form, link=link, may_appoint=may_appoint)
