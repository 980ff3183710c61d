import hashlib
from datetime import date

import pytest

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.results import Office
from app.models import Contest
from tests.browsing import Browser, Page, squeeze
from tests.builders import World


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


def steps(page: Page) -> dict[str, str]:
    return {
        squeeze(step.select_one(".road-title")): squeeze(step.select_one(".road-stand"))
        for step in page.select(".road li")
    }


def next_button(page: Page) -> str:
    return squeeze(page.select_one(".next-step .btn"))


def test_the_overview_leads_from_the_rules_to_opening_registration(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.DRAFT, registration_closes_on=date(2200, 1, 1))
    before = organiser.get(f"/contests/{contest.id}")
    form = organiser.get(f"/contests/{contest.id}/rules/edit").values("main form")
    organiser.post(f"/contests/{contest.id}/rules/edit", form)

    after = organiser.get(f"/contests/{contest.id}")
    organiser.post(f"/contests/{contest.id}/open-registration")

    assert (next_button(before), next_button(after)) == ("Lập quy chế", "Mở đăng ký")
    assert organiser.follow().flashes == ["Đã mở đăng ký."]
    assert world.get(Contest, contest.id).state is ContestState.REGISTRATION


def test_registration_that_is_past_is_not_opened_and_the_page_says_why(
    world: World, organiser: Browser
) -> None:
    contest = world.contest(ContestState.DRAFT, registration_closes_on=date(2026, 4, 30))

    page = organiser.post(f"/contests/{contest.id}/open-registration", status=409)

    assert [squeeze(item) for item in page.select(".alert-danger li")] == [
        "Thời hạn đăng ký đã hết từ ngày 30/04/2026. Hãy sửa thời gian của đợt bình chọn trước."
    ]
    assert page.heading == contest.name


def test_the_overview_names_what_registration_still_needs(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    entry = world.entry(contest, state=EntryState.SUBMITTED)
    buttons = [next_button(organiser.get(f"/contests/{contest.id}"))]
    with world.session() as session:
        stored = session.merge(entry)
        stored.state, stored.code = EntryState.ACCEPTED, "B-001"
    buttons.append(next_button(organiser.get(f"/contests/{contest.id}")))
    judge = world.judge(contest)
    buttons.append(next_button(organiser.get(f"/contests/{contest.id}")))
    world.sheet(judge, entry)

    buttons.append(next_button(organiser.get(f"/contests/{contest.id}")))

    assert buttons == ["Xét hồ sơ", "Lập ban giám khảo", "Phân công giám khảo", "Mở chấm điểm"]


def test_the_steps_stand_where_the_contest_stands(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.SCORING)
    world.council_member(contest, Office.CHAIR)
    world.council_member(contest)

    assert steps(organiser.get(f"/contests/{contest.id}")) == {
        "Quy chế": "đã xong",
        "Đăng ký": "đã xong",
        "Sản phẩm tham gia": "đã xong",
        "Ban giám khảo và hội đồng": "đã xong",
        "Chấm điểm": "đang thực hiện",
        "Đóng chấm điểm": "đang thực hiện",
        "Biểu quyết của hội đồng": "chưa đến",
        "Danh sách dự kiến": "chưa đến",
        "Quyết định": "chưa đến",
        "Giấy chứng nhận": "chưa đến",
        "Đề nghị cấp trên": "chưa đến",
    }


@pytest.mark.parametrize("office", [Office.CHAIR, Office.DEPUTY])
def test_a_council_that_cannot_vote_yet_is_under_way(
    world: World, organiser: Browser, office: Office
) -> None:
    contest = world.contest(ContestState.SCORED)
    world.council_member(contest, office)

    page = organiser.get(f"/contests/{contest.id}")

    assert steps(page)["Ban giám khảo và hội đồng"] == "đang thực hiện"
    assert "hội đồng chưa đủ: cần chủ tịch và một thành viên nữa" in squeeze(page.select_one(".road"))
    assert next_button(page) == "Lập hội đồng"


@pytest.mark.parametrize(("skipped", "warned"), [("", True), ("Cấp xã chưa tổ chức", False)])
def test_before_registration_opens_the_overview_says_that_entries_need_a_certificate(
    world: World, organiser: Browser, skipped: str, warned: bool
) -> None:
    contest = world.contest(ContestState.DRAFT, rules=world.rules(lower_tier_skipped=skipped))
    form = organiser.get(f"/contests/{contest.id}/rules/edit").values("main form")
    organiser.post(f"/contests/{contest.id}/rules/edit", form)

    page = organiser.get(f"/contests/{contest.id}")

    said = "Theo quy chế, mọi sản phẩm phải có giấy chứng nhận cấp xã còn giá trị."
    assert (said in squeeze(page.select_one(".next-step"))) is warned


@pytest.mark.parametrize("state", list(ContestState))
def test_the_overview_stands_at_every_stage_in_both_languages(
    world: World, organiser: Browser, state: ContestState
) -> None:
    contest = world.contest(state)
    world.council_member(contest, Office.CHAIR)

    vietnamese = organiser.get(f"/contests/{contest.id}")
    organiser.post("/language/en", {"next": f"/contests/{contest.id}"})
    english = organiser.follow()

    assert vietnamese.heading == english.heading == contest.name
    nothing_left = state is ContestState.FINAL  # nothing was recognised, so nothing is to be certified
    assert squeeze(english.select_one("h2")) == ("Steps of this contest" if nothing_left else "Next step")
    assert ("Rules frozen" in squeeze(english.select_one(".facts"))) is (contest.rules_digest is not None)


def test_opening_scoring_lists_everything_it_waits_for(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    world.entry(contest, state=EntryState.SUBMITTED)

    shown = organiser.get(f"/contests/{contest.id}/open-scoring")
    refused = organiser.post(f"/contests/{contest.id}/open-scoring", status=409)

    expected = [
        "Chưa có sản phẩm nào được tiếp nhận.",
        "Số hồ sơ đã nộp nhưng chưa được tiếp nhận, trả lại hoặc từ chối: 1.",
    ]
    assert [squeeze(item) for item in shown.select(".alert-danger li")] == expected
    assert [squeeze(item) for item in refused.select(".alert-danger li")] == expected
    assert shown.select("main form") == []


def test_scoring_opens_and_the_frozen_rules_are_shown_with_their_digest(
    world: World, organiser: Browser
) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    world.sheet(world.judge(contest), world.entry(contest))

    organiser.post(f"/contests/{contest.id}/open-scoring")

    digest = contest.rules.digest
    assert "Chốt quy chế lúc" in squeeze(organiser.follow().select_one(".facts"))
    assert digest in squeeze(organiser.get(f"/contests/{contest.id}/rules").select_one(".facts"))
    file = organiser.file(f"/contests/{contest.id}/rules.json")
    assert hashlib.sha256(file.data).hexdigest() == digest
    assert organiser.get(f"/contests/{contest.id}/open-scoring", status=409).heading == "Chưa thể thực hiện"


def test_closing_scoring_needs_a_tick_and_a_reason_when_sheets_are_missing(
    world: World, organiser: Browser
) -> None:
    contest = world.contest(ContestState.SCORING)
    judge = world.judge(contest, world.user("Trần Thị Hạnh"))
    entry = world.entry(contest, world.product(name="Trà sen"), code="B-001")
    world.sheet(judge, entry, {"L1": 3000})
    url = f"/contests/{contest.id}/close-scoring"

    shown = organiser.get(url)
    refused = organiser.post(url, {"reason": ""}, status=422)
    organiser.post(url, {"reason": "Giám khảo ốm", "confirmed": "y"})

    assert shown.rows() == [["B-001", "Trà sen", "Trần Thị Hạnh", "nháp"]]
    assert [squeeze(item) for item in shown.select(".alert-warning li")] == [
        "1 phiếu chưa nộp và sẽ không được tính.",
        "Trong đó 1 phiếu nháp đã có điểm.",
        "Các sản phẩm có dưới 1 phiếu đã nộp sẽ không có kết quả: B-001.",
    ]
    assert set(refused.field_errors) == {"confirmed", "reason"}
    assert world.get(Contest, contest.id).state is ContestState.SCORED


def test_scoring_closes_without_more_when_nothing_is_missing(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.SCORING)
    world.submitted(world.judge(contest), world.entry(contest))

    shown = organiser.get(f"/contests/{contest.id}/close-scoring")
    organiser.post(f"/contests/{contest.id}/close-scoring")
    again = organiser.post(f"/contests/{contest.id}/close-scoring", status=409)

    assert shown.select("main textarea") == []
    assert again.heading == "Chưa thể thực hiện"


def test_scoring_is_opened_again_for_a_reason(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.SCORED)
    url = f"/contests/{contest.id}/reopen-scoring"

    refused = organiser.post(url, {"reason": " \n "}, status=422)
    organiser.post(url, {"reason": "Thiếu một phiếu"})

    assert refused.field_errors == {"reason": "Mục này là bắt buộc."}
    assert world.get(Contest, contest.id).state is ContestState.SCORING
