"""The forms of the meeting's pages."""

from datetime import time
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, ValidationError

from app.domain.meetings import read_clock
from app.domain.results import Choice
from app.web.fields import (
    UNPRINTABLE,
    AboutField,
    CountField,
    Form,
    LongTextField,
    SeenPeopleField,
    TextField,
    number_of,
)
from app.web.i18n import _, _l

TIMES = [(minutes, minutes) for minutes in ("1", "2", "3", "5", "10", "15")]


class ClockField(TextField):
    """A time of today, such as 8:05 or 8h05; empty is now."""

    clock: time | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Parse; say the expected form if it is none."""
        super().process_formdata([UNPRINTABLE.sub("", text) for text in valuelist])
        self.clock = read_clock(self.data or "")
        if self.data and self.clock is None:
            raise ValidationError(_("Enter a time of day, such as 08:30."))


class ShownForm(Form):
    """A form that knows what its page showed before the meeting."""

    seen = HiddenField()

    @property
    def seen_item(self) -> int | None:
        """The product that was there; None for none."""
        return number_of(self.seen.data) or None


class MeetingForm(Form):
    """Where the council meets, and since when."""

    place = TextField(_l("Place of the council’s meeting"))
    clock = ClockField(_l("Time of opening"))


class AttendanceForm(Form):
    """Who came, left or was not there: pressed as `present-12`; the time holds for whichever is pressed."""

    clock = ClockField(_l("Time, if not now"))


class ListForm(Form):
    """Which products of a group are voted on as one list."""

    items = SelectMultipleField(_l("Products of the list"), coerce=number_of, validate_choice=False)
    nobody_objects = BooleanField(
        _l("I asked the council, and nobody objects to voting on this list as a whole")
    )


class HandsForm(Form):
    """The raised hands, and whose they may be."""

    poll_id = HiddenField()
    entitled = SeenPeopleField()
    yes = CountField(_l("Yes"))
    no = CountField(_l("No"))
    abstain = CountField(_l("Abstain"))

    @property
    def counts(self) -> dict[str, int | None]:
        """What was typed, by choice."""
        return {choice.value: self[choice.value].data for choice in Choice}


class DevicesForm(Form):
    """Ending a vote on devices."""

    poll_id = HiddenField()
    without_them = BooleanField(_l("Close although members who are present have not voted"))


class RemarkForm(Form):
    """What was said."""

    text = LongTextField(_l("Remark for the minutes"))
    item_id = AboutField()


class TimerForm(Form):
    """How long somebody may speak."""

    minutes = SelectField(
        _l("Minutes to speak"),
        coerce=str,
        validate_choice=False,
        choices=lambda: TIMES,
        default="3",
    )


class EndForm(Form):
    """When the meeting ended."""

    clock = ClockField(_l("Time of closing"))


class ConclusionForm(Form):
    """What the council concludes."""

    note = LongTextField(_l("The council’s conclusion"))
