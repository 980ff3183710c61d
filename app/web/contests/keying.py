"""Paper score sheets: printing them empty, typing them in by two people, and settling what the two differ in."""

from collections.abc import Sequence

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField

from app.config import Settings
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted, StaleVersion
from app.domain.judging import SheetPart, mark_field
from app.domain.paper import KeyingState, differing_lines, remarks_differ
from app.domain.permissions import Permission
from app.queries.keying import DifferencesPage, KeyingPage, differences_page, keying_list, keying_page
from app.queries.scope import JURY_KEPT_OUT
from app.services.keying import (
    BARRED,
    NOT_DIFFERENT,
    REMARK,
    WHY_NOT,
    DiscardTypings,
    KeySheet,
    SettleSheet,
    choice_field,
    discard_typings,
    key_sheet,
    settle_sheet,
)
from app.services.printed_sheets import printed_sheets
from app.services.sheet_imports import NOT_SCORING
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.downloads import PDF, download
from app.web.fields import Form, LongTextField, MarkField, number_of
from app.web.filters import mark
from app.web.i18n import _, in_language, say
from app.web.judging.forms import MarkWithin


@bp.get("/<int:contest_id>/keying")
@requires(Permission.SCORING_MANAGE)
def keying(contest_id: int) -> str:
    """List how far the paper sheets are, judge by judge, and those of one judge."""
    page = keying_list(read(), current_actor(), contest_id, request.args.get("judge", type=int))
    return render_template("contests/keying.html", page=page, states=list(KeyingState))


@bp.get("/<int:contest_id>/keying/<int:judge_id>.pdf")
@requires(Permission.SCORING_MANAGE)
def paper_sheets(contest_id: int, judge_id: int) -> Response:
    """Send a judge's empty score sheets for printing."""
    settings: Settings = current_app.extensions["binhchon_settings"]
    file = printed_sheets(
        read(),
        current_actor(),
        contest_id,
        judge_id,
        address_of=lambda sheet_id: (
            settings.public_url + url_for(".key", contest_id=contest_id, sheet_id=sheet_id)
        ),
        now=now(),
    )
    return download(file.content, _("Score sheets – %(judge)s.pdf", judge=file.judge), PDF)


class KeyingForm(Form):
    """A paper sheet; `keying_form` adds the fields in the order in which they stand on it."""

    total: MarkField
    remark: LongTextField

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Label and text of whatever was typed."""
        return [
            (field.label.text, field.raw_data[0])
            for field in self
            if isinstance(field, (MarkField, LongTextField)) and field.raw_data and field.raw_data[0].strip()
        ]


def keying_form(parts: Sequence[SheetPart], step: int) -> type[KeyingForm]:
    """The form of a sheet with these lines."""
    fields: dict[str, object] = {
        mark_field(line.code): MarkField(
            in_language(line.name_vi, line.name_en), validators=[MarkWithin(line.max_mark, step)]
        )
        for part in parts
        for line in part.lines
    }
    fields["total"] = MarkField(_("Total on the paper"))
    fields["remark"] = LongTextField(_("Remark on the product"))
    return type("OneKeyingForm", (KeyingForm,), fields)


@bp.route("/<int:contest_id>/keying/<int:sheet_id>", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def key(contest_id: int, sheet_id: int) -> ResponseReturnValue:
    """Type in one paper sheet."""
    page = keying_page(read(), current_actor(), contest_id, sheet_id)
    if page.line.may_settle and request.method == "GET":
        return redirect(url_for(".differences", contest_id=contest_id, sheet_id=sheet_id), 303)
    form = keying_form(page.parts, page.contest.rules.mark_step)(data=_typed_before(page))
    if reason := _why_closed(page):
        return _closed(page, reason, form.typed)
    if form.validate_on_submit():
        try:
            return _go_on(page, _key(page, form))
        except InvalidInput as error:
            form.refuse(error)
        except (IllegalState, NotPermitted) as error:  # since the page was read a moment ago
            return _closed(page, say(error.message), form.typed)
    status = 422 if form.errors else 200
    return render_template("contests/keying_sheet.html", page=page, form=form, mark_field=mark_field), status


def _why_closed(page: KeyingPage) -> str:
    """Why the reader cannot type the sheet; empty if nothing is against it."""
    if page.contest.state is not ContestState.SCORING:
        return _(NOT_SCORING)
    if page.is_on_jury:
        return _(JURY_KEPT_OUT)
    if page.line.is_barred:
        return _(BARRED)
    return "" if page.line.may_type else _(WHY_NOT[page.line.state])


def _closed(page: KeyingPage, reason: str, typed: Sequence[tuple[str, str]] = ()) -> ResponseReturnValue:
    closed = render_template("contests/keying_closed.html", page=page, reason=reason, typed=typed)
    return closed, 200 if request.method == "GET" else 409


def _typed_before(page: KeyingPage) -> dict[str, object]:
    if page.own is None:
        return {}
    return {mark_field(code): value for code, value in page.own.marks.items()} | {"remark": page.own.remark}


def _key(page: KeyingPage, form: KeyingForm) -> KeyingState:
    marks = {line.code: form[mark_field(line.code)].data for part in page.parts for line in part.lines}
    command = KeySheet(
        page.contest.id, page.line.sheet.sheet_id, marks, form.remark.data or "", form.total.data
    )
    with transaction() as session:
        return key_sheet(session, command, actor=current_actor(), now=now())


def _go_on(page: KeyingPage, state: KeyingState) -> ResponseReturnValue:
    """After a sheet: to the differences if there are any, else to the next one to type."""
    code, contest_id = page.line.sheet.code, page.contest.id
    if state is KeyingState.DIFFERENT:
        flash(_("%(code)s: the two typings differ. Settle it with the paper in hand.", code=code), "warning")
        return redirect(
            url_for(".differences", contest_id=contest_id, sheet_id=page.line.sheet.sheet_id), 303
        )
    said = {
        KeyingState.ONCE: _("%(code)s is kept. A second person has to type it too.", code=code),
        KeyingState.DONE: _("%(code)s: both typings agree. The sheet is submitted.", code=code),
    }
    flash(said[state], "success")
    if page.following:
        return redirect(url_for(".key", contest_id=contest_id, sheet_id=page.following), 303)
    return redirect(url_for(".keying", contest_id=contest_id, judge=page.judge.judge_id), 303)


class ChoiceForm(Form):
    """Whose reading is right; `choice_form` adds a field for each difference."""

    seen = HiddenField()

    @property
    def choices(self) -> list[RadioField]:
        """The field of each difference."""
        return [field for field in self if isinstance(field, RadioField)]

    def chosen(self) -> dict[str, int]:
        """Code of a line, or "remark" -> id of the person whose reading was chosen."""
        return {field.name.removeprefix(choice_field("")): number_of(field.data) for field in self.choices}


def choice_form(page: DifferencesPage, **options: None) -> ChoiceForm:
    """One choice for each difference between two typings, the reader's own first."""
    both = (page.mine, page.other)
    names = {line.code: in_language(line.name_vi, line.name_en) for part in page.parts for line in part.lines}
    readings = {code: [mark(one.marks.get(code)) for one in both] for code in differing_lines(*both)}
    if remarks_differ(*both):
        names[REMARK] = _("Remark on the product")
        readings[REMARK] = [one.remark for one in both]
    fields = {choice_field(code): RadioField(names[code], validate_choice=False) for code in readings}
    form: ChoiceForm = type("OneChoiceForm", (ChoiceForm,), fields)(**options)
    for code, texts in readings.items():
        form[choice_field(code)].choices = [
            (str(one.user_id), text) for one, text in zip(both, texts, strict=True)
        ]
    return form


@bp.route("/<int:contest_id>/keying/<int:sheet_id>/differences", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def differences(contest_id: int, sheet_id: int) -> ResponseReturnValue:
    """Show both typings side by side, and take the word of one of the two."""
    try:
        page = differences_page(read(), current_actor(), contest_id, sheet_id)
    except NotFound:
        return _no_differences(keying_page(read(), current_actor(), contest_id, sheet_id))
    form = choice_form(page)
    if form.validate_on_submit():
        command = SettleSheet(contest_id, sheet_id, form.chosen(), form.seen.data or "")
        try:
            with transaction() as session:
                settle_sheet(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        except StaleVersion as error:
            return _typed_anew(contest_id, sheet_id, error)
        else:
            flash(
                _("%(code)s: the differences are settled. The sheet is submitted.", code=page.sheet.code),
                "success",
            )
            return redirect(url_for(".keying", contest_id=contest_id, judge=page.judge.judge_id), 303)
    status = 422 if form.errors else 200
    return render_template("contests/keying_differences.html", page=page, form=form), status


def _no_differences(page: KeyingPage) -> ResponseReturnValue:
    """Say why there is nothing to settle; whoever opens the page of a sheet to be typed goes on to type it."""
    reason = _why_closed(page)
    if reason or request.method == "POST":
        return _closed(page, reason or _(NOT_DIFFERENT))
    flash(_(NOT_DIFFERENT), "info")
    return redirect(url_for(".key", contest_id=page.contest.id, sheet_id=page.line.sheet.sheet_id), 303)


def _typed_anew(contest_id: int, sheet_id: int, error: StaleVersion) -> ResponseReturnValue:
    """Show what was typed meanwhile, with nothing chosen yet."""
    page = differences_page(read(), current_actor(), contest_id, sheet_id)
    form = choice_form(page, formdata=None)
    form.form_errors.append(say(error.message))
    return render_template("contests/keying_differences.html", page=page, form=form), 409


@bp.post("/<int:contest_id>/keying/<int:sheet_id>/again")
@requires(Permission.SCORING_MANAGE)
def type_again(contest_id: int, sheet_id: int) -> ResponseReturnValue:
    """Throw both typings away, so that the sheet is typed twice anew."""
    command = DiscardTypings(contest_id, sheet_id, request.form.get("seen", ""))
    try:
        with transaction() as session:
            discard_typings(session, command, actor=current_actor(), now=now())
    except StaleVersion as error:
        return _typed_anew(contest_id, sheet_id, error)
    flash(_("Both typings were discarded. Two people have to type the sheet again."), "success")
    return redirect(url_for(".key", contest_id=contest_id, sheet_id=sheet_id), 303)
