"""Results computed more than once: a correction, every version with what it changed, and a check of the newest."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.contests import CORRECTABLE
from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.contests import ContestHead, head_of
from app.queries.corrections import correction_page
from app.queries.result_versions import result_versions
from app.services.corrections import OpenCorrection, open_correction
from app.services.recomputing import Recomputed, recompute_for
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.moves import ReasonForm
from app.web.db import read, transaction
from app.web.fields import SeenField
from app.web.i18n import _


class CorrectionForm(ReasonForm):
    """Why a result is corrected, and which decision the page named."""

    decision = SeenField()


@bp.get("/<int:contest_id>/versions")
@requires(Permission.CONTEST_VIEW)
def versions(contest_id: int) -> str:
    """Show every result that was computed, why, and what it changed."""
    page = result_versions(read(), current_actor(), contest_id)
    may_correct = page.contest.state in CORRECTABLE and page.contest.may(Permission.SCORING_MANAGE)
    return render_template("contests/versions.html", page=page, may_correct=may_correct)


@bp.route("/<int:contest_id>/correct", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def correct(contest_id: int) -> ResponseReturnValue:
    """Send a contest back to its judges after the vote, to correct its result."""
    page = correction_page(read(), current_actor(), contest_id, today=in_vietnam(now()).date())
    form = CorrectionForm(decision=page.decision.id if page.decision else "")
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = OpenCorrection(contest_id, form.data["reason"], form.decision.seen)
                open_correction(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(
                _("The result is open for correction. The head of jury can give sheets back now."), "success"
            )
            return redirect(url_for(".contest", contest_id=contest_id), 303)
    html = render_template("contests/correct.html", page=page, form=form)
    return html, 422 if form.errors else 200


@dataclass(frozen=True)
class RecomputedPage:
    """The kept results beside the same ones computed anew."""

    contest: ContestHead
    results: tuple[Recomputed, ...]


@bp.get("/<int:contest_id>/recomputed")
@requires(Permission.CONTEST_VIEW)
def recomputed(contest_id: int) -> str:
    """Compute the result once more from the frozen rules and the sheets; nothing is stored."""
    session, actor = read(), current_actor()
    results = recompute_for(session, contest_id, actor=actor)
    page = RecomputedPage(head_of(session, actor, contest_id), results)
    return render_template("contests/recomputed.html", page=page, fields=_fields())


def _fields() -> dict[str, str]:
    return {
        "inputs_digest": _("SHA-256 of the marks"),
        "rules_digest": _("SHA-256 of the rules"),
        "sheets": _("Sheets that count"),
        "numerator": _("Value: numerator"),
        "denominator": _("Value: denominator"),
        "rank": _("Rank"),
        "outcome": _("Outcome"),
        "decided_by": _("Place decided by"),
        "spread": _("Spread (hundredths of a point)"),
        "prize": _("Prize class"),
        "prize_tied": _("Tied between prize classes"),
    }
