"""Pages of motions: the organiser puts and closes them, members vote, the public reads what came of them."""

import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.motions import MotionKind
from app.domain.permissions import Role
from app.domain.results import Choice
from app.models import Motion, MotionVote
from tests.awards import issue, issued, sign
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.motions import PROPOSER, WHY, proposed, put, show_hands
from tests.sets import NAME, Sets


@pytest.fixture
def sets(world: World, browser: Browser) -> Sets:
    """An open ballot, its organiser at the browser."""
    sets = Sets(world).open()
    browser.sign_in(sets.award.organiser)
    return sets


def url(sets: Sets, step: str = "") -> str:
    return f"/contests/{sets.contest.id}/ballot{step}"


def merger(sets: Sets, *entries: int, **fields: Any) -> dict[str, Any]:
    """What the form of a merger sends."""
    chosen = [str(sets.entries[number].id) for number in entries]
    said = {"name": NAME, "ground": "material", "proposer": PROPOSER, "reason": WHY, "how": "hands"}
    return said | {"entries": chosen} | fields


HANDS = {"yes": "2", "no": "0", "abstain": "0"}


def test_a_set_is_joined_on_the_pages_and_shown_with_its_products(sets: Sets, browser: Browser) -> None:
    asked = browser.get(url(sets, "/motions/new/merge"))
    browser.post(url(sets, "/motions/new/merge"), merger(sets, 0, 2))
    put_page = browser.follow()
    browser.post(url(sets, "/motions/1/close"), put_page.values("form[data-keep]") | HANDS)
    done = browser.follow()
    page = browser.get(url(sets))

    boxes = [squeeze(label) for label in asked.select("#entries label")]
    assert boxes == [
        f"B-00{number} – {name} {number} (Hợp tác xã Sen Vàng)"
        for number, name in ((1, "Trà sen"), (3, "Trà sen ướp"), (4, "Tim sen"), (5, "Hạt sen"))
    ]
    assert [squeeze(label) for label in asked.select("#how label")] == [
        "Giơ tay; cơ quan tổ chức nhập số phiếu",
        "Mỗi thành viên trên thiết bị của mình",
    ]
    assert "Ghép B-001, B-003 thành bộ sản phẩm “Bộ trà sen Tân Hòa”" in squeeze(put_page.main)
    assert "Được thông qua" in squeeze(done.main)
    line = page.rows("table.tally")[0][0]
    assert line == (
        f"{NAME} B-001 · Hợp tác xã Sen Vàng Bộ gồm 2 sản phẩm (Cùng nguyên liệu), mỗi sản phẩm giữ điểm bình quân "
        "của mình: B-001 Trà sen 1: 90,00 B-003 Trà sen ướp 3: 80,00"
    )
    assert [str(link["href"]).rpartition("/")[2] for link in page.select("ul.motion-kinds a")] == [
        "split",
        "add",
        "leave-out",
        "nominate",
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "faulty"),
    [
        ("merge", {"entries": []}, ["entries"]),
        ("merge", {"name": "", "ground": ""}, ["name"]),
        ("merge", {"ground": "colour"}, ["ground"]),
        ("merge", {"name": "x" * 201}, ["name"]),
        ("merge", {"name": "Trà 🪷"}, ["name"]),
        ("merge", {"name": "trà sen 1"}, ["name"]),
        ("nominate", {"number": "zehn"}, ["number"]),
        ("nominate", {"number": "-1"}, ["number"]),
        ("nominate", {"number": "9" * 5000}, ["number"]),
        ("nominate", {}, ["number"]),
        ("nominate", {"number": "1", "how": "fax"}, ["how"]),
    ],
)
def test_what_cannot_be_put_is_named_beside_its_field_and_stays_typed(
    sets: Sets, browser: Browser, kind: str, fields: dict[str, Any], faulty: list[str]
) -> None:
    typed = merger(sets, 0, 2, reason="Lý do <b>đã ghi</b>.") | fields

    page = browser.post(url(sets, f"/motions/new/{kind}"), typed, status=422)

    assert list(page.field_errors) == faulty
    assert page.values()["reason"] == "Lý do <b>đã ghi</b>."
    assert sets.world.all(select(Motion)) == []


@pytest.mark.parametrize("entry", ["0", "999999999", "<script>", "1'; DROP TABLE motions", "9" * 40])
def test_an_entry_that_is_none_is_not_found(sets: Sets, browser: Browser, entry: str) -> None:
    typed = merger(sets, 0) | {"entries": [str(sets.entries[0].id), entry]}

    browser.post(url(sets, "/motions/new/merge"), typed, status=404)


def test_counts_that_cannot_be_are_named_and_stay_typed(sets: Sets, browser: Browser) -> None:
    browser.post(url(sets, "/motions/new/merge"), merger(sets, 0, 2))

    for none in ("zwei", "-1", "٤", "５", "1e1", "9" * 10):
        page = show_hands(browser, url(sets, "/motions/1"), "9", "", none, status=422)
        assert page.field_errors == dict.fromkeys(
            ("no", "abstain"), "Hãy nhập số thành viên, không ai thì nhập 0."
        )
        assert page.values()["abstain"] == none
    assert page.values()["yes"] == "9"
    page = show_hands(browser, url(sets, "/motions/1"), "9", "0", "0", status=422)
    assert page.field_errors == {"yes": "Tổng cộng 9 phiếu, nhưng chỉ có 2 thành viên được biểu quyết."}
    page = show_hands(browser, url(sets, "/motions/1"), "1", "0", "0", status=409)
    assert "phải có ít nhất 2 thành viên" in squeeze(page.one("[role=alert]"))
    values = browser.get(url(sets, "/motions/1")).values("form[data-keep]") | HANDS
    browser.post(url(sets, "/motions/1/close"), values)
    browser.post(url(sets, "/motions/1/close"), values, status=409)
    for number in ("2", "0", "99999999999999999999"):
        browser.get(url(sets, f"/motions/{number}"), status=404)


def test_a_motion_is_withdrawn_with_a_reason(sets: Sets, browser: Browser) -> None:
    browser.post(url(sets, "/motions/new/merge"), merger(sets, 0, 2))

    browser.post(url(sets, "/motions/1/withdraw"), {"reason": ""}, status=422)
    browser.post(url(sets, "/motions/1/withdraw"), {"reason": "Cơ sở <i>không</i> đồng ý."})

    page = browser.get(url(sets))
    assert "Đã rút Lý do: Cơ sở <i>không</i> đồng ý." in page.rows("table.motions")[0][3]
    browser.post(url(sets, "/motions/1/withdraw"), {"reason": "Lần nữa"}, status=409)


def test_members_vote_on_a_motion_at_their_own_page(sets: Sets, app: Flask) -> None:
    proposal = proposed(MotionKind.NOMINATE, number=2)
    put(sets.world, sets.contest, sets.award.organiser, proposal, by_hands=False)
    member, address = Browser(app), f"/council/{sets.contest.id}"
    sets.vote()  # on the ballot itself; the motion still waits
    member.sign_in(sets.world.user_of(sets.members[0].user_id))

    waiting = squeeze(member.get("/council/").main)
    page = member.get(address)
    member.post(f"{address}/motions/1/vote", {"motion-1-choice": "", "seen": ""}, status=422)
    member.post(f"{address}/motions/1/vote", {"motion-1-choice": "maybe"}, status=422)
    member.post(f"{address}/motions/1/vote", {"motion-1-choice": "yes", "seen": ""})
    again = member.get(address)
    voted = squeeze(member.get("/council/").main)
    stale = member.post(f"{address}/motions/1/vote", {"motion-1-choice": "no", "seen": ""}, status=409)
    member.post(f"{address}/motions/7/vote", {"motion-1-choice": "no", "motion-7-choice": "no"}, status=404)

    assert ("Chờ bạn biểu quyết" in waiting, "Chờ bạn biểu quyết" in voted) == (True, False)
    assert "Đề nghị 2 sản phẩm tham gia bình chọn cấp trên" in squeeze(page.one("form.card-box"))
    assert "Đã gửi: Đồng ý" in squeeze(again.one("form.card-box"))
    assert "đã được gửi từ nơi khác" in squeeze(stale.one("[role=alert]"))
    assert [vote.choice for vote in sets.world.all(select(MotionVote))] == [Choice.YES]


def test_a_motion_says_nothing_of_the_votes_before_it_is_closed(sets: Sets, browser: Browser) -> None:
    proposal = proposed(MotionKind.NOMINATE, number=2)
    put(sets.world, sets.contest, sets.award.organiser, proposal, by_hands=False)

    said = squeeze(browser.get(url(sets, "/motions/1")).main)

    assert "Đã biểu quyết: 0/2 thành viên được biểu quyết; cần ít nhất 2" in said
    assert "Đồng ý 0" not in said


def test_observers_look_on_and_strangers_find_nothing(sets: Sets, app: Flask, world: World) -> None:
    put(world, sets.contest, sets.award.organiser, proposed(MotionKind.NOMINATE, number=2))
    observer, stranger = Browser(app), Browser(app)
    observer.sign_in(world.member(Role.OBSERVER, contest_id=sets.contest.id))
    stranger.sign_in(world.organiser(world.territory("An Giang")))

    assert observer.get(url(sets, "/motions/1")).select("main form") == []
    for step in ("/motions/new/merge", "/motions/1/close", "/motions/1/withdraw", "/run-off"):
        observer.post(url(sets, step), merger(sets, 0, 2), status=403)
        stranger.post(url(sets, step), merger(sets, 0, 2), status=404)
    stranger.get(url(sets, "/motions/1"), status=404)
    stranger.post(f"/council/{sets.contest.id}/motions/1/vote", {"motion-1-choice": "yes"}, status=403)


def test_every_form_of_the_list_tells_the_products_of_a_set(sets: Sets, browser: Browser) -> None:
    sets.join(0, 2)
    sets.carry(MotionKind.NOMINATE, number=1)
    sets.finish()
    address = f"/results/{sets.contest.slug}"

    page = browser.get(address)
    document = json.loads(browser.file(f"{address}.json").data)
    rows = list(
        csv.reader(io.StringIO(browser.file(f"{address}.csv").data.decode("utf-8-sig")), delimiter=";")
    )
    check = browser.get(f"/c/{issued(sets.world)[0].code}")

    assert page.rows("table.recognised")[0][1].startswith(f"{NAME} bộ sản phẩm Hợp tác xã Sen Vàng")
    assert "B-003 Trà sen ướp 3: 80,00" in page.rows("table.recognised")[0][1]
    assert [row[0] for row in page.rows("table.motions")] == ["1", "2"]
    assert document["entries"][0]["members"] == [
        {"entry": "B-001", "product": "Trà sen 1", "average": "90.00"},
        {"entry": "B-003", "product": "Trà sen ướp 3", "average": "80.00"},
    ]
    assert "members" not in document["entries"][1]
    assert [one["kind"] for one in document["council_changes"]] == ["merge", "nominate"]
    assert any("B-001 Trà sen 1 (90,00); B-003 Trà sen ướp 3 (80,00)" in cell for row in rows for cell in row)
    assert "Sản phẩm trong bộ Trà sen 1 Trà sen ướp 3" in squeeze(check.main)


def test_the_public_learns_nothing_of_products_that_are_not_on_the_list(sets: Sets, browser: Browser) -> None:
    sets.carry(MotionKind.LEAVE_OUT, 1)
    sets.carry(MotionKind.ADD, 3)
    sets.vote(e3=Choice.NO)
    sets.close()
    sign(sets.award)
    issue(sets.award)

    page = Browser(browser.app).get(f"/results/{sets.contest.slug}")

    assert page.select("table.motions") == []
    assert "B-002" not in squeeze(page.main)
    assert "B-004" not in squeeze(page.main)
