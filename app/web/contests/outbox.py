"""The outbox of a contest: what waits to be read, and sending, cancelling and ticking off each message."""

from collections.abc import Callable
from urllib.parse import quote

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.domain.errors import IllegalState
from app.domain.permissions import Permission
from app.models import Mail
from app.queries.mails import MailRow, OutboxPage, mail_of, newest_try, outbox_page
from app.services.mails import cancel_mail, release_mail, tick_off_mail
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.progress import live_answer, live_tag
from app.web.db import read, transaction
from app.web.i18n import _, ngettext, say
from app.web.security import poll

ACTS: dict[str, Callable[..., Mail]] = {
    "send": release_mail,
    "cancel": cancel_mail,
    "tick-off": tick_off_mail,
}


@bp.get("/<int:contest_id>/mails")
@requires(Permission.MAIL_SEND)
def outbox(contest_id: int) -> str:
    """List the messages of a contest, those that wait for somebody first."""
    tag = live_tag(contest_id, newest_try(read(), contest_id))
    page = outbox_page(read(), current_actor(), contest_id)
    return render_template("contests/outbox.html", page=page, tag=tag, can_send=_can_send())


@bp.get("/<int:contest_id>/mails/live")
@poll
@requires(Permission.MAIL_SEND)
def outbox_live(contest_id: int) -> ResponseReturnValue:
    """Give the list again, if it has changed."""

    def part() -> str:
        page = outbox_page(read(), current_actor(), contest_id)
        return render_template("contests/_outbox_part.html", page=page, can_send=_can_send())

    return live_answer(contest_id, Permission.MAIL_SEND, part, newest_try(read(), contest_id))


@bp.get("/<int:contest_id>/mails/<int:mail_id>")
@requires(Permission.MAIL_SEND)
def mail(contest_id: int, mail_id: int) -> str:
    """Show one message as it will be, or was, sent."""
    page = outbox_page(read(), current_actor(), contest_id)
    found = mail_of(page, mail_id)
    return render_template(
        "contests/mail.html", page=page, mail=found, can_send=_can_send(), link=_mailto(found)
    )


@bp.post("/<int:contest_id>/mails/<int:mail_id>/<any(send, cancel, 'tick-off'):act>")
@requires(Permission.MAIL_SEND)
def handle_mail(contest_id: int, mail_id: int, act: str) -> ResponseReturnValue:
    """Send a message, cancel it, or note that it was sent by hand."""
    mail_of(outbox_page(read(), current_actor(), contest_id), mail_id)
    words = {
        "send": _("The message is on its way. It is handed to the mail server within seconds."),
        "cancel": _("The message was cancelled."),
        "tick-off": _("It is noted that you sent this message yourself."),
    }
    if act == "send" and not _can_send():
        flash(_("No mail server is set up: nothing can be sent from here."), "error")
        return redirect(url_for(".outbox", contest_id=contest_id), 303)
    try:
        with transaction() as session:
            ACTS[act](session, mail_id, actor=current_actor(), now=now())
    except IllegalState as error:
        flash(say(error.message), "error")
    else:
        flash(words[act], "success")
    return redirect(url_for(".outbox", contest_id=contest_id), 303)


@bp.post("/<int:contest_id>/mails/send")
@requires(Permission.MAIL_SEND)
def send_mails(contest_id: int) -> ResponseReturnValue:
    """Send every message that waits; what needs no sending any more stays and is named."""
    page = outbox_page(read(), current_actor(), contest_id)
    if not _can_send():
        flash(_("No mail server is set up: nothing can be sent from here."), "error")
        return redirect(url_for(".outbox", contest_id=contest_id), 303)
    sent, kept = _send_waiting(page)
    if sent:
        flash(
            ngettext("%(num)d message is on its way.", "%(num)d messages are on their way.", sent), "success"
        )
    for reason in kept:
        flash(reason, "warning")
    return redirect(url_for(".outbox", contest_id=contest_id), 303)


def _send_waiting(page: OutboxPage) -> tuple[int, list[str]]:
    sent, kept = 0, []
    for waiting in (mail for mail in page.mails if mail.waits):
        try:
            with transaction() as session:
                release_mail(session, waiting.id, actor=current_actor(), now=now())
        except IllegalState as error:
            kept.append(say(error.message))
        else:
            sent += 1
    return sent, kept


def _can_send() -> bool:
    settings: Settings = current_app.extensions["binhchon_settings"]
    return settings.mail is not None


def _mailto(mail: MailRow) -> str:
    """A link that opens the message in the reader's own mail program."""
    lines = mail.body.replace("\n", "\r\n")
    return f"mailto:{quote(mail.address)}?subject={quote(mail.subject)}&body={quote(lines)}"
