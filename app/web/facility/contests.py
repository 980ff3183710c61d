"""Entering a product in a contest."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.facilities import offer_page
from app.services.dossiers import StartEntry, start_entry
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.facility.blueprint import bp
from app.web.facility.forms import EnterForm
from app.web.facility.views import own_facility
from app.web.i18n import say


@bp.route("/contests/<int:contest_id>", methods=["GET", "POST"], defaults={"facility_id": 0})
@bp.route("/<int:facility_id>/contests/<int:contest_id>", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def contest(contest_id: int, facility_id: int) -> ResponseReturnValue:
    """Choose the product to enter in a contest."""
    facility = own_facility(facility_id)
    page = offer_page(read(), facility, contest_id, in_vietnam(now()).date())
    form = EnterForm()
    form.product_id.choices = [(candidate.product.id, candidate.product.name) for candidate in page.free]
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = StartEntry(contest_id, form.product_id.data or 0)
                entry = start_entry(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        except IllegalState as error:
            form.form_errors.append(say(error.message))
            status = 409
        else:
            return redirect(url_for(".entry", entry_id=entry.id), 303)
    return render_template("facility/contest.html", facility=facility, page=page, form=form), status
