"""From the page of a refusal back to the work: the page whose form was refused, as it stands now."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import current_app, g, request
from flask_security import current_user

from app.domain.permissions import Permission
from app.web.access import current_actor
from app.web.expired import here
from app.web.pages import page_above, page_of

REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


def way_back(status: HTTPStatus) -> str | None:
    """The address of the page to go on from; None where there is none but the start page.

    It is the page on which the form stood. What is refused before anything was to be written is refused to whoever
    opens the page, too: then it is the page above.
    """
    if status not in REFUSED or not current_user.is_authenticated:
        return None
    if request.method == "GET":
        page = page_above(request.path) if status is HTTPStatus.CONFLICT else "/"
    elif urlsplit(request.referrer or "").netloc == request.host:
        page = here() or "/"
        if urlsplit(page).path == request.path and "has_begun_to_write" not in g:
            page = page_above(request.path, of_something_else=status is HTTPStatus.NOT_FOUND)
    else:
        return None
    return page if page != "/" and _may_open(urlsplit(page).path) else None


def _may_open(path: str) -> bool:
    urls = current_app.create_url_adapter(request)
    if urls is None or page_of(path) != path:
        return False
    access = getattr(current_app.view_functions[urls.match(path, method="GET")[0]], "access", None)
    return current_actor().may(access) if isinstance(access, Permission) else access is not None
