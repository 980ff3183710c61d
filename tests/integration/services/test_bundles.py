"""A bundle proves its contest: what was changed after the fact is found and named."""

import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, NotFound
from app.domain.permissions import Role
from app.models import User
from app.models.base import canonical_json
from app.services.assignments import Recuse, recuse
from app.services.bundles import auditor
from app.services.corrections import OpenCorrection, open_correction
from app.services.merkle import root
from app.services.publication import publish_provisional
from app.verify import SOURCE
from tests.awards import marks_for
from tests.builders import NOW, World
from tests.bundles import (
    Files,
    Totals,
    bundle_of,
    close,
    closed,
    edited,
    export,
    faults_of,
    finished,
    judged,
    rehashed,
    reopen,
    sheet_of,
    submit,
    unpacked,
    vote,
)

TOTALS: Totals = [[7072, 7500, 8000], [9000, 9000, 9000], [6999, 7000, 7000], [9000, 9000, None]]

HELD: Files = {}


@pytest.fixture
def files(world: World) -> Files:
    """The files of a contest that was held from the first mark to the last certificate; it takes seconds."""
    if not HELD:
        HELD.update(
            unpacked(bundle_of(finished(world, TOTALS, opened=True, groups="ABAC", rules={"quota": 2})))
        )
    return HELD


def test_a_bundle_holds_the_contest_whole(files: Files) -> None:
    certificates = sorted(name for name in files if name.startswith("certificates/"))

    assert sorted(files.keys() - set(certificates)) == [
        "README.txt",
        "ballot.json",
        "certificates.json",
        "contest.json",
        "decision.json",
        "details.jsonl",
        "discussions.json",
        "documents/minutes.pdf",
        "documents/results-list.pdf",
        "entries.json",
        "heads.json",
        "judges.json",
        "ledger.jsonl",
        "manifest.json",
        "photos.json",
        "recusals.json",
        "results.json",
        "rules.json",
        "sheets.json",
        "verify.py",
        "withdrawn.json",
    ]
    assert len(certificates) == 2
    assert files["verify.py"] == SOURCE.read_bytes()


def test_nothing_is_wrong_with_a_contest_as_it_was_held(files: Files, tmp_path: Path) -> None:
    head = json.loads(files["heads.json"])[1]["root"]

    assert faults_of(tmp_path, files) == []
    assert faults_of(tmp_path, files, head=head.upper()) == []


def test_the_same_data_gives_the_same_bytes(world: World) -> None:
    award = finished(world, TOTALS)

    assert bundle_of(award) == bundle_of(award)


def test_a_bundle_tells_nobody_how_a_member_voted_nor_what_a_dossier_holds(world: World) -> None:
    award = closed(world, TOTALS)
    files = unpacked(bundle_of(award))
    people = world.all(select(User))
    everything = b"".join(content for name, content in files.items() if not name.endswith(".pdf")).decode()

    assert [user.email for user in people if user.email in everything] == []
    assert '"password' not in everything


def test_votes_are_in_the_ledger_but_withheld(files: Files) -> None:
    actions = [json.loads(line)["action"] for line in files["ledger.jsonl"].splitlines()]
    details = files["details.jsonl"].split(b"\n")[:-1]

    assert [shown for action, shown in zip(actions, details, strict=True) if action == "ballot:vote"] == [
        b"",
        b"",
    ]


def test_one_changed_byte_in_any_file_is_found_and_named(files: Files, tmp_path: Path) -> None:
    unnamed = []
    for name, content in files.items():
        for at in {0, len(content) // 3, len(content) - 1}:
            changed = bytearray(content)
            changed[at] ^= 1
            faults = faults_of(tmp_path, {**files, name: bytes(changed)})
            if not any(name in fault for fault in faults) and name != "manifest.json":
                unnamed.append((name, at, faults))
            if not faults:
                unnamed.append((name, at, ["nothing"]))

    assert unnamed == []


def test_a_removed_an_added_and_swapped_files_are_named(files: Files, tmp_path: Path) -> None:
    first, second = sorted(name for name in files if name.startswith("certificates/"))
    without = {name: content for name, content in files.items() if name != "photos.json"}
    swapped = {**files, first: files[second], second: files[first]}

    assert faults_of(tmp_path, without) == ["The file photos.json is missing"]
    assert faults_of(tmp_path, {**files, "more.txt": b""}) == ["The file more.txt is not in manifest.json"]
    assert faults_of(tmp_path, swapped)[:2] == [
        f"The file {first} was changed",
        f"The file {second} was changed",
    ]


def first_mark(value: int) -> Callable[[Any], None]:
    def edit(sheets: Any) -> None:
        sheets[0]["marks"]["L1"] = value

    return edit


def set_in(key: str, value: Any, at: int = 0) -> Callable[[Any], None]:
    def edit(rows: Any) -> None:
        (rows if isinstance(rows, dict) else rows[at])[key] = value

    return edit


def test_a_mark_changed_with_the_manifest_to_match_is_found(files: Files, tmp_path: Path) -> None:
    faults = faults_of(tmp_path, edited(files, "sheets.json", first_mark(4000 - 50)))

    assert [fault.split(":")[0] for fault in faults] == ["sheets.json by the ledger", "Sheet 1, marks"]
    assert faults[1].startswith("Sheet 1, marks: {'L1': 3950")


CHANGES: list[tuple[str, Callable[[Any], object], str]] = [
    ("sheets.json", set_in("state", "draft"), "Sheet 1, submitted: False, should be True"),
    ("sheets.json", lambda rows: rows.pop(0), "Sheet 1, marks"),
    ("sheets.json", set_in("judge", 2), "Result version 1, inputs_digest"),
    ("sheets.json", set_in("entry", 2), "Result version 1, inputs_digest"),
    ("sheets.json", set_in("pass", 2), "Result version 1, inputs_digest"),
    ("entries.json", set_in("group", "D"), "Result version 1, inputs_digest"),
    ("entries.json", set_in("code", "A-999"), "Result version 1, inputs_digest"),
    ("rules.json", set_in("threshold", 6000), "Digest of the rules"),
    ("recusals.json", lambda rows: rows.append({"judge": 1, "entry": 1}), "Recusals"),
    ("results.json", lambda rows: rows[0]["results"][0].update(rank=1), "Result version 1, A-001, rank"),
    ("results.json", lambda rows: rows[0]["results"][0].update(outcome="selected"), "outcome"),
    ("results.json", lambda rows: rows[0]["results"].pop(), "Result version 1"),
    ("results.json", lambda rows: rows.pop(), "Result version 1"),
    ("results.json", set_in("inputs_digest", "0" * 64), "Result version 1, inputs_digest"),
    ("results.json", lambda rows: rows.append({**rows[0], "version": 2}), "Computations"),
    ("ballot.json", lambda ballot: ballot["items"][0].update(yes=1), "Counts of the ballot"),
    ("ballot.json", lambda ballot: ballot["items"][0].update(carried=False), "carried"),
    ("ballot.json", lambda ballot: ballot["items"][0].update(on_jury_list=False), "002, listed"),
    ("ballot.json", set_in("members", 1), "votes"),
    ("ballot.json", set_in("closed_at", None), "Counts of the ballot"),
    ("certificates.json", set_in("entry", 1), "recognised"),
    ("certificates.json", set_in("number", "99/2026/GCN-CNNTTB"), "Certificate 99"),
    ("certificates.json", set_in("status", "revoked"), "revoked"),
    ("certificates.json", set_in("sha256", "0" * 64), "sha256"),
    ("certificates.json", lambda rows: rows.pop(), "Missing certificates"),
    ("certificates.json", lambda rows: rows.append(dict(rows[0])), "Certificates that share"),
    ("certificates.json", set_in("code", "AAAA"), "code"),
    ("certificates.json", set_in("valid_until", "2099-01-01"), "valid_until"),
    ("certificates.json", lambda rows: rows[0]["printed"].update(product="Giả"), "printed"),
    ("decision.json", set_in("number", "999/QĐ-UBND"), "decision.json by the ledger"),
    ("decision.json", set_in("signatory", "Người khác"), "decision.json by the ledger"),
    ("decision.json", lambda rows: rows.clear(), "decision.json by the ledger"),
    ("entries.json", set_in("product", "Sản phẩm khác"), "entries.json by the ledger"),
    ("entries.json", set_in("facility_id", 10**6), "Entry 1"),
    ("entries.json", lambda rows: rows.pop(), "Entry 4"),
    ("sheets.json", set_in("remark", "Khác"), "sheets.json by the ledger"),
    ("discussions.json", lambda rows: rows.append({}), "discussions.json by the ledger"),
    ("ballot.json", set_in("members", 5), "ballot.json by the ledger"),
    ("ballot.json", set_in("note", "Khác"), "ballot.json by the ledger"),
    ("heads.json", set_in("root", "0" * 64), "The ledger was changed"),
    ("heads.json", set_in("size", 10**6), "The ledger was changed"),
    ("heads.json", lambda rows: rows.pop(), "Number of lines"),
    ("contest.json", set_in("id", 2), "Ledger line 1, contest"),
    ("contest.json", set_in("rules_digest", "0" * 64), "Digest of the rules"),
]  # fmt: skip


def test_content_changed_with_the_manifest_to_match_is_found(files: Files, tmp_path: Path) -> None:
    found = [(name, said, faults_of(tmp_path, edited(files, name, edit))) for name, edit, said in CHANGES]

    assert [case for case in found if not any(case[1] in fault for fault in case[2])] == []


def test_a_mark_changed_in_sheets_and_ledger_and_hashed_again_is_found_by_the_head(
    files: Files, tmp_path: Path
) -> None:
    changed = forged(files)

    assert [fault.split(" (")[0] for fault in faults_of(tmp_path, changed)] == [
        f"The ledger was changed: head {head['size']}" for head in json.loads(files["heads.json"])
    ]


def test_a_ledger_rewritten_with_all_its_heads_does_not_have_the_head_that_was_printed(
    files: Files, tmp_path: Path
) -> None:
    printed = json.loads(files["heads.json"])[0]["root"]
    changed = forged(files)
    leaves = [sha256(b"\x00" + leaf).digest() for leaf in changed["ledger.jsonl"].splitlines()]
    heads = json.loads(changed["heads.json"])
    for head in heads:
        head["root"] = root(leaves[: head["size"]]).hex()
    changed = rehashed({**changed, "heads.json": f"{canonical_json(heads)}\n".encode()})

    assert faults_of(tmp_path, changed) == []
    assert faults_of(tmp_path, changed, head=printed) == [f"The head {printed} is not in the bundle"]


def forged(files: Files) -> Files:
    """A lower mark that changes no outcome, put into the sheet, its ledger, the digest and the result as well."""
    details = files["details.jsonl"].split(b"\n")
    opening = json.loads(details[0])
    opening["salt"] = "0" * 32
    leaf_lines = files["ledger.jsonl"].split(b"\n")
    leaf = json.loads(leaf_lines[0])
    details[0] = canonical_json(opening).encode()
    leaf["details_sha256"] = sha256(details[0]).hexdigest()
    leaf_lines[0] = canonical_json(leaf).encode()
    return rehashed({**files, "details.jsonl": b"\n".join(details), "ledger.jsonl": b"\n".join(leaf_lines)})


@pytest.mark.parametrize("name", ["judges.json", "discussions.json", "decision.json", "heads.json"])
def test_a_file_taken_out_together_with_its_line_of_the_manifest_is_missed(
    files: Files, tmp_path: Path, name: str
) -> None:
    without = {kept: content for kept, content in files.items() if kept != name}

    assert f"The file {name} is missing" in faults_of(tmp_path, rehashed(without))


def test_an_empty_head_is_no_head(files: Files, tmp_path: Path) -> None:
    assert faults_of(tmp_path, files, head="") == ["The head  is not in the bundle"]


def test_what_a_judge_did_cannot_be_withheld(files: Files, tmp_path: Path) -> None:
    details = files["details.jsonl"].split(b"\n")
    details[0] = b""

    faults = faults_of(tmp_path, rehashed({**files, "details.jsonl": b"\n".join(details)}))

    assert "Ledger line 1: its details are withheld" in faults


def test_a_reopened_and_a_recused_sheet_are_followed_through_the_ledger(world: World, tmp_path: Path) -> None:
    award = judged(world, [[7000, 7100, 7200], [8000, 8100, 8200]])
    entry = award.entries[0]
    reopen(world, award, sheet_of(world, award.judges[0], entry.id).id)
    submit(world, award.judges[0], entry.id, marks_for(7550))
    with world.session() as session:
        command = Recuse(award.judges[1].id, entry.id, "Cùng cơ quan.")
        recuse(session, command, actor=award.actor, now=NOW)
    files = unpacked(bundle_of(close(award)))

    assert faults_of(tmp_path, files) == []
    assert json.loads(files["results.json"])[0]["results"][0]["numerator"] == 7375


def test_a_result_that_was_corrected_after_its_list_was_public_is_followed_through_both_versions(
    world: World, tmp_path: Path
) -> None:
    award = closed(world, [[7000, 7100, 7200], [8000, 8100, 8200]])
    vote(award)
    with world.session() as session:
        publish_provisional(session, award.contest.id, actor=award.actor, now=NOW)
    with world.session() as session:
        command = OpenCorrection(award.contest.id, "Khiếu nại có căn cứ.")
        open_correction(session, command, actor=award.actor, now=NOW)
    entry = award.entries[0]
    reopen(world, award, sheet_of(world, award.judges[0], entry.id).id)
    submit(world, award.judges[0], entry.id, marks_for(6500))
    close(award)
    vote(award)
    files = unpacked(bundle_of(award))

    assert faults_of(tmp_path, files) == []
    numerators = [version["results"][0]["numerator"] for version in json.loads(files["results.json"])]
    assert numerators == [7100, 20800]


def test_a_contest_that_is_still_scored_is_not_exported(world: World) -> None:
    award = judged(world, [[7000]])

    with pytest.raises(IllegalState, match="once scoring has closed"):
        bundle_of(award)


def test_nobody_else_exports_a_contest(world: World) -> None:
    award, other = closed(world, [[7000]]), world.contest(ContestState.SCORED)
    stranger = world.actor(world.organiser(world.territory("Phía Nam")))
    head_of_jury = world.actor(world.user_of(award.judges[0].user_id))

    for actor in (stranger, head_of_jury, auditor(other.id)):
        with pytest.raises(NotFound):
            export(award, actor)


def test_an_observer_exports_the_same_bundle(world: World) -> None:
    award = closed(world, [[7000]])
    observer = world.member(Role.OBSERVER, contest_id=award.contest.id)

    assert export(award, world.actor(observer)) == bundle_of(award)


def test_the_program_in_the_bundle_runs_by_itself_in_the_unpacked_folder(
    files: Files, tmp_path: Path
) -> None:
    folder = tmp_path / "unpacked"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    command = [sys.executable, "-I", str(folder / "verify.py")]

    run = subprocess.run(command, capture_output=True, check=False)
    (folder / "sheets.json").write_bytes(files["sheets.json"].replace(b"4000", b"3950", 1))
    again = subprocess.run(command, capture_output=True, check=False)

    assert (run.returncode, run.stderr) == (0, b"")
    assert "ĐÚNG" in run.stdout.decode()
    assert (again.returncode, again.stderr) == (1, b"")
    assert "SAI: Tệp sheets.json đã bị sửa" in again.stdout.decode()
