"""Where an address leads that only takes forms: a refused form is shown there, and its address may be loaded again."""

from typing import Any

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter


def nearest_page() -> str | None:
    """The nearest page above an address that takes nothing but forms, for a browser that asks for a page there.

    It is of the same part of the site: whoever types the address of "sign out" is not to think that it was done.
    """
    adapter = current_app.create_url_adapter(request)
    wants_page = request.method in ("GET", "HEAD") and "text/html" in request.accept_mimetypes.values()
    if adapter is None or not wants_page or "POST" not in adapter.allowed_methods():
        return None
    part = _part_of(adapter.match(method="POST")[0])
    path = request.path.rstrip("/")
    while path:
        path = path.rpartition("/")[0]
        for address in (path, f"{path}/"):
            if page := _page_at(adapter, address):
                endpoint, values = page
                return url_for(endpoint, **values) if _part_of(endpoint) == part else None
    return None


def _page_at(adapter: MapAdapter, path: str) -> tuple[str, dict[str, Any]] | None:
    try:
        endpoint, values = adapter.match(path, method="GET")
    except HTTPException:  # nothing there, nothing to be got there, or spelled otherwise
        return None
    return endpoint, dict(values)


def _part_of(endpoint: str) -> str:
    return endpoint.rpartition(".")[0]
