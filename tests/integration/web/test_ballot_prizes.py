"""Pages that show and settle classes of prize: organiser, council and public."""

import pytest
from flask import Flask

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.domain.rules import PrizeBy, PrizeRule
from tests.awards import move, sign
from tests.browsing import Browser, Page, squeeze
from tests.builders import World
from tests.motions import PROPOSER, show_hands
from tests.prizes import WHY, PrizeCouncil, at_the_ballot, closed, prized
from tests.queries import count_queries


@pytest.fixture
def council(world: World, browser: Browser) -> PrizeCouncil:
    return at_the_ballot(world, browser)


def url(council: PrizeCouncil, step: str = "") -> str:
    return f"/contests/{council.contest.id}/ballot{step}"


def prize_url(council: PrizeCouncil, entry: int) -> str:
    return url(council, f"/motions/new/prize?entry={council.award.entries[entry].id}")


def sent(council: PrizeCouncil, entry: int, **fields: str) -> dict[str, str]:
    """What the form of a motion about one prize sends."""
    entries = {"entries": str(council.award.entries[entry].id)}
    return entries | {"proposer": PROPOSER, "how": "hands", "prize": "2", "reason": WHY} | fields


def code(council: PrizeCouncil, entry: int) -> str:
    return str(council.award.entries[entry].code)


def test_the_ballot_page_shows_each_prize_and_what_is_to_be_settled(
    council: PrizeCouncil, browser: Browser
) -> None:
    page = browser.get(url(council))

    assert [row[1] for row in page.rows("table.tally")] == [
        f"Giải A Sửa {code(council, 0)}",
        f"Giải B Sửa {code(council, 1)}",
        f"Bằng điểm: chờ hội đồng quyết định Quyết định {code(council, 2)}",
        f"Bằng điểm: chờ hội đồng quyết định Quyết định {code(council, 3)}",
        f"Không có giải Sửa {code(council, 4)}",
    ]
    assert "Hạng giải: Giải A 1/1; Giải B 1/2; Giải khuyến khích 0/1." in squeeze(page.main)
    assert f"Bằng điểm ở ranh giới hạng giải: {code(council, 2)}, {code(council, 3)}." in squeeze(
        page.select_one(".alert-warning")
    )


def test_a_prize_is_settled_by_a_motion_and_shown_with_its_reason(
    council: PrizeCouncil, browser: Browser
) -> None:
    asked = browser.get(prize_url(council, 2))
    browser.post(prize_url(council, 2), sent(council, 2, reason="Mẫu mã <b>đẹp</b> hơn."))
    put = browser.follow()
    show_hands(browser, url(council, "/motions/1"), "2", "0", "0")
    page = browser.get(url(council))

    assert [squeeze(label) for label in asked.select("#prize label")] == [
        "Giải A",
        "Giải B",
        "Giải khuyến khích",
        "Không có giải",
    ]
    assert [box["value"] for box in asked.select("input[checked]")] == [
        str(council.award.entries[2].id),
        "hands",
    ]
    assert put.flashes[0] == "Đã đưa đề nghị số 1 ra hội đồng."
    assert page.rows("table.tally")[2][1] == (
        "Giải B Theo điểm: bằng nhau ở ranh giới hạng giải Lý do: Mẫu mã <b>đẹp</b> hơn. "
        f"Sửa {code(council, 2)}"
    )


def test_no_prize_is_given_expressly(council: PrizeCouncil, browser: Browser) -> None:
    browser.post(prize_url(council, 3), sent(council, 3, prize="-"))
    show_hands(browser, url(council, "/motions/1"), "2", "0", "0")

    assert council.items[3] == (None, WHY)


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"prize": "", "proposer": " ", "reason": "", "how": ""}, ["prize", "proposer", "reason", "how"]),
        ({"reason": "  "}, ["reason"]),
        ({"prize": "9"}, ["prize"]),
        ({"prize": "<script>" * 5000}, ["prize"]),
        ({"prize": "2\x00"}, ["prize"]),
        ({"reason": "x" * 2001}, ["reason"]),
        ({"reason": "Trà 🪷"}, ["reason"]),
        ({"proposer": "x" * 121}, ["proposer"]),
        ({"entries": ""}, ["entries"]),
    ],
)
def test_what_cannot_be_kept_is_named_beside_its_field_and_stays_typed(
    council: PrizeCouncil, browser: Browser, fields: dict[str, str], faulty: list[str]
) -> None:
    typed = sent(council, 2, **fields)
    if not typed["entries"]:
        del typed["entries"]

    page = browser.post(prize_url(council, 2), typed, status=422)

    assert list(page.field_errors) == faulty
    assert page.values()["reason"] == typed["reason"].strip()
    assert council.events("motion:put") == []


def test_the_same_prize_once_more_is_refused_with_what_was_typed(
    council: PrizeCouncil, browser: Browser
) -> None:
    council.settle(2, "2")

    page = browser.post(prize_url(council, 2), sent(council, 2), status=409)

    assert "đã có đúng hạng giải đó" in squeeze(page.select_one("[role=alert]"))
    assert page.values()["reason"] == WHY
    assert len(council.events("motion:put")) == 1


def test_a_page_left_open_after_the_close_changes_nothing(council: PrizeCouncil, browser: Browser) -> None:
    closed(council)

    for entry in (0, 2):
        browser.post(prize_url(council, entry), sent(council, entry), status=409)

    assert council.items[0] == ("1", "")


def test_the_close_is_refused_by_name_until_everything_is_settled(
    council: PrizeCouncil, browser: Browser
) -> None:
    council.vote()
    asked = browser.get(url(council, "/close"))

    page = browser.post(url(council, "/close"), {"note": "Ghi chú"}, status=409)

    tied = f"{code(council, 2)}, {code(council, 3)}"
    assert f"Bằng điểm ở ranh giới hạng giải: {tied}." in squeeze(asked.select_one(".alert-warning"))
    assert f"Bằng điểm ở ranh giới hạng giải: {tied}." in squeeze(page.select_one("[role=alert]"))
    assert page.values()["note"] == "Ghi chú"


def test_too_many_of_a_class_are_told_before_and_at_the_close(
    council: PrizeCouncil, browser: Browser
) -> None:
    for entry in (1, 2, 3):
        council.settle(entry, "1" if entry == 1 else "2")
    council.vote()
    page = browser.get(url(council))

    refused = browser.post(url(council, "/close"), {"note": ""}, status=409)

    both = f"{code(council, 0)}, {code(council, 1)}"
    assert f"Giải A đang ghi cho 2 sản phẩm ({both}), trong khi quy chế chỉ có 1 giải." in squeeze(page.main)
    assert f"Có 2 sản phẩm cùng một hạng giải ({both})" in squeeze(refused.select_one("[role=alert]"))


def test_after_the_close_the_page_says_which_prizes_are_free(council: PrizeCouncil, browser: Browser) -> None:
    closed(council, 0)

    page = browser.get(url(council))

    assert page.rows("table.tally")[0][-2] == "– Không được thông qua: không trao Giải A"
    said = squeeze(page.main)
    assert "Hạng giải: Giải A 0/1; Giải B 2/2; Giải khuyến khích 1/1." in said
    assert f"Không được thông qua nên giải còn trống: {code(council, 0)}." in said
    assert page.select("table.tally a") == []


def test_what_may_become_of_a_free_prize_is_told_only_while_the_ballot_can_be_opened_again(
    council: PrizeCouncil, app: Flask
) -> None:
    closed(council, 0)
    member = Browser(app)
    member.sign_in(council.members[1])

    told = {}
    for state in (ContestState.VOTED, ContestState.PROVISIONAL, ContestState.FINAL):
        move(council.award, state)
        said = squeeze(member.get(f"/council/{council.contest.id}").main)
        told[state] = ["giải còn trống" in said, "có thể mở lại biểu quyết" in said, "Giải A 0/1" in said]

    assert told == {
        ContestState.VOTED: [True, True, True],
        ContestState.PROVISIONAL: [False, False, True],
        ContestState.FINAL: [False, False, True],
    }


def test_bands_have_no_number_and_no_free_place(world: World, browser: Browser) -> None:
    bands = (PrizeRule("1", "Xuất sắc", "Excellent", 9000),)
    council = PrizeCouncil(prized(world, (9500, 8000), prizes=bands, prize_by=PrizeBy.BAND))
    council.open()
    council.vote(0)
    council.close()
    browser.sign_in(council.award.organiser)

    said = squeeze(browser.get(url(council)).main)

    assert "Hạng giải: Xuất sắc 0." in said
    assert "giải còn trống" not in said


def test_members_of_the_council_see_the_prizes_and_cannot_settle_them(
    council: PrizeCouncil, app: Flask
) -> None:
    member = Browser(app)
    member.sign_in(council.members[1])

    page = member.get(f"/council/{council.contest.id}")
    member.get(prize_url(council, 2), status=403)
    member.post(prize_url(council, 2), sent(council, 2), status=403)

    hints = [squeeze(hint) for hint in page.select("#ballot ~ form .hint") if "Hạng giải" in squeeze(hint)]
    assert hints == [
        "Hạng giải: Giải A",
        "Hạng giải: Giải B",
        "Hạng giải: Bằng điểm: chờ hội đồng quyết định",
        "Hạng giải: Bằng điểm: chờ hội đồng quyết định",
        "Hạng giải: Không có giải",
    ]
    assert page.select("a[href*='/motions/new/']") == []


def test_observers_and_strangers_do_not_settle_prizes(
    council: PrizeCouncil, world: World, app: Flask
) -> None:
    typed = sent(council, 2)
    observer, stranger = Browser(app), Browser(app)
    observer.sign_in(world.member(Role.OBSERVER, contest_id=council.contest.id))
    stranger.sign_in(world.organiser(world.territory("An Giang")))

    observer.post(prize_url(council, 2), typed, status=403)
    stranger.post(prize_url(council, 2), typed, status=404)
    stranger.get(prize_url(council, 2), status=404)
    Browser(app).get(prize_url(council, 2), status=303)

    assert observer.get(url(council)).select("a[href*='/motions/new/']") == []
    assert council.items[2] == (None, "")


def test_an_unknown_product_is_not_found(council: PrizeCouncil, browser: Browser) -> None:
    for entry in ("999999", "0", "99999999999999999999", "<script>"):
        browser.post(prize_url(council, 2), sent(council, 2, entries=entry), status=404)
    browser.get(url(council, "/motions/new/prize?entry=<script>"))
    browser.get(url(council, "/motions/new/unknown"), status=404)

    assert council.events("motion:put") == []


def test_the_pages_take_the_same_statements_with_two_products_and_with_five(
    world: World, browser: Browser, app: Flask
) -> None:
    def statements(totals: tuple[int, ...]) -> list[int]:
        council = PrizeCouncil(prized(world, totals))
        council.open()
        found = []
        for user, address in (
            (council.award.organiser, url(council)),
            (council.award.organiser, prize_url(council, 0)),
            (council.members[0], f"/council/{council.contest.id}"),
        ):
            reader = Browser(app)
            reader.sign_in(user)
            reader.get(address)
            found.append(queries_of(reader, address, app))
        council.vote()
        council.close()
        sign(council.award)
        return [*found, queries_of(browser, f"/results/{council.contest.slug}", app)]

    assert statements((9500, 9000)) == statements((9500, 9000, 8900, 8000, 7900))


def queries_of(reader: Browser, address: str, app: Flask) -> int:
    with count_queries(app.extensions["binhchon_engine"]) as sent:
        _page: Page = reader.get(address)
    return len(sent)
