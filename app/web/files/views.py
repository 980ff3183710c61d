"""Files of dossiers and photos of site visits, to those who may read them."""

from flask import Blueprint, Response, request, send_file

from app.queries.dossiers import StoredAttachment, attachment_for
from app.queries.site_visits import visit_photo_for
from app.web.access import current_actor, signed_in
from app.web.db import file_store, read
from app.web.filters import content_disposition

bp = Blueprint("files", __name__, url_prefix="/files")


@bp.get("/<int:attachment_id>")
@signed_in
def attachment(attachment_id: int) -> Response:
    """Send a photo, its small picture with `?size=small`, or a paper."""
    return _sent(attachment_for(read(), current_actor(), attachment_id))


@bp.get("/visits/<int:photo_id>")
@signed_in
def visit_photo(photo_id: int) -> Response:
    """Send a photo of a site visit, or its small picture with `?size=small`."""
    return _sent(visit_photo_for(read(), current_actor(), photo_id))


def _sent(found: StoredAttachment) -> Response:
    small = found.thumbnail_sha256 if request.args.get("size") == "small" else None
    sha256 = small or found.sha256
    response = send_file(file_store().path(sha256), mimetype=found.media_type, etag=sha256)
    is_picture = found.media_type == "image/jpeg"
    response.headers["Content-Disposition"] = content_disposition(found.name, attachment=False)
    response.headers["Content-Security-Policy"] = PICTURE_POLICY if is_picture else PAPER_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # A file never changes under its number, but whether one may read it can.
    response.headers["Cache-Control"] = "private, max-age=3600" if is_picture else "private, no-store"
    return response


# Judges read papers in the page of the sheet; some browsers show no PDF in a sandbox.
PAPER_POLICY = "default-src 'none'; frame-ancestors 'self'"
PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
