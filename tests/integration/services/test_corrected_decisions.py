import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.certificates import CertificateStatus
from app.domain.contests import ContestState
from app.domain.entries import EntryStage
from app.domain.errors import IllegalState
from app.domain.rules import PrizeBy, PrizeRule
from app.models import Computation, Contest, Decision, LedgerEvent, Product, WithdrawnList
from app.queries.contests import overview_of
from app.queries.own_entries import own_entries_of
from app.queries.public_results import public_results
from app.services.certificate_texts import outdated_certificates
from app.services.certificates import IssueCertificates, Reissue, Revoke, issue_certificates, reissue, revoke
from app.services.files import FileStore
from app.services.nominations import Nominate, nominate
from tests.awards import PUBLIC_URL, Award, issue, issued, sign
from tests.builders import NOW, World
from tests.bundles import bundle_of, edited, faults_of, finished, unpacked, vote
from tests.corrections import (
    FALL,
    LATER,
    RISE,
    TOTALS,
    WHY,
    corrected,
    decide_again,
    mark_again,
    open_final,
    publish_again,
    record,
    standing,
)

REVOKED = (
    "Sản phẩm không có trong danh sách kèm theo Quyết định số 130/QĐ-UBND ngày 10/03/2026, thay thế "
    f"Quyết định số 125/QĐ-UBND ngày 10/03/2026. Lý do sửa kết quả: {WHY}"
)


def state_of(award: Award) -> ContestState:
    contest: Contest = award.world.get(Contest, award.contest.id)
    return contest.state


def actions(world: World, since: str) -> list[str]:
    """What the ledger tells from the last act of a kind on, score sheets and votes aside."""
    told = world.all(select(LedgerEvent.action).order_by(LedgerEvent.id))
    told = told[len(told) - 1 - told[::-1].index(since) :]
    return [action for action in told if not action.startswith(("score-sheet:", "ballot:vote"))]


def test_opening_a_correction_withdraws_the_final_list_and_leaves_decision_and_certificates(
    world: World,
) -> None:
    award = finished(world, TOTALS)

    open_final(award)

    [decided] = world.all(select(Decision))
    [old] = world.all(select(WithdrawnList))
    first, second = (one.code for one in sorted(issued(world), key=lambda one: one.entry_id))
    assert state_of(award) is ContestState.SCORING
    assert (decided.superseded_at, decided.superseded_reason) == (None, "")
    assert (old.decision_id, old.reason) == (decided.id, WHY)
    assert [(row["code"], row["certificate"], row["check_code"]) for row in old.content["rows"]] == [
        ("B-001", "02/2026/GCN-CNNTTB", first),
        ("B-002", "01/2026/GCN-CNNTTB", second),
    ]
    assert {one.status for one in issued(world)} == {CertificateStatus.VALID}
    assert actions(world, "list:withdraw") == ["list:withdraw", "ballot:withdraw", "contest:move"]


def test_the_new_decision_replaces_the_old_one_and_revokes_what_it_no_longer_recognises(
    world: World,
) -> None:
    award = corrected(world)

    decisions = world.all(select(Decision).order_by(Decision.id))
    assert [(one.number, one.superseded_at is None, one.superseded_reason) for one in decisions] == [
        ("125/QĐ-UBND", False, WHY),
        ("130/QĐ-UBND", True, ""),
    ]
    kept, lost = issued(world)
    assert (kept.entry_id, kept.status) == (award.entries[1].id, CertificateStatus.VALID)
    assert (lost.entry_id, lost.status) == (award.entries[0].id, CertificateStatus.REVOKED)
    assert (lost.revoked_at, lost.revocation_reason) == (decisions[0].superseded_at, REVOKED)
    assert (kept.revoked_by_decision_id, lost.revoked_by_decision_id) == (None, decisions[1].id)
    assert world.all(select(Computation.reason).order_by(Computation.version)) == ["", WHY]


def test_the_ledger_tells_of_everything_in_order(world: World) -> None:
    corrected(world)

    assert actions(world, "ballot:close") == [
        "ballot:close",
        "contest:move",
        "decision:supersede",
        "decision:record",
        "certificate:revoke",
        "contest:move",
    ]
    [told] = world.all(select(LedgerEvent.details).where(LedgerEvent.action == "decision:supersede"))
    assert json.loads(told) == {
        "number": "125/QĐ-UBND",
        "signed_on": "2026-03-10",
        "by": "130/QĐ-UBND",
        "reason": WHY,
    }


def test_only_what_the_new_decision_adds_gets_a_certificate(world: World) -> None:
    award = corrected(world)
    before = overview(award)

    issue(award)

    assert before == (2, 1)
    assert overview(award) == (2, 2)
    [_kept, _lost, new] = issued(world)
    assert (new.number, new.entry_id) == ("03/2026/GCN-CNNTTB", award.entries[2].id)
    assert (new.printed["decision_number"], new.status) == ("130/QĐ-UBND", CertificateStatus.VALID)
    assert issue(award) == 0


def overview(award: Award) -> tuple[int, int]:
    """Recognised entries, and how many of them have their certificate."""
    with award.world.session() as session:
        page = overview_of(session, award.actor, award.contest.id)
    return page.recognised, page.certificates


def test_the_whole_road_verifies_at_every_stage(world: World, tmp_path: Path) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    stages = []
    mark_again(award, FALL | RISE)
    stages.append(faults_of(tmp_path, unpacked(bundle_of(award))))
    vote(award)
    stages.append(faults_of(tmp_path, unpacked(bundle_of(award))))
    sign(award, "130/QĐ-UBND", standing(world).id)
    stages.append(faults_of(tmp_path, unpacked(bundle_of(award))))
    issue(award)

    files = unpacked(bundle_of(award))

    stages.append(faults_of(tmp_path, files))
    assert stages == [[], [], [], []]
    decided = json.loads(files["decision.json"])
    assert [(row["number"], row["superseded_reason"]) for row in decided] == [
        ("125/QĐ-UBND", WHY),
        ("130/QĐ-UBND", ""),
    ]
    assert [row["status"] for row in json.loads(files["certificates.json"])] == ["valid", "revoked", "valid"]
    [old] = json.loads(files["withdrawn.json"])
    assert (old["decision"], old["reason"], len(old["rows"])) == ("125/QĐ-UBND", WHY, 2)


@pytest.mark.parametrize(
    ("name", "edit", "fault"),
    [
        ("decision.json", lambda rows: rows.pop(0), "decision.json by the ledger"),
        ("decision.json", lambda rows: rows[0].update(number="126/QĐ-UBND"), "decision.json by the ledger"),
        (
            "certificates.json",
            lambda rows: rows[1].update(status="valid", revoked_at=None),
            "Certificate 02/2026/GCN-CNNTTB, recognised",
        ),
    ],
)
def test_what_a_correction_took_back_cannot_be_hidden(
    world: World, tmp_path: Path, name: str, edit: Any, fault: str
) -> None:
    award = corrected(world)

    faults = faults_of(tmp_path, edited(unpacked(bundle_of(award)), name, edit))

    assert any(said.startswith(fault) for said in faults), faults


def test_a_product_that_comes_back_by_a_third_decision_gets_a_new_certificate(
    world: World, tmp_path: Path
) -> None:
    award = corrected(world)
    open_final(award, "Tòa án: điểm đúng là điểm chấm lần đầu.")
    decide_again(award, {0: 7000}, "140/QĐ-UBND")

    issue(award)

    statuses = [(one.number[:2], one.entry_id, one.status) for one in issued(world)]
    first, second, third = (entry.id for entry in award.entries)
    assert statuses == [
        ("01", second, CertificateStatus.VALID),
        ("02", first, CertificateStatus.REVOKED),
        ("03", third, CertificateStatus.VALID),
        ("04", first, CertificateStatus.VALID),
    ]
    decisions = world.all(select(Decision).order_by(Decision.id))
    assert [one.superseded_at is None for one in decisions] == [False, False, True]
    assert faults_of(tmp_path, unpacked(bundle_of(award))) == []


def test_what_was_revoked_by_hand_is_not_given_again_by_a_new_decision(world: World) -> None:
    award = finished(world, TOTALS)
    with world.session() as session:
        revoke(session, Revoke(issued(world)[0].id, "Vi phạm an toàn thực phẩm."), actor=award.actor, now=NOW)
    open_final(award)
    decide_again(award, RISE)

    assert issue(award) == 1
    assert [one.entry_id for one in issued(world)][2:] == [award.entries[2].id]


def test_the_list_says_which_decision_it_is_to_replace_and_then_replaces(world: World) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    publish_again(award, FALL)
    before = page_of(award)
    record(award)

    after = page_of(award)

    assert (before.decision, before.replaces.number) == (None, "125/QĐ-UBND")
    assert (after.decision.number, after.replaces.number) == ("130/QĐ-UBND", "125/QĐ-UBND")


def page_of(award: Award) -> Any:
    with award.world.session() as session:
        return public_results(session, award.contest.slug, today=NOW.date())


def test_nothing_is_issued_replaced_or_nominated_while_a_result_is_corrected(world: World) -> None:
    award = finished(world, TOTALS)
    store, kept = FileStore(world.files_dir), issued(world)[0]
    target = world.contest(ContestState.REGISTRATION, world.territory("Miền Trung – Tây Nguyên"))
    open_final(award)
    publish_again(award, RISE)  # the vote carried it, the decision does not say so yet

    with world.session() as session:
        by: dict[str, Any] = {"actor": award.actor, "now": NOW}
        printing = by | {"store": store, "public_url": PUBLIC_URL}
        with pytest.raises(IllegalState):
            issue_certificates(session, IssueCertificates(award.contest.id, 9), **printing)
        with pytest.raises(IllegalState):
            reissue(session, Reissue(kept.id, "Rách"), **printing)
        with pytest.raises(IllegalState):
            nominate(session, Nominate(kept.entry_id, target.id), **by)
        revoke(session, Revoke(kept.id, "Gian lận bị phát hiện."), **by)
    assert [one.status for one in issued(world)] == [CertificateStatus.REVOKED, CertificateStatus.VALID]


def test_a_facility_keeps_its_certificate_in_view_while_the_result_is_corrected(world: World) -> None:
    award = finished(world, TOTALS)
    open_final(award)

    with world.session() as session:
        facility_id = session.get_one(Product, award.entries[0].product_id).facility_id
        [own] = own_entries_of(session, facility_id, NOW.date())

    assert own.certificate is not None
    assert (own.certificate.number, own.stage) == ("02/2026/GCN-CNNTTB", EntryStage.ACCEPTED)


def test_a_certificate_whose_prize_has_changed_is_to_be_replaced(world: World) -> None:
    prizes = (PrizeRule("1", "Giải Nhất", "First prize", 1), PrizeRule("2", "Giải Nhì", "Second prize", 9))
    award = finished(world, TOTALS, rules={"prizes": prizes, "prize_by": PrizeBy.RANK})
    untouched = outdated(award)
    open_final(award)
    decide_again(award, {0: 7300})  # the first overtakes the second

    changed = outdated(award)

    assert untouched == {}
    assert changed == {one.id: ("prize",) for one in issued(world)}
    with world.session() as session:
        reissue(
            session,
            Reissue(issued(world)[0].id, "Giải thưởng thay đổi theo Quyết định số 130/QĐ-UBND."),
            store=FileStore(world.files_dir),
            actor=award.actor,
            now=LATER,
            public_url=PUBLIC_URL,
        )
    replaced, other, new = issued(world)
    assert (replaced.status, new.printed["prize"]) == (CertificateStatus.REPLACED, "Giải Nhì")
    assert new.printed["decision_number"] == "130/QĐ-UBND"
    assert outdated(award) == {other.id: ("prize",)}


def outdated(award: Award) -> dict[int, tuple[str, ...]]:
    with award.world.session() as session:
        return outdated_certificates(session, award.actor, award.contest.id, today=LATER.date())
