"""The menu: what this person can work on."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_security import current_user

from app.domain.permissions import Actor, Permission
from app.web.access import current_actor
from app.web.i18n import _


@dataclass(frozen=True)
class MenuItem:
    """One link of the menu."""

    title: str
    url: str
    current: bool


_AREAS = (
    (Permission.SCORE_SHEET_EDIT, "judging.index"),
    (Permission.BALLOT_VOTE, "council.index"),
    (Permission.CONTEST_VIEW, "contests.index"),
    (Permission.ENTRY_EDIT, "facility.index"),
    (Permission.ACCOUNT_ADMINISTER, "admin.index"),
    (Permission.TERRITORY_EDIT, "communes.index"),
)


def start_page() -> str | None:
    """Where a person with an account begins; None if there is nothing to do."""
    areas = _areas_of(current_actor())
    return url_for(areas[0]) if areas else None


def menu() -> list[MenuItem]:
    """The links for whoever asks."""
    titles = {
        "judging.index": _("Scoring"),
        "council.index": _("Council"),
        "contests.index": _("Contests"),
        "facility.index": _("My facility"),
        "admin.index": _("Accounts"),
        "communes.index": _("Communes"),
        "results.index": _("Results"),
        "results.statistics": _("Statistics"),
        "certificates.index": _("Check a certificate"),
    }
    own = _areas_of(current_actor()) if current_user.is_authenticated else []
    endpoints = [*own, "results.index", "results.statistics", "certificates.index"]
    return [MenuItem(titles[name], url_for(name), _is_current(name)) for name in endpoints]


def _areas_of(actor: Actor) -> list[str]:
    return [endpoint for permission, endpoint in _AREAS if actor.may(permission)]


def _is_current(endpoint: str) -> bool:
    if endpoint.startswith("results."):
        return (request.endpoint == "results.statistics") == (endpoint == "results.statistics") and (
            request.blueprint == "results"
        )
    return request.blueprint == endpoint.partition(".")[0]


def init_navigation(app: Flask) -> None:
    """Give the menu to every page."""
    app.jinja_env.globals["menu"] = menu
