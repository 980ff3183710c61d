"""Who may call a route. Each view says so with one of three decorators; a test fails on silence."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g
from flask_security import current_user

from app.domain.errors import NotPermitted
from app.domain.permissions import Actor, Permission
from app.queries.people import actor_of
from app.web.db import read
from app.web.expired import ask_to_sign_in

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anybody may call this route."""
    view.access = "public"  # type: ignore[attr-defined]  # read by the route contract test
    return view


def signed_in(view: View) -> View:
    """Anybody with an account may call this route."""
    return _guard(view, None)


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people who hold the permission somewhere may call this route; the query narrows it to records."""
    return lambda view: _guard(view, permission)


def _guard(view: View, permission: Permission | None) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return ask_to_sign_in()
        if permission is not None and not current_actor().may(permission):
            raise NotPermitted
        return view(*args, **kwargs)

    guarded.access = permission or "signed-in"  # type: ignore[attr-defined]  # read by the route contract test
    return cast("View", guarded)


def current_actor() -> Actor:
    """The person who asks, with all roles; once per request."""
    if "actor" not in g:
        g.actor = actor_of(read(), current_user.id)
    actor: Actor = g.actor
    return actor


def now() -> datetime:
    """The moment of this request; the web's only clock."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment
