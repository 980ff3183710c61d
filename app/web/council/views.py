"""Pages of a council member: the own contests, the jury's list, and the vote on it."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.ballots import choice_field
from app.domain.errors import InvalidInput, StaleVersion
from app.domain.permissions import Permission
from app.domain.results import Choice
from app.queries.council import CouncilPage, council_entry, council_page, own_councils
from app.services.ballots import CastVotes, cast_votes
from app.web.access import current_actor, now, requires
from app.web.council.blueprint import bp
from app.web.council.forms import BallotPaper, ballot_paper, seen_votes, votes_as_text
from app.web.db import read, transaction
from app.web.i18n import _, say


@bp.get("/")
@requires(Permission.BALLOT_VOTE)
def index() -> str:
    """List the contests in whose council this person sits."""
    return render_template("council/index.html", councils=own_councils(read(), current_actor()))


@bp.route("/<int:contest_id>", methods=["GET", "POST"])
@requires(Permission.BALLOT_VOTE)
def contest(contest_id: int) -> ResponseReturnValue:
    """Show the jury's list and the ballot; take this member's vote."""
    page = council_page(read(), current_actor(), contest_id)
    seen = seen_votes(request.form.get("seen", ""))
    if "fill" in request.form:
        return _show(page, _filled(page), seen, is_filled=True)
    paper = ballot_paper(page)(
        data={choice_field(entry_id): choice for entry_id, choice in page.own.choices.items()}
    )
    if paper.validate_on_submit():
        try:
            with transaction() as session:
                command = CastVotes(contest_id, paper.chosen, seen)
                cast_votes(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            paper.refuse(error)
            return _show(page, paper, seen), 422
        except StaleVersion as error:
            page = council_page(read(), current_actor(), contest_id)
            saved = {id_: vote for id_, vote in page.own.choices.items() if paper.chosen.get(id_) is not vote}
            return _show(page, paper, saved=saved, notice=say(error.message)), 409
        flash(_("Your vote was recorded. You can change it until the ballot closes."), "success")
        return redirect(url_for(".contest", contest_id=contest_id, _anchor="ballot"), 303)
    return _show(page, paper)


@bp.get("/<int:contest_id>/entries/<int:entry_id>")
@requires(Permission.BALLOT_VOTE)
def entry(contest_id: int, entry_id: int) -> str:
    """Show the dossier of an entry and the jury's result."""
    page = council_entry(read(), current_actor(), contest_id, entry_id)
    return render_template("council/entry.html", page=page)


def _filled(page: CouncilPage) -> BallotPaper:
    """The paper with yes to all the jury's list; what was chosen on other entries stays. Nothing is cast."""
    listed = {choice_field(line.row.entry_id): Choice.YES for line in page.to_vote_on if line.on_jury_list}
    return ballot_paper(page)(formdata=None, data={**request.form, **listed})


def _show(
    page: CouncilPage, paper: BallotPaper, seen: Mapping[int, Choice] | None = None, **beside: object
) -> str:
    """Render the page; `seen` is the own vote that the next one replaces, what stands now unless given."""
    values = {"is_filled": False, "saved": {}, "notice": "", **beside}
    replaced = votes_as_text(page.own.choices if seen is None else seen)
    return render_template("council/contest.html", page=page, form=paper, seen=replaced, **values)
