"""The public home page, the language switch, and the health check."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import text

from app.web.access import public
from app.web.db import read
from app.web.i18n import LANGUAGES
from app.web.navigation import start_page

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Send people with an account to their work; show everybody else what this is."""
    if current_user.is_authenticated and (start := start_page()):
        return redirect(start, 303)
    return render_template("home/index.html")


@bp.post("/language/<code>")
@public
def choose_language(code: str) -> ResponseReturnValue:
    """Remember the reader's language and go back to the page."""
    if code in LANGUAGES:
        session["language"] = code
    target = request.form.get("next", "")
    # A browser drops tabs and line breaks, and reads "\\" as "/".
    own = (
        target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    )
    return redirect(target if own else url_for("home.index"), 303)


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """Answer whether the application and its database work."""
    read().execute(text("SELECT 1"))
    return {"status": "ok"}
