"""A contest of two passes as its people go through it: dossiers, a site visit with a photo, the result."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import FilePayload

from app.domain.contests import ContestState
from app.domain.vietnamese import in_vietnam
from app.models import Contest
from tests.awards import TWO_PASSES, scoring
from tests.browser.conftest import Person
from tests.browsing import PASSWORD
from tests.builders import World
from tests.uploads import picture


@pytest.mark.slow
def test_two_passes_with_a_visit_between(world: World, person: Callable[..., Person]) -> None:
    award = scoring(world, [[8000], [6000]], rules={**TWO_PASSES, "min_sheets": 1})
    contest = f"/contests/{award.contest.id}"
    organiser, judge = person(), person()
    organiser.sign_in(award.organiser.email, PASSWORD)
    judge.sign_in(world.user_of(award.judges[0].user_id).email, PASSWORD)

    organiser.open(contest)
    organiser.press("Kết thúc vòng 1")
    organiser.page.locator("form button", has_text="Kết thúc vòng 1").click()
    organiser.check()

    _record_a_visit(organiser, contest)
    _score_again(judge)

    organiser.open(contest)
    organiser.press("Đóng chấm điểm")
    organiser.page.locator("form button", has_text="Đóng chấm điểm").click()
    page = organiser.open(f"{contest}/results")

    assert world.get(Contest, award.contest.id).state is ContestState.SCORED
    result = " ".join(page.locator("main").inner_text().split())
    assert "vòng 1: 80,00 vòng 2: 91,50" in result
    assert "Không vào vòng 2" in result


def _record_a_visit(organiser: Person, contest: str) -> None:
    page = organiser.open(f"{contest}/visits")
    organiser.press("Ghi nhận kiểm tra")
    page.fill("[name=visited_on]", in_vietnam(datetime.now(UTC)).strftime("%d/%m/%Y"))
    page.fill("[name=visitors]", "Bà Trần Thị Hạnh, Trưởng ban giám khảo")
    page.fill("[name=findings]", "Xưởng sạch, có khu đóng gói riêng, đủ mẫu lưu.")
    organiser.press("Lưu lần kiểm tra")
    photo = FilePayload(name="xuong.jpg", mimeType="image/jpeg", buffer=picture())
    page.set_input_files("[name=files]", photo)
    organiser.press("Tải lên")
    assert page.locator(".photo-grid img").count() == 1


def _score_again(judge: Person) -> None:
    page = judge.open("/judging/")
    page.locator("tbody a").first.click()
    judge.check()
    assert "đủ mẫu lưu" in page.locator("main").inner_text()
    for code, mark in {"L1": "36,5", "L2": "37", "L3": "9", "L4": "9"}.items():
        page.fill(f"[name=mark_{code}]", mark)
    page.locator("button[value=check]").click()
    page.get_by_role("button", name="Nộp phiếu").click()
    page.wait_for_url(re.compile(r"/sheets/\d+$"))
    judge.check()
