"""Site visits: which entries of the second pass were visited, and the record of each visit with its photos."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, MultipleFileField

from app.domain.entries import AttachmentKind
from app.domain.errors import IllegalState, InvalidInput, StaleVersion, require
from app.domain.permissions import Permission
from app.domain.visits import MAX_PHOTOS, VisitFacts
from app.queries.visits import VisitPage, entry_to_visit, visit_page, visits_page
from app.services import visits as service
from app.services.intake import MAX_BYTES, FileFault, RefusedFile, take_in
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.moves import ReasonForm
from app.web.db import file_store, read, transaction
from app.web.fields import DayField, Form, LongTextField, TextField, number_of
from app.web.i18n import _, _l, ngettext, say


class VisitForm(Form):
    """A visit; `version` is the record it was opened over."""

    version = HiddenField()
    visited_on = DayField(_l("Day of the visit"))
    visitors = TextField(_l("Visitors"))
    findings = LongTextField(_l("Findings"))

    @property
    def facts(self) -> VisitFacts:
        """What was typed."""
        return VisitFacts(self.visited_on.data, self.visitors.data or "", self.findings.data or "")


class VisitPhotosForm(Form):
    """Photos to add."""

    files = MultipleFileField(_l("Photos to add"))


@bp.get("/<int:contest_id>/visits")
@requires(Permission.SITE_VISIT_RECORD)
def visits(contest_id: int) -> str:
    """List the entries of the second pass, visited or not."""
    return render_template("contests/visits.html", page=visits_page(read(), current_actor(), contest_id))


@bp.route("/<int:contest_id>/visits/new/<int:entry_id>", methods=["GET", "POST"])
@requires(Permission.SITE_VISIT_RECORD)
def new_visit(contest_id: int, entry_id: int) -> ResponseReturnValue:
    """Record a visit."""
    page, form = entry_to_visit(read(), current_actor(), contest_id, entry_id), VisitForm()
    require(page.is_open, service.NOT_NOW)
    if form.validate_on_submit():
        command = service.RecordVisit(entry_id, form.facts)
        try:
            with transaction() as session:
                visit = service.record_visit(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The visit is recorded. You can add photos now."), "success")
            return redirect(url_for(".visit", contest_id=contest_id, visit_id=visit.id), 303)
    return _show(page, form, 422 if form.errors else 200)


@bp.route("/<int:contest_id>/visits/<int:visit_id>", methods=["GET", "POST"])
@requires(Permission.SITE_VISIT_RECORD)
def visit(contest_id: int, visit_id: int) -> ResponseReturnValue:
    """Show the record of a visit; correct it until scoring closes."""
    page = visit_page(read(), current_actor(), contest_id, visit_id)
    form, status = VisitForm(obj=page.visit), 200
    if form.validate_on_submit():
        command = service.UpdateVisit(visit_id, number_of(form.version.data), form.facts)
        try:
            with transaction() as session:
                service.update_visit(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        except IllegalState as error:
            page, status = visit_page(read(), current_actor(), contest_id, visit_id), 409
            return _show_unsaved(page, form, error), status
        else:
            flash(_("The record of the visit was changed."), "success")
            return redirect(url_for(".visits", contest_id=contest_id), 303)
    return _show(page, form, 422 if form.errors else status)


@bp.post("/<int:contest_id>/visits/<int:visit_id>/photos")
@requires(Permission.SITE_VISIT_RECORD)
def add_visit_photos(contest_id: int, visit_id: int) -> ResponseReturnValue:
    """Add photos to a visit, as many at a time as one likes."""
    visit_page(read(), current_actor(), contest_id, visit_id)
    photos = VisitPhotosForm()
    if photos.validate_on_submit():
        _add(visit_id, photos)
    page = visit_page(read(), current_actor(), contest_id, visit_id)
    if photos.errors:
        return _show(page, VisitForm(formdata=None, obj=page.visit), 422, photos)
    return redirect(url_for(".visit", contest_id=contest_id, visit_id=visit_id), 303)


@bp.post("/<int:contest_id>/visits/photos/<int:photo_id>/remove")
@requires(Permission.SITE_VISIT_RECORD)
def remove_visit_photo(contest_id: int, photo_id: int) -> ResponseReturnValue:
    """Take a photo out of a visit."""
    with transaction() as session:
        photo = service.remove_photo(session, photo_id, actor=current_actor(), now=now())
    flash(_("“%(name)s” is removed.", name=photo.name), "success")
    return redirect(url_for(".visit", contest_id=contest_id, visit_id=photo.visit_id), 303)


@bp.route("/<int:contest_id>/visits/<int:visit_id>/remove", methods=["GET", "POST"])
@requires(Permission.SITE_VISIT_RECORD)
def remove_visit(contest_id: int, visit_id: int) -> ResponseReturnValue:
    """Ask why the record of a visit shall go, and take it away."""
    page, form = visit_page(read(), current_actor(), contest_id, visit_id), ReasonForm()
    if form.validate_on_submit():
        command = service.RemoveVisit(visit_id, form.data["reason"])
        try:
            with transaction() as session:
                service.remove_visit(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The record of the visit is removed; what it said stays in the ledger."), "success")
            return redirect(url_for(".visits", contest_id=contest_id), 303)
    return render_template("contests/remove_visit.html", page=page, form=form), 422 if form.errors else 200


def _show(
    page: VisitPage, form: VisitForm, status: int, photos: VisitPhotosForm | None = None
) -> ResponseReturnValue:
    photos = photos or VisitPhotosForm(formdata=None)
    html = render_template(
        "contests/visit.html", page=page, form=form, photos=photos, most=MAX_PHOTOS, saved=None
    )
    return html, status


def _show_unsaved(page: VisitPage, form: VisitForm, error: IllegalState) -> str:
    """What is not saved, with what is saved beside it: seen both, the next save replaces the latter."""
    form.form_errors.append(say(error.message))
    saved = page.visit if isinstance(error, StaleVersion) else None
    if page.visit:
        form.version.data = str(page.visit.version)
    photos = VisitPhotosForm(formdata=None)
    return render_template(
        "contests/visit.html", page=page, form=form, photos=photos, most=MAX_PHOTOS, saved=saved
    )


def _add(visit_id: int, form: VisitPhotosForm) -> None:
    """Keep every photo that can be kept; name each of the others beside the field."""
    chosen = [file for file in form.files.data or [] if file.filename]
    kept = 0
    for file in chosen:
        try:
            # A second's work on a picture is done before the database is locked for everybody else.
            clean = take_in(AttachmentKind.PHOTO, file.filename or "", file.stream.read(MAX_BYTES + 1))
            with transaction() as session:
                service.add_photo(
                    session, visit_id, clean, store=file_store(), actor=current_actor(), now=now()
                )
            kept += 1
        except InvalidInput as error:
            form.refuse(error)
        except IllegalState as error:
            form.form_errors.append(say(error.message))
            break
    if not chosen:
        form.refuse(RefusedFile(FileFault.NONE_CHOSEN))
    if kept:
        flash(ngettext("%(num)d file is added.", "%(num)d files are added.", kept), "success")
