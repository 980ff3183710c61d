"""What the organiser sees of the way from the vote to the signed decision."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.permissions import Actor
from app.domain.vietnamese import in_vietnam
from app.domain.working_days import after_working_days
from app.models import Ballot, BallotItem, Contest, Decision, Entry, IssuedCertificate, Product
from app.queries.contests import ContestHead, head_of
from app.queries.decisions import (
    replaced_decisions,
    standing_decision,
    unfounded_certificates,
)
from app.queries.organisers import organiser_on


@dataclass(frozen=True)
class DecisionDefaults:
    """What a decision of this territory usually says."""

    signing_body: str
    signatory_title: str
    place: str


@dataclass(frozen=True)
class PublicationPage:
    """Where publication stands."""

    contest: ContestHead
    products: int  # carried by the vote
    facilities: int
    voted_at: datetime | None
    published_at: datetime | None
    decision: Decision | None  # of a final list
    replaced: tuple[Decision, ...]  # newest first
    unfounded: tuple[IssuedCertificate, ...]  # what a new decision takes back, once the council has voted
    defaults: DecisionDefaults

    def is_early(self, today: date) -> bool:
        """Whether complaints may still come."""
        return self.complaints_until is not None and today <= self.complaints_until

    @property
    def complaints_until(self) -> date | None:
        """The last day for complaints; None before the list is published."""
        return self.published_at and complaints_until(self.published_at, self.contest.rules.complaint_days)


def complaints_until(published_at: datetime, working_days: int) -> date:
    """The last day for complaints against a provisional list, public holidays not counted."""
    return after_working_days(in_vietnam(published_at).date(), working_days)


def publication_page(session: Session, actor: Actor, contest_id: int, *, today: date) -> PublicationPage:
    """The publication page of a contest that this person organises or observes."""
    contest = head_of(session, actor, contest_id)
    products, facilities = session.execute(
        select(func.count(), func.count(distinct(Product.facility_id)))
        .select_from(BallotItem)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .join(Entry, Entry.id == BallotItem.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(Ballot.contest_id == contest.id, BallotItem.carried.is_(True))
    ).one()
    voted_at = select(Ballot.closed_at).where(Ballot.contest_id == contest.id)
    published_at = select(Contest.published_at).where(Contest.id == contest.id)
    voted = session.scalars(voted_at).one_or_none()
    is_final = contest.state is ContestState.FINAL
    return PublicationPage(
        contest=contest,
        products=products,
        facilities=facilities,
        voted_at=voted,
        published_at=session.scalars(published_at).one(),
        decision=standing_decision(session, contest.id) if is_final else None,
        replaced=tuple(replaced_decisions(session, contest.id)),
        unfounded=tuple(unfounded_certificates(session, contest.id)) if contest.correction and voted else (),
        defaults=_defaults(session, contest.territory_id, today),
    )


def _defaults(session: Session, territory_id: int, today: date) -> DecisionDefaults:
    organiser = organiser_on(session, territory_id, today)
    if organiser is None:
        return DecisionDefaults("", "", "")
    return DecisionDefaults(organiser.signing_body, organiser.signatory_title, organiser.place)
