"""Classes of prize after the ballot: minutes, lists, workbook, certificates, withdrawn lists."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from pypdf import PdfReader
from sqlalchemy import select

from app.domain.results import Choice
from app.models import IssuedCertificate, WithdrawnList
from app.queries.withdrawn_lists import withdrawn_page
from app.services.ballot_turns import TurnBack, withdraw_ballot
from app.services.ballots import CastVotes, cast_votes
from app.services.certificates import certificate_from_printed
from app.services.contest_workbook import contest_workbook
from app.services.corrections import OpenCorrection, open_correction
from app.services.documents import results_list_file
from app.services.files import FileStore
from app.services.minutes import minutes_file
from app.services.publication import publish_provisional
from certificates import certificate_pdf
from tests.awards import Award, issue, sign
from tests.builders import NOW, TODAY, World
from tests.bundles import bundle_of, closed, edited, faults_of, unpacked
from tests.prizes import PRIZES, WHY, PrizeCouncil, prized


def text_of(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.split())


def minutes(award: Award) -> str:
    with award.world.session() as session:
        return text_of(
            minutes_file(session, award.actor, award.contest.id, store=FileStore(award.world.files_dir))
        )


def results_list(award: Award) -> str:
    with award.world.session() as session:
        return text_of(results_list_file(session, award.contest.slug, today=TODAY))


def ballot_sheet(award: Award) -> list[list[Any]]:
    with award.world.session() as session:
        book = contest_workbook(session, award.contest.id, actor=award.actor)
    rows: list[list[Any]] = (
        python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_name("Biểu quyết").to_python()
    )
    return rows


@pytest.fixture
def council(world: World) -> PrizeCouncil:
    """Four products: one for prize A, two tied astride the edges, one that the council rejects."""
    council = PrizeCouncil(prized(world, (9500, 9000, 8900, 8000)))
    council.open()
    council.settle(1, "1", "Hội đồng xét mẫu mã.")
    council.settle(0, "2", "Chỉ có một giải A.")
    council.vote(3)
    council.close()
    return council


def test_the_minutes_say_who_gets_which_prize_and_why_the_council_changed_it(council: PrizeCouncil) -> None:
    codes = [str(entry.code) for entry in council.award.entries]

    text = minutes(council.award)

    assert "Hạng giải: Giải A 1 sản phẩm; Giải B 2 sản phẩm; Giải khuyến khích 0 sản phẩm." in text
    assert (
        f"Hạng giải của sản phẩm {codes[1]}: Giải A (theo điểm: Giải B). Lý do: Hội đồng xét mẫu mã." in text
    )
    assert f"Hạng giải của sản phẩm {codes[0]}: Giải B (theo điểm: Giải A). Lý do: Chỉ có một giải A." in text
    assert f"Hạng giải của sản phẩm {codes[2]}" not in text
    assert "95,00 Giải B 2 0 0" in text
    assert "80,00 – 0 2 0" in text


def test_minutes_name_ties_and_prizes_lost_with_the_vote(world: World) -> None:
    council = PrizeCouncil(prized(world, (9500, 9500, 8000)))
    council.open()
    council.settle(0, "1", "Bốc thăm trước hội đồng.")
    council.settle(1, None, "Bốc thăm trước hội đồng.")
    council.vote(0)
    council.close()

    text = minutes(council.award)

    codes = [str(entry.code) for entry in council.award.entries]
    assert (
        f"Hạng giải của sản phẩm {codes[0]}: Giải A (theo điểm: bằng nhau ở ranh giới hạng giải). Sản phẩm không "
        "được đề nghị công nhận nên không nhận giải. Lý do: Bốc thăm trước hội đồng." in text
    )
    assert (
        f"Hạng giải của sản phẩm {codes[1]}: không có giải (theo điểm: bằng nhau ở ranh giới hạng giải). Lý do"
        in text
    )


def test_the_printed_list_has_a_column_and_the_number_of_each_prize(council: PrizeCouncil) -> None:
    sign(council.award)

    text = results_list(council.award)

    assert "Kết quả Hạng giải" in text
    assert "95,00 Được công nhận Giải B" in text
    assert "90,00 Được công nhận Giải A" in text
    assert "Hạng giải: Giải A 1 sản phẩm; Giải B 2 sản phẩm; Giải khuyến khích 0 sản phẩm." in text


def test_the_workbook_has_the_prizes_of_the_ballot(council: PrizeCouncil) -> None:
    rows = ballot_sheet(council.award)

    assert rows[0][-2:] == ["Hạng giải", "Lý do quyết định hạng giải"]
    assert [row[-2:] for row in rows[1:]] == [
        ["Giải B", "Chỉ có một giải A."],
        ["Giải A", "Hội đồng xét mẫu mã."],
        ["Giải B", ""],
        ["", ""],
    ]


def test_a_contest_without_prizes_says_nothing_of_them(world: World) -> None:
    council = PrizeCouncil(prized(world, (9500, 9000), prizes=()))
    council.open()
    council.vote()
    council.close()
    sign(council.award)
    issue(council.award)

    [certificate, _other] = world.all(select(IssuedCertificate))
    said = minutes(council.award) + results_list(council.award) + " ".join(ballot_sheet(council.award)[0])

    assert ("giải" in said.lower(), certificate.printed["prize"]) == (False, None)


def test_the_certificate_carries_the_prize_that_the_council_gave(council: PrizeCouncil) -> None:
    sign(council.award)
    issue(council.award)

    certificates = council.world.all(select(IssuedCertificate).order_by(IssuedCertificate.entry_id))

    assert [certificate.printed["prize"] for certificate in certificates] == ["Giải B", "Giải A", "Giải B"]
    printed = certificate_pdf(certificate_from_printed(certificates[1].printed))
    assert "Hạng giải: Giải A" in text_of(printed)


def test_a_certificate_from_before_prizes_is_printed_again_byte_for_byte(world: World) -> None:
    council = PrizeCouncil(prized(world, (9500,), prizes=()))
    council.open()
    council.vote()
    council.close()
    sign(council.award)
    issue(council.award)
    [certificate] = world.all(select(IssuedCertificate))
    old = {name: value for name, value in certificate.printed.items() if name != "prize"}

    again = certificate_pdf(certificate_from_printed(old))

    assert again == FileStore(world.files_dir).read(certificate.file_sha256)


def test_a_withdrawn_list_keeps_its_prizes_and_older_ones_are_still_read(council: PrizeCouncil) -> None:
    world, contest = council.world, council.contest
    with world.session() as session:
        publish_provisional(session, contest.id, actor=council.award.actor, now=NOW)
    council.do(open_correction, OpenCorrection(contest.id, WHY))
    [new] = world.all(select(WithdrawnList))
    rows = [{k: v for k, v in row.items() if k not in NEW_FIELDS} for row in new.content["rows"]]
    values = {"contest_id": contest.id, "published_at": NOW, "withdrawn_at": NOW, "reason": WHY}
    world.add(WithdrawnList(**values, content={"rows": rows}))

    with world.session() as session:
        old, newer = withdrawn_page(session, contest.slug).lists

    assert [row.prize for row in newer.rows] == ["2", "1", "2"]
    assert [row.prize for row in old.rows] == [None, None, None]
    assert council.events("list:withdraw")[0]["reason"] == WHY


NEW_FIELDS = ("prize", "certificate", "check_code")


def proven(world: World, totals: tuple[int, ...] = (9500, 9000, 8900)) -> PrizeCouncil:
    """A contest whose every mark is in the ledger, with one prize changed by the council, and closed."""
    council = PrizeCouncil(closed(world, [[total] for total in totals], rules={"prizes": PRIZES}))
    council.open()
    council.settle(2, None)
    council.vote()
    council.close()
    return council


def test_a_bundle_proves_the_prizes_of_the_ballot(world: World, tmp_path: Path) -> None:
    files = unpacked(bundle_of(proven(world).award))

    ballot = json.loads(files["ballot.json"])

    assert faults_of(tmp_path, files) == []
    assert [(item["prize"], item["prize_reason"]) for item in ballot["items"]] == [
        ("1", ""),
        ("2", ""),
        (None, WHY),
    ]
    assert WHY in files["details.jsonl"].decode()  # the change itself is shown


@pytest.mark.parametrize("number", [0, 2])
def test_a_prize_that_was_changed_behind_the_ledger_is_found(
    world: World, tmp_path: Path, number: int
) -> None:
    council = proven(world)
    forged = edited(
        unpacked(bundle_of(council.award)),
        "ballot.json",
        lambda ballot: ballot["items"][number].update(prize="3"),
    )

    code, prize = council.award.entries[number].code, ("1", "2", None)[number]
    assert f"{code}, prize: 3, should be {prize}" in faults_of(tmp_path, forged)


def test_a_ballot_withdrawn_with_votes_leaves_a_bundle_that_verifies_and_tells_no_vote(
    world: World, tmp_path: Path
) -> None:
    council = PrizeCouncil(closed(world, [[9500], [9000]], rules={"prizes": PRIZES}))
    council.open()
    choices = dict(zip((entry.id for entry in council.award.entries), (Choice.YES, Choice.NO), strict=True))
    council.do(cast_votes, CastVotes(council.contest.id, choices), council.members[0])
    council.do(withdraw_ballot, TurnBack(council.contest.id, "Một thành viên nghỉ ốm."))

    files = unpacked(bundle_of(council.award))

    assert faults_of(tmp_path, files) == []
    leaves = [json.loads(leaf)["action"] for leaf in files["ledger.jsonl"].decode().splitlines()]
    said = dict(zip(leaves, files["details.jsonl"].decode().splitlines(), strict=True))
    assert (said["ballot:vote"], json.loads(files["ballot.json"])) == ("", None)
    ids = sorted(entry.id for entry in council.award.entries)
    assert json.loads(said["ballot:withdraw"])["details"] == {
        "place": "Phòng họp số 2",
        "reason": "Một thành viên nghỉ ốm.",
        "voters": 1,
        "entries": ids,
    }
