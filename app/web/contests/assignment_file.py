"""Assignments from a spreadsheet: a preview that names every fault by its cell; substitutes for short entries."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField

from app.domain.contests import JURY_OPEN
from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.permissions import Permission
from app.queries.juries import jury_page
from app.services.assignment_files import FilePlan, plan_file
from app.services.assignments import assign_entry
from app.services.grids import LARGEST
from app.services.seat_plans import write_seats
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, number_of
from app.web.i18n import _, _l


class AssignmentFileForm(Form):
    """A spreadsheet of assignments."""

    file = FileField(_l("File with the assignments"))


@bp.route("/<int:contest_id>/jury/assignment-file", methods=["GET", "POST"])
@requires(Permission.JURY_APPOINT)
def assignment_file(contest_id: int) -> ResponseReturnValue:
    """Take a file and show what it would do. Nothing is changed, and the file is not kept."""
    page = jury_page(read(), current_actor(), contest_id)
    form, plan = AssignmentFileForm(), None
    if form.validate_on_submit():
        try:
            plan = _read_file(contest_id, form)
        except InvalidInput as error:
            form.refuse(error)
    return render_template(
        "contests/assignment_file.html",
        page=page,
        form=form,
        plan=plan,
        seats=write_seats(plan.seats) if plan else "",
        may_appoint=page.contest.state in JURY_OPEN,
    ), 422 if form.errors or (plan and plan.fault_count) else 200


def _read_file(contest_id: int, form: AssignmentFileForm) -> FilePlan:
    chosen = form.file.data
    if not chosen or not chosen.filename:
        raise InvalidInput({"file": Message(N_("Choose a file first."))})
    return plan_file(read(), current_actor(), contest_id, chosen.stream.read(LARGEST + 1))


# Pages that propose substitutes, and lead back to themselves.
_BACK = ("assignments", "contest", "jury", "progress")


@bp.post("/<int:contest_id>/jury/substitute")
@requires(Permission.JURY_APPOINT)
def substitute(contest_id: int) -> ResponseReturnValue:
    """Give an entry that is short of judges to one who is free."""
    judge_id, entry_id = (number_of(request.form.get(name, "")) for name in ("judge", "entry"))
    page = jury_page(read(), current_actor(), contest_id)
    if judge_id not in {judge.id for judge in page.judges}:
        judge_id = 0
    with transaction() as session:
        assign_entry(session, judge_id, entry_id, actor=current_actor(), now=now())
    flash(_("The entry was assigned."), "success")
    back = request.form.get("back")
    return redirect(url_for(f".{back if back in _BACK else 'assignments'}", contest_id=contest_id), 303)
