"""Pages to which somebody comes back who was signed out: what was sent is filled in again, or said to be lost.

A form is known by the address that it is sent to and by its hidden fields, which say what it shows. Only the form that
still shows the same takes back what was chosen in it: a vote on one product never turns up on another.
"""

from flask import Flask, Response, flash, g, render_template, request
from markupsafe import Markup

from app.web.i18n import _
from app.web.kept_forms import sent_before, texts_of, waits_here
from app.web.page_forms import filled_in, forms_of


def give_back(content: str) -> str:
    """The content of a page, with what was sent from it before, and a notice of what became of that."""
    sent = sent_before() if request.method == "GET" else None
    if sent is None or g.get("is_shown_by_view"):
        return content
    same = [form for form in forms_of(content) if form.address_on(request.path) == sent.address]
    if g.get("is_in_its_form") and same:
        notice = _("You were signed out before this was saved. Check what you typed and save it.")
        return _told(notice) + content
    form = next((form for form in same if form.shows(sent.fields)), None) if sent.fields else None
    if form and form.holds(sent.fields):
        page = filled_in(str(content), form, sent.fields, _("Filled in again, not yet sent"))
        return _told(_filled_in()) + Markup(page)  # noqa: S704 -- the page, with its values escaped
    if form and (choice := form.pressed(sent.fields)):
        return _told(_pressed(choice)) + content
    return _told(_lost(), texts_of(sent.fields)) + content


def _filled_in() -> str:
    return _(
        "You were signed out before this was saved. What you typed or chose is filled in again, but not yet saved:"
        " check it and send it."
    )


def _pressed(choice: str) -> str:
    return _(
        "You were signed out before “%(choice)s” was sent, so nothing was saved. If it still stands, press it again.",
        choice=choice,
    )


def _lost() -> str:
    return _(
        "What you sent when you were no longer signed in was not saved, and this page cannot show it again as a form."
        " Look at how things stand, and choose or type again."
    )


def _told(notice: str, typed: list[str] | None = None) -> Markup:
    return Markup(render_template("components/given_back.html", notice=notice, typed=typed or []))  # noqa: S704 -- a template


def init_given_back(app: Flask) -> None:
    """Give pages back what was sent from them, and say so where a page leads elsewhere by now."""
    app.jinja_env.filters["give_back"] = give_back

    @app.after_request
    def led_elsewhere(response: Response) -> Response:
        if request.method == "GET" and 300 <= response.status_code < 400 and waits_here():
            flash(_("What you sent when you were no longer signed in was not saved."), "warning")
        return response
