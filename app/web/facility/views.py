"""A facility's start page and its particulars."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput, NotFound
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.models import Facility
from app.queries.facilities import contest_offers, facility_for, is_invited_to, may_register, products_of
from app.queries.own_entries import own_entries_of
from app.queries.territories import Unit, units_of_day
from app.services.registration import RegisterFacility, UpdateFacility, register_facility, update_facility
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.facility.blueprint import bp
from app.web.facility.forms import FacilityForm
from app.web.i18n import _


def own_facility(facility_id: int) -> Facility:
    """The facility of that number, or the reader's first if it is 0; NotFound if they work for none."""
    own = current_actor().facilities(Permission.ENTRY_EDIT)
    if not facility_id and not own:
        raise NotFound
    return facility_for(read(), current_actor(), facility_id or min(own))


@bp.get("/", defaults={"facility_id": 0})
@bp.get("/<int:facility_id>/")
@requires(Permission.ENTRY_EDIT)
def index(facility_id: int) -> ResponseReturnValue:
    """Show what a facility can do now, and where its entries stand."""
    own = current_actor().facilities(Permission.ENTRY_EDIT)
    if not own:
        return render_template("facility/start.html")
    facility, today = own_facility(facility_id), in_vietnam(now()).date()
    return render_template(
        "facility/index.html",
        facility=facility,
        others=[facility_for(read(), current_actor(), id_) for id_ in sorted(own - {facility.id})],
        may_register=may_register(current_actor()),
        products=products_of(read(), facility.id),
        offers=contest_offers(read(), facility, today),
        entries=own_entries_of(read(), facility.id, today),
    )


@bp.route("/register", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def register() -> ResponseReturnValue:
    """Register the facility of a person who was invited to do so."""
    if not may_register(current_actor()):
        return redirect(url_for(".index"), 303)
    form = FacilityForm().offer([unit for unit in _units() if is_invited_to(current_actor(), unit)])
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = RegisterFacility(**form.facts)
                facility = register_facility(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("Your facility is registered. Now add the product you want to enter."), "success")
            return redirect(url_for(".index", facility_id=facility.id), 303)
    return render_template("facility/profile.html", facility=None, form=form), 422 if form.errors else 200


@bp.route("/profile", methods=["GET", "POST"], defaults={"facility_id": 0})
@bp.route("/<int:facility_id>/profile", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def profile(facility_id: int) -> ResponseReturnValue:
    """Change a facility's particulars."""
    facility = own_facility(facility_id)
    units = [u for u in _units() if facility.territory_id in u.reach or is_invited_to(current_actor(), u)]
    form = FacilityForm(obj=facility).offer(units)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = UpdateFacility(facility_id=facility.id, **form.facts)
                update_facility(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The particulars of your facility are saved."), "success")
            return redirect(url_for(".index", facility_id=facility.id), 303)
    elif not form.is_submitted() and not form.territory_id.raw_data and units:
        # A unit that was merged is shown as what it has become.
        now_called = [unit.id for unit in units if facility.territory_id in unit.reach]
        form.territory_id.data = now_called[0] if now_called else facility.territory_id
    return render_template("facility/profile.html", facility=facility, form=form), 422 if form.errors else 200


def _units() -> tuple[Unit, ...]:
    return units_of_day(read(), in_vietnam(now()).date())
