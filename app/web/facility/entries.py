"""An entry: the list of what is to be done, checking and sending, the receipt."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.entries import EntryState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.own_entries import OwnEntryPage, own_entry_page
from app.services.dossiers import SaveDossier, save_dossier, submit_entry
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.facility.blueprint import bp
from app.web.facility.forms import StatementForm
from app.web.i18n import say


def entry_page(entry_id: int) -> OwnEntryPage:
    """The entry as its facility sees it today."""
    return own_entry_page(read(), current_actor(), entry_id, in_vietnam(now()).date())


@bp.get("/entries/<int:entry_id>")
@requires(Permission.ENTRY_EDIT)
def entry(entry_id: int) -> ResponseReturnValue:
    """Show what is left to do for a dossier, or where an entry stands."""
    page = entry_page(entry_id)
    template = "facility/tasks.html" if page.is_editable else "facility/status.html"
    return render_template(template, page=page)


@bp.route("/entries/<int:entry_id>/check", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def check(entry_id: int) -> ResponseReturnValue:
    """Show the whole dossier; send it in when the statement is ticked and nothing is missing."""
    page = entry_page(entry_id)
    if page.state is EntryState.SUBMITTED:  # a second press of the button
        return redirect(url_for(".receipt", entry_id=entry_id), 303)
    form, status = StatementForm(data={"version": page.version}), 200
    if form.validate_on_submit():
        try:
            _send(entry_id, form)
            return redirect(url_for(".receipt", entry_id=entry_id), 303)
        except InvalidInput as error:
            form.refuse(error)
            status = 422
        except IllegalState as error:
            page, status = entry_page(entry_id), 409
            form.version.data = str(page.version)
            form.form_errors.append(say(error.message))
    return render_template("facility/check.html", page=page, form=form), status


def _send(entry_id: int, form: StatementForm) -> None:
    with transaction() as session:
        command = SaveDossier(entry_id, form.version_seen, form.answers)
        save_dossier(session, command, actor=current_actor(), now=now())
        submit_entry(session, entry_id, actor=current_actor(), now=now())


@bp.get("/entries/<int:entry_id>/receipt")
@requires(Permission.ENTRY_EDIT)
def receipt(entry_id: int) -> ResponseReturnValue:
    """Show the reference number of a dossier that was sent in, and what happens next."""
    page = entry_page(entry_id)
    if page.entry.receipt_code is None:
        raise NotFound
    return render_template("facility/receipt.html", page=page)
