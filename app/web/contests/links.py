"""The row of links between the pages of one contest: only those that make sense at its stage."""

from dataclasses import dataclass

from flask import request, url_for

from app.domain.contests import COUNCIL_SEES, ContestState
from app.queries.contests import ContestHead
from app.web.contests.blueprint import bp
from app.web.i18n import _

_S = ContestState
_ALWAYS = frozenset(ContestState)
_VOTED = frozenset({_S.VOTED, _S.PROVISIONAL, _S.FINAL})
_PAGES = {
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

# Pages below those of the row, and posts that show a page of it again when they are refused.
_BELOW = {
    "contest": {"change_practice", "edit", "open_registration", "open_scoring"},
    "rules": {"edit_rules", "preview_rules"},
    "entries": {"entry", "facilities", "invite_one", "invite_many", "renew_link", "review"},
    "jury": {
        "appoint",
        "assign",
        "assignment_file",
        "assignments",
        "automatic",
        "judge",
        "judge_statement_page",
        "jury_conflicts",
        "settle_conflict",
        "stand_aside",
    },
    "council": {"appoint_member", "member"},
    "progress": {
        "add_visit_photos",
        "close_first_pass",
        "close_scoring",
        "differences",
        "discussion",
        "discussions",
        "import_apply",
        "import_preview",
        "imports",
        "key",
        "keying",
        "mail",
        "new_visit",
        "outbox",
        "reminders",
        "remove_visit",
        "reopen_first_pass",
        "visit",
        "visits",
        "write_mails",
    },
    "results": {"evidence", "history", "ledger", "reopen_scoring", "correct", "recomputed", "versions"},
    "ballot": {
        "add_to_ballot",
        "close_ballot",
        "close_without_vote",
        "open_ballot",
        "reopen_ballot",
        "withdraw_ballot",
    },
    "publication": {"decide"},
    "certificates": {"issue", "replace_certificate", "revoke_certificate"},
    "nominations": {"send_nominations"},
}


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
    return contest.state in _PAGES[name] or (name == "certificates" and contest.correction is not None)


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
    here = _row_of((request.endpoint or "").removeprefix("contests."))
    return [
        Link(title, url_for(f"contests.{name}", contest_id=contest.id), name == here)
        for name, title in titles.items()
        if makes_sense(contest, name)
    ]


def _row_of(page: str) -> str:
    return next((row for row, below in _BELOW.items() if page in below), page)
