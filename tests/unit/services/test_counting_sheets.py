"""The digest of what goes into a result: whatever way it is written in, it is that of plain canonical JSON."""

import hashlib
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.rules import ContestRules, CriterionRule, SubCriterionRule
from app.services.counting_sheets import CHUNK, CountingSheets

CRITERIA = tuple(CriterionRule(code, code, code, 5000) for code in ("A", "B"))
LINES = (
    SubCriterionRule("A1", "A", "X", "A1", "A1", 2000),
    SubCriterionRule("A2", "A", "X", "A2", "A2", 3000),
)


def rules_with(facility_quota: int | None = None) -> ContestRules:
    """Entries of group X have three lines, all others two."""
    return ContestRules(
        rubric="r", criteria=CRITERIA, groups=(), sub_criteria=LINES, facility_quota=facility_quota
    )


def sheets_of(codes: list[str], judges: list[int], counts: Any, pass_no: int = 1) -> CountingSheets:
    """Every other entry is of group X; marks grow from cell to cell."""
    shape = (len(codes), len(judges))
    return CountingSheets(
        entries=[(number, code, "XY"[number % 2]) for number, code in enumerate(codes)],
        facilities=np.arange(len(codes)) * 7,
        judges=judges,
        marks=np.zeros((*shape, 2), dtype=np.int64),
        counts=np.array(counts, dtype=np.bool_).reshape(shape),
        lines=np.arange(shape[0] * shape[1] * 3).reshape(*shape, 3) % 5001,
        pass_no=pass_no,
    )


def digest_of_plain_json(sheets: CountingSheets, rules: ContestRules) -> str:
    width = {group: len(rules.lines(group)) for group in "XY"}
    inputs: dict[str, Any] = {
        "criteria": ["A", "B"],
        "entries": [
            [code, group] if rules.facility_quota is None else [code, group, int(owner)]
            for (_id, code, group), owner in zip(sheets.entries, sheets.facilities, strict=True)
        ],
        "sheets": [
            [code, judge, sheets.lines[row, column, : width[group]].tolist()]
            for row, (_id, code, group) in enumerate(sheets.entries)
            for column, judge in enumerate(sheets.judges)
            if sheets.counts[row, column]
        ],
    } | ({"pass": sheets.pass_no} if sheets.pass_no > 1 else {})
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@given(
    data=st.data(), codes=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=6)
)
def test_any_codes_and_sheets_are_written_as_plain_json(data: st.DataObject, codes: list[str]) -> None:
    judges = sorted(data.draw(st.sets(st.integers(1, 10**9), max_size=4)))
    cells = len(codes) * len(judges)
    counts = data.draw(st.lists(st.booleans(), min_size=cells, max_size=cells))
    sheets = sheets_of(codes, judges, counts, pass_no=data.draw(st.sampled_from([1, 2])))
    rules = rules_with(data.draw(st.sampled_from([None, 2])))

    assert sheets.digest(rules) == digest_of_plain_json(sheets, rules)


@pytest.mark.parametrize("first", [0, 3, CHUNK, CHUNK + 1])
def test_sheets_of_more_entries_than_are_written_at_a_time_follow_each_other(first: int) -> None:
    codes = [f'{number % 7} % "%d" – Đồng {number}' for number in range(2 * CHUNK + 1)]
    counts = [[number >= first, False, number >= first and number % 3 == 0] for number in range(len(codes))]
    sheets = sheets_of(codes, [3, 5, 12], counts)

    assert sheets.digest(rules_with()) == digest_of_plain_json(sheets, rules_with())


def test_a_digest_that_was_kept_once_stays_as_it_was() -> None:
    sheets = sheets_of(["X-01", "Y-02"], [4, 9], [[True, False], [True, True]], pass_no=2)

    assert sheets.digest(rules_with(1)) == DIGEST


DIGEST = hashlib.sha256(
    b'{"criteria":["A","B"],"entries":[["X-01","X",0],["Y-02","Y",7]],"pass":2,'
    b'"sheets":[["X-01",4,[0,1,2]],["Y-02",4,[6,7]],["Y-02",9,[9,10]]]}'
).hexdigest()
