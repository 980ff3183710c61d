"""The organiser's pages of entries."""

import pytest
from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.models import Contest, Entry, Recusal, ScoreSheet
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World

REASON = "Thiếu ảnh chụp mặt bên."


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION)


def listed(page: Page) -> list[str]:
    return [row[1] for row in page.rows()]


def version_on(page: Page, decision: str) -> str:
    return page.values(f"form[action$='/{decision}']")[f"{decision}-version"]


def decide(
    browser: Browser,
    entry: Entry,
    decision: str,
    *,
    status: int = 303,
    reason: str | None = None,
    version: str | None = None,
) -> Page:
    url = f"/contests/{entry.contest_id}/entries/{entry.id}"
    version = version if version is not None else version_on(browser.get(url), decision)
    typed = {f"{decision}-version": version}
    if reason is not None:
        typed[f"{decision}-reason"] = reason
    return browser.post(f"{url}/{decision}", typed, status=status)


def test_entries_are_listed_in_vietnamese_order_and_drafts_only_counted(
    world: World, organiser: Browser, contest: Contest
) -> None:
    for name in ("Ớt rim", "Đậu phộng", "Dầu tràm", "Áo lụa", "Ấm đất"):
        world.entry(contest, world.product(name=name))
    world.entry(contest, world.product(name="Nháp"), EntryState.DRAFT)

    page = organiser.get(f"/contests/{contest.id}/entries")

    assert listed(page) == ["Áo lụa", "Ấm đất", "Dầu tràm", "Đậu phộng", "Ớt rim"]
    assert "1 hồ sơ đang được cơ sở soạn và chưa hiển thị ở đây." in squeeze(page.select_one("main"))
    assert squeeze(page.select_one("caption")) == "Hiển thị 5 trên 5"


@pytest.fixture
def four(world: World, contest: Contest) -> None:
    maker = world.facility("Hợp tác xã Đường Mía")
    world.entry(contest, world.product(maker, "Nước mắm", group="B"), code="B-001")
    world.entry(
        contest, world.product(name="Gốm Bàu Trúc", group="A"), EntryState.SUBMITTED, receipt_code="7KQ2"
    )
    world.entry(contest, world.product(name="Giỏ mây 100%", group="A"), code="A-002")
    world.entry(contest, world.product(name="Máy sấy", group="C"), EntryState.REJECTED)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=submitted", ["Gốm Bàu Trúc"]),
        ("state=accepted&group=A", ["Giỏ mây 100%"]),
        ("group=C", ["Máy sấy"]),
        ("q=NUOC mam", ["Nước mắm"]),
        ("q=duong mia", ["Nước mắm"]),
        ("q=a-002", ["Giỏ mây 100%"]),
        ("q=7kq", ["Gốm Bàu Trúc"]),
        ("q=%25", ["Giỏ mây 100%"]),
        ("q=_", []),
        ("q=%00", ["Giỏ mây 100%", "Gốm Bàu Trúc", "Máy sấy", "Nước mắm"]),
        ("state=draft", ["Giỏ mây 100%", "Gốm Bàu Trúc", "Máy sấy", "Nước mắm"]),
        ("state=made-up&group=", ["Giỏ mây 100%", "Gốm Bàu Trúc", "Máy sấy", "Nước mắm"]),
        ("group=Z", []),
        ("q=<script>", []),
    ],
)
def test_the_list_is_filtered(
    organiser: Browser, contest: Contest, four: None, query: str, found: list[str]
) -> None:
    page = organiser.get(f"/contests/{contest.id}/entries?{query}")

    assert (listed(page) if page.select("table") else []) == found


def test_an_entry_shows_its_dossier_its_judges_and_its_code(
    world: World, organiser: Browser, contest: Contest
) -> None:
    entry = world.entry(contest, world.product(name="Trà sen"), code="B-007", receipt_code="7KQ2")
    world.sheet(world.judge(contest, world.user("Lê An")), entry)
    aside = world.judge(contest, world.user("Vũ Bình"))
    world.add(Recusal(judge_id=aside.id, entry_id=entry.id, reason="Người nhà", recorded_at=NOW))

    page = organiser.get(f"/contests/{contest.id}/entries/{entry.id}")

    facts = squeeze(page.select_one(".facts"))
    assert page.heading == "Trà sen"
    assert "Mã số bình chọn B-007" in facts
    assert "Mã tiếp nhận hồ sơ 7KQ2" in facts
    assert "Lê An , Vũ Bình (không chấm: Người nhà)" in facts
    assert page.select(".dossier") != []
    assert page.select(".review") == []


def test_a_dossier_is_accepted_and_its_history_told(
    world: World, organiser: Browser, contest: Contest
) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)

    decide(organiser, entry, "accept")

    page = organiser.follow()
    assert page.flashes == ["Đã tiếp nhận sản phẩm với mã số B-001."]
    assert [squeeze(act.select_one("strong")) for act in page.select(".history li")] == ["Đã tiếp nhận"]
    assert page.select(".review") == []


@pytest.mark.parametrize(
    ("decision", "state", "said"),
    [
        ("return", EntryState.RETURNED, "Đã trả lại hồ sơ cho cơ sở."),
        ("reject", EntryState.REJECTED, "Đã từ chối sản phẩm."),
    ],
)
def test_a_dossier_is_returned_or_rejected_with_its_reason(
    world: World, organiser: Browser, contest: Contest, decision: str, state: EntryState, said: str
) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)

    decide(organiser, entry, decision, reason=REASON)

    page = organiser.follow()
    assert page.flashes == [said]
    assert world.get(Entry, entry.id).state is state
    assert [squeeze(text) for text in page.select(".history .own-words")] == [REASON]


@pytest.mark.parametrize("decision", ["return", "reject"])
@pytest.mark.parametrize(
    ("reason", "said"),
    [("", "Mục này là bắt buộc."), (" \n", "Mục này là bắt buộc."), ("Ờ" * 2001, "Nhập tối đa 2000 ký tự.")],
)
def test_a_bad_reason_is_refused_beside_its_field_and_kept(
    world: World, organiser: Browser, contest: Contest, decision: str, reason: str, said: str
) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)

    page = decide(organiser, entry, decision, reason=reason, status=422)

    assert page.field_errors == {f"{decision}-reason": said}
    assert page.values(f"form[action$='/{decision}']")[f"{decision}-reason"].strip() == reason.strip()
    assert world.get(Entry, entry.id).state is EntryState.SUBMITTED


def test_a_hostile_reason_is_text(world: World, organiser: Browser, contest: Contest) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)

    decide(organiser, entry, "return", reason="<script>alert(1)</script>\x00 🌾")

    assert world.get(Entry, entry.id).review_reason == "<script>alert(1)</script> 🌾"
    assert organiser.follow().select("main script") == []


@pytest.mark.parametrize("version", ["", "0", "x", "99", "-1", "9" * 30])
def test_a_dossier_that_was_not_the_one_read_is_not_accepted(
    world: World, organiser: Browser, contest: Contest, version: str
) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)

    decide(organiser, entry, "accept", version=version, status=409)

    assert world.get(Entry, entry.id).state is EntryState.SUBMITTED


def test_a_dossier_sent_anew_meanwhile_is_read_again_first(
    world: World, organiser: Browser, contest: Contest
) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)
    seen = version_on(organiser.get(f"/contests/{contest.id}/entries/{entry.id}"), "accept")
    with world.session() as session:
        session.execute(update(Entry).where(Entry.id == entry.id).values(version=Entry.version + 2))

    page = decide(organiser, entry, "accept", version=seen, status=409)

    assert squeeze(page.select_one(".lead")) == (
        "Hồ sơ đã thay đổi từ khi bạn mở. Hãy đọc lại trước khi quyết định."
    )


def test_an_entry_without_the_lower_certificate_is_not_accepted_and_the_page_says_why(
    world: World, organiser: Browser
) -> None:
    contest = world.contest(ContestState.REGISTRATION, rules=world.rules(lower_tier_skipped=""))
    entry = world.entry(contest, state=EntryState.SUBMITTED)

    page = decide(organiser, entry, "accept", status=409)

    assert len(page.select(".alert-danger li")) == 1
    assert page.select(".review") != []


def test_a_decision_is_made_once(world: World, organiser: Browser, contest: Contest) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)
    decide(organiser, entry, "accept")

    decide(organiser, entry, "reject", version="1", reason=REASON, status=409)

    assert world.get(Entry, entry.id).state is EntryState.ACCEPTED


def test_a_draft_is_not_shown_to_the_organiser(world: World, organiser: Browser, contest: Contest) -> None:
    entry = world.entry(contest, state=EntryState.DRAFT)

    organiser.get(f"/contests/{contest.id}/entries/{entry.id}", status=404)
    organiser.post(f"/contests/{contest.id}/entries/{entry.id}/accept", {"accept-version": "1"}, status=404)


def test_the_next_dossier_that_waits_is_one_click_away(
    world: World, organiser: Browser, contest: Contest
) -> None:
    first, second = (world.entry(contest, state=EntryState.SUBMITTED) for _ in range(2))

    page = organiser.get(f"/contests/{contest.id}/entries/{first.id}")

    links = [str(link["href"]) for link in page.select("main p a")]
    assert f"/contests/{contest.id}/entries/{second.id}" in links
    assert world.all(select(ScoreSheet)) == []
