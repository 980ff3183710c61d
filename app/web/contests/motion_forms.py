"""The form of a motion: by kind, what it asks for, and what there is to choose from as the ballot stands."""

from collections import Counter

from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput

from app.domain.motions import PARTS, Ground, MotionKind, Proposal
from app.domain.placings import REACHING
from app.queries.ballots import BallotDesk, BallotLine, BallotPage
from app.queries.results import ResultRow
from app.web.fields import Form, LongTextField, TextField, filled_in, number_of
from app.web.i18n import _, _l, ngettext
from app.web.labels import choices, prize_name

NO_PRIZE = "-"
HANDS, DEVICES = "hands", "devices"
Options = list[tuple[str, str]]


class MotionForm(Form):
    """Everything that motions ask for; `motion_form` leaves what the kind has."""

    entries = SelectMultipleField(
        _l("Products"),
        coerce=number_of,
        option_widget=CheckboxInput(),
        validate_choice=False,  # the rules say what may be chosen
    )
    one = RadioField(_l("Products"), validate_choice=False)  # the same
    name = TextField(_l("Name of the set"), validators=[filled_in])
    ground = RadioField(
        _l("What they have in common"), choices=lambda: choices(Ground), validate_choice=False
    )
    prize = RadioField(
        _l("Prize class"),
        validators=[DataRequired(_l("Choose a class of prize, or no prize."))],
        validate_choice=False,
    )
    number = IntegerField(_l("How many"), validators=[Optional()])
    proposer = TextField(_l("Who makes this motion"), validators=[filled_in])
    reason = LongTextField(_l("Reason"), validators=[filled_in])
    how = RadioField(
        _l("How the members vote"),
        choices=lambda: [
            (HANDS, _("By show of hands; the organiser enters the counts")),
            (DEVICES, _("Each on their own device")),
        ],
        validators=[filled_in],
    )

    def proposal(self, kind: MotionKind) -> Proposal:
        """What was filled in, for the rules to judge."""
        said = self.data
        prize = said.get("prize")
        return Proposal(
            kind=kind,
            entries=tuple(dict.fromkeys(said.get("entries") or _ids(said.get("one")))),
            name=said.get("name", ""),
            ground=next((ground for ground in Ground if ground == said.get("ground")), None),
            prize=None if prize == NO_PRIZE else prize,
            number=said.get("number"),
        )


def _ids(text: str | None) -> tuple[int, ...]:
    return tuple(number_of(part) for part in text.split("-")) if text else ()


SINGLE = (MotionKind.SPLIT, MotionKind.PLACES)  # of these, one set or one tie is chosen


def motion_form(kind: MotionKind, desk: BallotDesk, ballot: BallotPage, chosen: int) -> MotionForm:
    """The form of this kind; `chosen` is an entry that is ticked from the start."""
    form = MotionForm(data={"entries": [chosen], "how": HANDS})
    parts = set(PARTS[kind]) - ({"name"} if kind is MotionKind.SPLIT else set())
    if kind in SINGLE:
        parts = parts - {"entries"} | {"one"}
    for part in ("entries", "one", "name", "ground", "prize", "number"):
        if part not in parts:
            del form[part]
    for part in parts & {"entries", "one"}:
        form[part].choices = options_of(kind, desk, ballot)
    if "prize" in form:
        named = [(prize.code, prize_name(prize.code, ballot.rules)) for prize in ballot.rules.prizes]
        form.prize.choices = [*named, (NO_PRIZE, _("No prize"))]
    return form


def kinds_offered(desk: BallotDesk, ballot: BallotPage) -> list[MotionKind]:
    """The kinds of motion for which there is something to choose from."""
    offered = [kind for kind in MotionKind if "entries" in PARTS[kind] and options_of(kind, desk, ballot)]
    return [*offered, *([MotionKind.NOMINATE] if desk.contest.tier.above else [])]


def options_of(kind: MotionKind, desk: BallotDesk, ballot: BallotPage) -> Options:
    """What a motion of this kind may be about."""
    if kind is MotionKind.PLACES:
        return [
            ("-".join(map(str, tie.entries)), _tie(lines, tie.places)) for tie, lines in ballot.blocks if tie
        ]
    if kind is MotionKind.SPLIT:
        return [(str(line.row.entry_id), _line(line)) for line in ballot.lines if line.product_set]
    if kind is MotionKind.MERGE:
        return [(str(row.entry_id), _row(row)) for row in _joinable(desk, ballot)]
    if kind is MotionKind.ADD:
        return [(str(row.entry_id), _row(row)) for row in _free(desk, ballot)]
    if kind is MotionKind.PRIZE and not ballot.rules.prizes:
        return []
    if kind is MotionKind.PRIZE:
        named = [(line, _line(line), _prize(line, ballot)) for line in ballot.lines]
        return [(str(line.row.entry_id), f"{name}: {prize}") for line, name, prize in named]
    return [(str(line.row.entry_id), _line(line)) for line in ballot.lines if not line.product_set]


def _free(desk: BallotDesk, ballot: BallotPage) -> list[ResultRow]:
    """Entries that reached the threshold and are neither on the ballot nor in a set on it."""
    taken = {line.row.entry_id for line in ballot.lines}
    taken |= {one.entry_id for line in ballot.lines if line.product_set for one in line.product_set.members}
    return [row for row in desk.results.rows if row.outcome in REACHING and row.entry_id not in taken]


def _joinable(desk: BallotDesk, ballot: BallotPage) -> list[ResultRow]:
    """Entries of facilities that have at least two to join, one of them on the ballot; by facility, then by rank."""
    single = [line.row for line in ballot.lines if not line.product_set]
    rows = [*single, *_free(desk, ballot)]
    count = Counter(row.jury.facility_id for row in rows)
    voted_on = {row.jury.facility_id for row in single}
    found = [row for row in rows if count[row.jury.facility_id] > 1 and row.jury.facility_id in voted_on]
    return sorted(found, key=lambda row: (row.facility, row.jury.rank, row.code))


def _row(row: ResultRow) -> str:
    return f"{row.code} – {row.product} ({row.facility})"


def _line(line: BallotLine) -> str:
    return f"{line.row.code} – {line.product} ({line.row.facility})"


def _prize(line: BallotLine, ballot: BallotPage) -> str:
    """The class that an entry has as the ballot stands."""
    if line.given.is_unsettled:
        return _("Tied: to be settled by the council")
    return prize_name(line.given.prize, ballot.rules) if line.given.prize else _("No prize")


def _tie(lines: tuple[BallotLine, ...], places: int) -> str:
    codes = ", ".join(line.row.code for line in lines)
    left = ngettext("%(num)d place", "%(num)d places", places)
    return _("%(codes)s: %(left)s now", codes=codes, left=left)
