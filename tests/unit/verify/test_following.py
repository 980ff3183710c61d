"""How `verify.py` follows marks and judges through the ledger to the sheets that count."""

import hashlib
from typing import Any

from app.verify.verify import (
    Bundle,
    Report,
    Sheets,
    canonical,
    counting_sheets,
    follow_sheet,
    inputs_digest,
    replay,
    tree_head,
)
from tests.unit.verify.small_bundles import a_sheet, entry, opened


def with_marks(bundle: Bundle, *submitted: int) -> Bundle:
    """Every sheet has its number of hundredths as marks; some are submitted."""
    bundle.marks |= {sheet: {"A": sheet, "B": sheet + 1, "Z": 9} for sheet in bundle.sheets}
    bundle.submitted |= set(submitted)
    return bundle


def test_submitted_sheets_count_of_judges_who_are_not_recused_from_the_entry() -> None:
    sheets = [a_sheet(11, 1, 5), a_sheet(12, 1, 6), a_sheet(13, 2, 5), a_sheet(14, 2, 6), a_sheet(15, 3, 5)]
    bundle = with_marks(opened([entry(1), entry(2)], [*sheets, a_sheet(16, 1, 7, 2)]), 11, 13, 14, 15, 16, 99)
    bundle.recused.add((5, 2))

    assert counting_sheets(bundle, 1) == {1: {5: {"A": 11, "B": 12}}, 2: {6: {"A": 14, "B": 15}}}


def test_a_sheet_counts_with_the_lines_of_its_entrys_group() -> None:
    lines = [{"code": f"A{group}", "parent": "A", "group": group} for group in ("", "X", "Y")]
    bundle = opened(
        [entry(1, "X"), entry(2, "Z")], [a_sheet(11, 1, 5), a_sheet(12, 2, 5)], sub_criteria=lines
    )
    bundle.marks |= {sheet: {"A": 1, "AX": 2, "AY": 3, "B": 4} for sheet in (11, 12)}
    bundle.submitted |= {11, 12}

    assert counting_sheets(bundle, 1) == {1: {5: {"A": 1, "AX": 2, "B": 4}}, 2: {5: {"A": 1, "B": 4}}}


def test_in_the_second_pass_only_sheets_of_entries_that_reached_its_mark_count() -> None:
    sheets = [a_sheet(10 + number, number, 5, 2) for number in range(1, 5)]
    bundle = with_marks(
        opened([entry(1), entry(2), entry(3), entry(4)], sheets, advance_mark=7500), 11, 12, 13, 14
    )
    bundle.recounted[1] = {
        1: {"rank": 1, "numerator": 15000, "denominator": 2},
        2: {"rank": 2, "numerator": 14999, "denominator": 2},
        3: {"rank": None, "numerator": None, "denominator": None},
        4: {"rank": 3, "numerator": 30001, "denominator": 4},
    }

    assert counting_sheets(bundle, 2) == {1: {5: {"A": 11, "B": 12}}, 4: {5: {"A": 14, "B": 15}}}


def test_without_a_mark_to_reach_everyone_who_was_scored_goes_on() -> None:
    bundle = opened([entry(1), entry(2)])
    bundle.recounted[1] = {
        1: {"rank": 1, "numerator": 0, "denominator": 1},
        2: {"rank": None, "numerator": None, "denominator": None},
    }

    assert counting_sheets(bundle, 2) == {1: {}}
    assert counting_sheets(opened([entry(1)]), 2) == {}


def test_the_digest_is_of_canonical_json_in_the_order_of_codes_and_judges() -> None:
    entries = [{"id": 1, "code": "Đ-2", "group": "X", "facility_id": 70}, entry(2), entry(3)]
    sheets: Sheets = {
        1: {6: {"A": 3, "B": 4}, 5: {"A": 1, "B": 2}},
        2: {5: {"A": 7, "B": 8}},
    }
    plain = '{"criteria":["A","B"],"entries":[["E2","X"],["Đ-2","X"]]'
    given = '"sheets":[["E2",5,[7,8]],["Đ-2",5,[1,2]],["Đ-2",6,[3,4]]]}'
    owned = '{"criteria":["A","B"],"entries":[["E2","X",2],["Đ-2","X",70]]'

    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    assert inputs_digest(opened(entries), sheets, 1) == digest(f"{plain},{given}")
    assert inputs_digest(opened(entries), sheets, 2) == digest(f'{plain},"pass":2,{given}')
    assert inputs_digest(opened(entries, facility_quota=0), sheets, 1) == digest(f"{owned},{given}")


def test_canonical_json_has_sorted_keys_no_spaces_and_letters_as_they_are() -> None:
    assert canonical({"b": [1, None], "a": "Đồng"}) == '{"a":"Đồng","b":[1,null]}'.encode()


# The leaves and heads that certificate-transparency implementations test each other with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_tree_has_the_heads_that_everyone_else_finds() -> None:
    hashes = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in LEAVES]

    assert [tree_head(hashes[:size]).hex() for size in range(9)] == HEADS


def follow(bundle: Bundle, action: str, **said: Any) -> list[tuple[str, str]]:
    """Follow one event of sheet 11, line 4 of the ledger."""
    report = Report()
    follow_sheet(bundle, report, 4, {"action": f"score-sheet:{action}", "subject_id": 11}, said)
    return report.faults


def test_a_sheet_is_followed_from_save_to_save() -> None:
    bundle = opened()

    saved = follow(bundle, "save", changes={"marks": {"A": [None, 100], "B": [None, 200]}})
    changed = follow(bundle, "save", changes={"marks": {"A": [100, None], "B": [200, 300]}})
    remarked = follow(bundle, "save", changes={"remark": ["", "Đẹp"]}) + follow(bundle, "save")

    assert saved == changed == remarked == []
    assert bundle.marks == {11: {"B": 300}}

    submitted = follow(bundle, "submit", changes={"marks": {"A": [None, 5]}}, marks={"A": 5, "B": 300})

    assert submitted == []
    assert bundle.marks == {11: {"A": 5, "B": 300}}
    assert bundle.submitted == {11}

    assert follow(bundle, "reopen") == []
    assert bundle.submitted == set()
    assert follow(bundle, "reopen") == []


def test_a_mark_that_was_not_there_before_is_named() -> None:
    bundle = opened()

    assert follow(bundle, "save", changes={"marks": {"A": [100, 200]}}) == [
        (
            "Dòng 4, phiếu 11, điểm cũ A: trong gói 100, phải là None",
            "Line 4, sheet 11, old mark A: 100, should be None",
        )
    ]
    assert bundle.marks == {11: {"A": 200}}


def test_a_sheet_that_was_submitted_with_other_marks_is_named() -> None:
    bundle = opened()

    assert follow(bundle, "submit", marks={"A": 100}) == [
        ("Dòng 4, phiếu 11: trong gói {'A': 100}, phải là {}", "Line 4, sheet 11: {'A': 100}, should be {}")
    ]


def test_a_sheet_that_the_ledger_gives_to_another_judge_entry_or_pass_is_named() -> None:
    sheet = a_sheet(11, 1, 5)

    assert follow(opened([], [sheet]), "save") == []  # as the ledger once wrote it
    assert follow(opened([], [sheet]), "save", judge=5, entry=1, **{"pass": 1}) == []
    assert follow(opened([], [sheet]), "save", judge=6, entry=2, **{"pass": 2}) == [
        ("Dòng 4, phiếu 11, entry: trong gói 1, phải là 2", "Line 4, sheet 11, entry: 1, should be 2"),
        ("Dòng 4, phiếu 11, judge: trong gói 5, phải là 6", "Line 4, sheet 11, judge: 5, should be 6"),
        ("Dòng 4, phiếu 11, pass: trong gói 1, phải là 2", "Line 4, sheet 11, pass: 1, should be 2"),
    ]


def test_a_judge_is_followed_through_recusals_to_the_end() -> None:
    bundle = opened()

    def judge(action: str, number: int, **said: Any) -> set[tuple[int, int]]:
        event = {"action": f"judge:{action}", "subject_kind": "judges", "subject_id": number}
        bundle.ledger = [(canonical(event), canonical({"details": said}))]
        replay(bundle, Report())
        return set(bundle.recused)

    assert judge("appoint", 5) == set()
    assert judge("recuse", 5, entry_id=1) == {(5, 1)}
    assert judge("recuse", 5, entry_id=2) == {(5, 1), (5, 2)}
    assert judge("recuse", 6, entry_id=1) == {(5, 1), (5, 2), (6, 1)}
    assert judge("lift-recusal", 5, entry_id=1) == {(5, 2), (6, 1)}
    assert judge("lift-recusal", 5, entry_id=1) == {(5, 2), (6, 1)}
    assert judge("dismiss", 5) == {(6, 1)}
