"""A form whose page went stale while somebody typed: what is refused then is shown again, with the reason."""

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.rubrics import RubricState
from app.models import Contest, Discussion, RubricVersion, ScoreSheet, SiteVisit
from app.services.ballot_turns import TurnBack, withdraw_ballot
from app.services.judging import ReopenSheet, SaveSheet, reopen_sheet, submit_sheet
from tests.awards import TWO_PASSES, Award, close_first, marks_for, move, scored, scoring, voted
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.meetings import Sitting
from tests.outside_sheets import differing, office

NOTE = "Hai giám khảo đã trao đổi.\nGiữ nguyên điểm."
SHOWN = ["Hai giám khảo đã trao đổi. Giữ nguyên điểm."]


def not_kept(page: Page) -> list[str]:
    """The texts that a page says were not kept."""
    return [squeeze(text) for text in page.select("dl.not-kept dd, p.not-kept")]


def url(award: Award, page: str) -> str:
    return f"/contests/{award.contest.id}/{page}"


def near(award: Award) -> None:
    """Bring the second judge's total near the first's while somebody writes about their difference."""
    world, judge = award.world, award.judges[1]
    with world.session() as session:
        session.merge(award.judges[0]).is_head = True
    [sheet] = world.all(select(ScoreSheet).where(ScoreSheet.judge_id == judge.id))
    head = world.actor(world.user_of(award.judges[0].user_id))
    with world.session() as session:
        reopen_sheet(session, ReopenSheet(sheet.id, "Xem lại"), actor=head, now=NOW)
    anew = SaveSheet(sheet.id, sheet.version + 1, marks_for(6100), {}, "")
    with world.session() as session:
        submit_sheet(session, anew, actor=world.actor(world.user_of(judge.user_id)), now=NOW)


def test_a_note_on_an_entry_that_came_near_is_shown_on_the_list(world: World, browser: Browser) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)
    address = url(award, f"discussions/{award.entries[0].id}")
    browser.get(address)
    near(award)

    page = browser.post(address, {"spread": "3000", "note": NOTE}, status=409)

    assert page.heading == "Sản phẩm cần thảo luận"
    assert "không còn nội dung nào để bạn xử lý" in squeeze(page.one(".error-summary"))
    assert not_kept(page) == SHOWN
    assert world.all(select(Discussion)) == []


def test_a_note_on_an_entry_once_settled_that_came_near_is_shown_on_its_page(
    world: World, browser: Browser
) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)
    address = url(award, f"discussions/{award.entries[0].id}")
    browser.post(address, {"spread": "3000", "note": "Giữ nguyên."})
    near(award)

    page = browser.post(address, {"spread": "100", "note": NOTE}, status=409)

    assert "không còn nội dung nào để bạn xử lý" in squeeze(page.one(".error-summary"))
    assert not_kept(page) == SHOWN
    assert [row.note for row in world.all(select(Discussion))] == ["Giữ nguyên."]


def test_a_note_on_an_entry_that_somebody_else_settled_stays_in_its_field_beside_theirs(
    world: World, browser: Browser
) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)
    address = url(award, f"discussions/{award.entries[0].id}")
    old_tab = browser.get(address).values()
    browser.post(address, {**old_tab, "note": "Giữ nguyên."})

    page = browser.post(address, {**old_tab, "note": NOTE}, status=409)

    assert "Người khác đã ghi ý kiến thống nhất" in squeeze(page.one(".error-summary"))
    assert squeeze(page.one(".saved-beside")) == "Người khác vừa lưu: Giữ nguyên."
    assert page.values()["note"] == NOTE
    assert [row.note for row in world.all(select(Discussion))] == ["Giữ nguyên."]
    browser.post(address, page.values())
    assert [row.note for row in world.all(select(Discussion))] == [NOTE]


def test_a_note_sent_after_scoring_closed_is_shown(world: World, browser: Browser) -> None:
    award = scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)
    move(award, ContestState.SCORED)

    page = browser.post(
        url(award, f"discussions/{award.entries[0].id}"), {"spread": "3000", "note": NOTE}, status=409
    )

    assert not_kept(page) == SHOWN


def test_an_entry_of_another_contest_stays_unknown(world: World, browser: Browser) -> None:
    award, other = scoring(world, [[6000, 9000]]), scoring(world, [[6000, 9000]])
    browser.sign_in(award.organiser)

    for entry_id in (other.entries[0].id, 999):
        browser.post(url(award, f"discussions/{entry_id}"), {"spread": "3000", "note": NOTE}, status=404)


@pytest.fixture
def visited(world: World, browser: Browser) -> tuple[Award, int]:
    award = scoring(world, [[8000]], rules=TWO_PASSES)
    close_first(award)
    row = SiteVisit(
        entry_id=award.entries[0].id,
        visited_on=NOW.date(),
        visitors="Bà Hạnh",
        findings="Xưởng sạch.",
        recorded_at=NOW,
    )
    world.add(row)
    browser.sign_in(award.organiser)
    return award, row.id


FOUND = {"version": "1", "visited_on": "10/03/2026", "visitors": "Bà Hạnh, ông Đức", "findings": NOTE}


def test_findings_sent_after_scoring_closed_are_shown(visited: tuple[Award, int], browser: Browser) -> None:
    award, visit_id = visited
    move(award, ContestState.SCORED)

    changed = browser.post(url(award, f"visits/{visit_id}"), FOUND, status=409)
    new = browser.post(url(award, f"visits/new/{award.entries[0].id}"), FOUND, status=409)

    assert not_kept(changed) == ["Bà Hạnh, ông Đức", *SHOWN]
    assert not_kept(new) == ["Bà Hạnh, ông Đức", *SHOWN]


def test_findings_for_a_record_that_is_gone_are_shown(
    visited: tuple[Award, int], world: World, browser: Browser
) -> None:
    award, visit_id = visited
    with world.session() as session:
        session.delete(session.get_one(SiteVisit, visit_id))

    page = browser.post(url(award, f"visits/{visit_id}"), FOUND, status=404)

    assert not_kept(page) == ["Bà Hạnh, ông Đức", *SHOWN]


def test_a_reason_for_a_step_that_somebody_else_took_is_shown(world: World, browser: Browser) -> None:
    corrected, reopened = voted(world, [[8000]]), scored(world, [[8000]])
    browser.sign_in(corrected.organiser)
    move(corrected, ContestState.SCORING)
    move(reopened, ContestState.SCORING)

    for award, page in ((corrected, "correct"), (reopened, "reopen-scoring")):
        answer = browser.post(url(award, page), {"reason": NOTE}, status=409)
        assert not_kept(answer) == SHOWN


def test_a_reason_for_putting_back_a_sheet_that_stands_again_is_shown(world: World, browser: Browser) -> None:
    award = scoring(world, [[8000]])
    head = world.user()
    world.judge(award.contest, head, is_head=True)
    [sheet] = world.all(select(ScoreSheet))
    browser.sign_in(head)

    page = browser.post(f"/ledger/sheets/{sheet.id}/restore", {"version": "2", "reason": NOTE}, status=422)

    assert not_kept(page) == SHOWN


def test_rules_that_somebody_else_saved_meanwhile_are_not_overwritten_unseen(
    world: World, browser: Browser
) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    address = f"/contests/{contest.id}/rules/edit"
    opened = browser.get(address).values("form[data-keep]")
    browser.post(address, {**opened, "threshold": "65"})

    page = browser.post(address, {**opened, "quorum_percent": "75"}, status=409)
    typed = page.values("form[data-keep]")

    assert "Người khác đã thay đổi quy chế" in squeeze(page.one(".error-summary"))
    assert (typed["threshold"], typed["quorum_percent"]) == ("70", "75")
    assert world.get(Contest, contest.id).rules.threshold == 6500
    browser.post(address, typed)
    rules = world.get(Contest, contest.id).rules
    assert (rules.threshold, rules.quorum_percent) == (7000, 75)


def test_lines_of_a_draft_that_somebody_else_put_to_use_are_shown(world: World, browser: Browser) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    law = f"/contests/rubrics/{world.rubric().id}"
    browser.post(f"{law}/copy", browser.get(law).values("form[action$=copy]"))
    [draft] = world.all(select(RubricVersion).where(RubricVersion.state == RubricState.DRAFT))
    address = f"/contests/rubrics/{draft.id}/edit"
    typed = browser.get(address).values("form[data-keep]") | {"vi_L1_1": "Doanh thu hai năm", "act": "save"}
    with world.session() as session:
        session.get_one(RubricVersion, draft.id).state = RubricState.PUBLISHED

    page = browser.post(address, typed, status=409)

    assert "Doanh thu hai năm" in not_kept(page)


def test_a_paper_sheet_typed_after_scoring_closed_is_shown(world: World, browser: Browser) -> None:
    desk = office(world)
    browser.sign_in(desk.organiser)
    with world.session() as session:
        session.get_one(Contest, desk.contest.id).state = ContestState.SCORED

    typed = {"mark_L1": "30,5", "mark_L2": "30", "mark_L3": "8", "mark_L4": "7", "remark": NOTE}
    address = f"/contests/{desk.contest.id}/keying/{desk.sheets[0, 0].id}"
    page = browser.post(address, typed, status=409)

    assert not_kept(page) == ["30,5", "30", "8", "7", *SHOWN]
    assert "Không trong thời gian chấm điểm" in squeeze(page.one("main p.alert-warning"))


def test_what_a_judge_typed_of_another_judges_paper_is_refused_in_plain_words(
    world: World, browser: Browser
) -> None:
    desk = office(world)
    browser.sign_in(desk.organiser)
    world.judge(desk.contest, desk.organiser)
    address = f"/contests/{desk.contest.id}"

    page = browser.post(f"{address}/keying/{desk.sheets[0, 0].id}", {"mark_L1": "30,5"}, status=409)
    listed = browser.get(f"{address}/keying")

    assert "Bạn chấm điểm trong đợt bình chọn này" in squeeze(page.one("main p.alert-warning"))
    assert not_kept(page) == ["30,5"]
    assert listed.select(".row-acts a") == []
    for path in ("imports", "discussions"):
        assert "Bạn chấm điểm" in squeeze(browser.get(f"{address}/{path}", status=403).one(".lead"))


def test_differences_that_the_other_settled_first_are_said_to_be(world: World, browser: Browser) -> None:
    desk = office(world)
    differences = differing(desk, browser)
    shown = browser.follow().values("form[action$='/differences']")
    choice = {**shown, "choice_L2": str(desk.organiser.id)}
    browser.post(differences, choice)

    page = browser.post(differences, choice, status=409)

    assert squeeze(page.one("main p.alert-warning")) == "Phiếu đã nộp, không thể sửa nữa."


def test_what_a_page_hid_in_its_form_is_not_called_typed(world: World, browser: Browser) -> None:
    council = Sitting(world).open_ballot()
    browser.sign_in(council.users[2])
    address = f"/council/{council.contest.id}"
    votes = {f"choice_{entry.id}": "no" for entry in council.entries[:3]}
    browser.post(address, browser.get(address).values("form[action$='#ballot']") | votes)
    old_tab = browser.get(address).values("form[action$='#ballot']")
    council.do(withdraw_ballot, TurnBack(council.contest.id, "Thiếu thành viên."), by=council.organiser)

    page = browser.post(address, old_tab | votes, status=409)

    assert len(old_tab["seen"].split()) == 3
    assert not_kept(page) == []
