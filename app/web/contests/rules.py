"""A contest's rules: read as sentences, changed while they are not frozen, and downloaded with their digest."""

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.contests import RULES_OPEN
from app.domain.errors import InvalidInput, StaleVersion, require
from app.domain.permissions import Permission
from app.domain.rubrics import SheetLine, sheet_lines
from app.domain.rule_sentences import rule_sentences
from app.domain.rules import rules_digest_of
from app.domain.tiers import Tier
from app.queries.contests import ContestPage, head_of
from app.services.contests import RULES_FROZEN, SetRules, set_rules
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.rules_form import RulesForm, rules_form
from app.web.db import read, transaction
from app.web.filters import content_disposition
from app.web.i18n import _, language, say


@dataclass(frozen=True)
class RulesPage(ContestPage):
    """The rules read back as sentences."""

    sentences: tuple[str, ...]
    sheet: tuple[SheetLine, ...]
    may_change: bool


@bp.get("/<int:contest_id>/rules")
@requires(Permission.CONTEST_VIEW)
def rules(contest_id: int) -> str:
    """Show the rules, and their digest once they are frozen."""
    contest = head_of(read(), current_actor(), contest_id)
    page = RulesPage(
        contest=contest,
        sentences=rule_sentences(contest.rules, contest.tier, language()),
        sheet=sheet_lines(contest.rules.criteria, contest.rules.sub_criteria, contest.rules.groups),
        may_change=contest.may(Permission.CONTEST_EDIT) and contest.state in RULES_OPEN,
    )
    return render_template("contests/rules.html", page=page)


@bp.get("/<int:contest_id>/rules.json")
@requires(Permission.CONTEST_VIEW)
def rules_file(contest_id: int) -> Response:
    """Give the rules as the very bytes of which the digest is taken."""
    contest = head_of(read(), current_actor(), contest_id)
    response = Response(contest.rules_json.encode(), mimetype="application/json")
    response.headers["Content-Disposition"] = content_disposition(f"{contest.slug}-rules.json")
    return response


@bp.route("/<int:contest_id>/rules/edit", methods=["GET", "POST"])
@requires(Permission.CONTEST_EDIT)
def edit_rules(contest_id: int) -> ResponseReturnValue:
    """Change the rules while they are not frozen."""
    contest = head_of(read(), current_actor(), contest_id, Permission.CONTEST_EDIT)
    require(contest.state in RULES_OPEN, RULES_FROZEN)
    form = rules_form(contest.rules, rules_digest_of(contest.rules_json))
    if contest.tier is not Tier.PROVINCIAL:
        del form.commune_tier, form.lower_tier_skipped
    if form.validate_on_submit() and _saved(contest_id, form):
        flash(_("The rules were saved. Read them once more below."), "success")
        return redirect(url_for(".rules", contest_id=contest_id), 303)
    page = ContestPage(contest)
    status = 409 if form.stale else 422 if form.errors else 200
    return render_template("contests/edit_rules.html", page=page, form=form), status


def _saved(contest_id: int, form: RulesForm) -> bool:
    try:
        with transaction() as session:
            command = SetRules(contest_id, form.rules, form.seen.data or "")
            set_rules(session, command, actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
        return False
    except StaleVersion as error:
        form.stale = True
        form.form_errors.append(say(error.message))
        form.seen.data = rules_digest_of(head_of(read(), current_actor(), contest_id).rules_json)
        return False
    return True
