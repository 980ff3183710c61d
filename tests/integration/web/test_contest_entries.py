"""The organiser's pages of entries."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.vietnamese import fold
from app.models import Contest, Entry, Product, Recusal, ScoreSheet
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.queries import count_queries

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
    assert squeeze(page.select_one("caption")) == "Hiển thị 1–5 trên 5"
    assert page.select("nav[aria-label='Các trang']") == []


def hundred_and_one(world: World, contest: Contest) -> None:
    """Entries "Trà số 000" to "Trà số 100"."""
    pattern = world.product(name="Trà số 000")
    first = world.entry(contest, pattern)
    with world.session() as session:
        for number in range(1, 101):
            name = f"Trà số {number:03d}"
            product = Product(
                facility_id=pattern.facility_id,
                name=name,
                folded_name=fold(name),
                group_code=pattern.group_code,
                created_at=NOW,
            )
            entry = Entry(
                contest_id=contest.id,
                product=product,
                group_code=pattern.group_code,
                code=f"B-{100 + number}",
                state=first.state,
                created_at=NOW,
            )
            session.add(entry)


def test_a_long_list_comes_in_pages_of_fifty_that_keep_what_was_searched_for(
    world: World, organiser: Browser, contest: Contest
) -> None:
    hundred_and_one(world, contest)
    world.entry(contest, world.product(name="Gốm"))
    url, asked = f"/contests/{contest.id}/entries", "state=accepted&group=B&q=tra+so"

    pages = [organiser.get(f"{url}?{asked}&page={number}") for number in (1, 2, 3)]

    assert [listed(page) for page in pages] == [
        [f"Trà số {number:03d}" for number in numbers]
        for numbers in (range(50), range(50, 100), range(100, 101))
    ]
    assert [squeeze(page.select_one("caption")) for page in pages] == [
        "Hiển thị 1–50 trên 101",
        "Hiển thị 51–100 trên 101",
        "Hiển thị 101–101 trên 101",
    ]
    assert [links_around(page) for page in pages] == [
        {"next": f"{url}?page=2&{asked}"},
        {"prev": f"{url}?page=1&{asked}", "next": f"{url}?page=3&{asked}"},
        {"prev": f"{url}?page=2&{asked}"},
    ]


def links_around(page: Page) -> dict[str, str]:
    nav = page.one("nav[aria-label='Các trang']")
    return {link["rel"][0]: str(link["href"]) for link in nav.select("a")}


def test_a_page_that_does_not_exist_is_the_nearest_that_does(
    world: World, organiser: Browser, contest: Contest
) -> None:
    hundred_and_one(world, contest)
    asked = ("0", "-7", "hai", "", "9" * 5000, "4", "9" * 20)

    pages = [organiser.get(f"/contests/{contest.id}/entries?page={number}") for number in asked]

    assert [squeeze(page.select_one("nav[aria-label='Các trang'] span")) for page in pages] == [
        *["Trang 1/3"] * 5,
        *["Trang 3/3"] * 2,
    ]


def test_the_list_asks_the_database_as_often_for_one_entry_as_for_a_hundred(
    app: Flask, world: World, organiser: Browser, contest: Contest
) -> None:
    url = f"/contests/{contest.id}/entries"
    world.entry(contest)

    with count_queries(app.extensions["binhchon_engine"]) as for_one:
        organiser.get(url)
    hundred_and_one(world, contest)
    with count_queries(app.extensions["binhchon_engine"]) as for_many:
        organiser.get(url)

    assert len(for_many) == len(for_one)


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


def test_a_decision_that_does_not_say_what_was_read_is_none(
    world: World, organiser: Browser, contest: Contest
) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)

    organiser.post(f"/contests/{contest.id}/entries/{entry.id}/accept", status=409)

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


@pytest.mark.parametrize(
    ("year", "state", "remarked"),
    [
        (2026, EntryState.SUBMITTED, True),
        (2026, EntryState.REJECTED, False),
        (2026, EntryState.DRAFT, False),
        (2025, EntryState.ACCEPTED, False),
    ],
)
def test_a_product_that_is_in_two_contests_of_a_year_is_remarked_on(
    world: World, organiser: Browser, contest: Contest, year: int, state: EntryState, remarked: bool
) -> None:
    entry = world.entry(contest, state=EntryState.SUBMITTED)
    other = world.contest(ContestState.REGISTRATION, year=year)
    world.entry(other, world.get(Product, entry.product_id), state=state)

    page = organiser.get(f"/contests/{contest.id}/entries/{entry.id}")

    assert (f"Sản phẩm này còn tham gia: {other.name}." in squeeze(page.main)) is remarked
