"""Rubrics: read, copied, written, put to use and ended, or deleted while they are drafts."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField

from app.domain.errors import InvalidInput, NotFound, StaleVersion, require
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.new_contests import own_territories
from app.queries.rubrics import RubricPage, rubric_page, rubric_rows
from app.services import rubrics as service
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.rubric_form import RubricForm, rubric_form
from app.web.db import read, transaction
from app.web.fields import DayField, Form, filled_in, number_of
from app.web.i18n import _, _l, in_language, say


class CopyForm(Form):
    """Where a copy is for."""

    territory_id = SelectField(_l("Territory"), coerce=int)


class EndForm(Form):
    """When a rubric ends."""

    valid_to = DayField(_l("Last day"), validators=[filled_in])


@bp.get("/rubrics/")
@requires(Permission.CONTEST_EDIT)
def rubrics() -> str:
    """List the score sheets that this person's contests may use, and those being written."""
    return render_template("contests/rubrics.html", rows=rubric_rows(read(), current_actor()))


@bp.get("/rubrics/<int:rubric_id>")
@requires(Permission.CONTEST_EDIT)
def rubric(rubric_id: int) -> str:
    """Show a score sheet with both levels."""
    page = rubric_page(read(), current_actor(), rubric_id)
    return _shown(page, _copy_form(), EndForm(formdata=None, valid_to=page.valid_to))


@bp.post("/rubrics/<int:rubric_id>/copy")
@requires(Permission.CONTEST_EDIT)
def copy_rubric(rubric_id: int) -> ResponseReturnValue:
    """Begin a score sheet of one's own."""
    page, form = rubric_page(read(), current_actor(), rubric_id), _copy_form()
    if form.validate_on_submit():
        command = service.CopyRubric(rubric_id, form.territory_id.data)
        with transaction() as session:
            copy = service.copy_rubric(session, command, actor=current_actor(), now=now())
        flash(_("The copy is yours. Change what you need, then put it to use."), "success")
        return redirect(url_for(".edit_rubric", rubric_id=copy.id), 303)
    return _shown(page, form, EndForm(formdata=None)), 422


@bp.post("/rubrics/<int:rubric_id>/end")
@requires(Permission.CONTEST_EDIT)
def end_rubric(rubric_id: int) -> ResponseReturnValue:
    """End the validity of a score sheet."""
    page, form = _own(rubric_id), EndForm()
    if form.validate_on_submit():
        command = service.EndRubric(rubric_id, form.data["valid_to"])
        try:
            with transaction() as session:
                service.end_rubric(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The last day was saved. Contests that use the score sheet keep it."), "success")
            return redirect(url_for(".rubric", rubric_id=rubric_id), 303)
    return _shown(page, _copy_form(formdata=None), form), 422


class DeleteForm(Form):
    """The draft as it was seen."""

    version = HiddenField()


@bp.route("/rubrics/<int:rubric_id>/delete", methods=["GET", "POST"])
@requires(Permission.CONTEST_EDIT)
def delete_rubric(rubric_id: int) -> ResponseReturnValue:
    """Ask whether a draft shall go, and delete it."""
    page = _own(rubric_id)
    require(page.is_draft, service.NOT_TO_DELETE)
    form, status = DeleteForm(obj=page), 200
    if form.validate_on_submit():
        command = service.DeleteRubric(rubric_id, number_of(form.version.data))
        try:
            with transaction() as session:
                service.delete_rubric(session, command, actor=current_actor(), now=now())
        except StaleVersion as error:
            form.form_errors.append(say(error.message))
            form.version.data, status = str(page.version), 409
        else:
            flash(_("The draft was deleted."), "success")
            return redirect(url_for(".rubrics"), 303)
    return render_template("contests/delete_rubric.html", page=page, form=form), status


@bp.route("/rubrics/<int:rubric_id>/edit", methods=["GET", "POST"])
@requires(Permission.CONTEST_EDIT)
def edit_rubric(rubric_id: int) -> ResponseReturnValue:
    """Write a score sheet until it is put to use."""
    page = _own(rubric_id)
    require(page.is_draft, service.ONLY_DRAFTS)
    form = rubric_form(page)
    act = request.form.get("act", "save")
    status = 200
    if request.method == "POST" and not act.startswith("add-"):
        if form.validate() and (answer := _saved(form, act)):
            return answer
        status = 409 if form.stale else 422
    return render_template("contests/edit_rubric.html", page=page, form=form), status


def _saved(form: RubricForm, act: str) -> ResponseReturnValue | None:
    save = service.publish_rubric if act == "publish" else service.save_rubric
    try:
        with transaction() as session:
            saved = save(session, form.command, actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
        return None
    except StaleVersion:
        form.show_newest()
        return None
    if act == "publish":
        flash(_("The score sheet can now be chosen for new contests. It stays as it is."), "success")
        return redirect(url_for(".rubric", rubric_id=saved.id), 303)
    flash(_("The draft was saved."), "success")
    return redirect(url_for(".edit_rubric", rubric_id=saved.id), 303)


def _own(rubric_id: int) -> RubricPage:
    page = rubric_page(read(), current_actor(), rubric_id)
    if not page.is_own:
        raise NotFound
    return page


def _copy_form(**kwargs: object) -> CopyForm:
    form = CopyForm(**kwargs)
    today: date = in_vietnam(now()).date()
    form.territory_id.choices = [
        (place.id, in_language(place.name_vi, place.name_en))
        for _tier, place in own_territories(read(), current_actor(), today)
    ]
    return form


def _shown(page: RubricPage, copy_form: CopyForm, end_form: EndForm) -> str:
    return render_template("contests/rubric.html", page=page, copy_form=copy_form, end_form=end_form)
