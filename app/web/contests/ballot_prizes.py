"""The page on which the council's decision about one product's prize is written down."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import DataRequired

from app.domain.contests import ContestState
from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.queries.ballots import BallotLine, BallotPage
from app.queries.scope import require_entry
from app.services.ballot_prizes import SetPrize
from app.services.ballot_prizes import set_prize as set_it
from app.web.access import current_actor, now, requires
from app.web.contests.ballot_turns import desk_at, turn
from app.web.contests.blueprint import bp
from app.web.contests.moves import ReasonForm
from app.web.db import read
from app.web.i18n import _, _l
from app.web.labels import prize_name

NONE = "-"


class PrizeForm(ReasonForm):
    """Which class of prize a product is given, and why."""

    prize = RadioField(
        _l("Prize class"),
        validators=[DataRequired(_l("Choose a class of prize, or no prize."))],
        validate_choice=False,  # the rules say which there are
    )


@bp.route("/<int:contest_id>/ballot/prize/<int:entry_id>", methods=["GET", "POST"])
@requires(Permission.BALLOT_MANAGE)
def set_prize(contest_id: int, entry_id: int) -> ResponseReturnValue:
    """Ask for a product's prize and why; what stands is filled in."""
    require_entry(read(), contest_id, entry_id)
    desk = desk_at(contest_id, ContestState.VOTING)
    ballot = desk.ballot
    line = next((line for line in ballot.lines if line.row.entry_id == entry_id), None) if ballot else None
    if ballot is None or line is None:
        raise NotFound
    form = _form(ballot, line)

    def act(session: Session) -> None:
        chosen = None if form.prize.data == NONE else form.prize.data
        command = SetPrize(contest_id, entry_id, chosen, form.reason.data or "")
        set_it(session, command, actor=current_actor(), now=now())

    done = _("The prize of %(code)s is on record.", code=line.row.code)
    return turn("contests/ballot_prize.html", desk, form, act, done, line=line)


def _form(ballot: BallotPage, line: BallotLine) -> PrizeForm:
    given = line.given
    form = PrizeForm(
        data={"prize": "" if given.is_unsettled else given.prize or NONE, "reason": given.reason}
    )
    names = [(prize.code, prize_name(prize.code, ballot.rules)) for prize in ballot.rules.prizes]
    form.prize.choices = [*names, (NONE, _("No prize"))]
    return form
