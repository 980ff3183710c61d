"""The organiser's pages of the jury and the council."""

import re

import pytest
from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.domain.results import Office
from app.models import Contest, CouncilMember, Invitation, Judge, Recusal
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION)


def test_a_person_with_an_account_is_appointed_at_once(
    world: World, organiser: Browser, contest: Contest
) -> None:
    user = world.user("Lê Thị An", email="an.le@example.vn")

    organiser.post(
        f"/contests/{contest.id}/jury",
        {"email": " An.Le@Example.VN ", "position": "Thạc sĩ mỹ thuật", "is_head": "y"},
    )

    page = organiser.follow()
    assert page.rows() == [
        [
            "Lê Thị An Trưởng ban giám khảo an.le@example.vn",
            "Thạc sĩ mỹ thuật",
            "–",
            "0",
            "0",
            "chưa ký Lê Thị An",
        ]
    ]
    assert world.actor(user).has_role(Role.HEAD_OF_JURY)


def test_a_person_of_a_facility_that_takes_part_is_not_appointed(
    world: World, organiser: Browser, contest: Contest
) -> None:
    facility = world.facility()
    world.entry(contest, world.product(facility, "Trà sen Tây Hồ"))
    maker = world.facility_user(facility)

    page = organiser.post(f"/contests/{contest.id}/jury", {"email": maker.email}, status=422)

    said = "Người này thuộc cơ sở có sản phẩm Trà sen Tây Hồ đang tham gia đợt bình chọn."
    assert page.field_errors == {"email": said}
    assert world.all(select(Judge)) == []


def test_the_jury_page_remarks_on_judges_with_another_part(
    world: World, organiser: Browser, contest: Contest
) -> None:
    facility = world.facility()
    world.entry(contest, world.product(facility, "Trà sen Tây Hồ"))
    world.judge(contest, world.facility_user(facility))
    world.council_member(contest, user=world.user_of(world.judge(contest).user_id))
    world.judge(contest, world.member(Role.ADMINISTRATOR))
    world.judge(contest)

    page = organiser.get(f"/contests/{contest.id}/jury")

    remarks = [squeeze(line) for line in page.select("tbody th .under") if "@" not in line.get_text()]
    assert remarks == [
        "Thuộc cơ sở có sản phẩm tham gia: Trà sen Tây Hồ",
        "Đồng thời là thành viên hội đồng của đợt này: vừa chấm điểm vừa biểu quyết cùng các sản phẩm",
        "Đồng thời là quản trị viên hệ thống",
    ]


def test_a_person_without_an_account_gets_a_link_that_is_shown_once(
    world: World, organiser: Browser, contest: Contest
) -> None:
    typed = {"email": "moi@example.vn", "name": "Người Mới", "position": "Nghệ nhân"}

    page = organiser.post(f"/contests/{contest.id}/jury", typed, status=201)

    [invitation] = world.all(select(Invitation))
    link = squeeze(page.select_one("#link-once"))
    assert re.search(r"/account/invitation/[\w-]{20,}$", link)
    assert (invitation.role, invitation.contest_id, invitation.position) == (
        Role.JUDGE,
        contest.id,
        "Nghệ nhân",
    )
    again = organiser.get(f"/contests/{contest.id}/jury")
    assert again.select("#link-once") == []
    assert "Người Mới moi@example.vn" in squeeze(again.select_one("main"))


@pytest.mark.parametrize(("page", "typed"), [("jury", {"is_head": "y"}), ("council", {"office": "chair"})])
def test_an_open_invitation_is_withdrawn(
    world: World, organiser: Browser, contest: Contest, page: str, typed: dict[str, str]
) -> None:
    url = f"/contests/{contest.id}/{page}"
    person = {"email": "moi@example.vn", "name": "Người Mới", **typed}
    link = squeeze(organiser.post(url, person, status=201).select_one("#link-once"))
    button = organiser.get(url).one("form[action$='/withdraw']")

    organiser.post(str(button["action"]))
    organiser.post(str(button["action"]))  # pressed twice

    after = organiser.follow()
    assert organiser.location == url
    assert after.flashes == ["Đường dẫn đã hết hiệu lực."]
    assert "moi@example.vn" not in squeeze(after.select_one("main"))
    organiser.get(link.removeprefix("http://localhost"), status=404)


def test_an_invitation_that_was_accepted_meanwhile_is_not_withdrawn(
    world: World, organiser: Browser, contest: Contest
) -> None:
    organiser.post(f"/contests/{contest.id}/jury", {"email": "moi@example.vn", "name": "Mới"}, status=201)
    with world.session() as session:
        session.execute(update(Invitation).values(accepted_at=NOW))
    [invitation] = world.all(select(Invitation))

    page = organiser.post(f"/contests/{contest.id}/invitations/{invitation.id}/withdraw", status=409)

    assert "Đường dẫn này đã được dùng." in squeeze(page.select_one("main"))


def test_an_invitation_needs_a_name_and_nothing_typed_is_lost(organiser: Browser, contest: Contest) -> None:
    page = organiser.post(
        f"/contests/{contest.id}/jury", {"email": "moi@example.vn", "position": "x"}, status=422
    )

    assert page.field_errors == {
        "name": "Chưa có tài khoản nào với địa chỉ này. Hãy ghi họ và tên để gửi lời mời."
    }
    assert page.values("main form")["email"] == "moi@example.vn"


@pytest.mark.parametrize("name", ["Ai đó", ""])
@pytest.mark.parametrize("email", ["", "không phải thư", "a@b", "x" * 10_000, "<script>@x.vn"])
def test_an_address_that_is_none_is_refused_beside_its_field(
    world: World, organiser: Browser, contest: Contest, email: str, name: str
) -> None:
    page = organiser.post(f"/contests/{contest.id}/jury", {"email": email, "name": name}, status=422)

    assert list(page.field_errors) == ["email"]
    assert world.all(select(Invitation)) == []


def test_somebody_on_the_jury_is_not_appointed_again(
    world: World, organiser: Browser, contest: Contest
) -> None:
    user = world.user()
    world.judge(contest, user)

    page = organiser.post(f"/contests/{contest.id}/jury", {"email": user.email}, status=422)

    assert page.field_errors == {"email": "Người này đã có trong ban giám khảo."}


def test_the_jury_page_names_entries_short_of_judges_and_conflicts(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.REGISTRATION, rules=world.rules(min_sheets=2))
    facility = world.facility()
    entry = world.entry(contest, world.product(facility, "Trà sen"), code="B-001")
    user = world.facility_user(facility)
    world.sheet(world.judge(contest, user), entry)

    page = organiser.get(f"/contests/{contest.id}/jury")

    assert [squeeze(item) for item in page.select(".alert-danger li")] == [f"{user.name}: B-001"]
    [row] = page.rows("table.shortage")
    assert row == ["B-001 Trà sen", "0/2", "–", "Không còn ai chấm được: hãy cử thêm giám khảo."]


def test_single_entries_are_assigned_and_taken_back(
    world: World, organiser: Browser, contest: Contest
) -> None:
    judge, entry = world.judge(contest), world.entry(contest)
    url = f"/contests/{contest.id}/jury/{judge.id}"

    organiser.post(f"{url}/entries/{entry.id}/assign")
    given = organiser.follow().rows()[0][2]
    organiser.post(f"{url}/entries/{entry.id}/assign", status=409)
    organiser.post(f"{url}/entries/{entry.id}/unassign")

    assert (given, organiser.follow().rows()[0][2]) == ("có", "–")


def test_a_recusal_is_recorded_and_taken_back(world: World, organiser: Browser, contest: Contest) -> None:
    judge, entry = world.judge(contest), world.entry(contest, code="B-001")
    url = f"/contests/{contest.id}/jury/{judge.id}"

    organiser.post(f"{url}/recuse", {"recuse-entry_id": str(entry.id), "recuse-reason": "Anh trai chủ cơ sở"})
    shown = organiser.follow().rows()[0][2]
    listed = organiser.get(f"/contests/{contest.id}/jury").rows("table:has(td:nth-child(3).own-words)")
    refused = organiser.post(f"{url}/lift", {"lift-entry_id": str(entry.id), "lift-reason": " "}, status=422)
    organiser.post(f"{url}/lift", {"lift-entry_id": str(entry.id), "lift-reason": "Nhầm người"})

    assert shown == "không: Anh trai chủ cơ sở"
    assert [row[2] for row in listed] == ["Anh trai chủ cơ sở"]
    assert refused.field_errors == {"lift-reason": "Mục này là bắt buộc."}
    assert world.all(select(Recusal)) == []


def test_an_entry_of_another_contest_is_no_choice_to_stand_aside_from(
    world: World, organiser: Browser, contest: Contest
) -> None:
    judge, _entry = world.judge(contest), world.entry(contest)
    other = world.entry(world.contest(ContestState.REGISTRATION))

    page = organiser.post(
        f"/contests/{contest.id}/jury/{judge.id}/recuse",
        {"recuse-entry_id": str(other.id), "recuse-reason": "Người nhà"},
        status=422,
    )

    assert list(page.field_errors) == ["recuse-entry_id"]


def test_a_judge_becomes_head_and_is_dismissed(world: World, organiser: Browser, contest: Contest) -> None:
    judge = world.judge(contest, world.user("Lê An"))
    url = f"/contests/{contest.id}/jury/{judge.id}"

    organiser.post(f"{url}/head")
    head = organiser.follow()
    organiser.post(f"{url}/dismiss")

    assert head.flashes == ["Lê An nay là trưởng ban giám khảo."]
    assert organiser.follow().flashes == ["Lê An không còn trong ban giám khảo."]
    organiser.get(url, status=404)


def test_a_judge_with_marks_is_not_dismissed(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.SCORING)
    judge = world.judge(contest)
    world.sheet(judge, world.entry(contest), {"L1": 3000})
    url = f"/contests/{contest.id}/jury/{judge.id}"

    assert organiser.get(url).select("form[action$='/dismiss']") == []
    organiser.post(f"{url}/dismiss", status=409)
    assert len(world.all(select(Judge))) == 1


def test_no_button_is_left_once_scoring_is_closed(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.SCORED)
    judge, _entry = world.judge(contest), world.entry(contest)

    pages = [
        organiser.get(f"/contests/{contest.id}/jury{name}") for name in ("", "/assignments", f"/{judge.id}")
    ]

    assert [page.select("main form") for page in pages] == [[], [], []]


def test_the_council_is_appointed_by_office(world: World, organiser: Browser, contest: Contest) -> None:
    chair, member = world.user("Vũ Bình"), world.user("Lê An")
    url = f"/contests/{contest.id}/council"

    organiser.post(url, {"email": member.email, "office": "member"})
    organiser.post(url, {"email": chair.email, "office": "chair", "position": "Phó Chủ tịch UBND tỉnh"})

    assert [row[:3] for row in organiser.follow().rows()] == [
        [f"Vũ Bình {chair.email}", "Chủ tịch", "Phó Chủ tịch UBND tỉnh"],
        [f"Lê An {member.email}", "Ủy viên", "–"],
    ]


def test_a_council_has_one_chair_and_no_made_up_office(
    world: World, organiser: Browser, contest: Contest
) -> None:
    world.council_member(contest, Office.CHAIR)
    member = world.council_member(contest)
    url = f"/contests/{contest.id}/council"

    second = organiser.post(url, {"email": world.user().email, "office": "chair"}, status=422)
    changed = organiser.post(f"{url}/{member.id}", {"office": "chair", "position": "Chức mới"}, status=422)
    made_up = organiser.post(url, {"email": world.user().email, "office": "king"}, status=422)

    expected = {"office": "Hội đồng đã có chủ tịch. Hãy đổi chức danh của người đó trước."}
    assert (second.field_errors, changed.field_errors) == (expected, expected)
    assert changed.values("main form")["position"] == "Chức mới"
    assert list(made_up.field_errors) == ["office"]


def test_a_council_member_is_invited_with_the_office(
    world: World, organiser: Browser, contest: Contest
) -> None:
    typed = {"email": "moi@example.vn", "name": "Người Mới", "office": "secretary"}

    page = organiser.post(f"/contests/{contest.id}/council", typed, status=201)

    [invitation] = world.all(select(Invitation))
    assert (invitation.role, invitation.office) == (Role.COUNCIL_MEMBER, Office.SECRETARY)
    assert page.select("#link-once") != []


def test_a_member_changes_office_and_leaves(world: World, organiser: Browser, contest: Contest) -> None:
    member = world.council_member(contest)
    url = f"/contests/{contest.id}/council/{member.id}"

    organiser.post(
        url, organiser.get(url).values("main form") | {"office": "deputy", "position": "Giám đốc Sở"}
    )
    stored = world.get(CouncilMember, member.id)
    organiser.post(f"{url}/remove")

    assert (stored.office, stored.position) == (Office.DEPUTY, "Giám đốc Sở")
    assert world.all(select(CouncilMember)) == []


def test_the_council_page_names_members_of_facilities_that_take_part(
    world: World, organiser: Browser, contest: Contest
) -> None:
    facility = world.facility()
    world.council_member(contest, user=world.facility_user(facility))
    world.entry(contest, world.product(facility, "Trà sen"))

    page = organiser.get(f"/contests/{contest.id}/council")

    assert "Không biểu quyết sản phẩm của cơ sở mình: Trà sen" in page.rows()[0][0]


def test_the_council_is_left_alone_once_it_votes(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.VOTING)
    member = world.council_member(contest)
    url = f"/contests/{contest.id}/council"

    assert organiser.get(url).select("main form") == []
    organiser.post(f"{url}/{member.id}/remove", status=409)
    organiser.post(url, {"email": world.user().email, "office": "member"}, status=409)
    assert len(world.all(select(CouncilMember))) == 1
