"""The life of a contest (đợt bình chọn): its states, and the only ways from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import InvalidInput, require
from app.domain.messages import N_, Message


class ContestState(StrEnum):
    """Where a contest stands."""

    DRAFT = "draft"  # rules and calendar are being written
    REGISTRATION = "registration"  # facilities register, the organiser accepts
    SCORING = "scoring"  # rules are frozen, judges score
    SCORED = "scored"  # scoring is closed, the result is computed
    VOTING = "voting"  # the council's ballot is open
    VOTED = "voted"  # the ballot is closed
    PROVISIONAL = "provisional"  # the provisional list is public, complaints may come
    FINAL = "final"  # the decision is signed, the final list is public


_S = ContestState
TRANSITIONS: dict[ContestState, frozenset[ContestState]] = {
    _S.DRAFT: frozenset({_S.REGISTRATION}),
    _S.REGISTRATION: frozenset({_S.SCORING}),
    _S.SCORING: frozenset({_S.SCORED}),
    _S.SCORED: frozenset({_S.VOTING, _S.VOTED}),  # voted without a ballot when nothing reached the threshold
    _S.VOTING: frozenset({_S.VOTED}),
    _S.VOTED: frozenset({_S.PROVISIONAL}),
    _S.PROVISIONAL: frozenset({_S.FINAL}),
}
# The ways back, each with a written reason: scoring opened again before the council votes, a ballot withdrawn
# on which too few have voted, a closed ballot opened again before its list is public.
BACK = {_S.SCORED: _S.SCORING, _S.VOTING: _S.SCORED, _S.VOTED: _S.VOTING}
# A result that the council has voted on goes back to the judges to be corrected, also when it is public or decided.
CORRECTABLE = frozenset({_S.VOTED, _S.PROVISIONAL, _S.FINAL})
# Where a contest can stand while the result of its signed decision is being corrected.
CORRECTING = frozenset({_S.SCORING, _S.SCORED, _S.VOTING, _S.VOTED, _S.PROVISIONAL})
RULES_OPEN = frozenset({_S.DRAFT, _S.REGISTRATION})
JURY_OPEN = frozenset({_S.DRAFT, _S.REGISTRATION, _S.SCORING})
COUNCIL_OPEN = frozenset({_S.DRAFT, _S.REGISTRATION, _S.SCORING, _S.SCORED})
COUNCIL_SEES = frozenset({_S.SCORED, _S.VOTING, _S.VOTED, _S.PROVISIONAL, _S.FINAL})
PUBLIC = frozenset({_S.PROVISIONAL, _S.FINAL})
WRONG_STAGE = N_("The contest is not at the stage for this step; reload the page to see where it stands.")


PRACTICE_ENDS = N_(
    "This is a practice contest: it ends with the result. Nothing of it is voted on, published, certified or sent on."
)


def check_real(*, is_practice: bool) -> None:
    """Raise IllegalState for a practice contest: what is made up may never count."""
    require(not is_practice, PRACTICE_ENDS)


def check_transition(current: ContestState, target: ContestState) -> None:
    """Raise IllegalState unless a contest may go on from one state to the other."""
    require(target in TRANSITIONS.get(current, ()), WRONG_STAGE)


def check_return(current: ContestState, target: ContestState) -> None:
    """Raise IllegalState unless a contest may go back from one state to the other."""
    require(BACK.get(current) is target, WRONG_STAGE)


@dataclass(frozen=True)
class Calendar:
    """The days of a contest; each named day is the last or first that counts."""

    registration_opens_on: date
    registration_closes_on: date
    scoring_closes_on: date


def check_calendar(year: int, calendar: Calendar) -> None:
    """Raise InvalidInput by field unless the days follow each other in or next to the contest's year."""
    faults: dict[str, Message] = {}
    if not 2000 <= year <= 2200:
        faults["year"] = Message(N_("Enter a year such as 2026."))
    for name, day in vars(calendar).items():
        if abs(day.year - year) > 1:
            faults[name] = Message(
                N_("This day is not in or next to the year %(year)s."), {"year": str(year)}
            )
    if calendar.registration_closes_on < calendar.registration_opens_on:
        faults.setdefault("registration_closes_on", Message(N_("Registration cannot close before it opens.")))
    if calendar.scoring_closes_on < calendar.registration_closes_on:
        faults.setdefault("scoring_closes_on", Message(N_("Scoring cannot close before registration does.")))
    if faults:
        raise InvalidInput(faults)


SHOWN_CODES = 12


def list_codes(codes: Sequence[str]) -> str:
    """Entry codes for a sentence: the first ones, and how many more there are."""
    shown = ", ".join(codes[:SHOWN_CODES])
    return shown if len(codes) <= SHOWN_CODES else f"{shown}, … (+{len(codes) - SHOWN_CODES})"


@dataclass(frozen=True)
class Readiness:
    """What decides whether judges may begin."""

    accepted: int
    waiting: int  # submitted, neither accepted nor returned nor rejected
    short: tuple[str, ...]  # codes of accepted entries with fewer judges than the rules ask for
    conflicts: tuple[tuple[str, str], ...]  # judge's name, code of an entry of their own facility
    min_sheets: int


def what_scoring_waits_for(readiness: Readiness) -> tuple[Message, ...]:
    """Every condition that is not met yet; none when scoring may open."""
    reasons = []
    if not readiness.accepted:
        reasons.append(Message(N_("No entry has been accepted yet.")))
    if readiness.waiting:
        reasons.append(
            Message(
                N_("Dossiers that were submitted but not yet accepted, returned or rejected: %(number)d."),
                {"number": readiness.waiting},
            )
        )
    if readiness.short:
        reasons.append(
            Message(
                N_("Each entry needs at least %(least)d judges. Assign more judges to: %(codes)s."),
                {"least": readiness.min_sheets, "codes": list_codes(readiness.short)},
            )
        )
    reasons.extend(
        Message(
            N_("%(judge)s belongs to the facility of entry %(code)s. Record that they do not score it."),
            {"judge": judge, "code": code},
        )
        for judge, code in readiness.conflicts
    )
    return tuple(reasons)
