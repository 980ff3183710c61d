"""The row of links between the pages of one contest: only those that make sense at its stage."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from app.domain.contests import COUNCIL_SEES, ContestState
from app.queries.contests import ContestHead
from app.web.contests.blueprint import bp
from app.web.i18n import _

_S = ContestState
_ALWAYS = frozenset(ContestState)
_VOTED = frozenset({_S.VOTED, _S.PROVISIONAL, _S.FINAL})
PAGES = {
    "contest": _ALWAYS,
    "rules": _ALWAYS,
    "entries": _ALWAYS,
    "jury": _ALWAYS,
    "council": _ALWAYS,
    "progress": COUNCIL_SEES | {_S.SCORING},
    "results": COUNCIL_SEES,
    "ballot": COUNCIL_SEES,
    "publication": _VOTED,
    "certificates": frozenset({_S.FINAL}),
    "nominations": frozenset({_S.FINAL}),
}

# What a practice contest never comes to.
_COUNTS = frozenset({"council", "ballot", "publication", "certificates", "nominations"})

# The modules whose pages stand below one of the row; any other module bears its row's name.
_BELOW = {
    "contest": {"moves", "practice", "previews", "views"},
    "rules": {"rule_preview"},
    "entries": {"facilities"},
    "jury": {"appointments", "assignment_file", "automatic", "judge", "judge_statement", "jury_conflicts"},
    "progress": {"discussions", "imports", "keying", "outbox", "passes", "reminders", "visits"},
    "results": {"corrections", "downloads", "evidence", "history"},
    "ballot": {"ballot_turns", "motions"},
}
_MOVES = {"close_scoring": "progress", "reopen_scoring": "results"}  # shown again there when they are refused


@dataclass(frozen=True)
class Link:
    """One link of the row."""

    title: str
    url: str
    current: bool


def makes_sense(contest: ContestHead, name: str) -> bool:
    """Whether a page of the row has something to show at this stage."""
    if contest.is_practice and name in _COUNTS:
        return False
    if name == "nominations" and contest.tier.above is None:
        return False
    return contest.state in PAGES[name] or (name == "certificates" and contest.correction is not None)


@bp.app_template_global()
def contest_links(contest: ContestHead) -> list[Link]:
    """The pages of a contest, in the order in which they are needed."""
    titles = {
        "contest": _("Overview"),
        "rules": _("Rules"),
        "entries": _("Entries"),
        "jury": _("Jury"),
        "council": _("Council"),
        "progress": _("Progress"),
        "results": _("Result"),
        "ballot": _("Ballot"),
        "publication": _("Publication"),
        "certificates": _("Certificates"),
        "nominations": _("Nominations"),
    }
    here = request.endpoint and row_of(request.endpoint)
    return [
        Link(title, url_for(f"contests.{name}", contest_id=contest.id), name == here)
        for name, title in titles.items()
        if makes_sense(contest, name)
    ]


def row_of(endpoint: str) -> str:
    """The page of the row that a page is, or stands below."""
    name = endpoint.removeprefix("contests.")
    module = current_app.view_functions[endpoint].__module__.rpartition(".")[2]
    below = next((row for row, modules in _BELOW.items() if module in modules), module)
    return _MOVES.get(name, below)
