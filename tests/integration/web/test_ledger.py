"""Pages of the ledger: heads, bundle, histories, receipts, putting a sheet back, verifying."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.ledger import Occasion
from app.domain.permissions import Role
from app.models import LedgerHead, ScoreSheet, User
from app.services.ledger import record
from app.services.sequencing import publish_head
from app.verify.verify import verify
from tests.awards import Award, marks_for
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.bundles import (
    bundle_of,
    close,
    closed,
    edited,
    finished,
    judged,
    reopen,
    sheet_of,
    submit,
    unpacked,
    zipped,
)
from tests.queries import count_queries
from tests.uploads import zip_bomb

CERTIFICATES = Occasion.CERTIFICATES


def signed_in(browser: Browser, user: User) -> Browser:
    """Somebody else at another browser."""
    other = Browser(browser.app)
    other.sign_in(user)
    return other


def test_the_organiser_downloads_a_bundle_that_verifies(
    world: World, browser: Browser, tmp_path: Path
) -> None:
    award = finished(world, [[7000, 7200]])
    address = f"/contests/{award.contest.id}"
    browser.sign_in(award.organiser)

    page = browser.get(f"{address}/ledger")
    response = browser.client.post(f"{address}/bundle", data={"csrf_token": browser.csrf_token()})

    roots = [head.root for head in world.all(select(LedgerHead).order_by(LedgerHead.id))]
    (tmp_path / "bundle.zip").write_bytes(response.data)
    assert [row[3] for row in page.rows()] == roots
    assert (response.status_code, response.mimetype) == (200, "application/zip")
    assert verify(tmp_path / "bundle.zip", head=roots[0]).faults == []


def test_heads_of_one_occasion_and_day_are_one_line(world: World, browser: Browser) -> None:
    award = closed(world, [[7000, 7200]])
    evening = datetime(2030, 7, 5, 16, 50, tzinfo=UTC)  # ten minutes before midnight in Vietnam
    with world.session() as session:
        for minutes, occasion in (
            (0, CERTIFICATES),
            (4, CERTIFICATES),
            (8, CERTIFICATES),
            (12, CERTIFICATES),
        ):
            publish_head(session, award.contest.id, occasion, now=evening + timedelta(minutes=minutes))
        publish_head(session, award.contest.id, Occasion.EXPORT, now=evening + timedelta(minutes=13))
    browser.sign_in(award.organiser)

    page = browser.get(f"/contests/{award.contest.id}/ledger")

    rows = page.rows()
    assert [row[1] for row in rows][1:] == ["23:58 05/07/2030", "00:02 06/07/2030", "00:03 06/07/2030"]
    assert ["trước đó" in row[3] for row in rows] == [False, True, False, False]
    folded = page.one("details")
    assert squeeze(folded.summary) == "2 mã gốc trước đó trong ngày"
    assert [squeeze(item)[:16] for item in folded.select("li")] == ["23:54 05/07/2030", "23:50 05/07/2030"]


def test_nobody_sees_a_mark_before_scoring_closes(world: World, browser: Browser) -> None:
    award = judged(world, [[7000]])
    sheet, address = sheet_of(world, award.judges[0], award.entries[0].id), f"/contests/{award.contest.id}"
    head = world.user_of(world.judge(award.contest, is_head=True).user_id)

    for user in (award.organiser, world.member(Role.OBSERVER, contest_id=award.contest.id)):
        browser = signed_in(browser, user)
        browser.get(f"{address}/ledger")
        browser.get(f"{address}/history", status=409)
        browser.post(f"{address}/bundle", {}, status=409)
        browser.get(f"/ledger/sheets/{sheet.id}", status=404)
    signed_in(browser, head).get(f"/ledger/sheets/{sheet.id}", status=404)


def readers(award: Award) -> dict[str, User]:
    world, contest_id = award.world, award.contest.id
    return {
        "organiser": award.organiser,
        "observer": world.member(Role.OBSERVER, contest_id=contest_id),
        "head of jury": world.user_of(world.judge(award.contest, is_head=True).user_id),
        "judge": world.user_of(award.judges[0].user_id),
        "other judge": world.user_of(award.judges[1].user_id),
        "council": world.user_of(world.council_member(award.contest).user_id),
        "stranger": world.organiser(world.territory("Phía Nam")),
        "administrator": world.member(Role.ADMINISTRATOR),
    }


def test_after_scoring_a_sheets_history_is_for_who_leads_or_oversees_and_its_own_judge(
    world: World, browser: Browser
) -> None:
    award = closed(world, [[7000, 7200]])
    sheet = sheet_of(world, award.judges[0], award.entries[0].id)
    seen = {}

    for who, user in readers(award).items():
        seen[who] = signed_in(browser, user).client.get(f"/ledger/sheets/{sheet.id}").status_code

    assert seen == {
        "organiser": 200,
        "observer": 200,
        "head of jury": 200,
        "judge": 200,
        "other judge": 404,
        "council": 404,
        "stranger": 404,
        "administrator": 404,
    }


def test_a_history_tells_each_mark_old_and_new_who_and_why(world: World, browser: Browser) -> None:
    award = judged(world, [[7000]])
    sheet = sheet_of(world, award.judges[0], award.entries[0].id)
    reopen(world, award, sheet.id)
    submit(world, award.judges[0], award.entries[0].id, marks_for(7550))
    close(award)
    browser.sign_in(award.organiser)

    index = browser.get(f"/contests/{award.contest.id}/history?judge={award.judges[0].id}")
    page = browser.get(f"/ledger/sheets/{sheet.id}")

    assert [row[1:] for row in index.rows()] == [["Đã nộp", "4", "1"]]
    assert "Lý do: Nhập nhầm điểm." in page.text
    assert [row[1:] for row in page.rows(".sheet-history > li:last-child table")] == [["30", "35,5"]]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"source": "import"}, "thay cho Lê Thị Cúc · nhập từ tệp · "),
        ({"source": "keying"}, "thay cho Lê Thị Cúc · nhập từ phiếu giấy · "),
        ({"restored": 2}, "thay cho Lê Thị Cúc · khôi phục bản đã nộp trước · "),
        ({}, "thay cho Lê Thị Cúc · phiên bản"),
    ],
)
def test_a_history_tells_where_marks_of_another_hand_came_from(
    world: World, browser: Browser, source: dict[str, Any], said: str
) -> None:
    award = judged(world, [[7000]])
    sheet = sheet_of(world, award.judges[0], award.entries[0].id)
    with world.session() as session:
        row = session.get_one(ScoreSheet, sheet.id)
        record(session, award.actor, "score-sheet:submit", row, now=NOW, on_behalf_of="Lê Thị Cúc", **source)
    browser.sign_in(world.user_of(award.judges[0].user_id))

    last = browser.get(f"/ledger/sheets/{sheet.id}").one(".sheet-history > li:last-child p")

    assert said in squeeze(last)


def test_a_judge_is_led_from_the_sheet_to_the_receipt(world: World, browser: Browser) -> None:
    award = judged(world, [[7000, 7200]])
    sheet = sheet_of(world, award.judges[0], award.entries[0].id)
    browser.sign_in(world.user_of(award.judges[0].user_id))

    link = browser.get(f"/judging/sheets/{sheet.id}").one(f'a[href="/ledger/sheets/{sheet.id}/receipt"]')
    page = browser.get(str(link["href"]))
    other = signed_in(browser, world.user_of(award.judges[1].user_id))

    assert "Phiếu bạn nộp đã có trong nhật ký." in page.text
    assert "dòng 2 trong 4" in page.text
    other.get(str(link["href"]), status=404)
    other.get("/ledger/sheets/999999/receipt", status=404)


def test_the_receipt_of_a_reopened_sheet_says_so_until_it_is_submitted_again(
    world: World, browser: Browser
) -> None:
    award = judged(world, [[7000]])
    sheet = sheet_of(world, award.judges[0], award.entries[0].id)
    browser.sign_in(world.user_of(award.judges[0].user_id))
    address = f"/ledger/sheets/{sheet.id}/receipt"
    before = browser.get(address)
    reopen(world, award, sheet.id)

    page = browser.get(address)
    submit(world, award.judges[0], award.entries[0].id, marks_for(7550))
    after = browser.get(address)

    assert page.select(".alert-success, .alert-danger") == []
    said = squeeze(page.one(".alert-warning"))
    assert said.startswith(
        "Phiếu đã được mở lại lúc 09:00 10/03/2026. Biên nhận này là của lần nộp trước khi mở lại, không gồm những "
        "gì đã sửa sau đó. Khi nộp lại phiếu, bạn nhận biên nhận mới. Phiếu bạn nộp đã có trong nhật ký."
    )
    assert leaf_on(page) == leaf_on(before)
    assert (after.select(".alert-warning"), leaf_on(after) == leaf_on(before)) == ([], False)


def leaf_on(page: Page) -> str:
    return squeeze(page.select("dd .digest")[0])


def test_a_head_of_jury_puts_a_sheet_back_without_seeing_a_mark(world: World, browser: Browser) -> None:
    award = judged(world, [[7000]])
    sheet = sheet_of(world, award.judges[0], award.entries[0].id)
    reopen(world, award, sheet.id)
    submit(world, award.judges[0], award.entries[0].id, marks_for(7550))
    browser.sign_in(world.user_of(world.judge(award.contest, is_head=True).user_id))
    address = f"/ledger/sheets/{sheet.id}/restore"

    page = browser.get(address)
    version = str(page.one("input[type=radio]")["value"])
    refused = browser.post(address, {"version": version, "reason": ""}, status=422)
    unknown = browser.post(address, {"version": "77", "reason": "Nhầm phiếu."}, status=422)
    browser.post(address, {"version": version, "reason": "Sửa nhầm phiếu."})

    assert (refused.field_errors["reason"], list(unknown.field_errors)) == ("Hãy ghi lý do.", ["version"])
    assert "35,5" not in page.text
    assert sum(world.marks_of(sheet).values()) == 7000
    assert world.get(ScoreSheet, sheet.id).submitted_at is not None


def test_a_bundle_can_be_verified_on_a_page(world: World, browser: Browser) -> None:
    award = closed(world, [[7000, 7200]])
    bundle = bundle_of(award)
    forged = zipped(edited(unpacked(bundle), "sheets.json", lambda sheets: sheets[0]["marks"].update(L1=100)))
    browser.sign_in(award.organiser)

    right = browser.post("/ledger/verify", {"file": (BytesIO(bundle), "a.zip")}, status=200)
    wrong = browser.post("/ledger/verify", {"file": (BytesIO(forged), "a.zip")}, status=200)

    assert "Mọi nội dung trong gói đều khớp." in right.text
    assert "Trong gói có chỗ sai." in wrong.text
    assert "SAI: Phiếu 1, điểm" in wrong.text


def test_a_head_from_the_minutes_is_looked_for_in_the_bundle(world: World, browser: Browser) -> None:
    award = closed(world, [[7000, 7200]])
    bundle = bundle_of(award)
    forged = zipped(edited(unpacked(bundle), "sheets.json", lambda sheets: sheets[0]["marks"].update(L1=100)))
    head = world.all(select(LedgerHead.root))[0]
    printed = " ".join(head[at : at + 8].upper() for at in range(0, 64, 8))
    browser.sign_in(award.organiser)

    def verdict(content: bytes, typed: str) -> list[str]:
        values = {"file": (BytesIO(content), "a.zip"), "head": typed}
        page = browser.post("/ledger/verify", values, status=200)
        return [squeeze(page.one("[role=alert] strong")), squeeze(page.one("[role=alert] .head"))]

    assert verdict(bundle, printed) == ["Mọi nội dung trong gói đều khớp.", "Mã gốc đã nhập có trong gói."]
    assert verdict(bundle, "a" * 64) == ["Trong gói có chỗ sai.", "Mã gốc đã nhập KHÔNG có trong gói."]
    assert verdict(forged, head) == [
        "Trong gói có chỗ sai.",
        "Chưa thể kết luận về mã gốc đã nhập khi những chỗ sai dưới đây chưa được làm rõ.",
    ]


@pytest.mark.parametrize("typed", ["a" * 63, "a" * 65, "g" * 64, "--head", "<script>", "🪷", "a" * 100_000])
def test_what_is_no_head_is_refused_in_words(world: World, browser: Browser, typed: str) -> None:
    award = closed(world, [[7000, 7200]])
    browser.sign_in(award.organiser)

    values = {"file": (BytesIO(bundle_of(award)), "a.zip"), "head": typed}
    page = browser.post("/ledger/verify", values, status=422)

    assert page.field_errors == {
        "head": "Đây không phải là mã gốc. Mã gốc có 64 ký tự, gồm các chữ số và chữ cái từ a đến f."
    }
    assert page.values("main form")["head"] == typed


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\x00" * 40, zip_bomb()])
def test_what_is_no_bundle_is_refused_in_words(world: World, browser: Browser, content: bytes) -> None:
    browser.sign_in(world.user())

    page = browser.get("/ledger/verify")
    answer = browser.client.post(
        "/ledger/verify",
        data={"csrf_token": page.values()["csrf_token"], "file": (BytesIO(content), "<script>.zip")},
    )

    assert answer.status_code in (200, 422)
    assert (
        "Hãy chọn" in answer.text
        or "SAI: Không đọc được gói" in answer.text
        or "SAI: Nội dung" in answer.text
    )


def test_verifying_asks_for_a_file_and_for_signing_in(world: World, browser: Browser) -> None:
    assert browser.client.get("/ledger/verify").status_code == 303
    browser.sign_in(world.user())

    page = browser.post("/ledger/verify", {}, status=422)

    assert page.field_errors == {"file": "Hãy chọn gói cần kiểm chứng."}


def test_the_public_list_shows_the_head_and_nothing_of_the_leaves(world: World, browser: Browser) -> None:
    award = finished(world, [[7000, 7200]])
    address = f"/results/{award.contest.slug}"
    head = world.all(select(LedgerHead).where(LedgerHead.occasion == "decision-recorded"))[0]

    page, document = browser.get(address), browser.file(f"{address}.json").get_json()

    assert head.root in page.text
    assert document["ledger_head"] == {"size": head.size, "root": head.root}
    for private in ("ledger", "history"):
        assert browser.client.get(f"/contests/{award.contest.id}/{private}").status_code == 303


def test_foreign_and_unknown_contests_have_no_ledger(world: World, browser: Browser) -> None:
    award = closed(world, [[7000]])
    browser.sign_in(world.organiser(world.territory("Phía Nam")))

    for contest_id in (award.contest.id, 999999):
        browser.get(f"/contests/{contest_id}/ledger", status=404)
        browser.get(f"/contests/{contest_id}/history", status=404)
        browser.post(f"/contests/{contest_id}/bundle", {}, status=404)


def test_the_history_takes_as_many_queries_for_three_sheets_as_for_one(
    world: World, browser: Browser
) -> None:
    counts = []
    for entries in (1, 3):
        award = closed(world, [[7000]] * entries)
        reader = signed_in(browser, award.organiser)
        with count_queries(browser.app.extensions["binhchon_engine"]) as queries:
            reader.get(f"/contests/{award.contest.id}/history?judge={award.judges[0].id}")
        counts.append(len(queries))

    assert counts[0] == counts[1]
