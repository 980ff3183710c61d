"""The matrix of judges and product groups; also from a page that somebody else's save or a sign-out has overtaken."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.models import Contest, Judge, JudgeGroup, ScoreSheet
from tests.assignments import groups
from tests.browsing import Browser, Page, squeeze
from tests.builders import World
from tests.signed_out import typed_again

Sent = dict[str, str | list[str]]


class Desk:
    """An organiser before the groups of two judges, the first of whom scores group B."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self.browser = world, browser
        self.contest: Contest = world.contest(ContestState.REGISTRATION)
        self.first: Judge = world.judge(self.contest, world.user("Lê An"))
        self.second: Judge = world.judge(self.contest, world.user("Lê Bình"))
        world.add(JudgeGroup(judge_id=self.first.id, group_code="B"))
        self.organiser = world.organiser(world.territory("Lâm Đồng"))
        browser.sign_in(self.organiser)
        self.url = f"/contests/{self.contest.id}/jury/assignments"
        self.opened = sent_by(browser.get(self.url))

    def save(self, form: Sent, status: int = 303) -> Page:
        return self.browser.post(self.url, form, status=status)

    @property
    def kept(self) -> dict[str, list[str]]:
        return {judge: groups(self.world, one) for judge, one in (("An", self.first), ("Bình", self.second))}


def sent_by(page: Page) -> Sent:
    """What the form would send, with every box that is ticked."""
    form: Sent = dict(page.values("main form"))
    for name in [name for name in form if name.startswith("groups-")]:
        boxes = page.select(f"input[name={name}][checked]")
        form[name] = ["", *(str(box["value"]) for box in boxes)]
    return form


def beside(page: Page) -> dict[str, str]:
    """What is said beside boxes: the box in words -> what is saved now."""
    return {
        str(page.one(f"[aria-describedby={said['id']}]")["aria-label"]).partition(" –")[0]: squeeze(said)
        for said in page.select(".saved-beside")
    }


@pytest.fixture
def desk(world: World, browser: Browser) -> Desk:
    return Desk(world, browser)


def test_the_matrix_assigns_groups_to_judges(world: World, desk: Desk) -> None:
    entry = world.entry(desk.contest, world.product(group="A"))

    desk.save(
        {**desk.opened, f"groups-{desk.first.id}": ["", "A", "B"], f"groups-{desk.second.id}": ["", "A"]}
    )

    page = desk.browser.follow()
    assert page.flashes == ["Đã lưu phân công. Số phiếu giao thêm: 2, thu lại: 0."]
    assert desk.kept == {"An": ["A", "B"], "Bình": ["A"]}
    ticked = sent_by(page)
    assert ticked[f"groups-{desk.first.id}"] == ["", "A", "B"]
    assert ticked[f"groups-{desk.second.id}"] == ["", "A"]
    assert sorted(world.all(select(ScoreSheet.entry_id))) == [entry.id, entry.id]


def test_the_matrix_says_who_was_left_out_for_the_own_facility(world: World, desk: Desk) -> None:
    facility = world.facility()
    world.entry(desk.contest, world.product(facility))
    maker = world.judge(desk.contest, world.facility_user(facility))

    desk.save({**sent_by(desk.browser.get(desk.url)), f"groups-{maker.id}": ["", "B"]})

    assert desk.browser.follow().flashes[1] == (
        "1 sản phẩm không được phân công cho giám khảo thuộc chính cơ sở đó."
    )


def test_a_refused_matrix_keeps_what_was_ticked_and_changes_nothing(world: World, desk: Desk) -> None:
    world.sheet(desk.first, world.entry(desk.contest), {"L1": 3000})
    chosen: Sent = {f"groups-{desk.first.id}": [""], f"groups-{desk.second.id}": ["", "C"]}

    page = desk.save({**desk.opened, **chosen}, status=409)

    assert page.flashes == [
        "Lê An đã bắt đầu chấm sản phẩm thuộc nhóm mà bạn bỏ phân công. Chưa có gì thay đổi."
    ]
    assert {name: codes for name, codes in sent_by(page).items() if name in chosen} == chosen
    assert desk.kept == {"An": ["B"], "Bình": []}


def test_a_made_up_group_is_nothing(desk: Desk) -> None:
    desk.save({**desk.opened, f"groups-{desk.second.id}": ["Z\x00"]}, status=404)

    assert desk.kept == {"An": ["B"], "Bình": []}


def test_an_old_page_takes_nothing_back_that_somebody_else_has_given(desk: Desk) -> None:
    desk.save({**desk.opened, f"groups-{desk.second.id}": ["", "D"]})

    page = desk.save(desk.opened, status=409)

    assert page.flashes[-1] == (
        "Ban giám khảo hoặc nhóm sản phẩm của giám khảo đã thay đổi sau khi bạn mở trang này. Chỗ nào khác với "
        "lựa chọn của bạn thì nội dung đang lưu được hiện bên cạnh; hãy xem lại rồi lưu."
    )
    assert beside(page) == {"Lê Bình: D": "Bản đã lưu: có"}
    assert desk.kept == {"An": ["B"], "Bình": ["D"]}
    desk.save(sent_by(page))
    assert desk.kept == {"An": ["B"], "Bình": []}


def test_what_was_ticked_on_the_old_page_stays_ticked(desk: Desk) -> None:
    desk.save({**desk.opened, f"groups-{desk.second.id}": ["", "D"]})

    page = desk.save({**desk.opened, f"groups-{desk.first.id}": ["", "A", "C"]}, status=409)

    assert sent_by(page)[f"groups-{desk.first.id}"] == ["", "A", "C"]
    assert beside(page) == {
        "Lê An: A": "Bản đã lưu: không",
        "Lê An: B": "Bản đã lưu: có",
        "Lê An: C": "Bản đã lưu: không",
        "Lê Bình: D": "Bản đã lưu: có",
    }


def test_a_judge_who_came_since_is_shown_with_their_groups_and_keeps_them(desk: Desk) -> None:
    new = desk.world.judge(desk.contest, desk.world.user("Lê Chi"))
    desk.world.add(JudgeGroup(judge_id=new.id, group_code="A"))

    page = desk.save({**desk.opened, f"groups-{desk.second.id}": ["", "D"]}, status=409)
    shown = sent_by(page)[f"groups-{new.id}"]
    desk.save(sent_by(page))

    assert (shown, groups(desk.world, new), desk.kept) == (["", "A"], ["A"], {"An": ["B"], "Bình": ["D"]})


def test_a_form_that_is_sent_twice_is_saved_once(desk: Desk) -> None:
    form = {**desk.opened, f"groups-{desk.second.id}": ["", "D"]}

    desk.save(form)
    desk.save(form)

    assert desk.browser.follow().flashes[-1] == "Đã lưu phân công. Số phiếu giao thêm: 0, thu lại: 0."
    assert desk.kept == {"An": ["B"], "Bình": ["D"]}


def test_what_was_ticked_when_the_session_had_ended_is_ticked_after_sign_in(desk: Desk) -> None:
    form = {**desk.opened, f"groups-{desk.first.id}": [""], f"groups-{desk.second.id}": ["", "A", "D"]}

    page = typed_again(desk.browser, desk.organiser, desk.url, form)

    assert [flash.partition(" nhưng ")[0] for flash in page.flashes] == [
        "Bạn đã bị đăng xuất trước khi lưu. Nội dung bạn nhập hoặc chọn đã được điền lại"
    ]
    ticked = sent_by(page)
    assert (ticked[f"groups-{desk.first.id}"], ticked[f"groups-{desk.second.id}"]) == ([""], ["", "A", "D"])
    assert desk.kept == {"An": ["B"], "Bình": []}


def test_ticks_over_which_somebody_else_saved_do_not_come_back(desk: Desk, app: Flask) -> None:
    form = {**desk.opened, f"groups-{desk.second.id}": ["", "A", "D"]}
    colleague = Browser(app)
    colleague.sign_in(desk.organiser)
    opened = sent_by(colleague.get(desk.url))
    colleague.post(desk.url, {**opened, f"groups-{desk.second.id}": ["", "D"]})

    page = typed_again(desk.browser, desk.organiser, desk.url, form)

    assert "chưa được lưu và không thể điền lại" in page.flashes[0]
    assert sent_by(page)[f"groups-{desk.second.id}"] == ["", "D"]
