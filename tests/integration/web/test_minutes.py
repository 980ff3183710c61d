"""The minutes in the browser: read by the council, written by its secretary, signed by two, kept as a scan."""

import io
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.permissions import Role
from app.models import MinutesText
from tests.browsing import Browser, squeeze, values_of
from tests.builders import World
from tests.meetings import NAMES, Sitting
from tests.uploads import paper

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} %(name)s"


class Bureau(Sitting):
    """The same council after its meeting; 5 is the organiser, 6 an observer, 7 an organiser elsewhere."""

    def __init__(self, world: World, app: Flask) -> None:
        super().__init__(world)
        self.app = app
        self.url = f"/council/{self.contest.id}/minutes"
        self.voted().close()
        self.users += [
            self.organiser,
            world.member(Role.OBSERVER, contest_id=self.contest.id),
            world.organiser(world.territory("An Giang")),
        ]
        self.browsers: dict[int, Browser] = {}

    def of(self, who: int) -> Browser:
        """Somebody's browser."""
        if who not in self.browsers:
            self.browsers[who] = Browser(self.app)
            self.browsers[who].sign_in(self.users[who])
        return self.browsers[who]

    def sign(self, who: int, status: int = 303) -> None:
        """Press the button under the own name."""
        values = values_of(self.of(who).get(self.url).one("form[action$=sign]"))
        self.of(who).post(f"{self.url}/sign", values, status=status)

    @property
    def row(self) -> MinutesText:
        """What is stored of the minutes."""
        return self.world.get(MinutesText, 1)


@pytest.fixture
def bureau(world: World, app: Flask) -> Bureau:
    return Bureau(world, app)


def test_the_secretary_writes_and_two_sign_until_somebody_opens_them_again(bureau: Bureau) -> None:
    edit = f"{bureau.url}/edit"
    part = f"part_{bureau.entries[0].id}"
    page = bureau.of(1).get(edit)
    texts = values_of(page.one("main form"))
    bureau.of(1).post(edit, texts | {"introduction": HOSTILE, part: "Bao bì đẹp."})
    assert HOSTILE in squeeze(bureau.of(1).follow().one(".minutes-text"))

    bureau.sign(1)
    assert "Nếu sửa, chữ ký này không còn hiệu lực" in squeeze(bureau.of(5).get(edit).one("main"))
    bureau.sign(0)

    page = bureau.of(0).follow()
    assert page.flashes == ["Biên bản đã đủ hai chữ ký: nội dung được giữ nguyên và lưu lại."]
    assert [squeeze(line).partition(" Đã ký lúc")[0] for line in page.select(".signatures li")] == [
        f"Người chủ trì: {NAMES[0]}",
        f"Thư ký: {NAMES[1]}",
    ]
    pdf = bureau.of(2).file(f"{bureau.url}.pdf").data
    assert sha256(pdf).hexdigest() == bureau.row.pdf_sha256
    assert bureau.of(6).file(f"{bureau.url}/1/signed").data == pdf
    assert bureau.of(5).file(f"/contests/{bureau.contest.id}/minutes.pdf").data == pdf
    bureau.of(1).get(edit, status=409)
    late = bureau.of(1).post(edit, texts | {"version": "1", "introduction": "Muộn"}, status=409)
    assert "Biên bản đã đủ hai chữ ký" in squeeze(late.one(".error-summary"))
    assert late.one("[name=introduction]").get_text().strip() == "Muộn"
    assert late.select("form .alert, main > .alert-warning") == []

    bureau.of(1).post(f"{bureau.url}/reopen", {"reason": ""}, status=422)
    bureau.of(1).post(f"{bureau.url}/reopen", {"reason": "Thiếu ý kiến."})
    bureau.of(1).post(f"{bureau.url}/reopen", {"reason": "Thiếu ý kiến."}, status=409)
    bureau.of(1).get(edit)


def test_who_saves_second_sees_both_texts(bureau: Bureau) -> None:
    edit = f"{bureau.url}/edit"
    first, second = (values_of(bureau.of(who).get(edit).one("main form")) for who in (1, 5))
    bureau.of(1).post(edit, first | {"introduction": "Của thư ký."})

    page = bureau.of(5).post(edit, second | {"introduction": "Của cơ quan."}, status=409)

    assert squeeze(page.one(".saved-beside")) == "Người khác vừa lưu: Của thư ký."
    assert page.one("[name=introduction]").get_text().strip() == "Của cơ quan."
    bureau.of(5).post(edit, values_of(page.one("main form")))
    assert bureau.row.introduction == "Của cơ quan."


def test_only_what_the_other_changed_is_called_saved_and_only_what_one_typed_oneself_stands_against_it(
    bureau: Bureau,
) -> None:
    edit, part = f"{bureau.url}/edit", f"part_{bureau.entries[0].id}"
    bureau.of(1).post(edit, values_of(bureau.of(1).get(edit).one("main form")) | {"conclusion": "Cũ."})
    first, second = (values_of(bureau.of(who).get(edit).one("main form")) for who in (1, 5))
    bureau.of(1).post(edit, first | {"introduction": "Của thư ký.", "conclusion": ""})

    page = bureau.of(5).post(edit, second | {"introduction": "Của cơ quan.", part: "Bao bì đẹp."}, status=409)

    assert [squeeze(note) for note in page.select(".saved-beside")] == [
        "Người khác vừa lưu: Của thư ký.",
        "Người khác vừa lưu: –",
    ]
    shown = values_of(page.one("main form"))
    names = ("introduction", "discussion", "conclusion", part)
    assert [shown[name] for name in names] == ["Của cơ quan.", "", "", "Bao bì đẹp."]
    bureau.of(5).post(edit, shown)
    with bureau.world.session() as session:
        last = session.scalars(select(MinutesText).options(selectinload(MinutesText.parts))).one()
        assert (last.introduction, last.conclusion) == ("Của cơ quan.", "")
        assert [one.text for one in last.parts] == ["Bao bì đẹp."]


def test_a_page_on_which_nothing_was_typed_changes_nothing_that_another_wrote(bureau: Bureau) -> None:
    edit = f"{bureau.url}/edit"
    first, second = (values_of(bureau.of(who).get(edit).one("main form")) for who in (1, 5))
    bureau.of(1).post(edit, first | {"introduction": "Của thư ký."})

    bureau.of(5).post(edit, second)

    assert bureau.row.introduction == "Của thư ký."
    assert len(bureau.events("minutes:edit")) == 1


@pytest.mark.parametrize("text", ["x" * 4001, "Món 🪷"])
def test_a_text_that_cannot_be_printed_is_refused_beside_its_field(bureau: Bureau, text: str) -> None:
    part = f"part_{bureau.entries[1].id}"
    values = values_of(bureau.of(1).get(f"{bureau.url}/edit").one("main form"))

    page = bureau.of(1).post(f"{bureau.url}/edit", values | {part: text}, status=422)

    assert list(page.field_errors) == [part]
    assert page.one(f"[name={part}]").get_text().strip() == text


def test_a_stale_or_made_up_signature_is_refused(bureau: Bureau) -> None:
    for seen in ("", "0" * 64, "x" * 10_000):
        bureau.of(0).post(f"{bureau.url}/sign", {"signing": "chair", "seen": seen}, status=409)
    bureau.of(2).post(f"{bureau.url}/sign", {"signing": "chair", "seen": ""}, status=403)
    bureau.of(0).post(f"{bureau.url}/sign", {"signing": "king", "seen": ""}, status=403)

    assert not bureau.events("minutes:sign")


def test_a_scan_of_the_signed_paper_is_kept_and_no_other_file(bureau: Bureau) -> None:
    scan, keep = paper(), f"{bureau.url}/keep-scan"
    for content, name in ((b"", "trong.pdf"), (b"MZ\x90 not a scan", "bien-ban.exe")):
        page = bureau.of(1).post(keep, {"files": (io.BytesIO(content), name)}, status=422)
        assert list(page.field_errors) == ["files"]
    bureau.of(1).post(keep, {}, status=422)

    bureau.of(1).post(keep, {"files": (io.BytesIO(scan), "../biên bản.pdf")})

    [kept] = bureau.events("minutes:keep-scan")
    assert (kept["name"], kept["original_sha256"]) == ("biên bản.pdf", sha256(scan).hexdigest())
    sent = bureau.of(2).file(f"{bureau.url}/1/scan")
    assert sha256(sent.data).hexdigest() == bureau.row.scan_sha256 == kept["sha256"]
    assert sent.headers["Content-Disposition"].startswith("attachment")


def test_the_minutes_are_read_by_council_and_observer_and_changed_by_who_keeps_them(bureau: Bureau) -> None:
    pages = ("", ".pdf", "/edit", "/reopen")

    statuses = {
        who: [bureau.of(who).client.get(f"{bureau.url}{page}").status_code for page in pages]
        for who in (2, 5, 6, 7)
    }

    assert statuses == {
        2: [200, 200, 403, 403],
        5: [200, 200, 200, 200],
        6: [200, 200, 403, 403],
        7: [404, 404, 404, 404],
    }
    bureau.of(7).post(f"{bureau.url}/keep-scan", {"files": (io.BytesIO(paper()), "a.pdf")}, status=404)
    bureau.of(2).get(f"{bureau.url}/1/scan", status=404)
    bureau.of(2).get(f"{bureau.url}/999/signed", status=404)
