"""What happens when somebody who is not signed in, or no longer, asks for a page or sends a form."""

from urllib.parse import urlsplit

from flask import current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from app.web.i18n import _
from app.web.pages import page_of


def ask_to_sign_in() -> ResponseReturnValue:
    """Send the reader to the sign-in page, and back here afterwards; long forms are kept meanwhile."""
    from app.web.kept_forms import keep_typed_form  # noqa: PLC0415 -- it needs `access`, which needs this module

    if request.is_json:  # the script that sent it keeps what it holds
        return jsonify(error=_("You are no longer signed in."), fields={}), 401
    if request.method != "POST":
        flash(_("Please sign in to continue."), "info")
    elif keep_typed_form():
        flash(
            _(
                "You were no longer signed in, so nothing was saved yet. Sign in: what you typed or chose is shown"
                " again, unless what it is about has changed. Look it over and send it."
            ),
            "warning",
        )
    else:
        flash(
            _("You were no longer signed in, so nothing was saved. Please sign in and send it again."),
            "warning",
        )
    return redirect(url_for("security.login", next=_way_back()), 303)


def session_has_ended() -> bool:
    """Whether an unrecognised form comes from somebody who is not, or no longer, signed in to send it.

    There is then nobody whose rights a forged form could use, and the view itself would ask to sign in.
    """
    access = getattr(current_app.view_functions.get(request.endpoint or ""), "access", None)
    return access != "public" and not current_user.is_authenticated


def from_own_page() -> bool:
    """Whether the browser says that a page of ours sent this form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def here() -> str | None:
    """The page the reader is on, as the browser writes its address: this one, or the one whose form was sent.

    A refused form is shown at the address it was sent to; sent again from there, it still belongs to its page.
    """
    if request.method == "GET" or (request.url_rule and "GET" in (request.url_rule.methods or ())):
        return request.url[len(request.host_url) - 1 :]
    page = urlsplit(request.referrer or "")
    return page_of(page.path if page.netloc == request.host else request.path)


def _way_back() -> str | None:
    """Where to go after signing in."""
    if request.blueprint == "security":
        return request.values.get("next")  # checked by Flask-Security before it is followed
    return here()
