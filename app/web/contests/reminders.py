"""Writing to judges with sheets left, and to the organiser: choose whom, read and change the drafts."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Field

from app.config import Settings
from app.domain.errors import InvalidInput
from app.domain.mails import MAX_BODY, MAX_SUBJECT, JuryStand, MailKind, draft_of_notice, draft_of_reminder
from app.domain.permissions import Permission
from app.queries.live import progress_page
from app.queries.mails import Recipient, RecipientsPage, recipients_page
from app.services.mails import Letter, QueueMails, queue_mails
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, TextField, filled_in, longest, number_of
from app.web.i18n import _, _l, ngettext


@bp.get("/<int:contest_id>/reminders")
@requires(Permission.MAIL_SEND)
def reminders(contest_id: int) -> str:
    """List the judges whose sheets are not all submitted, to choose whom to write to."""
    page = recipients_page(read(), current_actor(), contest_id, MailKind.REMINDER)
    chosen = {person.user_id for person in page.recipients if not person.is_recent(now())}
    return render_template("contests/reminders.html", page=page, chosen=chosen, now=now())


class LettersForm(Form):
    """Subject and text for each of those who were chosen; `letters_form` adds the fields."""

    confirmed = BooleanField(_l("Write again to those who were written to within the last day"))

    def fields_of(self, person: Recipient) -> tuple[Field, Field]:
        """Subject and text of the message to one person."""
        return self[f"subject_{person.user_id}"], self[f"body_{person.user_id}"]

    def letters(self, people: list[Recipient]) -> list[Letter]:
        """The messages as they were typed."""
        typed = [(person.user_id, *self.fields_of(person)) for person in people]
        return [Letter(user_id, subject.data or "", body.data or "") for user_id, subject, body in typed]


def letters_form(people: list[Recipient]) -> type[LettersForm]:
    """The form of the messages to these people."""
    fields: dict[str, object] = {}
    for person in people:
        subject, body = (
            _("Subject, to %(name)s", name=person.name),
            _("Message to %(name)s", name=person.name),
        )
        fields[f"subject_{person.user_id}"] = TextField(subject, validators=[filled_in, longest(MAX_SUBJECT)])
        fields[f"body_{person.user_id}"] = LongTextField(body, validators=[filled_in, longest(MAX_BODY)])
    return type("OneLettersForm", (LettersForm,), fields)


@bp.route("/<int:contest_id>/mails/write/<any(reminder, ready):kind>", methods=["GET", "POST"])
@requires(Permission.MAIL_SEND)
def write_mails(contest_id: int, kind: str) -> ResponseReturnValue:
    """Show a draft for each person chosen; put what is made of them into the outbox."""
    page = recipients_page(read(), current_actor(), contest_id, MailKind(kind))
    people = _chosen(page)
    if not people:
        flash(_("Choose at least one person."), "info")
        return redirect(_back(page), 303)
    form = letters_form(people)(data=_drafts(page, people))
    if form.validate_on_submit():
        command = QueueMails(contest_id, page.kind, form.letters(people), confirmed=form.data["confirmed"])
        try:
            with transaction() as session:
                queued = queue_mails(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(
                ngettext(
                    "%(num)d message is in the outbox. Nothing has left yet: read it and send it.",
                    "%(num)d messages are in the outbox. Nothing has left yet: read them and send them.",
                    len(queued),
                ),
                "success",
            )
            return redirect(url_for(".outbox", contest_id=contest_id), 303)
    recent = [person for person in people if person.is_recent(now())]
    html = render_template("contests/write_mails.html", page=page, people=people, form=form, recent=recent)
    return html, 422 if form.errors else 200


def _chosen(page: RecipientsPage) -> list[Recipient]:
    """Those who were chosen and can still be written to; all organisers, where none is named."""
    wanted = {number_of(text) for text in request.args.getlist("to")}
    if page.kind is MailKind.READY and not wanted:
        return list(page.recipients)
    return [person for person in page.recipients if person.user_id in wanted]


def _back(page: RecipientsPage) -> str:
    if page.kind is MailKind.READY:
        return url_for("judging.jury", contest_id=page.contest.id)
    return url_for(".reminders", contest_id=page.contest.id)


def _drafts(page: RecipientsPage, people: list[Recipient]) -> dict[str, str]:
    """By field, what is proposed to say: in Vietnamese, whatever language the page is read in."""
    drafts: dict[str, str] = {}
    for person in people:
        subject, body = _draft(page, person)
        drafts |= {f"subject_{person.user_id}": subject, f"body_{person.user_id}": body}
    return drafts


def _draft(page: RecipientsPage, person: Recipient) -> tuple[str, str]:
    contest, writer = page.contest, current_actor().name
    if page.kind is MailKind.REMINDER:
        left = person.left(contest.name, contest.calendar.scoring_closes_on)
        return draft_of_reminder(left, _address(url_for("judging.index", contest=contest.id)), writer)
    stand = progress_page(read(), current_actor(), contest.id, Permission.SCORE_SHEET_REOPEN)
    told = JuryStand(contest.name, stand.assigned, stand.submitted, is_ready=stand.is_ready)
    return draft_of_notice(
        told, person.name, _address(url_for("contests.progress", contest_id=contest.id)), writer
    )


def _address(path: str) -> str:
    """An address as people outside reach it."""
    settings: Settings = current_app.extensions["binhchon_settings"]
    return settings.public_url + path
