"""What `verify.py` says of a result that is not what the marks make of it."""

import hashlib
from typing import Any

import pytest

from app.verify.verify import (
    Bundle,
    Report,
    check_result,
    inputs_digest,
    recount,
)
from tests.unit.verify.small_bundles import a_sheet, columns, entry, given_sheets, opened


def row(number: int, **values: Any) -> dict[str, Any]:
    """A stored result of an entry that is not scored."""
    nothing = dict.fromkeys(("numerator", "denominator", "rank", "decided_by", "spread", "prize"))
    return {"entry": number, **nothing, "sheets": 0, "outcome": "not_scored", "prize_tied": False} | values


FIRST = [
    row(1, sheets=1, numerator=8000, denominator=1, rank=1, decided_by="value", outcome="selected", spread=0),
    row(2),
]
DIGEST_1 = hashlib.sha256(
    b'{"criteria":["A","B"],"entries":[["E1","X"],["E2","X"]],"sheets":[["E1",5,[4000,4000]]]}'
).hexdigest()


def computed(stored: dict[str, Any] | None, **said: Any) -> tuple[list[tuple[str, str]], Bundle]:
    """Check a computation of a contest in which one judge gave one entry 80 points."""
    results = [] if stored is None else [stored]
    bundle = opened([entry(1), entry(2)], [a_sheet(11, 1, 5), a_sheet(21, 1, 5, 2)], results)
    bundle.marks |= {11: {"A": 4000, "B": 4000}, 21: {"A": 4000, "B": 3000}}
    bundle.submitted |= {11, 21}
    bundle.recounted[1] = recount(bundle, {1: {5: bundle.marks[11]}, 2: {}})
    report = Report()
    check_result(bundle, report, {"version": 3} | said)
    return report.faults, bundle


def kept(results: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """A computation as the bundle has it."""
    return {
        "version": 3,
        "pass": 1,
        "inputs_digest": DIGEST_1,
        "rules_digest": "r1",
        "results": results,
    } | fields


def test_a_result_that_was_kept_as_it_is_recounted_is_right() -> None:
    faults, bundle = computed(kept(FIRST), inputs_digest=DIGEST_1, rules_digest="r1")

    assert faults == []
    assert columns(bundle.recounted[1], "rank") == [(1,), (None,)]


def test_a_result_of_the_second_pass_tells_who_ended_with_the_first() -> None:
    digest = hashlib.sha256(
        b'{"criteria":["A","B"],"entries":[["E1","X"]],"pass":2,"sheets":[["E1",5,[4000,3000]]]}'
    ).hexdigest()
    second = row(
        1, sheets=1, numerator=7000, denominator=1, rank=1, decided_by="value", outcome="selected", spread=0
    )

    faults, bundle = computed(
        kept([second, row(2)], **{"pass": 2, "inputs_digest": digest}), pass_no=2, inputs_digest=digest
    )

    assert faults == []
    assert columns(bundle.recounted[1], "numerator") == [(8000,), (None,)]
    assert columns(bundle.recounted[2], "numerator") == [(7000,)]


def test_who_was_scored_and_did_not_go_on_has_not_advanced() -> None:
    bundle = opened([entry(1), entry(2)], [], [kept([], **{"pass": 2})], advance_mark=8000)
    bundle.recounted[1] = recount(bundle, given_sheets([(4000, 3999)], []))
    report = Report()

    check_result(bundle, report, {"version": 3, "pass_no": 2})

    named = [english for _vietnamese, english in report.faults if "E1, outcome" in english]
    assert named == ["Result version 3, E1, outcome: None, should be not_advanced"]
    assert "Result version 3, E2, outcome: None, should be not_scored" in [en for _vi, en in report.faults]


def test_who_was_not_scored_in_the_first_pass_keeps_their_sheets_without_a_spread() -> None:
    stored = kept([row(1, sheets=1)], **{"pass": 2})
    bundle = opened([entry(1)], [], [stored], min_sheets=2)
    bundle.recounted[1] = recount(bundle, given_sheets([(4000, 3999)]))
    stored["inputs_digest"] = inputs_digest(bundle, {}, 2)
    report = Report()

    bundle.results = {3: stored}
    check_result(bundle, report, {"version": 3, "pass_no": 2})

    assert report.faults == []


@pytest.mark.parametrize("name", sorted(FIRST[0].keys() - {"entry"}))
def test_each_value_that_was_changed_is_named(name: str) -> None:
    faults, _bundle = computed(kept([FIRST[0] | {name: "?"}, FIRST[1]]))

    assert faults == [
        (
            f"Kết quả lần 3, E1, {name}: trong gói ?, phải là {FIRST[0][name]}",
            f"Result version 3, E1, {name}: ?, should be {FIRST[0][name]}",
        )
    ]


@pytest.mark.parametrize(
    ("name", "right"), [("pass", 1), ("inputs_digest", DIGEST_1), ("rules_digest", "r1")]
)
def test_a_result_kept_under_another_digest_or_pass_is_named(name: str, right: object) -> None:
    faults, _bundle = computed(kept(FIRST, **{name: "?"}))

    assert faults == [
        (
            f"Kết quả lần 3, {name}: trong gói ?, phải là {right}",
            f"Result version 3, {name}: ?, should be {right}",
        )
    ]


@pytest.mark.parametrize(("name", "right"), [("inputs_digest", DIGEST_1), ("rules_digest", "r1")])
def test_a_ledger_that_names_another_digest_is_named(name: str, right: object) -> None:
    faults, _bundle = computed(kept(FIRST), **{name: "?"})

    assert faults == [
        (
            f"Kết quả lần 3, {name} (nhật ký): trong gói ?, phải là {right}",
            f"Result version 3, {name} (ledger): ?, should be {right}",
        )
    ]


def test_a_result_of_an_entry_that_is_not_in_the_contest_is_named() -> None:
    faults, _bundle = computed(kept([*FIRST, row(9, rank=1)]))

    assert faults == [
        (
            "Kết quả lần 3, #9, rank: trong gói 1, phải là None",
            "Result version 3, #9, rank: 1, should be None",
        )
    ]


def test_a_computation_that_is_missing_is_named_value_by_value() -> None:
    faults, _bundle = computed(None)

    assert [english for _vietnamese, english in faults] == [
        "Result version 3, pass: None, should be 1",
        f"Result version 3, inputs_digest: None, should be {DIGEST_1}",
        "Result version 3, rules_digest: None, should be r1",
        *(
            f"Result version 3, E1, {name}: None, should be {FIRST[0][name]}"
            for name in ("numerator", "denominator", "rank", "decided_by", "spread")
        ),
        "Result version 3, E1, sheets: None, should be 1",
        "Result version 3, E1, outcome: None, should be selected",
        "Result version 3, E1, prize_tied: None, should be False",
        "Result version 3, E2, sheets: None, should be 0",
        "Result version 3, E2, outcome: None, should be not_scored",
        "Result version 3, E2, prize_tied: None, should be False",
    ]
