"""Nominating certified entries for a contest of a higher tier."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotReady
from app.domain.messages import Message
from app.domain.permissions import Permission
from app.domain.vietnamese import in_vietnam
from app.queries.nominations import NominationsPage, nominations_page
from app.services.nominations import Nominate, nominate
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField
from app.web.i18n import _l, ngettext


class NominationForm(Form):
    """Which entries go up, and why a tier is passed over if one is."""

    entries = SelectMultipleField(
        _l("Products"),
        coerce=lambda value: int(value) if str(value).isdecimal() and len(str(value)) < 10 else 0,
        validators=[DataRequired(_l("Choose at least one product."))],
        validate_choice=False,  # the rules say who may be nominated
    )
    exemption = LongTextField(_l("Why the tier between is passed over"))


@bp.get("/<int:contest_id>/nominations")
@requires(Permission.CONTEST_VIEW)
def nominations(contest_id: int) -> str:
    """Show who may go up to the chosen contest, who may not and why, and who went."""
    target = request.args.get("to", type=int)
    return _show(_page(contest_id, target), NominationForm(formdata=None))


@bp.post("/<int:contest_id>/nominations/<int:target_id>")
@requires(Permission.ENTRY_NOMINATE)
def send_nominations(contest_id: int, target_id: int) -> ResponseReturnValue:
    """Nominate the chosen entries, all of them or none."""
    form, code = NominationForm(), ""
    reasons: tuple[Message, ...] = ()
    if form.validate():
        codes = {candidate.entry_id: candidate.code for candidate in _page(contest_id, None).candidates}
        chosen: list[int] = form.entries.data or []
        try:
            with transaction() as session:
                for entry_id in chosen:
                    code = codes.get(entry_id, "–")
                    command = Nominate(entry_id, target_id, form.exemption.data or "")
                    nominate(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        except NotReady as error:
            reasons = (Message(code), *error.reasons)
        except IllegalState as error:
            reasons = (error.message,)
        else:
            flash(_nominated(len(chosen)), "success")
            return redirect(url_for(".nominations", contest_id=contest_id, to=target_id), 303)
    return _show(_page(contest_id, target_id), form, reasons), 409 if reasons else 422


def _nominated(count: int) -> str:
    return ngettext("%(num)d product was nominated.", "%(num)d products were nominated.", count)


def _page(contest_id: int, target_id: int | None) -> NominationsPage:
    today = in_vietnam(now()).date()
    return nominations_page(read(), current_actor(), contest_id, target_id, today=today)


def _show(page: NominationsPage, form: NominationForm, reasons: tuple[Message, ...] = ()) -> str:
    may = page.contest.may(Permission.ENTRY_NOMINATE) and page.contest.state is ContestState.FINAL
    return render_template(
        "contests/nominations.html", page=page, form=form, reasons=reasons, may_nominate=may and page.ready
    )
