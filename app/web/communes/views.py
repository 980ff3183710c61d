"""The register of communes: by province, one more, many from a file."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.communes import communes_of, provinces_with_communes
from app.services.communes import COLUMNS, add_commune, import_communes
from app.services.faults import FaultyRows, RowFault
from app.web.access import current_actor, now, requires
from app.web.communes.forms import CommuneForm, ImportForm
from app.web.db import read, transaction
from app.web.i18n import _, ngettext

bp = Blueprint("communes", __name__, url_prefix="/admin/communes")


@bp.get("/")
@requires(Permission.TERRITORY_EDIT)
def index() -> str:
    """List the provinces with the number of their communes."""
    return render_template("communes/index.html", provinces=provinces_with_communes(read(), _today()))


@bp.get("/<int:province_id>")
@requires(Permission.TERRITORY_EDIT)
def province(province_id: int) -> str:
    """List the communes of a province."""
    unit, communes = communes_of(read(), province_id, _today())
    return render_template("communes/province.html", province=unit, communes=communes)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.TERRITORY_EDIT)
def create() -> ResponseReturnValue:
    """Register a commune."""
    form = CommuneForm(province_id=request.args.get("province", 0, int)).offer(
        provinces_with_communes(read(), _today())
    )
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commune = add_commune(session, form.command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("%(name)s is registered.", name=commune.full_name), "success")
            return redirect(url_for(".province", province_id=commune.province_id), 303)
    return render_template("communes/create.html", form=form), 422 if form.errors else 200


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.TERRITORY_EDIT)
def upload() -> ResponseReturnValue:
    """Register the communes of a file, all or none."""
    form, faults = ImportForm(), tuple[RowFault, ...]()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                count = import_communes(session, form.command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
            faults = error.rows if isinstance(error, FaultyRows) else ()
        else:
            flash(
                ngettext("%(num)d commune is registered.", "%(num)d communes are registered.", count),
                "success",
            )
            return redirect(url_for(".index"), 303)
    status = 422 if form.errors else 200
    return render_template("communes/import.html", form=form, faults=faults, columns=COLUMNS), status


def _today() -> date:
    return in_vietnam(now()).date()
