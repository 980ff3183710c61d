import pytest
from flask import Flask, render_template_string
from sqlalchemy.orm import Session

from app.domain.entries import AttachmentKind, EntryState
from app.domain.facilities import FacilityKind
from app.models import Entry, Facility, Product
from app.queries.dossiers import DossierPage, FacilityAsSent, ProductAsSent, dossier_page
from app.services.dossiers import submit_entry
from tests.builders import NOW, World
from tests.dossiers import ANSWERS, Maker
from tests.queries import count_queries


def page_of(world: World, entry: Entry) -> DossierPage:
    with Session(world.engine) as session:
        return dossier_page(session, entry.id)


def sent(maker: Maker) -> Entry:
    entry = maker.whole(maker.draft(product=maker.product("Trà sen")))
    with maker.world.session() as session:
        return submit_entry(session, entry.id, actor=maker.actor, now=NOW)


def rename(maker: Maker) -> None:
    """As an administrator's correction in the database would."""
    with maker.world.session() as session:
        session.get_one(Facility, maker.facility.id).name = "Tên mới"


def test_a_dossier_holds_what_was_sent(world: World) -> None:
    maker = Maker(world)
    entry = sent(maker)
    rename(maker)

    page = page_of(world, entry)

    assert page.facility == FacilityAsSent(
        name=maker.facility.name,
        kind=FacilityKind.COOPERATIVE,
        tax_code=maker.facility.tax_code,
        territory="Tỉnh Lâm Đồng",
        address="Thôn 1, xã Tân Hòa",
        representative="Trần Thị Hạnh",
        phone="0912345678",
        email=maker.facility.email,
    )
    assert page.product == ProductAsSent("Trà sen", False, "B", "Trà ướp hương sen.")
    assert (page.receipt_code, page.submitted_at) == (entry.receipt_code, NOW)
    assert [(file.kind, file.name) for file in page.files] == [
        (AttachmentKind.REGISTRATION_PAPER, "Giấy đăng ký.pdf"),
        (AttachmentKind.PHOTO, "Ảnh 1.jpg"),
        (AttachmentKind.PHOTO, "Ảnh 2.jpg"),
        (AttachmentKind.PHOTO, "Ảnh 3.jpg"),
    ]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Xã Mỹ Khê", "Xã Mỹ Khê, tỉnh Lâm Đồng"),
        ("Xã Mỹ Khê, Tỉnh Lâm Đồng", "Xã Mỹ Khê, tỉnh Lâm Đồng"),
        ("Xã Mỹ Khê, lâm đồng", "Xã Mỹ Khê, lâm đồng"),
    ],
)
def test_the_province_stands_once_in_an_address(world: World, typed: str, read: str) -> None:
    entry = world.entry(world.contest(), world.product(world.facility(address=typed)))

    facility = page_of(world, entry).facility

    assert facility.full_address == read


def test_the_answers_stand_under_the_headings_of_their_form(world: World) -> None:
    page = page_of(world, sent(Maker(world)))

    told = [
        (answer.question.key, answer.text)
        for part in page.registration + page.description
        for answer in part.answers
    ]
    assert dict(told) == {key: text for key, text in ANSWERS.items() if key != "truth"}
    assert [part.title for part in page.registration] == ["The facility", "Contact for this dossier"]


def test_a_draft_shows_facility_and_product_as_they_are_now(world: World) -> None:
    maker = Maker(world)
    entry = maker.draft()
    rename(maker)

    assert page_of(world, entry).facility.name == "Tên mới"


def test_an_entry_that_came_without_a_dossier_can_still_be_read(world: World) -> None:
    product = world.product(name="Chao môn")

    page = page_of(world, world.entry(world.contest(), product, EntryState.ACCEPTED))

    assert (page.product.name, page.answers, page.files) == ("Chao môn", {}, ())
    assert page.facility.name == world.get(Facility, world.get(Product, product.id).facility_id).name


def test_the_group_is_worded_as_the_contest_words_it(world: World) -> None:
    page = page_of(world, world.entry(world.contest(), world.product(group="C")))

    assert page.group.name_vi == "Nhóm sản phẩm về thiết bị, máy móc, dụng cụ và phụ tùng cơ khí"


def test_a_dossier_is_read_in_a_fixed_number_of_selects(world: World) -> None:
    maker = Maker(world)
    small, large = maker.draft(), sent(maker)

    page_of(world, small)  # the first connection asks the server who it is

    costs = []
    for entry in (small, large):
        with count_queries(world.engine) as statements:
            page_of(world, entry)
        costs.append(len(statements))

    assert costs[0] == costs[1]


READ = "{% from 'components/dossier.html' import dossier %}{{ dossier(page, contacts=contacts) }}"


def test_judges_read_everything_but_how_to_reach_the_facility(world: World, app: Flask) -> None:
    page = page_of(world, sent(Maker(world)))
    private = [page.facility.phone, page.facility.email, ANSWERS["contact_person"], ANSWERS["contact_phone"]]

    with app.test_request_context():
        for_judges = render_template_string(READ, page=page, contacts=False)
        for_organiser = render_template_string(READ, page=page, contacts=True)

    assert [text for text in private if text in for_judges] == []
    assert [text for text in private if text not in for_organiser] == []
    assert [
        text
        for key, text in ANSWERS.items()
        if key not in ("truth", "contact_person", "contact_phone") and text not in for_judges
    ] == []
