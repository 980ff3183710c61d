"""The organiser's pages of the jury: who is on it, which groups and entries each judge scores."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from app.domain.contests import JURY_OPEN
from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Permission, Role
from app.queries.contests import ContestHead
from app.queries.juries import JuryPage, jury_page
from app.queries.seating import watch_of
from app.queries.statements import signed_on
from app.services.accounts import Invite
from app.services.assignments import Assigned
from app.services.group_assignments import AssignGroups, assign_groups
from app.services.juries import AppointJudge, appoint_judge
from app.web.access import current_actor, now, requires
from app.web.contests.appointments import Link, PersonForm, appoint_or_invite
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.i18n import _, _l, ngettext, say


class JudgeForm(PersonForm):
    """A person for the jury."""

    is_head = BooleanField(_l("Head of jury"))


@bp.get("/<int:contest_id>/jury")
@requires(Permission.CONTEST_VIEW)
def jury(contest_id: int) -> str:
    """Show the jury and what it lacks."""
    return _show_jury(contest_id, JudgeForm())


@bp.post("/<int:contest_id>/jury")
@requires(Permission.JURY_APPOINT)
def appoint(contest_id: int) -> ResponseReturnValue:
    """Appoint a judge, or invite one."""
    form = JudgeForm()
    if not form.validate_on_submit():
        return _show_jury(contest_id, form), 422
    position, is_head = form.data["position"], form.data["is_head"]
    role = Role.HEAD_OF_JURY if is_head else Role.JUDGE
    try:
        link = appoint_or_invite(
            form,
            lambda session, user_id: appoint_judge(
                session,
                AppointJudge(contest_id, user_id, position, is_head),
                actor=current_actor(),
                now=now(),
            ),
            Invite(email="", name="", role=role, contest_id=contest_id),
        )
    except InvalidInput as error:
        form.refuse(error)
        return _show_jury(contest_id, form), 422
    if link is not None:
        return _show_jury(contest_id, JudgeForm(formdata=None), link), 201
    flash(_("The judge was appointed. Assign product groups next."), "success")
    return redirect(url_for(".jury", contest_id=contest_id), 303)


def _show_jury(contest_id: int, form: JudgeForm, link: Link | None = None) -> str:
    page = jury_page(read(), current_actor(), contest_id)
    return render_template(
        "contests/jury.html",
        page=page,
        form=form,
        link=link,
        may_appoint=_may_appoint(page.contest),
        watch=watch_of(read(), page.contest),
        signed=signed_on(read(), contest_id),
    )


def _may_appoint(contest: ContestHead) -> bool:
    return contest.may(Permission.JURY_APPOINT) and contest.state in JURY_OPEN


@bp.get("/<int:contest_id>/jury/assignments")
@requires(Permission.CONTEST_VIEW)
def assignments(contest_id: int) -> str:
    """Show which judge scores which product groups."""
    return _show_assignments(jury_page(read(), current_actor(), contest_id), {})


@bp.post("/<int:contest_id>/jury/assignments")
@requires(Permission.JURY_APPOINT)
def assign(contest_id: int) -> ResponseReturnValue:
    """Assign product groups to all judges at once."""
    chosen = _chosen(jury_page(read(), current_actor(), contest_id), request.form)
    command = AssignGroups(contest_id, chosen, request.form.get("seen", ""))
    try:
        with transaction() as session:
            assigned = assign_groups(session, command, actor=current_actor(), now=now())
    except IllegalState as error:
        flash(say(error.message), "error")
        return _show_assignments(jury_page(read(), current_actor(), contest_id), chosen), 409
    _tell(assigned)
    return redirect(url_for(".assignments", contest_id=contest_id), 303)


def _chosen(page: JuryPage, sent: MultiDict[str, str]) -> dict[int, set[str]]:
    """The groups ticked for each judge that the form showed: it names them also where nothing is ticked."""
    return {
        judge.id: set(sent.getlist(f"groups-{judge.id}")) - {""}
        for judge in page.judges
        if f"groups-{judge.id}" in sent
    }


def _tell(assigned: list[Assigned]) -> None:
    given, taken = sum(len(one.given) for one in assigned), sum(len(one.taken) for one in assigned)
    flash(
        _("Assignments saved. Sheets given: %(given)d, taken back: %(taken)d.", given=given, taken=taken),
        "success",
    )
    if recused := sum(len(one.recused) for one in assigned):
        flash(
            ngettext(
                "%(num)d entry was not assigned to a judge of its own facility.",
                "%(num)d entries were not assigned to judges of their own facility.",
                recused,
            ),
            "info",
        )


def _show_assignments(page: JuryPage, chosen: dict[int, set[str]]) -> str:
    """Show the groups as chosen on a form that could not be saved, and otherwise as they are."""
    return render_template(
        "contests/assignments.html",
        page=page,
        chosen={judge.id: set(judge.groups) for judge in page.judges} | chosen,
        may_appoint=_may_appoint(page.contest),
        watch=watch_of(read(), page.contest),
    )
