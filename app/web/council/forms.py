"""A council member's ballot paper: one choice for each entry."""

from collections.abc import Mapping

from wtforms import RadioField
from wtforms.validators import DataRequired

from app.domain.ballots import choice_field
from app.domain.results import Choice
from app.queries.council import CouncilPage
from app.web.fields import Form, number_of
from app.web.i18n import _l
from app.web.labels import choices


def as_choice(value: object) -> Choice | None:
    """The choice with this value; None, which is no choice, for anything else."""
    return next((choice for choice in Choice if choice == value), None)


def votes_as_text(choices: Mapping[int, Choice]) -> str:
    """Votes as a hidden field holds them, so that a page that was left open is known as such."""
    return " ".join(f"{entry_id}:{choice}" for entry_id, choice in sorted(choices.items()))


def seen_votes(text: str) -> dict[int, Choice]:
    """The votes that the page showed; whatever is no vote is left out."""
    pairs = [part.partition(":") for part in text.split()]
    seen = {number_of(entry_id): as_choice(choice) for entry_id, _colon, choice in pairs}
    return {entry_id: choice for entry_id, choice in seen.items() if choice is not None}


class BallotPaper(Form):
    """What all ballot papers have; `ballot_paper` adds the entries."""

    entry_ids: tuple[int, ...] = ()

    def paper(self, entry_id: int) -> RadioField:
        """The field of an entry."""
        field: RadioField = self[choice_field(entry_id)]
        return field

    @property
    def chosen(self) -> dict[int, Choice]:
        """The choices that were made, by entry; those left out are for the rules to name."""
        made = {entry_id: self.paper(entry_id).data for entry_id in self.entry_ids}
        return {entry_id: choice for entry_id, choice in made.items() if choice is not None}


def ballot_paper(page: CouncilPage) -> type[BallotPaper]:
    """The paper of this member: every entry on which they may vote."""
    fields: dict[str, object] = {"entry_ids": tuple(line.row.entry_id for line in page.to_vote_on)}
    for line in page.to_vote_on:
        fields[choice_field(line.row.entry_id)] = RadioField(
            f"{line.row.code} – {line.product}",
            choices=lambda: choices(Choice),
            coerce=as_choice,
            validate_choice=False,  # a choice that is none is missing, and the rules say so
        )
    return type("OneBallotPaper", (BallotPaper,), fields)


class MotionPaper(Form):
    """A member's choice on one motion."""

    choice = RadioField(
        _l("My vote"),
        choices=lambda: choices(Choice),
        coerce=as_choice,
        validate_choice=False,
        validators=[DataRequired(_l("Choose yes, no or abstain."))],
    )
