"""The public list of territories: what each was made of, and the award region it belongs to."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.vietnamese import in_vietnam, normalise
from app.queries.territories import search_territories
from app.web.access import now, public
from app.web.db import read

bp = Blueprint("territories", __name__, url_prefix="/territories")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Show the provincial units of today, or those found by a name, old or new."""
    text = normalise(request.args.get("q", ""))[:100]
    matches = search_territories(read(), text, in_vietnam(now()).date())
    return render_template("territories/index.html", text=text, matches=matches)
