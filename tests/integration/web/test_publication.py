import io
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.models import Contest, Decision
from tests.awards import Award, decided, move, scored, voted
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World

EARLY = {"early": "y", "early_reason": "Không có khiếu nại."}
DECISION = {
    "number": "125/QĐ-UBND",
    "signed_on": "12/03/2026",
    "signing_body": "Ủy ban nhân dân tỉnh Lâm Đồng",
    "signatory_title": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
    "signatory": "Phạm Thị Thanh Hà",
    "place": "Lâm Đồng",
}


@pytest.fixture(autouse=True)
def _three_days_after_the_vote() -> object:
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        yield


def provisional(world: World) -> Award:
    award = voted(world, [[9000], [6000]], carried=[True, False])
    move(award, ContestState.PROVISIONAL)
    return award


def address(award: Award, step: str = "publication") -> str:
    return f"/contests/{award.contest.id}/{step}"


def test_a_voted_list_is_published_by_one_button(world: World, browser: Browser) -> None:
    award = voted(world, [[9000], [6000]], carried=[True, False])
    browser.sign_in(award.organiser)

    page = browser.get(address(award))
    browser.post(address(award, "publish"))

    assert [squeeze(card) for card in page.select(".figure-card")] == [
        "1 sản phẩm được hội đồng thông qua",
        "1 cơ sở có sản phẩm được thông qua",
    ]
    assert "Khiếu nại được tiếp nhận trong 15 ngày làm việc" in squeeze(page.main)
    page = browser.follow()
    assert page.flashes == ["Đã công bố danh sách dự kiến. Thời hạn khiếu nại bắt đầu tính."]
    assert "đến hết ngày 03/04/2026 nếu không có ngày nghỉ lễ" in squeeze(page.main)
    assert world.get(Contest, award.contest.id).state is ContestState.PROVISIONAL


def test_the_decision_form_knows_who_usually_signs(world: World, browser: Browser) -> None:
    award = provisional(world)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    values = page.values("main form[action$='/decision']")
    del values["csrf_token"]
    assert values == {
        "number": "",
        "signed_on": "",
        "signing_body": "Ủy ban nhân dân tỉnh Lâm Đồng",
        "signatory_title": "Chủ tịch",
        "signatory": "",
        "place": "Lâm Đồng",
        "early_reason": "",
        "replaces": "",
    }
    assert "Vẫn còn thời hạn khiếu nại đến hết ngày 31/03/2026." in squeeze(page.main)


def test_a_recorded_decision_makes_the_list_final_and_is_shown(world: World, browser: Browser) -> None:
    award = provisional(world)
    browser.sign_in(award.organiser)

    check = browser.post(address(award, "decision"), DECISION | EARLY, status=200)
    assert world.all(select(Decision)) == []
    assert [squeeze(fact) for fact in check.select(".fact")] == [
        "Số quyết định 125/QĐ-UBND",
        "Ngày ký 12/03/2026",
        "Cơ quan ký Ủy ban nhân dân tỉnh Lâm Đồng",
        "Người ký KT. CHỦ TỊCH PHÓ CHỦ TỊCH Phạm Thị Thanh Hà",
        "Địa danh Lâm Đồng",
        "Lý do ghi nhận quyết định trước khi hết thời hạn khiếu nại Không có khiếu nại.",
    ]
    assert "công nhận 1 sản phẩm của 1 cơ sở" in squeeze(check.main)
    browser.post(address(award, "decision"), check.values() | {"step": "record"})

    page = browser.follow()
    assert page.flashes == ["Đã ghi nhận quyết định, danh sách là chính thức. Có thể cấp giấy chứng nhận."]
    facts = [squeeze(fact) for fact in page.select(".fact")]
    assert facts[0] == "Số quyết định 125/QĐ-UBND"
    assert facts[3] == "Người ký KT. CHỦ TỊCH PHÓ CHỦ TỊCH Phạm Thị Thanh Hà"
    assert not page.select("main form")
    [decision] = world.all(select(Decision))
    assert decision.signatory_title == "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"


def test_what_was_checked_can_still_be_changed(world: World, browser: Browser) -> None:
    award = provisional(world)
    browser.sign_in(award.organiser)
    check = browser.post(address(award, "decision"), DECISION | EARLY, status=200)

    page = browser.post(address(award, "decision"), check.values() | {"step": "change"}, status=200)

    values = page.values("main form[action$='/decision']")
    assert {name: values[name] for name in DECISION | EARLY} == DECISION | EARLY
    assert world.all(select(Decision)) == []


@pytest.mark.parametrize("step", ["", "record"])
@pytest.mark.parametrize("field", ["early", "early_reason"])
def test_before_the_term_for_complaints_ends_a_tick_and_a_reason_are_asked_for(
    world: World, browser: Browser, field: str, step: str
) -> None:
    award = provisional(world)
    browser.sign_in(award.organiser)
    typed = DECISION | EARLY | {"step": step}
    del typed[field]

    page = browser.post(address(award, "decision"), typed, status=422)

    assert list(page.field_errors) == [field]
    assert world.all(select(Decision)) == []


def test_after_the_term_for_complaints_nothing_more_is_asked(world: World, browser: Browser) -> None:
    award = provisional(world)
    with time_machine.travel(NOW + timedelta(days=22), tick=False):
        browser.sign_in(award.organiser)
        page = browser.get(address(award))
        browser.post(address(award, "decision"), DECISION | {"step": "record"})

    assert page.select("[name=early]") == []
    assert len(world.all(select(Decision))) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("number", "", "Nội dung này được in ra nên không được để trống."),
        ("number", "1" * 10_000, "Có 10000 ký tự; chỉ in được tối đa 60. Hãy rút gọn."),
        ("signatory", "Hà 🪷", "Không in được các ký tự: 🪷. Hãy thay bằng ký tự khác."),
        ("signed_on", "", "Hãy nhập ngày ký."),
        ("signed_on", "32/13/2026", "Nhập ngày/tháng/năm, ví dụ 05/07/2026."),
        (
            "signed_on",
            "14/03/2026",
            "Hãy nhập ngày ký quyết định: từ ngày biểu quyết 10/03/2026 đến hôm nay, 13/03/2026.",
        ),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_nothing_typed_is_lost(
    world: World, browser: Browser, field: str, typed: str, said: str
) -> None:
    award = provisional(world)
    browser.sign_in(award.organiser)

    page = browser.post(address(award, "decision"), DECISION | EARLY | {field: typed}, status=422)

    assert page.field_errors == {field: said}
    values = page.values("main form[action$='/decision']")
    assert {name: values[name] for name in DECISION} == DECISION | {field: typed}
    assert squeeze(page.title).startswith("Lỗi:")
    assert world.all(select(Decision)) == []


def test_a_form_without_its_fields_is_refused_not_broken(world: World, browser: Browser) -> None:
    award = provisional(world)
    browser.sign_in(award.organiser)

    page = browser.post(address(award, "decision"), {"signed_on": "12/03/2026", "number": "\0"}, status=422)

    asked = {"number", "signing_body", "signatory_title", "signatory", "place", *EARLY}
    assert set(page.field_errors) == asked


def test_steps_out_of_turn_are_refused(world: World, browser: Browser) -> None:
    award = voted(world, [[9000]])
    browser.sign_in(award.organiser)

    browser.post(address(award, "decision"), DECISION, status=409)
    browser.post(address(award, "publish"))
    browser.post(address(award, "publish"), status=409)
    decision = DECISION | EARLY | {"step": "record"}
    browser.post(address(award, "decision"), decision)
    browser.post(address(award, "decision"), decision, status=409)


def test_before_the_vote_the_page_says_what_it_waits_for(world: World, browser: Browser) -> None:
    award = scored(world, [[9000]])
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert "Danh sách được công bố sau khi hội đồng biểu quyết xong." in squeeze(page.main)
    browser.get(address(award, "minutes.pdf"), status=409)


def test_the_minutes_come_as_a_file(world: World, browser: Browser) -> None:
    award = voted(world, [[9000]], products=[world.product(name="Trà sen Tây Hồ")])
    browser.sign_in(award.organiser)

    response = browser.file(address(award, "minutes.pdf"))

    assert response.mimetype == "application/pdf"
    assert "Trà sen Tây Hồ" in PdfReader(io.BytesIO(response.data)).pages[-1].extract_text()


def test_an_observer_reads_and_presses_nothing(world: World, app: Flask, browser: Browser) -> None:
    award = voted(world, [[9000]])
    browser.sign_in(world.member(Role.OBSERVER, contest_id=award.contest.id))

    page = browser.get(address(award))

    assert not page.select("main form")
    browser.post(address(award, "publish"), status=403)
    browser.post(address(award, "decision"), DECISION, status=403)


def test_other_territories_strangers_and_unknown_contests(world: World, app: Flask, browser: Browser) -> None:
    award = decided(world, [[9000]])
    foreign = Browser(app)
    foreign.sign_in(world.organiser(world.territory("An Giang")))

    for step in ("publication", "minutes.pdf"):
        foreign.get(address(award, step), status=404)
        browser.get(address(award, step), status=303)
    foreign.post(address(award, "publish"), status=404)
    foreign.post(address(award, "decision"), DECISION, status=404)
    foreign.get("/contests/999/publication", status=404)
