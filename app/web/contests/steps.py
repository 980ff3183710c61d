"""The road of a contest as its overview shows it: what is done, what is under way, and the one next step."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask import url_for

from app.domain.contests import COUNCIL_OPEN, ContestState
from app.domain.entries import EntryState
from app.domain.permissions import Permission
from app.domain.tiers import Tier
from app.queries.contests import ContestHead, Overview
from app.web.contests.links import makes_sense
from app.web.filters import day
from app.web.i18n import _
from app.web.labels import pass_name

_S = ContestState
_ORDER = list(ContestState)


class Stand(StrEnum):
    """Where a step of the road stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True)
class Step:
    """One step of the road; `url` is empty while its page has nothing to show."""

    title: str
    stand: Stand
    detail: str
    url: str


@dataclass(frozen=True)
class NextStep:
    """The one button of the overview; it acts by itself when it `posts`, and opens a page otherwise."""

    text: str
    title: str
    url: str
    posts: bool = False
    warning: str = ""


def road_of(page: Overview) -> list[Step]:
    """Every step of the contest in order."""
    calendar = page.contest.calendar
    registration = f"{day(calendar.registration_opens_on)} – {day(calendar.registration_closes_on)}"
    reviewed = _("%(accepted)d accepted, %(waiting)d waiting", accepted=page.accepted, waiting=page.waiting)
    people = _(
        "judges: %(judges)d, council members: %(members)d", judges=page.judges, members=page.council_members
    )
    if _lacks_council(page):
        people = "; ".join((people, _("the council is not complete: a chair and one more member")))
    sheets = _("sheets submitted: %(done)d of %(all)d", done=page.submitted, all=page.assigned)
    if page.contest.rules.passes > 1 and page.contest.rules_digest:
        sheets = f"{pass_name(page.contest.current_pass)}; {sheets}"
    deadline = _("by %(day)s", day=day(calendar.scoring_closes_on))
    issued = _("issued: %(done)d of %(all)d", done=page.certificates, all=page.recognised)
    sent = _("nominated: %(done)d", done=page.nominations)
    steps = (
        (_("Rules"), "rules", _S.DRAFT, _S.DRAFT, ""),
        (_("Registration"), "entries", _S.REGISTRATION, _S.REGISTRATION, registration),
        (_("Entries"), "entries", _S.REGISTRATION, _S.REGISTRATION, reviewed),
        (_("Jury and council"), "jury", _S.REGISTRATION, _S.REGISTRATION, people),
        (_("Scoring"), "progress", _S.SCORING, _S.SCORING, sheets if page.contest.rules_digest else ""),
        (_("Close of scoring"), "progress", _S.SCORING, _S.SCORING, deadline),
        (_("Ballot of the council"), "ballot", _S.SCORED, _S.VOTING, ""),
        (_("Provisional list"), "publication", _S.VOTED, _S.VOTED, ""),
        (_("Decision"), "publication", _S.PROVISIONAL, _S.PROVISIONAL, ""),
        (_("Certificates"), "certificates", _S.FINAL, _S.FINAL, issued if page.recognised else ""),
        (_("Nominations"), "nominations", _S.FINAL, _S.FINAL, sent if page.nominations else ""),
    )
    return [
        Step(title, _stand(page, name, first, last), detail, _page(page.contest, name))
        for title, name, first, last, detail in steps
        if (name != "nominations" or page.contest.tier.above)
        and not (page.contest.is_practice and _ORDER.index(first) > _ORDER.index(_S.SCORING))
    ]


def _stand(page: Overview, name: str, first: ContestState, last: ContestState) -> Stand:
    at = _ORDER.index(page.contest.state)
    if name == "jury" and _lacks_council(page):
        return Stand.NOW
    if name == "certificates" and page.all_certified:
        return Stand.DONE
    if at < _ORDER.index(first):
        return Stand.LATER
    return Stand.NOW if at <= _ORDER.index(last) else Stand.DONE


def _lacks_council(page: Overview) -> bool:
    if page.contest.is_practice:
        return False
    begun = page.contest.state in COUNCIL_OPEN and page.contest.state is not _S.DRAFT
    return begun and not page.council_is_complete


def _page(contest: ContestHead, name: str) -> str:
    return url_for(f"contests.{name}", contest_id=contest.id) if makes_sense(contest, name) else ""


def next_step(page: Overview, today: date) -> NextStep | None:
    """What the organiser does next; nothing for whoever only looks on."""
    if not page.contest.may(Permission.CONTEST_EDIT):
        return None
    return {
        _S.DRAFT: _after_draft,
        _S.REGISTRATION: _after_registration,
        _S.SCORING: _after_scoring,
        _S.SCORED: _after_close,
    }.get(page.contest.state, _after_ballot)(page, today)


def _after_draft(page: Overview, _today: date) -> NextStep:
    contest_id = page.contest.id
    if not page.rules_written:
        text = _(
            "Set what decides this contest: threshold, quotas, number of judges. It is frozen when scoring opens."
        )
        return NextStep(text, _("Set the rules"), url_for("contests.edit_rules", contest_id=contest_id))
    text = _("Facilities see the contest and can send their dossiers as soon as registration is open.")
    url = url_for("contests.open_registration", contest_id=contest_id)
    return NextStep(text, _("Open registration"), url, posts=True, warning=_what_entries_need(page))


def _what_entries_need(page: Overview) -> str:
    contest = page.contest
    if contest.tier is not Tier.PROVINCIAL or contest.rules.lower_tier_skipped:
        return ""
    return _(
        "By the rules every product needs a valid commune-level certificate. If the commune tier was not held, "
        "no product can enter: change the rules first."
    )


def _after_registration(page: Overview, today: date) -> NextStep:
    contest_id, until = page.contest.id, page.contest.calendar.registration_closes_on
    if page.waiting:
        url = url_for("contests.entries", contest_id=contest_id, state=EntryState.SUBMITTED.value)
        return NextStep(
            _("Dossiers wait for your decision: %(number)d.", number=page.waiting), _("Review dossiers"), url
        )
    if not page.judges:
        url = url_for("contests.jury", contest_id=contest_id)
        return NextStep(_("Nobody has been appointed to the jury yet."), _("Appoint the jury"), url)
    if page.short:
        text = _("Entries with fewer judges than the rules ask for: %(number)d.", number=page.short)
        return NextStep(text, _("Assign judges"), url_for("contests.assignments", contest_id=contest_id))
    if today <= until:
        text = _(
            "Registration is open until %(day)s. Wait for it to end before you open scoring.", day=day(until)
        )
        return NextStep(text, _("See the entries"), url_for("contests.entries", contest_id=contest_id))
    text = _("Registration has ended. Opening scoring freezes the rules and lets the judges begin.")
    return NextStep(text, _("Open scoring"), url_for("contests.open_scoring", contest_id=contest_id))


def _after_scoring(page: Overview, _today: date) -> NextStep:
    contest_id = page.contest.id
    if page.submitted < page.assigned:
        left = page.assigned - page.submitted
        text = _("The judges are scoring. Sheets not submitted yet: %(number)d.", number=left)
        return NextStep(text, _("See the progress"), url_for("contests.progress", contest_id=contest_id))
    if page.to_discuss:
        text = _(
            "Entries whose judges lie too far apart, to be discussed: %(number)d.", number=page.to_discuss
        )
        url = url_for("contests.discussions", contest_id=contest_id)
        return NextStep(text, _("Entries to discuss"), url)
    if page.contest.current_pass < page.contest.rules.passes:
        text = _("All sheets of the first pass are submitted. Closing it decides which entries go on.")
        url = url_for("contests.close_first_pass", contest_id=contest_id)
        return NextStep(text, _("Close the first pass"), url)
    text = _("All sheets are submitted. Closing scoring computes the result.")
    return NextStep(text, _("Close scoring"), url_for("contests.close_scoring", contest_id=contest_id))


def _after_close(page: Overview, _today: date) -> NextStep | None:
    if page.contest.is_practice:
        text = _("The practice is over and its result computed. Begin anew to practise again, or delete it.")
        url = url_for("contests.change_practice", contest_id=page.contest.id, act="reset")
        return NextStep(text, _("Begin anew"), url)
    if not page.council_is_complete:
        text = _("Appoint the council first: it votes with a chair and at least one more member.")
        return NextStep(
            text, _("Appoint the council"), url_for("contests.council", contest_id=page.contest.id)
        )
    return _next_page(
        page, "ballot", _("The result is computed. The council votes on it."), _("Open the ballot")
    )


def _after_ballot(page: Overview, _today: date) -> NextStep | None:
    if page.contest.state is _S.VOTING:
        return _next_page(page, "ballot", _("The council is voting."), _("Follow the ballot"))
    if page.contest.state is _S.VOTED:
        text = _("The council has voted. Publish the provisional list, so that complaints can be made.")
        return _next_page(page, "publication", text, _("Publish the provisional list"))
    if page.contest.state is _S.PROVISIONAL:
        text = _("When the time for complaints is over and the decision is signed, record it here.")
        return _next_page(page, "publication", text, _("Record the decision"))
    if not page.recognised:
        return None
    if not page.all_certified:
        text = _("The decision is public. Issue the certificates.")
        return _next_page(page, "certificates", text, _("Issue certificates"))
    text = _("All certificates are issued. Certified products can be nominated to the next tier.")
    return _next_page(page, "nominations", text, _("Nominate products"))


def _next_page(page: Overview, name: str, text: str, title: str) -> NextStep | None:
    url = _page(page.contest, name)
    return NextStep(text, title, url) if url else None
