"""Rows for tests, written straight to the tables: typed, with plain defaults, no surprises."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.facilities import FacilityKind
from app.domain.impartiality import CURRENT
from app.domain.judging import SheetState
from app.domain.permissions import Actor, Role
from app.domain.results import Office, Outcome
from app.domain.rules import ContestRules
from app.domain.tiers import Tier
from app.domain.vietnamese import fold
from app.models import (
    Computation,
    Contest,
    CouncilMember,
    Criterion,
    Entry,
    Facility,
    ImpartialityStatement,
    Judge,
    Mark,
    Membership,
    Product,
    Result,
    ScoreSheet,
    Territory,
    User,
)
from app.queries.people import actor_of
from tests.browsing import PASSWORD
from tests.rubrics import Rubrics

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
FULL = {"L1": 3200, "L2": 3200, "L3": 800, "L4": 800}  # 80 points


@cache
def password_hash(password: str = PASSWORD) -> str:
    """A real argon2 hash, made cheaply: verifying reads the cost from the hash."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def tax_code(serial: int) -> str:
    """A made-up organisation number with its right check digit."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    for candidate in range(100_000_000 + serial * 20, 100_000_020 + serial * 20):
        digits = f"{candidate:09d}"
        check = 10 - sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
    raise AssertionError


class World(Rubrics):
    """One test's database and what is put into it."""

    def territory(self, name: str, day: date = TODAY) -> Territory:
        """The territory of that name on a day, such as "Lâm Đồng", "Phía Nam" or "Việt Nam"."""
        found: Territory
        [found] = self.all(
            select(Territory).where(
                Territory.name == name,
                Territory.valid_from <= day,
                (Territory.valid_to.is_(None)) | (Territory.valid_to >= day),
            )
        )
        return found

    def user(self, name: str = "Nguyễn Văn Minh", **fields: Any) -> User:
        """A person with an account and the usual test password."""
        serial = next(self._serial)
        values = {
            "email": f"user{serial}@example.vn",
            "name": name,
            "password": password_hash(),
            "fs_uniquifier": f"uniquifier-{serial}",
            "created_at": NOW,
        }
        return self.add(User(**values | fields))

    def user_of(self, user_id: int) -> User:
        """The account with this id."""
        found: User = self.get(User, user_id)
        return found

    def member(self, role: Role, **place: int) -> User:
        """A person with a membership: territory_id=…, contest_id=… or facility_id=…."""
        user = self.user()
        self.add(Membership(user_id=user.id, role=role, created_at=NOW, **place))
        return user

    def organiser(self, territory: Territory) -> User:
        """An organiser of a territory."""
        return self.member(Role.ORGANISER, territory_id=territory.id)

    def actor(self, user: User) -> Actor:
        """The person as services know them."""
        with Session(self.engine) as session:
            return actor_of(session, user.id)

    def facility(self, name: str = "", territory: Territory | None = None, **fields: Any) -> Facility:
        """A facility; in Lâm Đồng unless said otherwise."""
        serial = next(self._serial)
        name = name or f"Hợp tác xã Ngọc Liên {serial}"
        values = {
            "name": name,
            "folded_name": fold(name),
            "kind": FacilityKind.COOPERATIVE,
            "tax_code": tax_code(serial),
            "territory_id": (territory or self.territory("Lâm Đồng")).id,
            "address": "Thôn 1, xã Tân Hòa",
            "representative": "Trần Thị Hạnh",
            "phone": "0912345678",
            "email": f"coso{serial}@example.vn",
            "created_at": NOW,
        }
        return self.add(Facility(**values | fields))

    def facility_user(self, facility: Facility) -> User:
        """A person who works for a facility."""
        return self.member(Role.FACILITY_USER, facility_id=facility.id)

    def product(
        self, facility: Facility | None = None, name: str = "", group: str = "B", **fields: Any
    ) -> Product:
        """A product of a facility."""
        name = name or f"Trà sen số {next(self._serial)}"
        values = {
            "facility_id": (facility or self.facility()).id,
            "name": name,
            "folded_name": fold(name),
            "group_code": group,
            "description": "Trà ướp hương sen.",
            "created_at": NOW,
        }
        return self.add(Product(**values | fields))

    def contest(
        self, state: ContestState = ContestState.SCORING, territory: Territory | None = None, **fields: Any
    ) -> Contest:
        """A contest in a state; rules are frozen from scoring on."""
        serial = next(self._serial)
        territory = territory or self.territory("Lâm Đồng")
        rules: ContestRules = fields.pop("rules", None) or self.rules()
        frozen = state not in (ContestState.DRAFT, ContestState.REGISTRATION)
        values = {
            "slug": f"contest-{serial}",
            "name": f"Bình chọn {territory.full_name} năm 2026 (đợt {serial})",
            "tier": territory.tier,
            "territory_id": territory.id,
            "year": 2026,
            "state": state,
            "registration_opens_on": date(2026, 3, 1),
            "registration_closes_on": date(2026, 4, 30),
            "scoring_closes_on": date(2026, 6, 30),
            "rubric_version_id": self.rubric(rules.rubric).id,
            "rules_json": rules.as_json(),
            "rules_digest": rules.digest if frozen else None,
            "rules_frozen_at": NOW if frozen else None,
            "created_at": NOW,
        }
        return self.add(Contest(**values | fields))

    def entry(
        self,
        contest: Contest,
        product: Product | None = None,
        state: EntryState = EntryState.ACCEPTED,
        **fields: Any,
    ) -> Entry:
        """An entry of a product in a contest; accepted and coded unless said otherwise."""
        serial = next(self._serial)
        product = product or self.product()
        values = {
            "contest_id": contest.id,
            "product_id": product.id,
            "group_code": product.group_code,
            "state": state,
            "code": f"{product.group_code}-{serial:03d}" if state is EntryState.ACCEPTED else None,
            "dossier": {},
            "receipt_code": None if state is EntryState.DRAFT else f"R{serial:06d}",
            "submitted_at": None if state is EntryState.DRAFT else NOW,
            "created_at": NOW,
        }
        return self.add(Entry(**values | fields))

    def judge(self, contest: Contest, user: User | None = None, **fields: Any) -> Judge:
        """A member of the jury who has signed the impartiality statement."""
        judge = self.unsigned_judge(contest, user, **fields)
        self.signed(judge)
        return judge

    def unsigned_judge(self, contest: Contest, user: User | None = None, **fields: Any) -> Judge:
        """A member of the jury who has not signed yet."""
        user = user or self.user()
        return self.add(Judge(contest_id=contest.id, user_id=user.id, appointed_at=NOW, **fields))

    def signed(self, judge: Judge, **fields: Any) -> ImpartialityStatement:
        """A judge's statement, which has nothing in common with any facility unless said otherwise."""
        values = {
            "judge_id": judge.id,
            "signed_on": TODAY,
            "wording": CURRENT,
            "language": "vi",
            "employer": "Hội Mỹ thuật tỉnh",
            "employer_tax_code": "",
            "address": "12 Yersin, phường Cam Ly",
            "links": "",
            "recorded_at": NOW,
        }
        return self.add(ImpartialityStatement(**values | fields))

    def sheet(
        self,
        judge: Judge,
        entry: Entry,
        marks: Mapping[str, int] | None = None,
        state: SheetState = SheetState.DRAFT,
        **fields: Any,
    ) -> ScoreSheet:
        """A judge's sheet for an entry with these marks (code of a line of the entry's group -> hundredths)."""
        criteria: dict[str, Criterion] = {
            criterion.code: criterion
            for criterion in self.all(
                select(Criterion)
                .join(Contest, Contest.rubric_version_id == Criterion.rubric_version_id)
                .where(Contest.id == entry.contest_id, Criterion.group_code.in_(("", entry.group_code)))
            )
        }
        sheet = ScoreSheet(
            judge_id=judge.id,
            entry_id=entry.id,
            state=state,
            submitted_at=NOW if state is SheetState.SUBMITTED else None,
            saved_at=NOW if marks else None,
            marks=[
                Mark(criterion_id=criteria[code].id, max_mark=criteria[code].max_mark, value=value)
                for code, value in (marks or {}).items()
            ],
            **fields,
        )
        return self.add(sheet)

    def submitted(self, judge: Judge, entry: Entry, marks: Mapping[str, int] = FULL) -> ScoreSheet:
        """A submitted sheet."""
        return self.sheet(judge, entry, marks, SheetState.SUBMITTED)

    def council_member(
        self, contest: Contest, office: Office = Office.MEMBER, user: User | None = None
    ) -> CouncilMember:
        """A member of the council."""
        user = user or self.user()
        return self.add(
            CouncilMember(contest_id=contest.id, user_id=user.id, office=office, appointed_at=NOW)
        )

    def computed(self, contest: Contest, *results: tuple[Entry, Outcome, int]) -> Computation:
        """A computation with these outcomes and values (in hundredths), ranked as listed."""
        [version] = self.all(select(func.count(Computation.id)).where(Computation.contest_id == contest.id))
        unscored = Outcome.NOT_SCORED
        return self.add(
            Computation(
                contest_id=contest.id,
                version=version + 1,
                rules_digest=contest.rules_digest or "",
                inputs_digest="0" * 64,
                computed_at=NOW,
                results=[
                    Result(
                        entry_id=entry.id,
                        sheets=1,
                        numerator=None if outcome is unscored else value,
                        denominator=None if outcome is unscored else 1,
                        rank=None if outcome is unscored else rank,
                        outcome=outcome,
                        decided_by="value",
                    )
                    for rank, (entry, outcome, value) in enumerate(results, start=1)
                ],
            )
        )

    def marks_of(self, sheet: ScoreSheet) -> dict[str, int]:
        """What the database holds for a sheet: code -> hundredths."""
        return self.marks_of_id(sheet.id)

    def marks_of_id(self, sheet_id: int) -> dict[str, int]:
        """The same for the sheet with this id."""
        with Session(self.engine) as session:
            rows = session.execute(
                select(Criterion.code, Mark.value)
                .join(Criterion, Criterion.id == Mark.criterion_id)
                .where(Mark.sheet_id == sheet_id)
            )
            return {row.code: row.value for row in rows}


__all__ = ["FULL", "NOW", "Tier", "World", "password_hash", "tax_code"]
