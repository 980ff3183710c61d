"""The public check of a certificate by its code, and the printed file for those whose it is."""

import hashlib
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms.validators import DataRequired

from app.domain.certificates import normalise_code
from app.domain.vietnamese import in_vietnam
from app.queries.certificates import certificate_file, checked_certificate
from app.services.certificate_checks import agrees_with_ledger
from app.web.access import current_actor, now, public, signed_in
from app.web.db import file_store, read
from app.web.fields import Form, TextField
from app.web.filters import content_disposition
from app.web.i18n import _, _l

bp = Blueprint("certificates", __name__, url_prefix="/c")


class CodeForm(Form):
    """The code printed below the QR square."""

    code = TextField(
        _l("Check code"), validators=[DataRequired(_l("Enter the code printed below the QR square."))]
    )


class FileForm(Form):
    """A file that is said to be the certificate."""

    file = FileField(_l("PDF file"), validators=[DataRequired(_l("Choose the PDF file to compare."))])


@bp.route("/", methods=["GET", "POST"])
@public
def index() -> ResponseReturnValue:
    """Ask for a code."""
    form = CodeForm()
    if form.validate_on_submit():
        code = normalise_code(form.data["code"])
        if code:
            return redirect(url_for(".check", code=code), 303)
        form.code.errors = [_("A code has letters and digits. Enter it as printed below the QR square.")]
    return render_template("certificates/index.html", form=form), 422 if form.errors else 200


@bp.route("/<code>", methods=["GET", "POST"])
@public
def check(code: str) -> ResponseReturnValue:
    """Show what a certificate says and whether it stands; compare a file with the issued one."""
    certificate = checked_certificate(read(), code, today=in_vietnam(now()).date())
    if certificate is None:
        return render_template("certificates/unknown.html", code=normalise_code(code)[:40]), 404
    if certificate.code != code and request.method == "GET":
        return redirect(url_for(".check", code=certificate.code), 303)
    form = FileForm()
    same = None
    if form.validate_on_submit():
        same = hashlib.file_digest(form.file.data.stream, "sha256").hexdigest() == certificate.sha256
    page = render_template(
        "certificates/check.html",
        page=certificate,
        agrees=agrees_with_ledger(read(), certificate.code),
        decision_day=date.fromisoformat(certificate.printed["decision_date"]),
        signed_day=date.fromisoformat(certificate.printed["signed_on"]),
        form=form,
        same=same,
        today=now(),
    )
    return page, 422 if form.errors else 200


@bp.get("/files/<int:certificate_id>")
@signed_in
def download(certificate_id: int) -> Response:
    """Send the printed file to the organiser, the observer or the facility."""
    found = certificate_file(read(), current_actor(), certificate_id)
    response = send_file(file_store().path(found.sha256), mimetype="application/pdf")
    name = f"{_('certificate')} {found.number.replace('/', '-')}.pdf"
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
