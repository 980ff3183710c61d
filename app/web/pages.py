"""The page that an address belongs to: forms are sent to addresses at which nothing is shown."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

View = TypeVar("View", bound=Callable[..., Any])


def stands_on(endpoint: str) -> Callable[[View], View]:
    """Name the page whose form is sent to this view, where it is not the nearest one above its address."""

    def named(view: View) -> View:
        view.page = endpoint  # type: ignore[attr-defined]  # read by `page_of`
        return view

    return named


def page_of(path: str) -> str:
    """The path itself if a page is shown there, else that of the page whose form is sent there.

    That is the one that the view names by `stands_on`, or the nearest above that answers GET.
    """
    urls = current_app.create_url_adapter(request)
    if urls is None:  # no server name and no request: there is no address to tell
        return "/"
    if shown := _shown_at(urls, path):
        return shown
    if named := _named_by_view(urls, path):
        return named
    return page_above(path)


def page_above(path: str, *, of_something_else: bool = False) -> str:
    """The nearest page above an address; one that is not about the same thing, if that thing may be gone."""
    urls = current_app.create_url_adapter(request)
    if urls is None:
        return "/"
    about = _about(urls, path) if of_something_else else None
    above = path.rstrip("/")
    while above:
        above = above.rpartition("/")[0]
        shown = _shown_at(urls, above or "/")
        if shown and (about is None or _about(urls, shown) != about):
            return shown
    return "/"


def _about(urls: MapAdapter, path: str) -> dict[str, object]:
    """What the address names: the ids in it."""
    _endpoint, values = urls.match(path, method="GET")
    return dict(values)


def page_instead() -> str | None:
    """The page to show a browser that asks for one at an address that only takes forms, as after a refusal there.

    It is of the same part of the site: whoever types the address of "sign out" is not to think that it was done.
    """
    urls = current_app.create_url_adapter(request)
    wants_page = request.method in ("GET", "HEAD") and "text/html" in request.accept_mimetypes.values()
    if urls is None or not wants_page or "POST" not in urls.allowed_methods():
        return None
    page = page_of(request.path)
    forms, shown = urls.match(method="POST")[0], urls.match(page, method="GET")[0]
    return page if _part_of(forms) == _part_of(shown) else None


def _part_of(endpoint: str) -> str:
    return endpoint.rpartition(".")[0]


def _shown_at(urls: MapAdapter, path: str) -> str:
    """The path at which GET is answered for this one: itself, or with the slash it lacks; else empty."""
    try:
        urls.match(path, method="GET")
    except RequestRedirect as slash:
        return urlsplit(slash.new_url).path
    except HTTPException:
        return ""
    return path


def _named_by_view(urls: MapAdapter, path: str) -> str:
    try:
        endpoint, values = urls.match(path, method="POST")
    except HTTPException:
        return ""
    page = getattr(current_app.view_functions[endpoint], "page", None)
    if page is None:
        return ""
    needed = next(current_app.url_map.iter_rules(page)).arguments
    return url_for(page, **{name: values[name] for name in needed})
