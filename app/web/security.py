"""What every response carries, and what a request may weigh."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from app.config import Settings

IDLE_SESSION = timedelta(hours=2)
RENEWED_AFTER = timedelta(minutes=2)  # signing anew for every mark saved would double what a session costs
OWNER = "owner"  # the id of whose session it is, put there at sign-in
OWNER_KNOWN = timedelta(days=400)  # as long as browsers keep any cookie
SIGNING_OUT = ("security.logout", "auth.end_all_sessions")
MAX_REQUEST = 64 * 1024 * 1024

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class IdConverter(IntegerConverter):
    """An id in an address; a number that no database column holds is an unknown page."""

    def __init__(self, url_map: Map, max: int | None = 2**31 - 1, **options: Any) -> None:  # noqa: A002 -- Werkzeug's name
        super().__init__(url_map, max=max, **options)


View = TypeVar("View", bound=Callable[..., Any])


def poll(view: View) -> View:
    """A route that pages ask again and again by themselves: it does not keep its reader signed in."""
    view.is_poll = True  # type: ignore[attr-defined]  # read when the response is made
    return view


class SignedSession(SecureCookieSession):
    """The content of the cookie, with the moment at which it was signed."""

    signed_at: datetime | None = None


class SessionCookie(SecureCookieSessionInterface):
    """The signed cookie, renewed by pages; not by static files, which caches keep, nor by what asks by itself."""

    session_class = SignedSession

    def __init__(self) -> None:
        self._signers: dict[object, URLSafeTimedSerializer] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs, made once for each key."""
        if app.secret_key not in self._signers:
            signer = super().get_signing_serializer(app)
            if signer is None:
                return None
            self._signers[app.secret_key] = signer
        return self._signers[app.secret_key]

    def open_session(self, app: Flask, request: Request) -> SignedSession | None:
        """Read the cookie; one that is forged or too old is none.

        One from a moment still to come is ours too: the server's clock was put back.
        """
        signer, value = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signer is None:
            return None
        try:
            content, signed_at = signer.loads(value or "", return_timestamp=True)
        except BadSignature:
            return self.session_class()
        if datetime.now(UTC) - signed_at > app.permanent_session_lifetime:
            return self.session_class()
        session = self.session_class(content)
        session.signed_at = signed_at
        return session

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether to send it: when its content has changed, and after some minutes so that it does not grow old."""
        signed_at = session.signed_at if isinstance(session, SignedSession) else None
        is_fresh = signed_at is not None and abs(datetime.now(UTC) - signed_at) < RENEWED_AFTER
        return session.modified or (super().should_set_cookie(app, session) and not is_fresh)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Put the cookie on a page that somebody asked for; what a script fetches ahead must not undo a sign-out."""
        view = app.view_functions.get(request.endpoint or "")
        by_itself = getattr(view, "is_poll", False) or "X-Ahead" in request.headers
        if request.endpoint != "static" and not by_itself:
            super().save_session(app, session, response)
            self._say_whose(app, session, response)

    def _say_whose(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Tell scripts who signed in last; it outlives the session, as the pages that are kept on the device do."""
        name, owner = owner_cookie(app), str(session.get(OWNER, ""))
        if request.endpoint in SIGNING_OUT:
            owner = ""  # nobody: what is still kept by then is nobody's to see
        elif not owner:  # signed out, or signed in before sessions said whose they are
            return
        if request.cookies.get(name) != owner:
            secure, path = self.get_cookie_secure(app), self.get_cookie_path(app)
            response.set_cookie(name, owner, OWNER_KNOWN, path=path, secure=secure, samesite="Lax")


def owner_cookie(app: Flask) -> str:
    """Name of the cookie that says who signed in last."""
    return f"{app.config['SESSION_COOKIE_NAME']}-{OWNER}"


def _cookie_name(settings: Settings) -> str:
    """Another name for the example: a browser sends cookies to every port of a machine."""
    name = "session-example" if settings.example else "session"
    return f"__Host-{name}" if settings.https else name


def init_security(app: Flask, settings: Settings) -> None:
    """Cookies, CSRF, headers, limits."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME=_cookie_name(settings),
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE_SESSION,  # renewed by every page
        REMEMBER_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session
        WTF_CSRF_CHECK_DEFAULT=True,
    )
    if settings.behind_proxies:
        count = settings.behind_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's documented way
    app.url_map.converters["int"] = IdConverter
    app.session_interface = SessionCookie()
    app.jinja_env.globals["owner_cookie"] = owner_cookie(app)
    CSRFProtect(app)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        if request.endpoint == "security.logout":
            # The page knows whether somebody else's marks wait there (session.js).
            is_nobodys = request.form.get("storage") == "clear"
            response.headers["Clear-Site-Data"] = '"cache", "storage"' if is_nobodys else '"cache"'
        return response
