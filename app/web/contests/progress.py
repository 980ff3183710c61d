"""How far the scoring is: the page, and the part of it that browsers ask for again every few seconds."""

from collections.abc import Callable
from hashlib import sha256

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.contests import JURY_OPEN, ContestState
from app.domain.permissions import Permission
from app.queries.live import ProgressPage, newest_event, progress_page
from app.queries.passes import second_pass_is_begun
from app.queries.scope import contest_for
from app.queries.seating import Watch, watch_of
from app.web.access import current_actor, requires
from app.web.contests.blueprint import bp
from app.web.db import read
from app.web.i18n import in_language, language
from app.web.security import poll


@bp.get("/<int:contest_id>/progress")
@requires(Permission.CONTEST_VIEW)
def progress(contest_id: int) -> str:
    """Show how far the scoring is, without any mark."""
    tag = live_tag(contest_id)
    page = progress_page(read(), current_actor(), contest_id)
    may_close = page.contest.may(Permission.SCORING_MANAGE) and page.contest.state is ContestState.SCORING
    is_second = may_close and page.contest.current_pass > 1
    return render_template(
        "contests/progress.html",
        page=page,
        groups=named_groups(page),
        tag=tag,
        watch=_watch(page),
        may_close=may_close,
        may_reopen_first=is_second and not second_pass_is_begun(read(), contest_id),
    )


def _watch(page: ProgressPage) -> Watch | None:
    """What the jury lacks, for whoever can do something about it."""
    may_appoint = page.contest.may(Permission.JURY_APPOINT) and page.contest.state in JURY_OPEN
    return watch_of(read(), page.contest) if may_appoint else None


@bp.get("/<int:contest_id>/progress/live")
@poll
@requires(Permission.CONTEST_VIEW)
def live(contest_id: int) -> ResponseReturnValue:
    """Give the part of the page that changes, if it has changed."""
    return live_part(contest_id, Permission.CONTEST_VIEW)


def live_part(contest_id: int, permission: Permission) -> ResponseReturnValue:
    """The counts as they are now, for a page that shows them already."""

    def part() -> str:
        page = progress_page(read(), current_actor(), contest_id, permission)
        return render_template("contests/_live_part.html", page=page, groups=named_groups(page))

    return live_answer(contest_id, permission, part)


def live_answer(
    contest_id: int, permission: Permission, part: Callable[[], str], beside: str = ""
) -> ResponseReturnValue:
    """Part of a page for a reader who has it already; nothing (304) while it still holds.

    As long as the ledger of the contest has no new event, and what is `beside` it is the same, nothing is read.
    """
    contest_for(read(), current_actor(), permission, contest_id)
    tag = live_tag(contest_id, beside)
    same = request.if_none_match.contains_weak(tag)
    response = make_response("", 304) if same else make_response(part())
    response.set_etag(tag, weak=True)
    return response


def live_tag(contest_id: int, beside: str = "") -> str:
    """What stands for the part that this reader sees, in this language; make it before the part is read."""
    facts = (contest_id, newest_event(read(), contest_id), beside, current_actor().user_id, language())
    return sha256(repr(facts).encode()).hexdigest()[:24]


def named_groups(page: ProgressPage) -> list[tuple[str, object]]:
    """The product groups with their names in the reader's language."""
    names = {group.code: in_language(group.name_vi, group.name_en) for group in page.contest.rules.groups}
    return [(f"{group.group_code} – {names[group.group_code]}", group) for group in page.groups]
