"""The check page of a certificate whose row somebody changed in the database, past the application."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text, update

from app.models import IssuedCertificate, LedgerEvent
from app.services.certificates import Reissue, Revoke, reissue, revoke
from app.services.files import FileStore, keep_file
from app.services.ledger import record
from tests.awards import PUBLIC_URL, Award, certified, issued
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World
from tests.queries import count_queries

WARNING = (
    "Sổ giấy chứng nhận không khớp với nhật ký. KHÔNG sử dụng giấy chứng nhận này cho đến khi cơ quan tổ chức "
    "bình chọn giải thích."
)

ANOTHER_FILE = (
    "UPDATE issued_certificates SET file_sha256 = "
    "(SELECT min(sha256) FROM stored_files WHERE sha256 <> file_sha256)"
)


@pytest.fixture(autouse=True)
def _some_hours_after_the_decision() -> object:
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        yield


def warnings(browser: Browser, code: str) -> list[str]:
    """What the check page says in red before everything else."""
    return [squeeze(one) for one in browser.get(f"/c/{code}").select(".alert-danger")]


def execute(world: World, *statements: str) -> None:
    with world.session() as session:
        for statement in statements:
            session.execute(text(statement))


def taken_back(award: Award, certificate: IssuedCertificate) -> None:
    with award.world.session() as session:
        revoke(session, Revoke(certificate.id, "Nhãn giả"), actor=award.actor, now=NOW)


def replaced(award: Award, certificate: IssuedCertificate) -> None:
    with award.world.session() as session:
        command, store = Reissue(certificate.id, "Giấy bị rách"), FileStore(award.world.files_dir)
        reissue(session, command, store=store, actor=award.actor, now=NOW, public_url=PUBLIC_URL)


def test_certificates_as_they_were_issued_replaced_or_revoked_agree(world: World, browser: Browser) -> None:
    award = certified(world, totals=[[9000], [8000], [7000]])
    valid, first, second = issued(world)
    taken_back(award, first)
    replaced(award, second)

    codes = [row.code for row in issued(world)]

    assert len(codes) == 4
    assert valid.code in codes
    assert [warnings(browser, code) for code in codes] == [[], [], [], []]


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE issued_certificates SET valid_until = '2099-01-01'",
        "UPDATE issued_certificates SET issued_on = '2026-01-01'",
        "UPDATE issued_certificates SET number = '77/2026/GIA'",
        ANOTHER_FILE,
        "UPDATE issued_certificates SET entry_id = (SELECT max(id) FROM entries)",
        "UPDATE issued_certificates SET status = 'revoked', revoked_at = '2026-03-10 02:00:00.000000'",
        "UPDATE issued_certificates SET status = 'replaced'",
    ],
)
def test_a_row_that_was_changed_past_the_application_is_not_vouched_for(
    world: World, browser: Browser, forgery: str
) -> None:
    award = certified(world)
    world.entry(award.contest, code="B-099")
    with world.session() as session:
        keep_file(session, FileStore(world.files_dir), b"another", "application/pdf", now=NOW)
    execute(world, forgery)

    assert warnings(browser, issued(world)[0].code) == [WARNING]


def test_a_product_that_was_changed_past_the_application_is_not_vouched_for(
    world: World, browser: Browser
) -> None:
    certified(world)
    [certificate] = issued(world)
    with world.session() as session:
        session.execute(
            update(IssuedCertificate).values(printed={**certificate.printed, "product": "Sản phẩm giả"})
        )

    page = browser.get(f"/c/{certificate.code}")

    assert squeeze(page.one(".alert-danger")) == WARNING
    assert squeeze(page.one(".standing")) == "Chưa xác nhận được Tra cứu lúc 12:00 10/03/2026."
    assert "Đối chiếu từng dòng" not in squeeze(page.main)
    assert page.select("#compare") == []


def test_a_certificate_that_the_ledger_does_not_know_is_not_vouched_for(
    world: World, browser: Browser
) -> None:
    award = certified(world)
    [real] = issued(world)
    columns = {column.name: getattr(real, column.name) for column in IssuedCertificate.__table__.columns}
    other = world.entry(award.contest, code="B-099")
    with world.session() as session:
        changes = {"id": 99, "entry_id": other.id, "serial": 99, "number": "99", "code": "AAAA"}
        session.add(IssuedCertificate(**columns | changes))

    assert warnings(browser, "AAAA") == [WARNING]


@pytest.mark.parametrize("act", [taken_back, replaced])
def test_one_that_was_revoked_or_replaced_cannot_be_made_valid_again(
    world: World, browser: Browser, act: object
) -> None:
    award = certified(world)
    [certificate] = issued(world)
    act(award, certificate)  # type: ignore[operator]  # one of the functions above
    execute(
        world,
        "UPDATE issued_certificates SET entry_id = (SELECT max(id) FROM entries) WHERE id > 1",
        "UPDATE issued_certificates SET status = 'replaced', replaces_id = NULL, reissue_reason = '' WHERE id > 1",
        "UPDATE issued_certificates SET status = 'valid', revoked_at = NULL WHERE id = 1",
    )

    assert warnings(browser, certificate.code) == [WARNING]


def test_a_revocation_keeps_its_reason_and_day(world: World, browser: Browser) -> None:
    award = certified(world)
    [certificate] = issued(world)
    taken_back(award, certificate)
    execute(world, "UPDATE issued_certificates SET revocation_reason = 'Theo đề nghị của cơ sở'")

    assert warnings(browser, certificate.code) == [WARNING]


def test_an_issue_from_before_the_ledger_kept_the_fields_is_compared_as_far_as_it_goes(
    world: World, browser: Browser
) -> None:
    award = certified(world)
    [certificate] = issued(world)
    with world.session() as session:
        row = session.get_one(IssuedCertificate, certificate.id)
        record(
            session,
            award.actor,
            "certificate:issue",
            row,
            now=NOW,
            contest_id=award.contest.id,
            number=row.number,
            entry_id=row.entry_id,
            file_sha256=row.file_sha256,
        )
        row.printed = {**row.printed, "product": "Tên khác"}

    before = warnings(browser, certificate.code)
    execute(world, "UPDATE issued_certificates SET number = '77/2026/GIA'")

    assert (before, warnings(browser, certificate.code)) == ([], [WARNING])


def test_a_line_of_the_ledger_that_no_longer_is_its_leaf_is_not_vouched_for(
    world: World, browser: Browser
) -> None:
    certified(world)
    [certificate] = issued(world)
    event = world.all(select(LedgerEvent).where(LedgerEvent.action == "certificate:issue"))[0]
    copied = {column.name: getattr(event, column.name) for column in LedgerEvent.__table__.columns}
    with world.session() as session:
        details = event.details.replace("Trà", "Sữa")
        session.add(LedgerEvent(**copied | {"id": event.id + 1000, "details": details}))
        row = session.get_one(IssuedCertificate, certificate.id)
        row.printed = {**row.printed, "product": row.printed["product"].replace("Trà", "Sữa")}

    assert warnings(browser, certificate.code) == [WARNING]


def test_the_check_asks_the_database_as_often_after_more_acts(
    world: World, app: Flask, browser: Browser
) -> None:
    award = certified(world)
    [certificate] = issued(world)
    counts = []
    for act in (None, replaced):
        if act:
            act(award, certificate)
        browser.get(f"/c/{certificate.code}")
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            browser.get(f"/c/{certificate.code}")
        counts.append(len(sent))

    assert counts[0] == counts[1]
