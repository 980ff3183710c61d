from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.domain.entries import EntryState
from app.domain.errors import InvalidInput, NotFound
from app.models import Product
from app.services.registration import AddProduct, UpdateProduct, add_product, update_product
from tests.builders import NOW, World
from tests.dossiers import Maker
from tests.refusals import refusals


def product_facts(**changes: Any) -> dict[str, Any]:
    return {"name": "Trà sen", "is_set": False, "group_code": "B", "description": "Trà ướp sen."} | changes


def add(maker: Maker, **changes: Any) -> Product:
    with maker.world.session() as session:
        command = AddProduct(facility_id=maker.facility.id, **product_facts(**changes))
        return add_product(session, command, actor=maker.actor, now=NOW)


def change(maker: Maker, product: Product, **changes: Any) -> Product:
    with maker.world.session() as session:
        command = UpdateProduct(product_id=product.id, **product_facts(**changes))
        return update_product(session, command, actor=maker.actor, now=NOW)


def test_a_product_is_added(world: World) -> None:
    maker = Maker(world)

    product = add(
        maker,
        name=" Bộ  ấm chén\u200b",
        is_set=True,
        group_code="A",
        description="Gốm\r\n\r\n\r\n\r\nmen lam ",
    )

    assert (product.name, product.folded_name, product.is_set) == ("Bộ ấm chén", "bo am chen", True)
    assert (product.group_code, product.description) == ("A", "Gốm\n\nmen lam")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "t" * 301}, "name"),
        ({"group_code": "Z"}, "group_code"),
        ({"group_code": ""}, "group_code"),
        ({"description": "d" * 3001}, "description"),
    ],
)
def test_a_product_that_breaks_a_rule_is_refused(world: World, changes: dict[str, Any], field: str) -> None:
    maker = Maker(world)

    with pytest.raises(InvalidInput) as error:
        add(maker, **changes)

    assert list(refusals(error)) == [field]


@pytest.mark.parametrize("name", ["Trà sen", "TRÀ SEN", "Trà  Sen"])
def test_two_products_of_a_facility_bear_two_names(world: World, name: str) -> None:
    maker = Maker(world)
    add(maker)

    with pytest.raises(InvalidInput) as error:
        add(maker, name=name)

    assert refusals(error) == {"name": "Your facility already has a product of this name."}
    assert add(Maker(world), name=name).name


def test_nobody_adds_to_a_foreign_facility(world: World) -> None:
    maker, other = Maker(world), Maker(world)
    other.facility = maker.facility

    with pytest.raises(NotFound):
        add(other)


def test_a_product_is_changed_while_no_dossier_of_it_is_submitted(world: World) -> None:
    maker = Maker(world)
    product = add(maker)
    maker.draft(product=product)

    assert change(maker, product, name="Trà sen Tây Hồ", group_code="D").group_code == "D"


@pytest.mark.parametrize("state", [EntryState.SUBMITTED, EntryState.ACCEPTED])
def test_once_submitted_only_the_description_changes(world: World, state: EntryState) -> None:
    maker = Maker(world)
    product = add(maker)
    world.entry(maker.contest(), product, state)

    assert change(maker, product, description="Mới").description == "Mới"
    with pytest.raises(InvalidInput) as error:
        change(maker, product, name="Tên khác", is_set=True, group_code="A")

    assert set(refusals(error)) == {"name", "is_set", "group_code"}
    with Session(world.engine) as session:
        assert session.get_one(Product, product.id).name == "Trà sen"


def test_a_foreign_product_cannot_be_changed(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(NotFound):
        change(maker, world.product())
