"""What somebody who can write to the database changes past the application is found in the next bundle."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.models import IssuedCertificate
from tests.builders import World
from tests.bundles import bundle_of, close, faults_of, finished, judged, unpacked

EXCHANGE = """
UPDATE score_sheets SET pass_no = 9 WHERE entry_id = 2;
UPDATE score_sheets SET entry_id = 2 WHERE entry_id = 3;
UPDATE score_sheets SET entry_id = 3, pass_no = 1 WHERE pass_no = 9
"""


@pytest.mark.parametrize(
    ("forgery", "said"),
    [
        (EXCHANGE, "sheet 3, entry"),
        ("UPDATE entries SET state = 'rejected', code = NULL WHERE id = 1", "Entry 1"),
        ("UPDATE entries SET group_code = 'D' WHERE id = 1", "Entry 1"),
    ],
    ids=["marks change their product", "a product vanishes", "a product changes its group"],
)
def test_what_is_forged_in_the_database_before_scoring_closes_is_found(
    world: World, tmp_path: Path, forgery: str, said: str
) -> None:
    award = judged(world, [[7000, 7100], [8000, 8100], [9000, 9100]], opened=True)
    with world.session() as session:
        for statement in forgery.split(";"):
            session.execute(text(statement))

    faults = faults_of(tmp_path, unpacked(bundle_of(close(award))))

    assert any(said in fault for fault in faults)


FORGERIES = [
    "UPDATE issued_certificates SET valid_until = '2099-01-01'",
    "UPDATE decisions SET number = '999/GIA'",
    "UPDATE ballots SET members = 5, quorum = 1",
    "UPDATE ballot_items SET reason = 'Khác'",
    "UPDATE score_sheets SET remark = 'Khác'",
]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_forged_in_the_database_after_the_decision_is_found(
    world: World, tmp_path: Path, forgery: str
) -> None:
    award = finished(world, [[7000, 7200], [6000, 6500]])
    honest = faults_of(tmp_path, unpacked(bundle_of(award)))
    with world.session() as session:
        session.execute(text(forgery))

    assert (honest, faults_of(tmp_path, unpacked(bundle_of(award))) != []) == ([], True)


def test_a_certificate_that_prints_another_product_in_the_database_is_named(
    world: World, tmp_path: Path
) -> None:
    award = finished(world, [[7000, 7200]])
    with world.session() as session:
        certificate = session.scalars(select(IssuedCertificate)).one()
        certificate.printed = {**certificate.printed, "product": "Sản phẩm giả"}

    [fault] = faults_of(tmp_path, unpacked(bundle_of(award)))

    assert fault.startswith(f"Certificate {certificate.number}, printed: ")
