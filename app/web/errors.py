"""Every refusal as a page: one table from the rules' errors to status codes."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Flask, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.domain.errors import DomainError, IllegalState, InvalidInput, NotFound, NotPermitted, NotReady
from app.domain.messages import Message
from app.web.expired import ask_to_sign_in, here, session_has_ended
from app.web.i18n import _, say
from app.web.kept_forms import keep_typed_form, typed_texts
from app.web.pages import page_instead
from app.web.ways_back import way_back

STATUS: dict[type[DomainError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotPermitted: HTTPStatus.FORBIDDEN,
    IllegalState: HTTPStatus.CONFLICT,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    DomainError: HTTPStatus.BAD_REQUEST,
}


def status_of(error: DomainError) -> HTTPStatus:
    """The status of the nearest branch of the tree."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def init_errors(app: Flask) -> None:
    """Register the pages."""

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> ResponseReturnValue:
        messages = error.reasons if isinstance(error, NotReady) else (error.message,)
        fields = error.fields if isinstance(error, InvalidInput) else {}
        return _page(status_of(error), " ".join(say(message) for message in messages), typed_texts(), fields)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> ResponseReturnValue:
        if session_has_ended():
            return ask_to_sign_in()
        if not request.is_json and keep_typed_form():  # signed in again in another tab
            flash(_("Nothing was saved yet: you signed in anew meanwhile."), "warning")
            return redirect(here() or "/", 303)
        return _page(
            HTTPStatus.BAD_REQUEST,
            _(
                "This page had been open too long, or was opened elsewhere. Go back, reload it and send it again."
            ),
        )

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> ResponseReturnValue:
        status = HTTPStatus(error.code or 500)
        if status is HTTPStatus.METHOD_NOT_ALLOWED and (page := page_instead()):
            return redirect(page, 303)
        return _page(status, _explanations().get(status, ""))


def _page(
    status: HTTPStatus, text: str, typed: Sequence[str] = (), fields: Mapping[str, Message] | None = None
) -> ResponseReturnValue:
    """The refusal as a page; as JSON, with the refused fields, to a script that sent JSON."""
    if request.is_json:
        said = {name: say(message) for name, message in (fields or {}).items()}
        return jsonify(error=text or _titles().get(status, ""), fields=said), status
    title = _titles().get(status, _("It did not work"))
    back = way_back(status)
    page = render_template("errors/error.html", status=status, title=title, text=text, typed=typed, back=back)
    return page, status


def _titles() -> dict[HTTPStatus, str]:
    return {
        HTTPStatus.NOT_FOUND: _("Page not found"),
        HTTPStatus.FORBIDDEN: _("Not allowed"),
        HTTPStatus.CONFLICT: _("This cannot be done now"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("Some answers need attention"),
        HTTPStatus.BAD_REQUEST: _("The request could not be understood"),
        HTTPStatus.METHOD_NOT_ALLOWED: _("The request could not be understood"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("The files are too large"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many attempts"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong here"),
    }


def _explanations() -> dict[HTTPStatus, str]:
    return {
        HTTPStatus.NOT_FOUND: _("The address is wrong, or the page is not for your account."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _(
            "Send fewer or smaller files: at most 20 MB each and 60 MB together."
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: _(
            "Nothing was saved by this step. Try again; if it happens again, tell the administrator."
        ),
    }
