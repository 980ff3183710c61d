"""The rules of a contest tried out on made-up marks."""

from collections import Counter
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import NumberRange

from app.domain.permissions import Permission
from app.domain.results import Outcome
from app.queries.contests import ContestPage, head_of
from app.services.rule_preview import PreviewRow, preview
from app.web.access import current_actor, requires
from app.web.contests.blueprint import bp
from app.web.db import read
from app.web.fields import Form, filled_in
from app.web.i18n import _l

ENTRIES, JUDGES = 24, 7


class PreviewForm(Form):
    """How much to make up; another number gives other marks."""

    entries = IntegerField(_l("Entries"), validators=[filled_in, NumberRange(1, 200)])
    judges = IntegerField(_l("Judges"), validators=[filled_in, NumberRange(1, 30)])
    seed = IntegerField(_l("Number of the example"), validators=[filled_in, NumberRange(0, 999_999)])


@dataclass(frozen=True)
class PreviewPage(ContestPage):
    """What the rules make of marks that nobody gave."""

    rows: tuple[PreviewRow, ...]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many entries have each outcome that occurs."""
        counted = Counter(row.jury.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in reversed(Outcome) if counted[outcome]}


@bp.get("/<int:contest_id>/rules/preview")
@requires(Permission.CONTEST_VIEW)
def preview_rules(contest_id: int) -> ResponseReturnValue:
    """Show what the rules would decide about made-up entries; nothing is stored."""
    contest = head_of(read(), current_actor(), contest_id)
    usual = {"entries": ENTRIES, "judges": max(JUDGES, contest.rules.min_sheets), "seed": 1}
    form = PreviewForm(request.args or None, data=usual, meta={"csrf": False})
    valid = not request.args or form.validate()
    rows = preview(contest.rules, **{name: form[name].data for name in usual}) if valid else ()
    page = PreviewPage(contest=contest, rows=rows)
    return render_template("contests/preview_rules.html", page=page, form=form), 200 if valid else 422
