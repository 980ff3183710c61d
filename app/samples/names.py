"""Made-up facilities, people and products for the example and for practice contests.

Nothing here is anybody's: tax codes carry an office number that no tax office has, personal numbers
belong to people born in the 2090s, telephones use a prefix that no operator has, mail goes to `.example`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from stdnum.vn import mst

from app.domain.facilities import FacilityKind
from app.domain.tax_codes import PROVINCES_OF_BIRTH
from app.domain.vietnamese import fold
from app.samples.answers import dossier_answers
from app.samples.wording import one_of, trades, two_of

NO_TAX_OFFICE = "99"
NO_OPERATOR = "050"
SET_OF = "Bộ sản phẩm "  # before the names of the products that a council joined
KIND_WEIGHTS = {
    FacilityKind.ENTERPRISE: 40,
    FacilityKind.COOPERATIVE: 30,
    FacilityKind.COOPERATIVE_GROUP: 8,
    FacilityKind.HOUSEHOLD: 22,
}


@dataclass(frozen=True)
class MadeUpFacility:
    """A facility that does not exist. `trade` names what it makes; `brand` is on its products."""

    kind: FacilityKind
    name: str
    tax_code: str
    representative: str
    representative_title: str
    address: str
    phone: str
    email: str
    established: int
    workers: int
    main_business: str
    group: str
    trade: str
    brand: str


@dataclass(frozen=True)
class MadeUpProduct:
    """A product that does not exist; `shape` is what `pictures` draws, `answers` its dossier by question."""

    name: str
    is_set: bool
    group: str
    shape: str
    description: str
    answers: dict[str, str]


def shape_of(product: str) -> str:
    """What a product of a name made here looks like; a set that a council joined looks like its first product."""
    product = product.removeprefix(SET_OF)
    models = [model for trade in trades().values() for model in [*trade["products"], *trade["sets"]]]
    named = [(len(name), shape) for name, shape, _description in models if product.startswith(f"{name} ")]
    shape: str = max(named)[1]
    return shape


class NameMaker:
    """Makes names from a seed: the same seed gives the same names, and no name comes twice."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._used: set[str] = set()

    def person(self) -> str:
        """A full name: family, middle, given."""
        return self._unused(self._person)

    def facility(self, group: str, province: str, kind: FacilityKind | None = None) -> MadeUpFacility:
        """A facility that makes products of a group, in a commune only named like one.

        The province is written as in "tỉnh Phú Thọ"; without a kind, kinds come in usual proportion.
        """
        chance = self._chance
        kind = kind or chance.choices(list(KIND_WEIGHTS), list(KIND_WEIGHTS.values()))[0]
        trade = chance.choice([name for name, trade in trades().items() if trade["group"] == group])
        person, commune = self.person(), two_of(chance, "communes")
        brand = self._unused(lambda: two_of(chance, "brands"))
        pattern = one_of(chance, "people", "names", kind.value)
        name = pattern.format(trade=trade, brand=brand, person=person, commune=commune)
        business = one_of(chance, "answers", "main_business")
        return MadeUpFacility(
            kind=kind,
            name=self._unused(lambda: name),
            tax_code=self._unused(
                self._personal_number if kind is FacilityKind.HOUSEHOLD else self._tax_code
            ),
            representative=person,
            representative_title=one_of(chance, "answers", "titles", kind.value),
            address=f"{self._place(commune)}, {province}",
            phone=self._unused(lambda: NO_OPERATOR + self._digits(7)),
            email=f"lienhe@{fold(brand).replace(' ', '-')}.example",
            established=chance.randint(1996, 2014),
            workers=chance.randint(4, 12) if kind is FacilityKind.HOUSEHOLD else chance.randint(9, 70),
            main_business=business.format(trade=trade[0].lower() + trade[1:], Trade=trade),
            group=group,
            trade=trade,
            brand=brand,
        )

    def product(self, facility: MadeUpFacility, year: int, *, is_set: bool | None = None) -> MadeUpProduct:
        """A product of the facility's trade and the answers of its dossier, with sales up to a year."""
        trade = trades()[facility.trade]
        is_set = self._chance.random() < 0.15 if is_set is None else is_set
        models = trade["sets" if is_set else "products"]
        new = [model for model in models if f"{model[0]} {facility.brand}" not in self._used]
        model, shape, description = self._chance.choice(new or models)
        return MadeUpProduct(
            name=self._unused(lambda: f"{model} {facility.brand}"),
            is_set=is_set,
            group=facility.group,
            shape=shape,
            description=description,
            answers=dossier_answers(self._chance, facility, trade, description, year, is_set=is_set),
        )

    def _person(self) -> str:
        sex = self._chance.choice(["men", "women"])
        keys = (("families",), (sex, "middles"), (sex, "givens"))
        return " ".join(one_of(self._chance, "people", *key) for key in keys)

    def _place(self, commune: str) -> str:
        chance = self._chance
        return one_of(chance, "people", "places").format(
            commune=commune,
            small=chance.randint(1, 14),
            number=chance.randint(2, 480),
            letter=chance.choice("ABCD"),
            word=one_of(chance, "people", "streets"),
        )

    def _tax_code(self) -> str:
        while True:
            prefix = NO_TAX_OFFICE + self._digits(7)
            code = prefix + mst.calc_check_digit(prefix)
            if mst.is_valid(code):  # about one prefix in eleven has no valid digit
                return code

    def _personal_number(self) -> str:
        province = self._chance.choice(sorted(PROVINCES_OF_BIRTH))
        return f"0{province}{self._chance.choice('23')}9{self._digits(7)}"

    def _digits(self, count: int) -> str:
        return f"{self._chance.randrange(1, 10**count):0{count}}"

    def _unused(self, make: Callable[[], str]) -> str:
        """What `make` gives and has not come before; a number is added when it runs out of new ones."""
        for _ in range(20):
            made = make()
            if made not in self._used:
                break
        else:
            count = 2
            while f"{made} {count}" in self._used:
                count += 1
            made = f"{made} {count}"
        self._used.add(made)
        return made
