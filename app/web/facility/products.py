"""The products of a facility."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.queries.facilities import product_for, product_groups, products_of
from app.services.registration import AddProduct, UpdateProduct, add_product, update_product
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.facility.blueprint import bp
from app.web.facility.forms import ProductForm
from app.web.facility.views import own_facility
from app.web.i18n import _


@bp.get("/products", defaults={"facility_id": 0})
@bp.get("/<int:facility_id>/products")
@requires(Permission.ENTRY_EDIT)
def products(facility_id: int) -> ResponseReturnValue:
    """List a facility's products."""
    facility = own_facility(facility_id)
    groups = {group.code: group for group in product_groups(read())}
    rows = products_of(read(), facility.id)
    return render_template("facility/products.html", facility=facility, rows=rows, groups=groups)


@bp.route("/products/new", methods=["GET", "POST"], defaults={"facility_id": 0})
@bp.route("/<int:facility_id>/products/new", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def new_product(facility_id: int) -> ResponseReturnValue:
    """Add a product."""
    facility = own_facility(facility_id)
    form = ProductForm().offer(product_groups(read()))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = AddProduct(facility_id=facility.id, **form.facts)
                add_product(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The product is added. You can enter it in a contest now."), "success")
            return redirect(url_for(".index", facility_id=facility.id), 303)
    status = 422 if form.errors else 200
    return render_template("facility/product.html", facility=facility, product=None, form=form), status


@bp.route("/products/<int:product_id>", methods=["GET", "POST"])
@requires(Permission.ENTRY_EDIT)
def product(product_id: int) -> ResponseReturnValue:
    """Change a product."""
    found = product_for(read(), current_actor(), product_id)
    form = ProductForm(obj=found).offer(product_groups(read()))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = UpdateProduct(product_id=product_id, **form.facts)
                update_product(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The product is saved."), "success")
            return redirect(url_for(".products", facility_id=found.facility_id), 303)
    status = 422 if form.errors else 200
    return render_template("facility/product.html", facility=found.facility, product=found, form=form), status
