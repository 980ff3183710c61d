"""Contests: creating one, writing its rules, and taking it from registration to the computed result."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import (
    RULES_OPEN,
    WRONG_STAGE,
    Calendar,
    ContestState,
    check_calendar,
    what_scoring_waits_for,
)
from app.domain.errors import InvalidInput, NotReady, StaleVersion, require
from app.domain.ledger import Occasion
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.rule_checks import check_rules
from app.domain.rules import ContestRules, rules_digest_of
from app.domain.vietnamese import format_date, in_vietnam
from app.models import Contest, Territory
from app.queries.passes import frozen_entries
from app.queries.progress import readiness_of
from app.queries.scope import contest_for
from app.services.ledger import record
from app.services.passes import check_pass_is_over
from app.services.printing import check_letters
from app.services.results import compute
from app.services.sequencing import publish_head
from app.services.usual_rules import rubric_in_force, usual_rules

RULES_FROZEN = N_("The rules are frozen since scoring opened; nothing can be changed.")
RULES_CHANGED = N_(
    "Somebody else changed the rules since you opened this page. Saving now replaces what they wrote with "
    "what is below."
)


@dataclass(frozen=True)
class CreateContest:
    """What a new contest is; its tier is that of its territory."""

    territory_id: int
    year: int
    name: str
    calendar: Calendar
    rubric_version_id: int


def create_contest(session: Session, command: CreateContest, *, actor: Actor, now: datetime) -> Contest:
    """Prepare a contest with the usual rules; it is a draft until registration opens."""
    check_calendar(command.year, command.calendar)
    check_letters(name=command.name)
    rubric = rubric_in_force(session, command.rubric_version_id, command.territory_id, command.year)
    territory = _own_territory(session, command.territory_id, actor, command.calendar.registration_opens_on)
    _check_name_is_free(session, command.name, territory, command.year)
    contest = Contest(
        slug=_free_slug(session, territory, command.year),
        name=command.name,
        tier=territory.tier,
        territory_id=territory.id,
        year=command.year,
        state=ContestState.DRAFT,
        rubric_version_id=rubric.id,
        rules_json=check_rules(usual_rules(session, rubric, territory.tier)).as_json(),
        created_at=now,
        **asdict(command.calendar),
    )
    session.add(contest)
    session.flush()
    _log(session, actor, "contest:create", contest, now, new=_facts(contest))
    return contest


@dataclass(frozen=True)
class UpdateContest:
    """The name and the days of a contest."""

    contest_id: int
    year: int
    name: str
    calendar: Calendar


def update_contest(session: Session, command: UpdateContest, *, actor: Actor, now: datetime) -> Contest:
    """Change a contest's name and days while registration has not closed."""
    contest = contest_for(session, actor, Permission.CONTEST_EDIT, command.contest_id, lock=True)
    _require_open_rules(contest)
    check_calendar(command.year, command.calendar)
    check_letters(name=command.name)
    rubric_in_force(session, contest.rubric_version_id, contest.territory_id, command.year)
    old = _facts(contest)
    if (command.name, command.year) != (contest.name, contest.year):
        _check_name_is_free(session, command.name, contest.territory, command.year, besides=contest.id)
        contest.slug = _free_slug(session, contest.territory, command.year, besides=contest.id)
    contest.name, contest.year = command.name, command.year
    for name, day in asdict(command.calendar).items():
        setattr(contest, name, day)
    _log(session, actor, "contest:update", contest, now, old=old, new=_facts(contest))
    return contest


@dataclass(frozen=True)
class SetRules:
    """The rules a contest shall have, over those with the digest that was seen; None for whatever they are."""

    contest_id: int
    rules: ContestRules
    seen: str | None = None


def set_rules(session: Session, command: SetRules, *, actor: Actor, now: datetime) -> Contest:
    """Write a contest's rules while they are not frozen; the criteria stay those of its score sheet.

    Raises
    ------
    StaleVersion
        Somebody else wrote them since they were seen.
    """
    contest = contest_for(session, actor, Permission.CONTEST_EDIT, command.contest_id, lock=True)
    _require_open_rules(contest)
    if command.seen not in (None, rules_digest_of(contest.rules_json)):
        raise StaleVersion(RULES_CHANGED)
    rules, old = check_rules(command.rules), contest.rules
    if _what_is_fixed(rules) != _what_is_fixed(old):
        raise InvalidInput(
            {"criteria": Message(N_("The criteria are those of the score sheet of this contest."))}
        )
    check_letters(
        certificate_series=rules.certificate_series,
        lower_tier_skipped=rules.lower_tier_skipped,
        **{f"vi_{group.code}": group.name_vi for group in rules.groups},
        **{f"prize_vi_{place}": prize.name_vi for place, prize in enumerate(rules.prizes, start=1)},
    )
    contest.rules_json = rules.as_json()
    _log(session, actor, "contest:set-rules", contest, now, old=asdict(old), new=asdict(rules))
    return contest


def open_registration(session: Session, contest_id: int, *, actor: Actor, now: datetime) -> Contest:
    """Let facilities register; from now on everybody concerned can see the contest."""
    contest = _contest_in(session, actor, contest_id, ContestState.DRAFT)
    today = in_vietnam(now).date()
    if contest.registration_closes_on < today:
        ended = format_date(contest.registration_closes_on)
        reason = N_("Registration would have ended on %(day)s already. Change the days of the contest first.")
        raise NotReady((Message(reason, {"day": ended}),))
    check_rules(contest.rules)
    return _move(session, contest, ContestState.REGISTRATION, actor, now)


def open_scoring(session: Session, contest_id: int, *, actor: Actor, now: datetime) -> Contest:
    """Close registration, freeze the rules under their digest, and let judges score.

    The ledger keeps of each entry what decides beside its marks: code, product group and facility.

    Raises
    ------
    NotReady
        With every condition that is not met.
    """
    contest = _contest_in(session, actor, contest_id, ContestState.REGISTRATION)
    rules = check_rules(contest.rules)
    if reasons := what_scoring_waits_for(readiness_of(session, contest)):
        raise NotReady(reasons)
    contest.rules_json, contest.rules_digest, contest.rules_frozen_at = rules.as_json(), rules.digest, now
    frozen = {"rules_digest": rules.digest, "entries": frozen_entries(session, contest.id)}
    return _move(session, contest, ContestState.SCORING, actor, now, **frozen)


def close_scoring(
    session: Session, contest_id: int, *, actor: Actor, now: datetime, reason: str = ""
) -> Contest:
    """End the scoring with its last pass and compute the result. What is not submitted does not count.

    Raises
    ------
    InvalidInput
        If sheets are missing and no reason is given for closing all the same.
    NotReady
        If entries are still to be discussed.
    """
    contest = _contest_in(session, actor, contest_id, ContestState.SCORING)
    require(contest.current_pass == contest.rules.passes, WRONG_STAGE)
    left_out = check_pass_is_over(session, contest, reason)
    _move(session, contest, ContestState.SCORED, actor, now, reason=reason, **left_out)
    compute(session, contest.id, actor=actor, now=now)
    publish_head(session, contest.id, Occasion.SCORING, now=now)
    return contest


def reopen_scoring(session: Session, contest_id: int, reason: str, *, actor: Actor, now: datetime) -> Contest:
    """Let judges score again, for a written reason, as long as the council does not vote yet."""
    contest = _contest_in(session, actor, contest_id, ContestState.SCORED)
    if not reason:
        raise InvalidInput({"reason": Message(N_("Write why scoring is opened again."))})
    return _move(session, contest, ContestState.SCORING, actor, now, reason=reason)


def _contest_in(session: Session, actor: Actor, contest_id: int, state: ContestState) -> Contest:
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id, lock=True)
    require(contest.state is state, WRONG_STAGE)
    return contest


def _move(
    session: Session, contest: Contest, target: ContestState, actor: Actor, now: datetime, **details: object
) -> Contest:
    old, contest.state = contest.state, target
    _log(session, actor, "contest:move", contest, now, old=old.value, new=target.value, **details)
    return contest


def _log(
    session: Session, actor: Actor, action: str, contest: Contest, now: datetime, **details: object
) -> None:
    record(session, actor, action, contest, now=now, contest_id=contest.id, **details)


def _require_open_rules(contest: Contest) -> None:
    require(
        contest.state in RULES_OPEN, N_("The rules are frozen since scoring opened; nothing can be changed.")
    )


def _what_is_fixed(rules: ContestRules) -> tuple[object, ...]:
    criteria = [(c.code, c.name_vi, c.name_en, c.max_mark) for c in rules.criteria]
    return rules.rubric, criteria, rules.sub_criteria, [group.code for group in rules.groups]


def _facts(contest: Contest) -> dict[str, object]:
    days = ("registration_opens_on", "registration_closes_on", "scoring_closes_on")
    return {
        "name": contest.name,
        "slug": contest.slug,
        "year": contest.year,
        "territory_id": contest.territory_id,
        **{name: getattr(contest, name).isoformat() for name in days},
    }


def _own_territory(session: Session, territory_id: int, actor: Actor, day: date) -> Territory:
    territory = None
    if territory_id in actor.territories(Permission.CONTEST_EDIT):
        territory = session.get(Territory, territory_id)
    if territory is None:
        raise InvalidInput({"territory_id": Message(N_("Choose one of your own territories."))})
    if not territory.valid_from <= day <= (territory.valid_to or date.max):
        reason = N_("%(territory)s does not exist on %(day)s; choose the territory of that time.")
        values: dict[str, str | int] = {"territory": territory.full_name, "day": format_date(day)}
        raise InvalidInput({"territory_id": Message(reason, values)})
    return territory


def _check_name_is_free(
    session: Session, name: str, territory: Territory, year: int, besides: int | None = None
) -> None:
    # The territory, old and new, is the lock under which names and addresses of contests stay unique.
    alike = select(Territory.id).where(Territory.slug == territory.slug).order_by(Territory.id)
    session.execute(alike.with_for_update())
    statement = select(Contest.id).where(
        Contest.territory_id == territory.id,
        Contest.year == year,
        Contest.name == name,
        Contest.id != (besides or 0),
    )
    if session.scalar(statement) is not None:
        raise InvalidInput({"name": Message(N_("There is already a contest of this name in this year."))})


def _free_slug(session: Session, territory: Territory, year: int, besides: int | None = None) -> str:
    """Part of the public address: "kien-giang-2023", then "kien-giang-2023-2"."""
    base = f"{territory.slug}-{year}"
    taken = set(
        session.scalars(
            select(Contest.slug).where(Contest.slug.startswith(base), Contest.id != (besides or 0))
        )
    )
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
