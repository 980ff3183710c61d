"""Photos and papers of a dossier."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.domain.entries import AttachmentKind
from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Permission
from app.services.dossiers import attach_clean, detach
from app.services.intake import MAX_BYTES, FileFault, RefusedFile, take_in
from app.web.access import current_actor, now, requires
from app.web.db import file_store, transaction
from app.web.facility.blueprint import bp
from app.web.facility.entries import entry_page
from app.web.facility.forms import PapersForm, PhotosForm
from app.web.i18n import _, ngettext, say


@bp.route("/entries/<int:entry_id>/photos", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def photos(entry_id: int) -> ResponseReturnValue:
    """Add photos, as many at a time as one likes."""
    return _upload(entry_id, "photos")


@bp.route("/entries/<int:entry_id>/papers", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def papers(entry_id: int) -> ResponseReturnValue:
    """Add papers of one kind."""
    return _upload(entry_id, "papers")


def _upload(entry_id: int, part: str) -> ResponseReturnValue:
    """Show one part of the files with its form; take in what was chosen."""
    page = entry_page(entry_id)
    if not page.is_editable and request.method == "GET":
        return redirect(url_for(".entry", entry_id=entry_id), 303)
    form = PhotosForm() if part == "photos" else PapersForm().offer(lower_certificate=page.needs_certificate)
    if form.validate_on_submit():
        kind = AttachmentKind(form.kind.data) if isinstance(form, PapersForm) else AttachmentKind.PHOTO
        _add(entry_id, kind, form)
        if not form.errors:
            return redirect(url_for(f".{part}", entry_id=entry_id), 303)
        page = entry_page(entry_id)
    status = 422 if form.errors else 200
    return render_template("facility/uploads.html", page=page, part=part, form=form), status


@bp.post("/attachments/<int:attachment_id>/remove")
@requires(Permission.ENTRY_EDIT)
def remove(attachment_id: int) -> ResponseReturnValue:
    """Take a photo or a paper out of the dossier."""
    with transaction() as session:
        attachment = detach(session, attachment_id, actor=current_actor(), now=now())
    flash(_("“%(name)s” is removed.", name=attachment.name), "success")
    page = "photos" if attachment.kind is AttachmentKind.PHOTO else "papers"
    return redirect(url_for(f".{page}", entry_id=attachment.entry_id), 303)


def _add(entry_id: int, kind: AttachmentKind, form: PhotosForm | PapersForm) -> None:
    """Keep every file that can be kept; name each of the others beside the field."""
    chosen: Sequence[FileStorage] = [file for file in form.files.data or [] if file.filename]
    kept = 0
    for file in chosen:
        try:
            # A second's work on a picture is done before the database is locked for everybody else.
            clean = take_in(kind, file.filename or "", file.stream.read(MAX_BYTES + 1))
            with transaction() as session:
                attach_clean(
                    session, entry_id, kind, clean, store=file_store(), actor=current_actor(), now=now()
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
