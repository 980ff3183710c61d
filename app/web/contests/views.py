"""The organiser's list of contests, the overview of one, and the form that creates or changes it."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange

from app.domain.contests import COUNCIL_SEES, JURY_OPEN, PUBLIC, RULES_OPEN, Calendar, ContestState
from app.domain.errors import InvalidInput, require
from app.domain.messages import Message
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.contests import ContestPage, Overview, contests_by_year, head_of, overview_of
from app.queries.new_contests import own_territories, rubrics
from app.queries.practice import practice_of
from app.queries.seating import Watch, watch_of
from app.services.contests import RULES_FROZEN, CreateContest, UpdateContest, create_contest, update_contest
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.steps import next_step, road_of
from app.web.db import read, transaction
from app.web.fields import DayField, Form, TextField, filled_in, longest
from app.web.i18n import _, _l, in_language
from app.web.labels import label


@bp.get("/")
@requires(Permission.CONTEST_VIEW)
def index() -> str:
    """List the contests this person may see."""
    years = contests_by_year(read(), current_actor())
    may_create = current_actor().may(Permission.CONTEST_EDIT)
    return render_template("contests/index.html", years=years, may_create=may_create)


@bp.get("/<int:contest_id>")
@requires(Permission.CONTEST_VIEW)
def contest(contest_id: int) -> str:
    """Show where a contest stands and what comes next."""
    return show_overview(contest_id)


def show_overview(contest_id: int, reasons: Sequence[Message] = ()) -> str:
    """The overview, with what keeps the contest from the step that was asked for."""
    page = overview_of(read(), current_actor(), contest_id)
    return render_template(
        "contests/contest.html",
        page=page,
        road=road_of(page),
        next=next_step(page, in_vietnam(now()).date()),
        may_change=page.contest.may(Permission.CONTEST_EDIT) and page.contest.state in RULES_OPEN,
        may_invite=page.contest.may(Permission.FACILITY_INVITE) and page.contest.state in RULES_OPEN,
        may_open_scoring=page.contest.may(Permission.SCORING_MANAGE)
        and page.contest.state is ContestState.REGISTRATION,
        may_reopen=page.contest.may(Permission.SCORING_MANAGE) and page.contest.state is ContestState.SCORED,
        has_result=page.contest.state in COUNCIL_SEES,
        is_public=page.contest.state in PUBLIC,
        may_practise=page.contest.state in JURY_OPEN and page.judges > 0,
        practice_id=practice_of(read(), contest_id),
        reasons=reasons,
        watch=_watch(page),
    )


def _watch(page: Overview) -> Watch | None:
    """What the jury lacks, for whoever can do something about it."""
    may_appoint = page.contest.may(Permission.JURY_APPOINT) and page.contest.state in JURY_OPEN
    return watch_of(read(), page.contest) if may_appoint and page.judges else None


class ContestForm(Form):
    """The name and the days of a contest."""

    name = TextField(_l("Name of the contest"), validators=[filled_in, longest(300)])
    year = IntegerField(_l("Year"), validators=[filled_in, NumberRange(2000, 2200)])
    registration_opens_on = DayField(_l("First day of registration"), validators=[filled_in])
    registration_closes_on = DayField(_l("Last day of registration"), validators=[filled_in])
    scoring_closes_on = DayField(_l("Last day of scoring"), validators=[filled_in])

    @property
    def calendar(self) -> Calendar:
        """The days that were typed."""
        days = (self.registration_opens_on, self.registration_closes_on, self.scoring_closes_on)
        typed = self.data
        return Calendar(*(typed[field.name] for field in days))


class NewContestForm(ContestForm):
    """A contest with its place and its score sheet."""

    territory_id = SelectField(_l("Territory"), coerce=int)
    rubric_version_id = SelectField(_l("Score sheet"), coerce=int)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CONTEST_EDIT)
def create() -> ResponseReturnValue:
    """Create a contest."""
    form = _new_contest_form(in_vietnam(now()).date())
    if form.validate_on_submit():
        typed = form.data
        command = CreateContest(
            territory_id=typed["territory_id"],
            year=typed["year"],
            name=typed["name"],
            calendar=form.calendar,
            rubric_version_id=typed["rubric_version_id"],
        )
        try:
            with transaction() as session:
                created = create_contest(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The contest was created with the usual rules. Check them next."), "success")
            return redirect(url_for(".contest", contest_id=created.id), 303)
    return render_template("contests/create.html", form=form), 422 if form.errors else 200


def _new_contest_form(today: date) -> NewContestForm:
    form = NewContestForm(year=today.year)
    form.territory_id.choices = [
        (place.id, f"{in_language(place.name_vi, place.name_en)} ({label(tier)})")
        for tier, place in own_territories(read(), current_actor(), today)
    ]
    form.rubric_version_id.choices = [
        (rubric.id, in_language(rubric.name_vi, rubric.name_en))
        for rubric in rubrics(read(), current_actor(), today)
    ]
    return form


@bp.route("/<int:contest_id>/edit", methods=["GET", "POST"])
@requires(Permission.CONTEST_EDIT)
def edit(contest_id: int) -> ResponseReturnValue:
    """Change the name and the days of a contest."""
    contest = head_of(read(), current_actor(), contest_id, Permission.CONTEST_EDIT)
    require(contest.state in RULES_OPEN, RULES_FROZEN)
    form = ContestForm(name=contest.name, year=contest.year, **vars(contest.calendar))
    if form.validate_on_submit():
        command = UpdateContest(contest_id, form.data["year"], form.data["name"], form.calendar)
        try:
            with transaction() as session:
                update_contest(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The contest was changed."), "success")
            return redirect(url_for(".contest", contest_id=contest_id), 303)
    return render_template(
        "contests/edit.html", page=ContestPage(contest), form=form
    ), 422 if form.errors else 200
