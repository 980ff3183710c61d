"""A draft of a score sheet that nobody wants is deleted; whatever is in use stays."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.errors import IllegalState
from app.domain.rubrics import RubricState
from app.models import Criterion, LedgerEvent, RubricVersion
from app.services.rubrics import DeleteRubric, delete_rubric
from tests.browsing import Browser
from tests.builders import NOW, World

LIST = "/contests/rubrics/"


def draft(world: World, name: str = "Bộ tiêu chí nháp", **fields: object) -> RubricVersion:
    """A draft of Lâm Đồng with one criterion."""
    values = {
        "code": f"nhap-{name}",
        "name_vi": name,
        "name_en": name,
        "legal_basis": "Quyết định số 1",
        "valid_from": date(2026, 1, 1),
        "territory_id": world.territory("Lâm Đồng").id,
        "state": RubricState.DRAFT,
        "criteria": [Criterion(code="L1", position=1, name_vi="Doanh thu", name_en="Sales", max_mark=10000)],
    }
    return world.add(RubricVersion(**values | fields))


def address(rubric: RubricVersion) -> str:
    return f"{LIST}{rubric.id}/delete"


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


def names(world: World) -> list[str]:
    return world.all(select(RubricVersion.name_vi).where(RubricVersion.territory_id.is_not(None)))


def test_a_draft_is_deleted_after_a_question_and_stays_in_the_ledger(
    world: World, organiser: Browser
) -> None:
    kept, unwanted = draft(world, "Bản giữ lại"), draft(world)
    link = organiser.get(f"{LIST}{unwanted.id}").one("main a.btn-outline-danger")
    page = organiser.get(str(link["href"]))
    organiser.post(str(link["href"]), page.values("main form"))

    assert organiser.follow().flashes == ["Đã xóa bản nháp."]
    assert names(world) == [kept.name_vi]
    assert world.all(select(Criterion).where(Criterion.rubric_version_id == unwanted.id)) == []
    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "rubric:delete"))
    assert event.subject_id == unwanted.id
    assert json.loads(event.details)["old"]["name_vi"] == unwanted.name_vi
    organiser.get(str(link["href"]), status=404)
    organiser.post(str(link["href"]), {"version": "1"}, status=404)


def test_a_draft_that_somebody_saved_meanwhile_is_asked_for_again(world: World, organiser: Browser) -> None:
    unwanted = draft(world)
    values = organiser.get(address(unwanted)).values("main form")
    with world.session() as session:
        row = session.get_one(RubricVersion, unwanted.id)
        row.name_vi, row.version = "Bản đã sửa", 2

    page = organiser.post(address(unwanted), values, status=409)

    assert "Người khác đã lưu bản nháp này" in page.one(".error-summary").get_text()
    assert "Bản đã sửa" in page.one("main .facts").get_text()
    organiser.post(address(unwanted), page.values("main form"))
    assert names(world) == []


@pytest.mark.parametrize("version", ["", "0", "abc", "9" * 40, "-1"])
def test_a_version_that_is_none_deletes_nothing(world: World, organiser: Browser, version: str) -> None:
    unwanted = draft(world)

    organiser.post(address(unwanted), {"version": version}, status=409)

    assert names(world) == [unwanted.name_vi]


def test_what_is_in_use_is_not_deleted(world: World, organiser: Browser) -> None:
    used = draft(world, state=RubricState.PUBLISHED)

    for page in (
        organiser.get(address(used), status=409),
        organiser.post(address(used), {"version": "1"}, status=409),
    ):
        assert "đang được sử dụng và không thể xóa" in page.one(".lead").get_text()
    assert organiser.get(f"{LIST}{used.id}").select("main a[href$=delete]") == []
    assert names(world) == [used.name_vi]


def test_a_draft_on_which_a_contest_rests_is_not_deleted(world: World) -> None:
    used = draft(world)
    world.contest(rubric_version_id=used.id)
    actor = world.actor(world.organiser(world.territory("Lâm Đồng")))

    with world.session() as session, pytest.raises(IllegalState, match="cannot be deleted"):
        delete_rubric(session, DeleteRubric(used.id, 1), actor=actor, now=NOW)


def test_what_was_copied_from_a_deleted_draft_rests_on_what_that_came_from(
    world: World, organiser: Browser
) -> None:
    legal = world.rubric()
    unwanted = draft(world, based_on_id=legal.id)
    copy = draft(world, "Bản sao", based_on_id=unwanted.id)

    organiser.post(address(unwanted), {"version": "1"})

    assert world.get(RubricVersion, copy.id).based_on_id == legal.id


def test_others_drafts_and_the_laws_sheet_are_out_of_reach(world: World, organiser: Browser) -> None:
    foreign = draft(world, territory_id=world.territory("An Giang").id)

    for rubric_id in (foreign.id, world.rubric().id, 999):
        organiser.get(f"{LIST}{rubric_id}/delete", status=404)
        organiser.post(f"{LIST}{rubric_id}/delete", {"version": "1"}, status=404)
    assert names(world) == [foreign.name_vi]
