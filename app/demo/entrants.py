"""The facilities of the example: invited, registered, with products, dossiers and made-up papers."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.demo.lookups import at, territory_on
from app.demo.people import People
from app.demo.plan import ContestPlan
from app.domain.entries import AttachmentKind, EntryState
from app.domain.permissions import Actor, Role
from app.domain.territories import in_sentence
from app.models import Entry, Territory
from app.models.engine import write_session
from app.samples.names import MadeUpFacility, MadeUpProduct, NameMaker
from app.samples.papers import registration_paper
from app.samples.pictures import VIEWS, product_photo
from app.services.dossiers import (
    Attach,
    SaveDossier,
    StartEntry,
    attach,
    save_dossier,
    start_entry,
    submit_entry,
)
from app.services.entry_reviews import accept_entry
from app.services.files import FileStore
from app.services.registration import AddProduct, RegisterFacility, add_product, register_facility

ARRIVAL_DAYS = 14
ENTERING = timedelta(minutes=25)  # that a product and its dossier take


@dataclass(frozen=True)
class Registration:
    """The contest that facilities are registering for."""

    plan: ContestPlan
    contest_id: int
    organiser: Actor
    territory: Territory


@dataclass(frozen=True)
class Drawn:
    """A made-up facility with its paper and its products' photos, as far as they are drawn."""

    facts: MadeUpFacility
    paper: Future[bytes]
    products: list[tuple[MadeUpProduct, list[Future[bytes]]]]


class Entrants:
    """Makes facilities and their entries, and remembers which of them shall stay below the threshold."""

    def __init__(
        self, engine: Engine, store: FileStore, people: People, names: NameMaker, chance: Random
    ) -> None:
        self._engine = engine
        self._store = store
        self._people = people
        self._names = names
        self._chance = chance
        self._alone: dict[str, list[int]] = {}
        self._pool: Executor

    def register(self, plan: ContestPlan, contest_id: int, organiser: Actor) -> Iterator[int]:
        """Bring a contest's facilities and products in, one entry at a time."""
        with write_session(self._engine) as session:
            territory = territory_on(session, plan.place, plan.opens)
        contest = Registration(plan, contest_id, organiser, territory)
        email, alone = plan.facility_account, 0
        made_up = self._made_up(plan, territory)
        for facility, now in zip(made_up, self._arrivals(plan, made_up), strict=True):
            entries = self._facility(contest, facility, email or facility.facts.email, now)
            if plan.below_alone and len(entries) == 1 and alone < plan.below:
                self._alone.setdefault(plan.slug, []).extend(entries)
                alone += 1
            email = ""
            yield from entries

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Draw beside the database, in processes that live as long as the block."""
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as self._pool:
            yield

    def _made_up(self, plan: ContestPlan, territory: Territory) -> list[Drawn]:
        """Every facility of a contest with its products, their pictures and papers being drawn."""
        made_up = []
        for group, counts in products_per_facility(plan, self._chance).items():
            for count in counts:
                facts = self._names.facility(group, in_sentence(territory.full_name))
                products = [self._names.product(facts, plan.year - 1) for _product in range(count)]
                drawings = [
                    (
                        product,
                        [
                            self._pool.submit(product_photo, product.name, product.shape, view)
                            for view in range(VIEWS)
                        ],
                    )
                    for product in products
                ]
                made_up.append(Drawn(facts, _paper(self._pool, facts), drawings))
        return made_up

    def _arrivals(self, plan: ContestPlan, made_up: Sequence[Drawn]) -> list[datetime]:
        """When each facility begins: by day, within the first weeks, none before the last one has finished."""
        days = min(ARRIVAL_DAYS, (plan.closes - plan.opens).days)
        drawn = sorted(self._chance.randrange(60 * 24 * 5) for _facility in made_up)
        arrivals, free = [], at(plan.opens)
        for minute, facility in zip(drawn, made_up, strict=True):
            day, of_day = divmod(minute * days // 5, 60 * 24)
            begins = max(free, at(plan.opens, days=day) + timedelta(minutes=of_day // 2))
            arrivals.append(begins)
            free = begins + ENTERING * (len(facility.products) + 1)
        return arrivals

    def weakest(self, plan: ContestPlan, entries: Sequence[int]) -> set[int]:
        """Entries that shall stay below the threshold."""
        return set(self._alone.get(plan.slug) or self._chance.sample(list(entries), plan.below))

    def accept(self, session: Session, contest_id: int, organiser: Actor, now: datetime) -> None:
        """Accept every entry that was submitted."""
        submitted = select(Entry.id).where(
            Entry.contest_id == contest_id, Entry.state == EntryState.SUBMITTED
        )
        for entry_id in session.scalars(submitted.order_by(Entry.id)).all():
            accept_entry(session, entry_id, actor=organiser, now=now)

    def _facility(self, contest: Registration, drawn: Drawn, email: str, now: datetime) -> list[int]:
        facility = drawn.facts
        place = {"territory_id": contest.territory.id}
        name = facility.representative
        user = self._people.join(contest.organiser, email, name, Role.FACILITY_USER, now, **place)
        command = RegisterFacility(
            name=facility.name,
            kind=facility.kind,
            tax_code=facility.tax_code,
            territory_id=contest.territory.id,
            address=facility.address,
            representative=name,
            phone=facility.phone,
            email=facility.email,
        )
        with write_session(self._engine) as session:
            facility_id = register_facility(session, command, actor=user, now=now).id
        user, paper = self._people.actor(user.user_id or 0), drawn.paper.result()
        with write_session(self._engine) as session:
            return [
                self._entry(
                    session,
                    contest.contest_id,
                    facility_id,
                    product,
                    [photo.result() for photo in photos],
                    paper,
                    user,
                    now + ENTERING * number,
                )
                for number, (product, photos) in enumerate(drawn.products)
            ]

    def _entry(
        self,
        session: Session,
        contest_id: int,
        facility_id: int,
        made_up: MadeUpProduct,
        photos: list[bytes],
        paper: bytes,
        user: Actor,
        now: datetime,
    ) -> int:
        command = AddProduct(
            facility_id=facility_id,
            name=made_up.name,
            is_set=made_up.is_set,
            group_code=made_up.group,
            description=made_up.description,
        )
        product = add_product(session, command, actor=user, now=now)
        entry = start_entry(session, StartEntry(contest_id, product.id), actor=user, now=now)
        save_dossier(session, SaveDossier(entry.id, entry.version, made_up.answers), actor=user, now=now)
        files = [(AttachmentKind.REGISTRATION_PAPER, "Giấy đăng ký.pdf", paper)] + [
            (AttachmentKind.PHOTO, f"Ảnh {number}.jpg", photo) for number, photo in enumerate(photos, start=1)
        ]
        for kind, name, content in files:
            attach(session, Attach(entry.id, kind, name, content), store=self._store, actor=user, now=now)
        submit_entry(session, entry.id, actor=user, now=now + ENTERING)
        return entry.id


def products_per_facility(plan: ContestPlan, chance: Random) -> dict[str, list[int]]:
    """How many products each facility of each group brings: everyone at least one."""
    registered = sum(plan.groups.values())
    facilities = {
        group: max(1, plan.facilities * count // registered) for group, count in plan.groups.items()
    }
    largest = max(plan.groups, key=lambda group: plan.groups[group])
    facilities[largest] += plan.facilities - sum(facilities.values())
    shares: dict[str, list[int]] = {}
    for group, count in plan.groups.items():
        share = [1] * facilities[group]
        single = plan.below if plan.below_alone and group == largest else 0
        for _more in range(count - len(share)):
            share[chance.randrange(single, len(share))] += 1
        shares[group] = share
    return dict(sorted(shares.items(), key=lambda item: item[0] != largest))


def _paper(pool: Executor, facts: MadeUpFacility) -> Future[bytes]:
    return pool.submit(
        registration_paper,
        facts.kind,
        name=facts.name,
        tax_code=facts.tax_code,
        address=facts.address,
        representative=facts.representative,
        issued=date(facts.established, 5, 12),
    )
