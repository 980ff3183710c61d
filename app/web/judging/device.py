"""What makes a judge's pages work as an application on a device: manifest, service worker, page without connection."""

from collections.abc import Callable

from flask import Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from app.web.access import public
from app.web.i18n import _, language
from app.web.judging.blueprint import bp


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Describe the application to a device that installs it."""
    sizes = {"192x192": "icon-192.png", "512x512": "icon-512.png"}
    icons = [
        {
            "src": url_for("static", filename=f"icons/{name}"),
            "sizes": size,
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size, name in sizes.items()
    ]
    response = jsonify(
        id="/judging/",
        name=_("binhchon – score sheets"),
        short_name="binhchon",
        lang=language(),
        start_url=url_for("judging.index"),
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color="#0d4a4f",
        icons=icons,
    )
    response.mimetype = "application/manifest+json"
    return response


@bp.get("/service-worker.js")
@public
def service_worker() -> Response:
    """Send the service worker from the folder whose pages it serves."""
    send: Callable[..., Response] = current_app.view_functions["static"]  # type: ignore[assignment]  # our own
    response = send(filename="js/desk/service-worker.js")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
@public
def offline() -> str:
    """Stand in for a page that is not on the device; the same for everybody."""
    return render_template("judging/offline.html")
