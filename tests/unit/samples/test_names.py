from datetime import date
from itertools import islice

import pytest
from email_validator import validate_email

from app.domain.dossiers import check_answers, dossier_gaps
from app.domain.entries import AttachmentKind
from app.domain.facilities import FacilityKind
from app.domain.phones import check_phone
from app.domain.questions import BY_KEY
from app.domain.tax_codes import TaxCodeKind, check_tax_code
from app.domain.vietnamese import normalise
from app.samples.drawing import SHAPES
from app.samples.names import SET_OF, MadeUpFacility, MadeUpProduct, NameMaker, shape_of
from app.samples.wording import trades

GROUPS = ["A", "B", "C", "D"]
TODAY = date(2026, 11, 22)
PAPERS = [AttachmentKind.PHOTO] * 3 + [AttachmentKind.REGISTRATION_PAPER]


def facilities(count: int, *, seed: int = 1) -> list[MadeUpFacility]:
    maker = NameMaker(seed)
    return [maker.facility(GROUPS[number % 4], "tỉnh Phú Thọ") for number in range(count)]


def products(count: int, *, seed: int = 1) -> list[MadeUpProduct]:
    maker = NameMaker(seed)
    made = (
        maker.product(facility, 2025)
        for facility in [maker.facility(GROUPS[number % 4], "tỉnh Phú Thọ") for number in range(count)]
        for _ in range(3)
    )
    return list(islice(made, count))


def test_the_same_seed_makes_the_same_example() -> None:
    assert facilities(20) == facilities(20)
    assert products(20) == products(20)
    assert facilities(20) != facilities(20, seed=2)


def test_nothing_comes_twice_even_when_the_words_run_out() -> None:
    made = facilities(1500)
    people = NameMaker(1)

    for values in (
        [facility.name for facility in made],
        [facility.tax_code for facility in made],
        [facility.phone for facility in made],
        [facility.email for facility in made],
        [product.name for product in products(1500)],
        [people.person() for _ in range(1500)],
    ):
        assert len(set(values)) == 1500


def test_every_facility_could_register() -> None:
    for facility in facilities(300):
        expected = (
            TaxCodeKind.PERSONAL if facility.kind is FacilityKind.HOUSEHOLD else TaxCodeKind.ORGANISATION
        )
        tax_code = check_tax_code(facility.tax_code)

        assert (tax_code.value, tax_code.kind) == (facility.tax_code, expected)
        assert check_phone(facility.phone) == facility.phone
        assert validate_email(facility.email, check_deliverability=False).normalized == facility.email
        assert normalise(facility.name) == facility.name
        assert facility.address.endswith(", tỉnh Phú Thọ")


def test_no_number_or_address_can_be_anybodys() -> None:
    for facility in facilities(300):
        if facility.kind is FacilityKind.HOUSEHOLD:
            assert facility.tax_code[3] in "23"
            assert facility.tax_code[4] == "9"  # born in the 2090s
        else:
            assert facility.tax_code.startswith("99")  # no tax office has this number
        assert facility.phone.startswith("050")
        assert facility.email.endswith(".example")


@pytest.mark.parametrize("kind", FacilityKind)
def test_every_kind_of_facility_can_be_had(kind: FacilityKind) -> None:
    facility = NameMaker(3).facility("B", "thành phố Huế", kind)

    assert facility.kind is kind
    assert facility.address.endswith(", thành phố Huế")


def test_no_sentence_has_an_unfilled_place() -> None:
    for product in products(200):
        for text in (product.name, product.description, *product.answers.values()):
            assert "{" not in text
            assert normalise(text) == text


def test_every_dossier_is_complete_and_right() -> None:
    for product in products(200):
        assert set(product.answers) == set(BY_KEY) - {"contact_person", "contact_phone"}
        assert check_answers(product.answers, today=TODAY) == product.answers
        assert dossier_gaps(product.answers, PAPERS) == {}


def test_products_belong_to_their_group_and_are_called_sets_when_they_are() -> None:
    maker = NameMaker(5)
    for group in GROUPS:
        facility = maker.facility(group, "tỉnh Phú Thọ")
        single, whole_set = (maker.product(facility, 2025, is_set=is_set) for is_set in (False, True))

        assert (single.group, whole_set.group) == (group, group)
        assert (single.name.startswith("Bộ "), whole_set.name.startswith("Bộ ")) == (False, True)
        assert (single.is_set, whole_set.is_set) == (False, True)
        assert single.name.endswith(facility.brand)


def test_a_facility_that_makes_many_products_names_each_differently() -> None:
    maker = NameMaker(5)
    facility = maker.facility("A", "tỉnh Phú Thọ")

    names = [maker.product(facility, 2025, is_set=False).name for _ in range(12)]

    assert len(set(names)) == 12


def test_a_product_is_known_by_its_name() -> None:
    for product in products(300):
        assert shape_of(product.name) == product.shape
        assert shape_of(f"{SET_OF}{product.name} và Trà sen 2") == product.shape


def test_every_trade_can_be_drawn() -> None:
    models = [model for trade in trades().values() for model in [*trade["products"], *trade["sets"]]]

    assert {shape for _, shape, _ in models} == set(SHAPES)
    assert {trade["group"] for trade in trades().values()} == set(GROUPS)
    assert all(name.startswith("Bộ ") for trade in trades().values() for name, _, _ in trade["sets"])
