"""The minutes of the council's meeting: read, written into, printed, signed by two, kept as a scan."""

import hashlib

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import HiddenField

from app.domain.entries import AttachmentKind
from app.domain.errors import IllegalState, InvalidInput, StaleVersion
from app.domain.minutes import Signing, check_open
from app.domain.permissions import Permission
from app.queries.contests import head_of
from app.queries.minutes import earlier_minutes, minutes_file_of
from app.services.intake import MAX_BYTES, FileFault, RefusedFile, take_in
from app.services.minutes import Draft, draft_of, minutes_file, said_in_general, said_of_entries
from app.services.minutes_editing import (
    EditMinutes,
    ReopenMinutes,
    SignMinutes,
    edit_minutes,
    keep_scan,
    may_sign,
    part_field,
    reopen_minutes,
    sign_minutes,
)
from app.web.access import current_actor, now, requires
from app.web.contests.moves import ReasonForm
from app.web.council.blueprint import bp
from app.web.council.seen_texts import changed_since, fingerprints_of
from app.web.db import file_store, read, transaction
from app.web.downloads import PDF, download
from app.web.fields import Form, LongTextField, number_of
from app.web.files.views import PAPER_POLICY
from app.web.filters import content_disposition
from app.web.i18n import _, _l, say

READ, KEEP = Permission.RESULTS_VIEW, Permission.MEETING_KEEP
TEXTS = ("introduction", "discussion", "conclusion")


class MinutesForm(Form):
    """What the secretary writes; `minutes_form` adds the entries."""

    entry_ids: tuple[int, ...] = ()
    version = HiddenField()
    seen = HiddenField()
    introduction = LongTextField(_l("Introduction"))
    discussion = LongTextField(_l("Discussion in general"))
    conclusion = LongTextField(_l("Further conclusions"))

    @property
    def parts(self) -> dict[int, str]:
        """What is said of each entry."""
        return {entry_id: self[part_field(entry_id)].data or "" for entry_id in self.entry_ids}

    def command(self, contest_id: int) -> EditMinutes:
        """What to keep."""
        texts = {name: self[name].data or "" for name in TEXTS}
        return EditMinutes(contest_id, number_of(self.version.data), parts=self.parts, **texts)

    def leave_untouched(self, texts: dict[str, str]) -> None:
        """Let each field in which nothing was typed hold what stands there by now."""
        sent = {name: "".join(self[name].raw_data or ()) for name in texts if name in self}
        for name in sent.keys() - changed_since(self.seen.data or "", sent):
            self[name].data = texts[name]

    def catch_up(self, draft: Draft) -> dict[str, str]:
        """Go on from what was saved meanwhile: what stands by now in each field that somebody else changed."""
        texts = _texts(draft)
        changed = changed_since(self.seen.data or "", texts)
        self.leave_untouched(texts)
        self.version.data, self.seen.data = _version(draft), fingerprints_of(texts)
        return {name: text for name, text in texts.items() if name in changed}


class ScanForm(Form):
    """The signed paper."""

    files = FileField(_l("Scan of the signed minutes (PDF or photo)"))


def minutes_form(draft: Draft) -> type[MinutesForm]:
    """The form of these minutes: a text for each entry."""
    lines = draft.page.lines
    fields: dict[str, object] = {"entry_ids": tuple(line.entry.row.entry_id for line in lines)}
    for line in lines:
        row, product = line.entry.row, line.entry.product
        fields[part_field(row.entry_id)] = LongTextField(
            _("Discussion of %(code)s, %(product)s", code=row.code, product=product)
        )
    return type("TheseMinutesForm", (MinutesForm,), fields)


@bp.get("/<int:contest_id>/minutes")
@requires(READ)
def minutes(contest_id: int) -> str:
    """Show the minutes as they stand, who has signed, and what can be done."""
    return _show(contest_id)


@bp.get("/<int:contest_id>/minutes.pdf")
@requires(READ)
def minutes_pdf(contest_id: int) -> Response:
    """Send the minutes as they were signed, or as they stand."""
    slug = head_of(read(), current_actor(), contest_id, READ).slug
    content = minutes_file(read(), current_actor(), contest_id, store=file_store(), permission=READ)
    return download(content, f"{_('minutes')}-{slug}.pdf", PDF)


@bp.route("/<int:contest_id>/minutes/edit", methods=["GET", "POST"])
@requires(KEEP)
def write_minutes(contest_id: int) -> ResponseReturnValue:
    """Write into the minutes what no draft can know; its own numbers stay as they are."""
    draft = draft_of(read(), current_actor(), contest_id, KEEP)
    if request.method == "GET":
        check_open(len(draft.written.signatures) if draft.written else 0)
    texts, status, saved = _texts(draft), 200, {}
    form = minutes_form(draft)(data=texts | {"version": _version(draft), "seen": fingerprints_of(texts)})
    if form.validate_on_submit():
        form.leave_untouched(texts)
        try:
            with transaction() as session:
                edit_minutes(session, form.command(contest_id), actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        except IllegalState as error:
            status = 409
            form.form_errors.append(say(error.message))
            if isinstance(error, StaleVersion):
                saved = form.catch_up(draft_of(read(), current_actor(), contest_id, KEEP))
        else:
            flash(_("The minutes are saved."), "success")
            return redirect(url_for(".minutes", contest_id=contest_id), 303)
    status = 422 if status == 200 and form.errors else status
    if form.errors:  # what was read before is old by now
        draft = draft_of(read(), current_actor(), contest_id, KEEP)
    html = render_template(
        "council/edit_minutes.html",
        page=draft.page,
        draft=draft,
        form=form,
        saved=saved,
        part_field=part_field,
    )
    return html, status


@bp.post("/<int:contest_id>/minutes/sign")
@requires(Permission.MINUTES_SIGN)
def sign(contest_id: int) -> ResponseReturnValue:
    """Confirm the minutes as they were read."""
    signing = Signing.CHAIR if request.form.get("signing") == Signing.CHAIR else Signing.SECRETARY
    command = SignMinutes(contest_id, signing, request.form.get("seen", ""))
    try:
        with transaction() as session:
            signed = sign_minutes(session, command, store=file_store(), actor=current_actor(), now=now())
            is_frozen = signed.pdf_sha256 is not None
    except IllegalState as error:
        return _show(contest_id, problem=say(error.message)), 409
    whole = _("Both have signed: the minutes are frozen and kept as they are.")
    flash(whole if is_frozen else _("You have signed the minutes."), "success")
    return redirect(url_for(".minutes", contest_id=contest_id), 303)


@bp.route("/<int:contest_id>/minutes/reopen", methods=["GET", "POST"])
@requires(KEEP)
def unfreeze(contest_id: int) -> ResponseReturnValue:
    """Ask why the signatures are taken off, and take them off."""
    draft, form = draft_of(read(), current_actor(), contest_id, KEEP), ReasonForm()
    status, problem = 200, ""
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = ReopenMinutes(contest_id, form.reason.data or "")
                reopen_minutes(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        except IllegalState as error:
            status, problem = 409, say(error.message)
        else:
            flash(_("The minutes can be changed again. Both have to sign them anew."), "success")
            return redirect(url_for(".minutes", contest_id=contest_id), 303)
    html = render_template(
        "council/reopen_minutes.html", page=draft.page, draft=draft, form=form, problem=problem
    )
    return html, 422 if form.errors else status


@bp.post("/<int:contest_id>/minutes/keep-scan")
@requires(KEEP)
def upload_scan(contest_id: int) -> ResponseReturnValue:
    """Keep a scan of the signed paper."""
    form = ScanForm()
    try:
        if not form.validate():
            return _show(contest_id, form), 422
        file = form.files.data
        if not file or not file.filename:
            raise RefusedFile(FileFault.NONE_CHOSEN)
        # Work on the file is done before the database is locked for everybody else.
        content = file.stream.read(MAX_BYTES + 1)
        clean, original = (
            take_in(AttachmentKind.OTHER, file.filename, content),
            hashlib.sha256(content).hexdigest(),
        )
        with transaction() as session:
            keep_scan(
                session, contest_id, clean, original, store=file_store(), actor=current_actor(), now=now()
            )
    except InvalidInput as error:
        form.refuse(error)
        return _show(contest_id, form), 422
    flash(_("The scan is kept with its fingerprint."), "success")
    return redirect(url_for(".minutes", contest_id=contest_id), 303)


@bp.get("/<int:contest_id>/minutes/<int:minutes_id>/<any(signed, scan):kind>")
@requires(READ)
def kept_minutes(contest_id: int, minutes_id: int, kind: str) -> Response:
    """Send signed minutes, or the scan of the signed paper: also of a ballot that was annulled later."""
    name, sha256, media_type = minutes_file_of(read(), current_actor(), contest_id, minutes_id, kind)
    response = send_file(file_store().path(sha256), mimetype=media_type, etag=sha256)
    response.headers["Content-Disposition"] = content_disposition(name or f"{_('minutes')}.pdf")
    response.headers["Content-Security-Policy"] = PAPER_POLICY
    return response


def _version(draft: Draft) -> str:
    return str(draft.written.version if draft.written else 0)


def _texts(draft: Draft) -> dict[str, str]:
    """What the fields hold: what was written, or what the meeting's remarks say."""
    written = draft.written
    parts = said_of_entries(draft.page, written)
    return {
        "introduction": written.introduction if written else "",
        "discussion": said_in_general(draft.page, written),
        "conclusion": written.conclusion if written else "",
        **{part_field(entry_id): text for entry_id, text in parts.items()},
    }


def _show(contest_id: int, form: ScanForm | None = None, problem: str = "") -> str:
    draft = draft_of(read(), current_actor(), contest_id, READ)
    return render_template(
        "council/minutes.html",
        page=draft.page,
        draft=draft,
        texts=_texts(draft),
        part_field=part_field,
        form=form or ScanForm(formdata=None),
        own=may_sign(draft, current_actor()),
        earlier=earlier_minutes(read(), contest_id),
        problem=problem,
    )
