"""One award from registration to the check of its certificate, then one tier up, as people do it in Vietnamese."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app.domain.contests import ContestState
from app.domain.facilities import FacilityKind
from app.domain.permissions import Role
from app.domain.results import Office
from app.domain.vietnamese import in_vietnam
from app.models import Contest
from app.samples.names import NameMaker
from app.samples.papers import registration_paper
from app.samples.pictures import product_photo
from tests.browser.conftest import Person
from tests.browsing import PASSWORD
from tests.builders import World, tax_code

TODAY = in_vietnam(datetime.now(UTC)).date()
PRODUCT = "Trà sen Tây Hồ ướp xổi"
FACILITY = "Hợp tác xã Ngọc Liên"


@dataclass
class Cast:
    """Everybody on the road, each at a window of their own."""

    facility: Person
    organiser: Person
    judges: tuple[Person, Person]
    councillor: Person
    region: Person
    public: Person
    contest: Contest
    upper: Contest


def calendar() -> dict[str, date]:
    """A contest that takes registrations today."""
    return {
        "registration_opens_on": TODAY - timedelta(days=5),
        "registration_closes_on": TODAY + timedelta(days=20),
        "scoring_closes_on": TODAY + timedelta(days=40),
    }


@pytest.fixture
def cast(world: World, person: Callable[..., Person]) -> Cast:
    """A provincial and a regional contest that are open, and people with accounts."""
    province, region = world.territory("Lâm Đồng", TODAY), world.territory("Miền Trung – Tây Nguyên", TODAY)
    rules = world.rules(min_sheets=2, quorum_percent=50, certificate_series="GCN-LĐ")
    contest = world.contest(ContestState.REGISTRATION, province, year=TODAY.year, rules=rules, **calendar())
    upper = world.contest(ContestState.REGISTRATION, region, year=TODAY.year, **calendar())
    judges = (world.judge(contest, is_head=True), world.unsigned_judge(contest))
    member = world.council_member(contest, Office.CHAIR)
    world.council_member(contest)

    def signed_in(user_id: int) -> Person:
        user = world.user_of(user_id)
        one = person(viewport={"width": 1280, "height": 900})
        one.sign_in(user.email, PASSWORD)
        return one

    return Cast(
        facility=signed_in(world.member(Role.FACILITY_USER, territory_id=province.id).id),
        organiser=signed_in(world.organiser(province).id),
        judges=(signed_in(judges[0].user_id), signed_in(judges[1].user_id)),
        councillor=signed_in(member.user_id),
        region=signed_in(world.organiser(region).id),
        public=person(viewport={"width": 390, "height": 800}),
        contest=contest,
        upper=upper,
    )


@pytest.mark.slow
def test_a_product_goes_from_registration_to_its_certificate_and_a_tier_up(cast: Cast) -> None:
    receipt = register(cast.facility)
    accept(cast.organiser, cast.contest)
    for judge, total in zip(cast.judges, ("35,5", "36"), strict=True):
        score(judge, total)
    decide(cast.organiser, cast.councillor, cast.contest)
    code = certificate_code(cast)

    checked = cast.public.open(f"/c/{code.lower()}")

    text = checked.locator("main").inner_text()
    assert all(part in text for part in (PRODUCT, FACILITY, "GCN-LĐ", "Còn giá trị"))
    assert receipt.startswith("HS-")
    goes_up(cast)


def register(person: Person) -> str:
    """A facility registers itself, a product and its dossier; returns the receipt's code."""
    page = person.open("/facility/")
    fill(
        person.open("/facility/register"),
        name=FACILITY,
        tax_code=tax_code(4711),
        address="Thôn 3, xã Tân Hòa",
        representative="Trần Thị Hạnh",
        phone="0912 345 678",
        email="ngoclien@example.vn",
    )
    page.get_by_label("Hợp tác xã", exact=True).check()
    page.locator("[name=territory_id]").select_option(index=1)
    person.press("Đăng ký")
    assert page.locator(".field-error").all_inner_texts() == []
    fill(person.open("/facility/products/new"), name=PRODUCT, description="Trà ướp hương sen.")
    page.locator("[name=group_code][value=B]").check()
    person.press("Lưu")
    person.open("/facility/")
    person.press("Bình chọn Tỉnh Lâm Đồng")
    page.get_by_label(PRODUCT).check()
    person.press("Lập hồ sơ")
    entry = page.url
    for part in ("registration", "description"):
        fill(person.open(f"{entry}/{part}"), **answers(page))
        person.press("Lưu")
    attach(person, f"{entry}/photos", [product_photo(PRODUCT, "jar", view) for view in range(3)], "jpeg")
    person.open(f"{entry}/papers")
    page.locator("[name=kind][value=registration_paper]").check()
    attach(person, "", [paper()], "pdf")
    person.open(f"{entry}/check")
    page.locator("[name=truth]").check()
    person.press("Nộp hồ sơ")
    receipt = re.search(r"HS-[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator("main").inner_text())
    assert receipt, page.locator("main").inner_text()
    return receipt[0]


def accept(person: Person, contest: Contest) -> None:
    """The organiser accepts the entry, assigns the jury, and opens scoring."""
    page = person.open(f"/contests/{contest.id}/entries")
    person.press(PRODUCT)
    person.press("Tiếp nhận sản phẩm")
    person.open(f"/contests/{contest.id}/jury/assignments")
    for box in page.locator("[type=checkbox][value=B]").all():
        box.check()
    person.press("Lưu phân công")
    person.open(f"/contests/{contest.id}/open-scoring")
    person.press("Chốt quy chế và mở chấm điểm")


def score(person: Person, first: str) -> None:
    """A judge fills in the sheet, is refused a mark above the maximum, puts it right and submits.

    Whoever has not signed the impartiality statement is asked to before the sheet opens.
    """
    page = person.open("/judging/")
    person.press(PRODUCT)
    if "/statement" in page.url:
        fill(page, employer="Hội Mỹ thuật tỉnh", address="Số 8, phường Cam Ly")
        page.locator("[name=agreed]").check()
        person.press("Ký cam kết")
    fill(page, mark_L1="41", mark_L2="34.5", mark_L3="8", mark_L4="8,5")
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    expect(page.locator("#mark_L1-fault")).to_contain_text("vượt")
    person.check()
    fill(page, mark_L1=first)
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    page.wait_for_url("**/check")
    person.check()
    page.get_by_role("button", name="Nộp phiếu").click()
    page.wait_for_url(re.compile(r"/sheets/\d+$"))  # the page looks first at what waits on the device
    person.check()


def decide(organiser: Person, councillor: Person, contest: Contest) -> None:
    """Scoring is closed, the council votes, the list is published, the decision recorded, certificates issued."""
    page = organiser.open(f"/contests/{contest.id}/close-scoring")
    organiser.press("Đóng chấm điểm")
    fill(organiser.open(f"/contests/{contest.id}/ballot"), place="Hội trường Sở Công Thương")
    organiser.press("Mở biểu quyết")
    councillor.open(f"/council/{contest.id}")
    councillor.press("Điền “Đồng ý” cho cả danh sách của ban giám khảo")
    councillor.press("Gửi phiếu biểu quyết")
    organiser.open(f"/contests/{contest.id}/ballot")
    organiser.press("Kết thúc biểu quyết")
    fill(page, note="Hội đồng thống nhất danh sách của ban giám khảo.")
    organiser.press("Kiểm phiếu và kết thúc")
    organiser.open(f"/contests/{contest.id}/publication")
    organiser.press("Công bố danh sách dự kiến")
    fill(page, number="125/QĐ-UBND", signed_on=f"{TODAY:%d/%m/%Y}", signatory="Lê Minh Khang")
    page.locator("[name=early]").check()
    fill(page, early_reason="Không có khiếu nại.")
    organiser.press("Kiểm tra quyết định")
    organiser.press("Nhập quyết định")
    organiser.open(f"/contests/{contest.id}/certificates")
    organiser.press("Cấp giấy chứng nhận")


def certificate_code(cast: Cast) -> str:
    """The code of the certificate, as its facility finds it."""
    page = cast.facility.open("/facility/")
    href = page.locator("a[href^='/c/']", has_text="giấy chứng nhận").last.get_attribute("href")
    assert href
    return href.removeprefix("/c/")


def goes_up(cast: Cast) -> None:
    """The product is nominated by the province and accepted by the region."""
    page = cast.organiser.open(f"/contests/{cast.contest.id}/nominations?to={cast.upper.id}")
    page.locator("[name=entries]").first.check()
    cast.organiser.press("Đề nghị các sản phẩm đã chọn")
    upper = cast.region.open(f"/contests/{cast.upper.id}/entries")
    cast.region.press(PRODUCT)
    cast.region.press("Tiếp nhận sản phẩm")
    assert "B-001" in upper.locator("main").inner_text()


def fill(page: Page, **values: str) -> None:
    """Type into the fields of these names."""
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)


def answers(page: Page) -> dict[str, str]:
    """Made-up answers to whatever this part of the dossier asks."""
    names = NameMaker(7)
    facility = names.facility("B", "tỉnh Lâm Đồng")
    known = names.product(facility, TODAY.year - 1).answers
    asked = page.eval_on_selector_all("main [name]", "fields => fields.map(field => field.name)")
    return {name: known[name] for name in asked if known.get(name)}


def attach(person: Person, path: str, contents: list[bytes], kind: str) -> None:
    """Upload files."""
    page = person.open(path) if path else person.page
    media = {"jpeg": "image/jpeg", "pdf": "application/pdf"}[kind]
    page.set_input_files(
        "[type=file]",
        [
            FilePayload(name=f"tệp {n}.{kind}", mimeType=media, buffer=content)
            for n, content in enumerate(contents)
        ],
    )
    person.press("Tải lên")


def paper() -> bytes:
    """A registration paper."""
    return registration_paper(
        FacilityKind.COOPERATIVE,
        name=FACILITY,
        tax_code=tax_code(4711),
        address="Thôn 3, xã Tân Hòa",
        representative="Trần Thị Hạnh",
        issued=date(2011, 5, 12),
    )
