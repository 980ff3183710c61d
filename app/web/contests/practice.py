"""Practice contests: making one of a contest or with the usual rules, beginning it anew, deleting it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from app.domain.errors import IllegalState, NotReady, require
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.contests import ContestPage, head_of
from app.queries.new_contests import own_territories
from app.queries.practice import contests_to_practise
from app.services.practice import (
    NOT_PRACTICE,
    CreatePractice,
    CreateUsualPractice,
    create_practice,
    create_usual_practice,
    remove_practice,
    reset_practice,
)
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.views import show_overview
from app.web.db import file_store, read, transaction
from app.web.fields import Form, number_of
from app.web.i18n import _, _l, in_language, say
from app.web.labels import label

OF_CONTEST, USUAL = "contest-", "territory-"


class PracticeForm(Form):
    """What is practised: the rules and the jury of a contest, or the usual rules in a territory."""

    of = SelectField(_l("Rules and jury"))


@bp.route("/practice", methods=["GET", "POST"])
@requires(Permission.CONTEST_EDIT)
def practice() -> ResponseReturnValue:
    """Ask what shall be practised, and make the practice contest."""
    form = PracticeForm()
    form.of.choices = _sources()
    if form.validate_on_submit():
        kind, _dash, number = form.data["of"].rpartition("-")
        return _create(number_of(number), usual=f"{kind}-" == USUAL)
    return render_template("contests/practice.html", form=form), 422 if form.errors else 200


@bp.post("/<int:contest_id>/practice")
@requires(Permission.CONTEST_EDIT)
def practise(contest_id: int) -> ResponseReturnValue:
    """Make the practice contest of a contest."""
    head_of(read(), current_actor(), contest_id, Permission.CONTEST_EDIT)
    try:
        return _create(contest_id, usual=False)
    except NotReady as error:
        return show_overview(contest_id, error.reasons), 409


def _create(number: int, *, usual: bool) -> ResponseReturnValue:
    actor, store = current_actor(), file_store()
    with transaction() as session:
        if usual:
            command = CreateUsualPractice(number)
            made = create_usual_practice(session, command, store=store, actor=actor, now=now())
        else:
            made = create_practice(session, CreatePractice(number), store=store, actor=actor, now=now())
    flash(_("The practice contest is open: its judges can begin. Nothing in it counts."), "success")
    return redirect(url_for(".contest", contest_id=made.id), 303)


def _sources() -> list[tuple[str, str]]:
    contests = contests_to_practise(read(), current_actor())
    today = in_vietnam(now()).date()
    places = [
        (f"{USUAL}{place.id}", f"{in_language(place.name_vi, place.name_en)} ({label(tier)})")
        for tier, place in own_territories(read(), current_actor(), today)
    ]
    return [
        *((f"{OF_CONTEST}{contest_id}", name) for contest_id, name in contests),
        *(
            (value, _("The usual rules, without a jury yet: %(place)s", place=place))
            for value, place in places
        ),
    ]


@bp.route("/<int:contest_id>/practice/<any(reset, remove):act>", methods=["GET", "POST"])
@requires(Permission.CONTEST_EDIT)
def change_practice(contest_id: int, act: str) -> ResponseReturnValue:
    """Ask whether to begin a practice contest anew, or to delete it; do so."""
    contest = head_of(read(), current_actor(), contest_id, Permission.CONTEST_EDIT)
    require(contest.is_practice, NOT_PRACTICE)
    form = Form()
    if form.validate_on_submit():
        do = reset_practice if act == "reset" else remove_practice
        try:
            with transaction() as session:
                do(session, contest_id, actor=current_actor(), now=now())
        except IllegalState as error:
            flash(say(error.message), "error")
            return redirect(url_for(".contest", contest_id=contest_id), 303)
        if act == "remove":
            flash(_("The practice contest was deleted."), "success")
            return redirect(url_for(".index"), 303)
        flash(_("The practice contest begins anew: every sheet is empty."), "success")
        return redirect(url_for(".contest", contest_id=contest_id), 303)
    return render_template("contests/change_practice.html", page=ContestPage(contest), form=form, act=act)
