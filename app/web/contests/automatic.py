"""Automatic assignment: options, a preview of what it would do and cannot do, and carrying it out."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, RadioField

from app.domain.assignments import GroupMode
from app.domain.contests import JURY_OPEN
from app.domain.errors import IllegalState, InvalidInput, StaleVersion
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.domain.workload import PER_DAY, Workload, days_to_score
from app.queries.juries import JuryPage, jury_page
from app.services.automatic_assignment import AssignmentPlan, PlanAssignment, plan_assignment
from app.services.seat_plans import ApplySeats, SeatSource, apply_seats, write_seats
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, filled_in
from app.web.i18n import _l, ngettext, say
from app.web.labels import choices

Groups = Mapping[int, frozenset[str]]


class AutomaticForm(Form):
    """What the assignment shall respect; the groups of each judge stand beside it."""

    wanted = IntegerField(_l("Score sheets for each product"), validators=[filled_in])
    mode = RadioField(_l("Product groups ticked below"), choices=lambda: choices(GroupMode))
    per_day = IntegerField(_l("Products a judge should score in a day at most"), validators=[filled_in])
    days = IntegerField(_l("Days for scoring"), validators=[filled_in])

    @property
    def workload(self) -> Workload:
        """The numbers of a day, as they were typed."""
        return Workload(self.data["per_day"], self.data["days"])


@bp.route("/<int:contest_id>/jury/automatic", methods=["GET", "POST"])
@requires(Permission.JURY_APPOINT)
def automatic(contest_id: int) -> ResponseReturnValue:
    """Ask for the options; with them, show what would be assigned. Nothing is changed."""
    page = jury_page(read(), current_actor(), contest_id)
    groups = _ticked(page) if request.method == "POST" else _kept(page)
    form = AutomaticForm(data=_usual(page, groups))
    plan = None
    if form.is_submitted() and form.validate():
        try:
            form.workload.check()
            command = PlanAssignment(contest_id, form.data["wanted"], GroupMode(form.mode.data), groups)
            plan = plan_assignment(read(), command, actor=current_actor())
        except InvalidInput as error:
            form.refuse(error)
        except IllegalState as error:
            flash(say(error.message), "error")
            return _show(page, form, groups, None), 409
    return _show(page, form, groups, plan), 422 if form.errors else 200


@bp.post("/<int:contest_id>/jury/assignments/apply")
@requires(Permission.JURY_APPOINT)
def apply_assignments(contest_id: int) -> ResponseReturnValue:
    """Give out the sheets of a preview, of the solver or of a file."""
    source = SeatSource.FILE if request.form.get("source") == SeatSource.FILE else SeatSource.SOLVER
    back = ".assignment_file" if source is SeatSource.FILE else ".automatic"
    command = ApplySeats(contest_id, source, request.form.get("seats", ""), request.form.get("seen", ""))
    try:
        with transaction() as session:
            given = apply_seats(session, command, actor=current_actor(), now=now())
    except StaleVersion as error:
        flash(say(error.message), "error")
        return redirect(url_for(back, contest_id=contest_id), 303)
    except InvalidInput as error:
        flash(say(error.fields["seats"]), "error")
        return redirect(url_for(back, contest_id=contest_id), 303)
    flash(
        ngettext("%(num)d score sheet was given out.", "%(num)d score sheets were given out.", given),
        "success",
    )
    return redirect(url_for(".assignments", contest_id=contest_id), 303)


def _ticked(page: JuryPage) -> Groups:
    known = {group.code for group in page.contest.rules.groups}
    return {judge.id: frozenset(request.form.getlist(f"groups-{judge.id}")) & known for judge in page.judges}


def _kept(page: JuryPage) -> Groups:
    return {judge.id: frozenset(judge.groups) for judge in page.judges}


def _usual(page: JuryPage, groups: Groups) -> dict[str, object]:
    """What the form begins with."""
    calendar, today = page.contest.calendar, in_vietnam(now()).date()
    return {
        "wanted": page.contest.rules.min_sheets,
        "mode": (GroupMode.PREFER if any(groups.values()) else GroupMode.NONE).value,
        "per_day": PER_DAY,
        "days": days_to_score(max(today, calendar.registration_closes_on), calendar.scoring_closes_on),
    }


def _show(page: JuryPage, form: AutomaticForm, groups: Groups, plan: AssignmentPlan | None) -> str:
    workload = form.workload if plan else None
    return render_template(
        "contests/automatic.html",
        page=page,
        form=form,
        groups=groups,
        plan=plan,
        seats=write_seats(plan.seats) if plan else "",
        tired=[one for one in plan.judges if workload.is_too_much(one.total)] if plan and workload else [],
        workload=workload,
        may_appoint=page.contest.state in JURY_OPEN,
    )
