"""Forms 01 and 02 of a dossier."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.dossiers import StaleDossier
from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Permission
from app.domain.questions import DossierForm, questions_of, sections_of
from app.services.dossiers import SaveDossier, save_dossier
from app.web.access import current_actor, now, requires
from app.web.db import transaction
from app.web.facility.blueprint import bp
from app.web.facility.entries import entry_page
from app.web.facility.forms import AnswersForm, answers_form
from app.web.i18n import _, say


@bp.route("/entries/<int:entry_id>/<any(registration, description):part>", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def answers(entry_id: int, part: str) -> ResponseReturnValue:
    """Fill one form, whole or with gaps."""
    page = entry_page(entry_id)
    if not page.is_editable and request.method == "GET":
        return redirect(url_for(".entry", entry_id=entry_id), 303)
    form = answers_form(questions_of(DossierForm(part)), page.dossier.answers, page.version)
    status, stored = 200, {}
    if form.validate_on_submit():
        try:
            _save(entry_id, form)
            flash(_("Your answers are saved."), "success")
            return redirect(url_for(".entry", entry_id=entry_id), 303)
        except InvalidInput as error:
            form.refuse(error)
            status = 422
        except IllegalState as error:
            form.form_errors.append(say(error.message))
            status = 409
            if isinstance(error, StaleDossier):
                stored = error.stored
                form.show_stored(error)
    sections = sections_of(DossierForm(part))
    return render_template(
        "facility/answers.html", page=page, part=part, sections=sections, form=form, stored=stored
    ), status


def _save(entry_id: int, form: AnswersForm) -> None:
    with transaction() as session:
        command = SaveDossier(entry_id, form.version_seen, form.answers)
        save_dossier(session, command, actor=current_actor(), now=now())
