"""The judge's pages of the impartiality statement and of possible conflicts; the organiser's of both."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.vietnamese import format_date
from app.models import ConflictAnswer, ImpartialityStatement, Recusal
from tests.browsing import PASSWORD, Browser, squeeze
from tests.builders import NOW, TODAY, World

SAID = {"employer": "Trường Cao đẳng Mỹ thuật", "address": "Số 8, phường Cam Ly", "agreed": "y"}


class Seat:
    """A judge without a statement, with one sheet for a product of "Hợp tác xã Ngọc Liên"."""

    def __init__(self, world: World, browser: Browser, state: ContestState = ContestState.SCORING) -> None:
        self.world, self.browser = world, browser
        self.contest = world.contest(state)
        self.user = world.user("Lê Văn Đức")
        self.judge = world.unsigned_judge(self.contest, self.user)
        facility = world.facility("Hợp tác xã Ngọc Liên")
        self.entry = world.entry(self.contest, world.product(facility, "Trà sen"), code="B-001")
        self.sheet = world.sheet(self.judge, self.entry)
        self.url = f"/judging/contests/{self.contest.id}"
        browser.sign_in(self.user)

    def answer(self, act: str, status: int = 303, **said: str) -> str:
        page = self.browser.get(f"{self.url}/conflicts")
        values = {**page.values(f"form[action*='/conflicts/{self.entry.id}']"), "act": act}
        values |= {f"entry{self.entry.id}-{name}": text for name, text in said.items()}
        page = self.browser.post(f"{self.url}/conflicts/{self.entry.id}", values, status=status)
        return squeeze(page.select_one("main")) if status != 303 else ""

    @property
    def statements(self) -> list[ImpartialityStatement]:
        return self.world.all(select(ImpartialityStatement).order_by(ImpartialityStatement.id))


@pytest.fixture
def seat(world: World, browser: Browser) -> Seat:
    return Seat(world, browser)


def test_a_judge_signs_before_the_first_sheet_and_comes_back_to_it(seat: Seat) -> None:
    sheet = f"/judging/sheets/{seat.sheet.id}"
    seat.browser.get(sheet, status=303)
    page = seat.browser.get(f"{seat.url}/statement?sheet={seat.sheet.id}")

    seat.browser.post(f"{seat.url}/statement?sheet={seat.sheet.id}", SAID)

    assert page.heading == "Bản cam kết khách quan"
    assert "Tôi được cử làm giám khảo" in squeeze(page.one(".statement-text"))
    assert seat.browser.location == sheet
    assert seat.browser.follow().heading == "Trà sen"
    assert [(row.employer, row.language) for row in seat.statements] == [("Trường Cao đẳng Mỹ thuật", "vi")]


def test_the_check_page_asks_for_the_statement_too(seat: Seat) -> None:
    seat.browser.get(f"/judging/sheets/{seat.sheet.id}/check", status=303)


def test_marks_sent_without_a_statement_are_kept_until_it_is_signed(seat: Seat) -> None:
    url = f"/judging/sheets/{seat.sheet.id}"
    marks = {"version": "1", "then": "stay", "mark_L1": "32", "remark": "Sản phẩm đẹp"}

    seat.browser.post(url, marks, headers={"Sec-Fetch-Site": "same-origin"})
    to_sign = seat.browser.location
    seat.browser.post(f"{seat.url}/statement?sheet={seat.sheet.id}", SAID)

    assert to_sign == f"{seat.url}/statement?sheet={seat.sheet.id}"
    assert seat.world.marks_of(seat.sheet) == {}
    page = seat.browser.follow()
    assert page.one("[name=mark_L1]")["value"] == "32"
    assert "Sản phẩm đẹp" in squeeze(page.one("[name=remark]"))


def test_a_save_by_the_pages_script_is_refused_with_the_reason_until_the_statement_is_signed(
    seat: Seat,
) -> None:
    url = f"/judging/sheets/{seat.sheet.id}/autosave"
    body = {"key": "0123456789abcdef0123456789abcdef", "version": 1, "changes": {"mark_L1": "32"}}
    headers = {"X-CSRFToken": seat.browser.csrf_token()}

    refused = seat.browser.client.post(url, json=body, headers=headers)
    before = seat.world.marks_of(seat.sheet)
    seat.browser.post(f"{seat.url}/statement?sheet={seat.sheet.id}", SAID)
    saved = seat.browser.client.post(url, json=body, headers=headers)

    assert (refused.status_code, before) == (409, {})
    assert "Hãy ký bản cam kết khách quan" in refused.get_json()["error"]
    assert (saved.status_code, seat.world.marks_of(seat.sheet)) == (200, {"L1": 3200})


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(seat: Seat) -> None:
    said = {"employer": "", "address": "Số 8", "links": "HTX Sen", "employer_tax_code": "123"}

    page = seat.browser.post(f"{seat.url}/statement", said, status=422)

    assert set(page.field_errors) == {"agreed", "employer", "employer_tax_code"}
    values = page.values("main form")
    assert (values["address"], values["links"], values["employer_tax_code"]) == ("Số 8", "HTX Sen", "123")
    assert seat.statements == []


def test_in_english_the_vietnamese_text_of_record_stands_below(seat: Seat) -> None:
    seat.browser.post("/language/en", {"next": "/"})

    page = seat.browser.get(f"{seat.url}/statement")
    seat.browser.post(f"{seat.url}/statement", SAID)

    assert [text["lang"] for text in page.select(".statement-text")] == ["en", "vi"]
    assert [row.language for row in seat.statements] == ["en"]


def test_a_signed_statement_is_read_and_can_be_signed_anew(seat: Seat) -> None:
    seat.world.signed(seat.judge, employer="Hội Mỹ thuật")

    page = seat.browser.get(f"{seat.url}/statement")
    seat.browser.post(
        f"{seat.url}/statement", {**page.values("main form"), "agreed": "y", "employer": "Đã nghỉ hưu"}
    )

    assert f"Ngày ký {format_date(TODAY)}" in squeeze(page.one("dl.facts"))
    assert [row.employer for row in seat.statements] == ["Hội Mỹ thuật", "Đã nghỉ hưu"]


def test_the_list_tells_a_judge_to_sign_and_then_when_it_was_signed(seat: Seat) -> None:
    before = squeeze(seat.browser.get("/judging/").one(".alert-info"))
    seat.world.signed(seat.judge)
    after = squeeze(seat.browser.get("/judging/").one("p.hint"))

    assert "Đọc và ký" in before
    assert after == f"Bản cam kết khách quan : ký ngày {format_date(TODAY)}"


def test_statements_of_other_contests_do_not_exist(seat: Seat) -> None:
    other = seat.world.contest()

    for path in ("statement", "conflicts"):
        seat.browser.get(f"/judging/contests/{other.id}/{path}", status=404)
        seat.browser.get(f"/judging/contests/999999/{path}", status=404)
    seat.browser.post(f"/judging/contests/{other.id}/statement", SAID, status=404)


def test_after_scoring_old_sheets_are_read_without_a_statement(world: World, browser: Browser) -> None:
    seat = Seat(world, browser, ContestState.SCORED)

    assert browser.get(f"/judging/sheets/{seat.sheet.id}").heading == "Trà sen"
    assert browser.get(f"{seat.url}/statement").select("main form") == []
    browser.post(f"{seat.url}/statement", SAID, status=409)


def test_a_likeness_is_shown_right_after_signing_and_answered(seat: Seat) -> None:
    url = f"{seat.url}/statement?sheet={seat.sheet.id}"
    seat.browser.post(url, {**SAID, "employer": "HTX Ngọc Liên"})
    page = seat.browser.follow()

    seat.answer("none", reason="Trùng tên thôi.")

    assert page.rows("table.common-facts") == [
        ["Trùng tên nơi công tác", "HTX Ngọc Liên", "Hợp tác xã Ngọc Liên"]
    ]
    [answer] = seat.world.all(select(ConflictAnswer))
    assert answer.reason == "Trùng tên thôi."
    assert "chờ cơ quan tổ chức xem xét" in squeeze(seat.browser.follow().one("main"))
    assert seat.browser.get(f"/judging/sheets/{seat.sheet.id}").heading == "Trà sen"


def test_a_judge_stands_aside_and_the_sheet_is_gone(seat: Seat) -> None:
    seat.world.signed(seat.judge, links="HTX Ngọc Liên")
    said = seat.answer("aside", status=422)

    seat.answer("aside", reason="Em trai tôi làm ở đó.")

    assert "Hãy điền" in said or "bắt buộc" in said
    [recusal] = seat.world.all(select(Recusal))
    assert recusal.reason == "Em trai tôi làm ở đó."
    seat.browser.get(f"/judging/sheets/{seat.sheet.id}", status=404)


def test_an_answer_to_facts_that_have_changed_is_shown_again(seat: Seat) -> None:
    seat.world.signed(seat.judge, links="HTX Ngọc Liên")

    said = seat.answer("none", status=409, seen="0" * 64, reason="Trùng tên thôi.")

    assert "đã thay đổi sau khi mở trang này" in said
    assert "Trùng tên thôi." in said
    assert seat.world.all(select(ConflictAnswer)) == []


def test_an_answer_on_what_the_judge_stands_aside_from_by_now_is_refused_and_shown(seat: Seat) -> None:
    seat.world.signed(seat.judge, links="HTX Ngọc Liên")
    old_tab = seat.browser.get(f"{seat.url}/conflicts").values("main form")
    seat.answer("aside", reason="Em trai tôi làm ở đó.")

    page = seat.browser.post(
        f"{seat.url}/conflicts/{seat.entry.id}",
        {**old_tab, f"entry{seat.entry.id}-reason": "Trùng tên thôi.", "act": "none"},
        status=409,
    )

    assert squeeze(page.one(".alert-danger")) == "Đã ghi nhận bạn không chấm sản phẩm này. Trùng tên thôi."
    assert seat.world.all(select(ConflictAnswer)) == []


def test_what_was_typed_into_a_refused_answer_survives_the_end_of_the_session(seat: Seat) -> None:
    seat.world.signed(seat.judge, links="HTX Ngọc Liên")
    refused_at, reason = f"{seat.url}/conflicts/{seat.entry.id}", f"entry{seat.entry.id}-reason"
    refused = seat.browser.post(refused_at, {"act": "aside", reason: ""}, status=422)
    typed = {**refused.values("form[action*='/conflicts/']"), reason: "Em trai tôi làm ở đó từ lâu."}
    own_page = {"Origin": "http://localhost", "Referer": f"http://localhost{refused_at}"}
    seat.browser.client.delete_cookie("session")

    seat.browser.post(refused_at, {**typed, "act": "aside"}, headers=own_page)
    form = seat.browser.follow().values("form[name=login_user_form]")
    seat.browser.post("/sign-in", {**form, "email": seat.user.email, "password": PASSWORD}, status=302)

    assert seat.browser.location == f"{seat.url}/conflicts"
    page = seat.browser.follow()
    assert page.values("form[action*='/conflicts/']")[reason] == "Em trai tôi làm ở đó từ lâu."


def test_another_language_after_a_refused_answer_shows_its_page(seat: Seat) -> None:
    seat.world.signed(seat.judge, links="HTX Ngọc Liên")
    refused_at, reason = f"{seat.url}/conflicts/{seat.entry.id}", f"entry{seat.entry.id}-reason"
    own_page = {"Origin": "http://localhost", "Referer": f"http://localhost{refused_at}"}
    again = seat.browser.post(refused_at, {"act": "aside", reason: ""}, status=422, headers=own_page)

    seat.browser.post("/language/en", again.values("form[action='/language/en']"))

    assert (seat.browser.location, seat.browser.follow().heading) == (
        f"{seat.url}/conflicts",
        "Possible conflicts",
    )


def test_a_submitted_sheet_is_not_taken_out_of_the_count_by_its_judge_alone(seat: Seat) -> None:
    seat.world.signed(seat.judge, links="HTX Ngọc Liên")
    other = seat.world.entry(seat.contest, code="B-002")
    sheet = seat.world.submitted(seat.judge, other)

    page = seat.browser.post(f"/judging/sheets/{sheet.id}/conflict", {"reason": "Nhớ ra."}, status=409)

    assert "Hãy báo xung đột lợi ích cho cơ quan tổ chức" in squeeze(page.one("main"))
    assert seat.world.all(select(Recusal)) == []


def test_the_organiser_reads_statements_and_records_those_on_paper(seat: Seat, world: World) -> None:
    seat.browser.sign_out()
    seat.browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    jury = f"/contests/{seat.contest.id}/jury"
    url = f"{jury}/{seat.judge.id}/statement"
    assert seat.browser.get(jury).rows()[0][-1] == "chưa ký Lê Văn Đức"
    tomorrow = format_date(NOW.date() + timedelta(days=400))

    future = seat.browser.post(url, {"signed_on": tomorrow, "employer": "Hội Nông dân"}, status=422)
    nonsense = seat.browser.post(url, {"signed_on": "hôm qua"}, status=422)
    seat.browser.post(url, {"signed_on": format_date(TODAY), "employer": "Hội Nông dân"})

    assert set(future.field_errors) == set(nonsense.field_errors) == {"signed_on"}
    assert future.values("main form")["employer"] == "Hội Nông dân"
    assert "Hội Nông dân" in squeeze(seat.browser.follow().one("dl.facts"))
    assert seat.browser.get(jury).rows()[0][-1].startswith(format_date(TODAY))


def test_the_organiser_accepts_an_answer_or_records_the_recusal(seat: Seat, world: World) -> None:
    seat.world.signed(seat.judge, links="HTX Ngọc Liên")
    seat.answer("none", reason="Trùng tên thôi.")
    seat.browser.sign_out()
    seat.browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    url = f"/contests/{seat.contest.id}/jury/conflicts"
    page = seat.browser.get(url)
    accept = page.one("form[action$='/accept']")
    recuse = str(page.one("form[action$='/recuse']")["action"])
    field = f"pair{seat.judge.id}-{seat.entry.id}-reason"

    stale = seat.browser.post(str(accept["action"]), {"seen": "x"}, status=409)
    empty = seat.browser.post(recuse, {field: " "}, status=422)
    seat.browser.post(str(accept["action"]), page.values("form[action$='/accept']"))
    settled = seat.browser.follow()
    seat.browser.post(recuse, {field: "Người thân làm ở cơ sở."})

    assert "đã thay đổi" in squeeze(stale.one(".alert-danger"))
    assert set(empty.field_errors) == {field}
    assert settled.rows("table.data")[0][1] == "Lê Văn Đức"
    assert [row.reason for row in world.all(select(Recusal))] == ["Người thân làm ở cơ sở."]


def test_pages_of_conflicts_and_statements_are_the_organisers(seat: Seat, world: World) -> None:
    urls = [
        f"/contests/{seat.contest.id}/jury/conflicts",
        f"/contests/{seat.contest.id}/jury/{seat.judge.id}/statement",
    ]
    for url in urls:
        seat.browser.get(url, status=403)
    seat.browser.sign_out()
    seat.browser.sign_in(world.organiser(world.territory("Quảng Ninh")))
    for url in urls:
        seat.browser.get(url, status=404)
