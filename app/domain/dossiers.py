"""The dossier (hồ sơ) of an entry: what an answer may be, and what makes the whole complete.

Documents as in Thông tư 26/2014/TT-BCT, Điều 12, amended by 14/2018: the registration form (Mẫu 01), the
description of the product (Mẫu 02), at least three colour photos, a copy of the business registration, and
other papers if there are any.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from app.domain.contests import Calendar, ContestState
from app.domain.entries import MIN_PHOTOS, AttachmentKind
from app.domain.errors import InvalidInput, StaleVersion, require
from app.domain.messages import N_, Message
from app.domain.phones import InvalidPhone, check_phone
from app.domain.questions import BY_KEY, QUESTIONS, TICKED, AnswerKind, Question
from app.domain.vietnamese import format_date, normalise, normalise_lines

GROUP_NOT_TAKEN = N_("This contest does not take products of this group.")


class StaleDossier(StaleVersion):
    """Another save came first; `stored` holds what is there now where it differs from what was typed."""

    default = N_("This form was saved elsewhere since you opened it. Nothing was overwritten.")

    def __init__(self, stored: dict[str, str], version: int) -> None:
        super().__init__()
        self.stored = stored
        self.version = version


def too_long(found: int, limit: int) -> Message:
    """What to say of a text over its limit."""
    text = N_("Shorten this text to %(limit)d characters; it has %(found)d.")
    return Message(text, {"limit": limit, "found": found})


def check_answers(answers: Mapping[str, str], *, today: date) -> dict[str, str]:
    """The answers as they are stored, empty where nothing was typed.

    A draft may have gaps, so that work can be saved at any point; what is typed must be right. Raises
    InvalidInput with every fault, KeyError for a question that no form asks.
    """
    checked, faults = {}, {}
    for key, typed in answers.items():
        try:
            checked[key] = _checked(BY_KEY[key], typed, today)
        except InvalidAnswer as fault:
            faults[key] = fault.message
    if faults:
        raise InvalidInput(faults)
    return checked


def require_registration(
    state: ContestState, calendar: Calendar, today: date, *, was_submitted: bool = False
) -> None:
    """Raise IllegalState unless a dossier may be written and sent in on this day.

    One that was sent in time and came back for completion may be sent again until scoring opens.
    """
    days = {
        "opens": format_date(calendar.registration_opens_on),
        "closes": format_date(calendar.registration_closes_on),
    }
    require(
        state is ContestState.REGISTRATION,
        N_("Registration for this contest is closed; it ran from %(opens)s to %(closes)s."),
        **days,
    )
    if not was_submitted:
        require(
            calendar.registration_opens_on <= today <= calendar.registration_closes_on,
            N_("Dossiers for this contest are taken from %(opens)s to %(closes)s, both days included."),
            **days,
        )


def dossier_gaps(answers: Mapping[str, str], kinds: Iterable[AttachmentKind]) -> dict[str, Message]:
    """Everything a dossier still lacks: key of a question, "photos" or "papers" -> what to do."""
    gaps = {
        question.key: Message(
            N_("Tick the statement if it is true.")
            if question.kind is AnswerKind.TICK
            else N_("Answer this question.")
        )
        for question in QUESTIONS
        if question.required and not answers.get(question.key)
    }
    attached = list(kinds)
    photos = attached.count(AttachmentKind.PHOTO)
    if photos < MIN_PHOTOS:
        gaps["photos"] = Message(
            N_("Add at least %(least)d photos from different sides; there are %(there)d."),
            {"least": MIN_PHOTOS, "there": photos},
        )
    if AttachmentKind.REGISTRATION_PAPER not in attached:
        gaps["papers"] = Message(
            N_("Attach a copy of the registration of the enterprise, cooperative or household business.")
        )
    return gaps


class InvalidAnswer(ValueError):
    """One answer breaks its question's rule."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def _checked(question: Question, typed: str, today: date) -> str:
    text = normalise(typed) if question.lines == 1 else normalise_lines(typed)
    if not text:
        return ""
    if len(text) > question.max_length:
        raise InvalidAnswer(too_long(len(text), question.max_length))
    return _CHECKS.get(question.kind, _any)(text, today)


def _any(text: str, _today: date) -> str:
    return text


def _year(text: str, today: date) -> str:
    if not re.fullmatch("[0-9]{4}", text) or not 1800 <= int(text) <= today.year:
        raise InvalidAnswer(
            Message(N_("Enter a year of four digits, not later than %(year)d."), {"year": today.year})
        )
    return text


def _count(text: str, _today: date) -> str:
    if not re.fullmatch(r"[0-9]{1,3}(?:[. ]?[0-9]{3}){0,1}", text):
        raise InvalidAnswer(Message(N_("Enter a whole number, such as 25.")))
    return str(int(re.sub("[. ]", "", text)))


def _phone(text: str, _today: date) -> str:
    try:
        return check_phone(text)
    except InvalidPhone as error:
        raise InvalidAnswer(error.fields["phone"]) from error


def _tick(text: str, _today: date) -> str:
    return TICKED if text == TICKED else ""


_CHECKS = {
    AnswerKind.YEAR: _year,
    AnswerKind.COUNT: _count,
    AnswerKind.PHONE: _phone,
    AnswerKind.TICK: _tick,
}
