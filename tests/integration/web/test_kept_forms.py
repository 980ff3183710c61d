"""What is typed in a form that is sent when the session has ended is not lost."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.permissions import Role
from app.models import KeptForm, Product, User
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.signed_out import typed_again

OWN_PAGE = {"Origin": "http://localhost", "Referer": "http://localhost/judging/"}


class Desk:
    """A judge who opened a sheet, and what was typed on it since."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self.browser = world, browser
        self.contest = world.contest()
        self.user = world.user()
        self.sheet = world.sheet(
            world.judge(self.contest, self.user), world.entry(self.contest), {"L1": 1000}
        )
        self.url = f"/judging/sheets/{self.sheet.id}"
        browser.sign_in(self.user)
        self.typed = {
            **browser.get(self.url).values("form.sheet-marks"),
            "mark_L1": "32,5",
            "mark_L2": "85,5,5",
            "note_L2": "Cần xem <b>mẫu</b>.",
            "remark": "Đẹp.",
            "intruder": "x",
        }

    def post(self, **headers: str) -> None:
        """Send the form as the open page would, with the token it was made with."""
        self.browser.post(self.url, self.typed, headers={**OWN_PAGE, **headers})

    @property
    def kept(self) -> list[KeptForm]:
        return self.world.all(select(KeptForm))


@pytest.fixture
def desk(world: World, browser: Browser) -> Desk:
    return Desk(world, browser)


def end_session(desk: Desk) -> None:
    desk.browser.client.delete_cookie("session")


def sign_out_in_another_tab(desk: Desk) -> None:
    desk.browser.sign_out()
    desk.browser.get("/sign-in")


def end_session_on_the_server(desk: Desk) -> None:
    with desk.world.session() as session:
        session.execute(update(User).where(User.id == desk.user.id).values(fs_uniquifier="another"))


ENDS = [end_session, sign_out_in_another_tab, end_session_on_the_server]


@pytest.mark.parametrize("end", ENDS)
def test_what_was_typed_comes_back_after_sign_in_and_is_not_yet_saved(
    desk: Desk, end: Callable[[Desk], None]
) -> None:
    end(desk)

    desk.post()
    assert desk.browser.location.startswith("/sign-in?next=")
    page = desk.browser.follow()
    form = page.values("form[name=login_user_form]")
    desk.browser.post(
        "/sign-in", {**form, "email": desk.user.email, "password": "hoa sen nở trên hồ"}, status=302
    )
    assert desk.browser.location == desk.url
    page = desk.browser.follow()

    values = page.values("form.sheet-marks")
    names = ("mark_L1", "mark_L2", "note_L2", "remark", "version")
    assert [values[name] for name in names] == ["32,5", "85,5,5", "Cần xem <b>mẫu</b>.", "Đẹp.", "1"]
    assert "Nội dung vừa nhập chưa được lưu" in squeeze(page.select_one("main > .alert[role=alert]"))
    assert squeeze(page.select_one(".saved-beside")) == "Bản đã lưu: 10"
    assert (desk.world.marks_of(desk.sheet), desk.kept) == ({"L1": 1000}, [])


def test_it_comes_back_once_and_is_saved_like_any_other(desk: Desk) -> None:
    end_session(desk)
    desk.post()
    desk.browser.sign_in(desk.user)
    values = desk.browser.get(desk.url).values("form.sheet-marks")

    assert desk.browser.get(desk.url).values("form.sheet-marks")["mark_L1"] == "10"
    desk.browser.post(desk.url, {**values, "mark_L2": "35"})

    assert desk.world.marks_of(desk.sheet) == {"L1": 3250, "L2": 3500}


def test_signed_in_again_in_another_tab_the_old_tab_s_form_is_kept_too(desk: Desk) -> None:
    desk.browser.sign_out()
    desk.browser.sign_in(desk.user)

    desk.post()

    assert desk.browser.location == desk.url
    assert desk.browser.follow().values("form.sheet-marks")["mark_L1"] == "32,5"
    assert desk.world.marks_of(desk.sheet) == {"L1": 1000}


def test_another_judge_at_the_same_browser_gets_nothing(desk: Desk, world: World) -> None:
    end_session(desk)
    desk.post()
    colleague = world.user()
    own = world.sheet(world.judge(desk.contest, colleague), world.entry(desk.contest))
    desk.browser.sign_in(colleague)

    desk.browser.get(desk.url, status=404)
    page = desk.browser.get(f"/judging/sheets/{own.id}")

    assert "32,5" not in str(page)
    assert page.select("main > .alert[role=alert]") == []


def test_another_browser_gets_nothing(desk: Desk, app: Flask) -> None:
    end_session(desk)
    desk.post()
    elsewhere = Browser(app)
    elsewhere.sign_in(desk.user)

    assert elsewhere.get(desk.url).values("form.sheet-marks")["mark_L1"] == "10"


def test_what_the_sheet_became_meanwhile_stands_beside(desk: Desk, app: Flask) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in(desk.user)
    elsewhere.post(desk.url, {"version": "1", "mark_L1": "15", "remark": "Khác"})
    end_session(desk)
    desk.post()
    desk.browser.sign_in(desk.user)

    page = desk.browser.get(desk.url)

    beside = [squeeze(one) for one in page.select(".saved-beside")]
    assert beside == ["Bản đã lưu: 15", "Bản đã lưu: –", "Bản đã lưu: –", "Bản đã lưu: Khác"]
    assert page.values("form.sheet-marks")["version"] == "2"


def test_neither_the_token_nor_odd_names_are_kept(desk: Desk) -> None:
    end_session(desk)
    desk.typed |= {"<b>": "x", "n" * 61: "x"}
    desk.post()

    [row] = desk.kept
    assert row.path == desk.url
    assert sorted(json.loads(row.fields_json)) == sorted(set(desk.typed) - {"csrf_token", "<b>", "n" * 61})


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_form_of_a_foreign_page_is_never_kept(desk: Desk, headers: dict[str, str]) -> None:
    end_session(desk)

    desk.post(**headers)

    assert desk.kept == []


def test_a_form_that_is_too_large_is_not_kept(desk: Desk) -> None:
    end_session(desk)
    desk.typed["remark"] = "ổ" * 30_000

    desk.post()

    assert (desk.kept, desk.browser.location.startswith("/sign-in")) == ([], True)


@pytest.mark.parametrize("token", ["", "old", "IjQyIg.aSGMXA.x"])
def test_a_form_without_a_token_of_ours_is_not_kept(desk: Desk, token: str) -> None:
    end_session(desk)

    desk.browser.client.post(desk.url, data={**desk.typed, "csrf_token": token}, headers=OWN_PAGE)

    assert desk.kept == []


def test_a_form_in_which_nothing_was_typed_is_not_kept(desk: Desk) -> None:
    end_session(desk)
    desk.typed = {name: desk.typed[name] for name in ("csrf_token", "version")} | {"remark": " "}

    desk.post()

    assert desk.kept == []


def test_a_new_password_is_never_kept(desk: Desk) -> None:
    form = desk.browser.get("/account/password").values("form[name=change_password_form]")
    end_session(desk)

    desk.browser.post("/account/password", {**form, "new_password": "bí mật của tôi"}, headers=OWN_PAGE)

    assert desk.kept == []


TOLD = ["Bạn đã bị đăng xuất trước khi nội dung này được lưu. Hãy kiểm tra lại rồi lưu."]


def test_a_product_that_was_typed_comes_back(world: World, browser: Browser) -> None:
    user = world.facility_user(world.facility())
    browser.sign_in(user)
    typed = {"name": "Trà sen", "is_set": "y", "group_code": "B", "description": "Ướp hương\nba lần."}

    page = typed_again(browser, user, "/facility/products/new", typed)

    values = page.values()
    assert {name: values[name] for name in typed} == typed
    assert (page.flashes, world.all(select(Product))) == (TOLD, [])


def test_a_reason_comes_back_to_the_page_it_was_typed_on(world: World, browser: Browser) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    entry = world.entry(contest, state=EntryState.SUBMITTED)
    user = world.organiser(world.territory("Lâm Đồng"))
    browser.sign_in(user)
    url = f"/contests/{contest.id}/entries/{entry.id}"
    typed = {"return-version": str(entry.version), "return-reason": "Thiếu ảnh."}

    page = typed_again(browser, user, url, typed, to=f"{url}/return")

    assert page.values("form[action$='/return']")["return-reason"] == "Thiếu ảnh."
    assert page.values("form[action$='/reject']")["reject-reason"] == ""


def test_an_address_with_a_question_is_found_again(world: World, browser: Browser) -> None:
    user = world.member(Role.ADMINISTRATOR)
    browser.sign_in(user)

    page = typed_again(browser, user, "/admin/invitations/new?role=organiser", {"name": "Trần Thị Hạnh"})

    assert page.values("form[name=invite_form]")["name"] == "Trần Thị Hạnh"


def test_whoever_signs_in_next_at_the_same_address_sees_nothing_of_it(world: World, browser: Browser) -> None:
    first, second = (world.facility_user(world.facility()) for _turn in range(2))
    browser.sign_in(first)
    token = browser.get("/facility/products/new").values()["csrf_token"]
    browser.client.delete_cookie("session")
    browser.post("/facility/products/new", {"name": "Bí quyết", "csrf_token": token}, headers=OWN_PAGE)

    browser.sign_in(second)
    other = browser.get("/facility/products/new")
    browser.sign_out()

    assert (other.values()["name"], other.flashes) == ("", [])


def test_a_forged_form_of_somebody_signed_in_is_refused(desk: Desk) -> None:
    desk.browser.post(
        desk.url,
        {**desk.typed, "csrf_token": "forged"},
        headers={"Origin": "https://evil.example"},
        status=400,
    )

    assert (desk.world.marks_of(desk.sheet), desk.kept) == ({"L1": 1000}, [])


def test_after_a_day_nothing_comes_back(desk: Desk) -> None:
    end_session(desk)
    desk.post()
    with desk.world.session() as session:
        session.execute(update(KeptForm).values(kept_at=desk.kept[0].kept_at - timedelta(hours=25)))
    desk.browser.sign_in(desk.user)

    assert desk.browser.get(desk.url).values("form.sheet-marks")["mark_L1"] == "10"
