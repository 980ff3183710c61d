"""The organiser's pages of entries: the list, and one dossier to accept, return or reject."""

import re
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField

from app.domain.contests import RULES_OPEN, ContestState
from app.domain.entries import REVIEWABLE, EntryState
from app.domain.errors import InvalidInput, NotReady
from app.domain.messages import Message
from app.domain.permissions import Permission
from app.domain.vietnamese import normalise
from app.queries.entries import EntryPage, Filter, entries_page, entry_page
from app.services.entry_reviews import accept_entry, reject_entry, return_entry
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, filled_in, longest
from app.web.i18n import _, _l


@bp.get("/<int:contest_id>/entries")
@requires(Permission.CONTEST_VIEW)
def entries(contest_id: int) -> str:
    """List the entries that were asked for."""
    asked = request.args
    state = asked.get("state", "")
    wanted = Filter(
        state=EntryState(state) if state in LISTED else None,
        group=asked.get("group", ""),
        text=normalise(asked.get("q", "")),
    )
    number = asked.get("page", 1, type=int)
    page = entries_page(read(), current_actor(), contest_id, wanted, number)
    may_invite = page.contest.may(Permission.FACILITY_INVITE) and page.contest.state in RULES_OPEN
    return render_template(
        "contests/entries.html", page=page, wanted=wanted, states=LISTED, may_invite=may_invite
    )


LISTED = tuple(state for state in EntryState if state is not EntryState.DRAFT)


class AcceptForm(Form):
    """The version of the dossier that was read."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the page showed; 0, which is none, if it was not sent."""
        sent = self.version.raw_data or [""]
        return int(sent[0]) if re.fullmatch("[0-9]{1,9}", sent[0]) else 0


class RefusalForm(AcceptForm):
    """Why a dossier is returned or rejected."""

    reason = LongTextField(_l("Reason, as the facility will read it"), validators=[filled_in, longest(2000)])


@bp.get("/<int:contest_id>/entries/<int:entry_id>")
@requires(Permission.CONTEST_VIEW)
def entry(contest_id: int, entry_id: int) -> str:
    """Show one dossier with its history."""
    return _show(entry_page(read(), current_actor(), contest_id, entry_id))


@bp.post("/<int:contest_id>/entries/<int:entry_id>/<any(accept, return, reject):decision>")
@requires(Permission.ENTRY_REVIEW)
def review(contest_id: int, entry_id: int, decision: str) -> ResponseReturnValue:
    """Accept, return or reject a dossier."""
    page = entry_page(read(), current_actor(), contest_id, entry_id)
    form = _forms(page)[decision]
    if not form.validate_on_submit():
        return _show(page, **{decision: form}), 422
    try:
        with transaction() as session:
            said = _decide(session, entry_id, decision, form)
    except NotReady as error:
        return _show(page, reasons=error.reasons), 409
    except InvalidInput as error:
        form.refuse(error)
        return _show(page, **{decision: form}), 422
    flash(said, "success")
    return redirect(url_for(".entry", contest_id=contest_id, entry_id=entry_id), 303)


def _decide(session: Session, entry_id: int, decision: str, form: AcceptForm) -> str:
    by: dict[str, Any] = {"actor": current_actor(), "now": now(), "version": form.seen_version}
    if decision == "accept":
        accepted = accept_entry(session, entry_id, **by)
        return _("The entry was accepted under the code %(code)s.", code=accepted.code)
    if decision == "return":
        return_entry(session, entry_id, form.data["reason"], **by)
        return _("The dossier was returned to the facility.")
    reject_entry(session, entry_id, form.data["reason"], **by)
    return _("The entry was rejected.")


def _forms(page: EntryPage) -> dict[str, AcceptForm]:
    return {
        "accept": AcceptForm(prefix="accept-", version=page.version),
        "return": RefusalForm(prefix="return-", version=page.version),
        "reject": RefusalForm(prefix="reject-", version=page.version),
    }


def _show(page: EntryPage, reasons: Sequence[Message] = (), **forms: AcceptForm) -> str:
    waits = page.state in REVIEWABLE and page.contest.state is ContestState.REGISTRATION
    return render_template(
        "contests/entry.html",
        page=page,
        forms=_forms(page) | forms,
        may_review=waits and page.contest.may(Permission.ENTRY_REVIEW),
        reasons=reasons,
        acts=_acts(),
    )


def _acts() -> dict[str, str]:
    return {
        "entry:submit": _("Dossier submitted"),
        "entry:return": _("Returned to the facility"),
        "entry:accept": _("Accepted"),
        "entry:reject": _("Rejected"),
        "entry:nominate": _("Nominated to the next tier"),
    }
