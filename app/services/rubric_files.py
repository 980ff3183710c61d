"""A rubric from a file: `{"criteria": [{"id": "L1", "max": 40, "floor": 0}, …]}`, in points."""

import json
from pathlib import Path
from typing import Any, Final, NoReturn

from app.domain.marks import InvalidMark, parse_mark
from app.domain.rules import SPREAD, CriterionRule
from app.services.cells import read_bytes
from app.services.columns import BadCell, plain_code
from app.services.faults import FileFault, refuse
from scoring import MAX_TOTAL

LEGAL_SHEET: Final = tuple(
    CriterionRule(code, code, code, max_mark)
    for code, max_mark in (("L1", 4000), ("L2", 4000), ("L3", 1000), ("L4", 1000))
)
"""The score sheet of Thông tư 26/2014/TT-BCT, Appendix 4: 40, 40, 10 and 10 points."""

RESERVED: Final = frozenset({"value", SPREAD, "tie"})
"""What a result may name beside criteria, so that no criterion may be called so."""

_LARGEST: Final = 2**20


def read_rubric(path: Path) -> tuple[CriterionRule, ...]:
    """Read the criteria of a score sheet; maxima and floors become hundredths of a point.

    Raises
    ------
    RefusedFile
        The file is no such JSON, a code is empty, reserved or repeated, a maximum is not above zero, or a
        floor is above its maximum.
    """
    raw = _json(read_bytes(path, _LARGEST))
    if not isinstance(raw, dict) or set(raw) != {"criteria"}:
        raise refuse(FileFault.RUBRIC_SHAPE)
    if not isinstance(raw["criteria"], list) or not raw["criteria"]:
        raise refuse(FileFault.RUBRIC_SHAPE)
    criteria = tuple(_criterion(item) for item in raw["criteria"])
    codes = [criterion.code for criterion in criteria]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise refuse(FileFault.RUBRIC_REPEATED, criterion=code)
    if sum(criterion.max_mark for criterion in criteria) > MAX_TOTAL:
        raise refuse(FileFault.RUBRIC_TOTAL, max=MAX_TOTAL)
    return criteria


def _json(data: bytes) -> Any:
    def refused(constant: str) -> NoReturn:
        raise ValueError(constant)

    def unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError(pairs)
        return dict(pairs)

    try:
        # Numbers stay text until `parse_mark` reads them, so that none passes through binary fractions.
        return json.loads(
            data, parse_float=str, parse_int=str, parse_constant=refused, object_pairs_hook=unambiguous
        )
    except (ValueError, RecursionError) as error:
        raise refuse(FileFault.RUBRIC_NOT_JSON) from error


def _criterion(item: object) -> CriterionRule:
    if not isinstance(item, dict) or not {"id", "max"} <= set(item) <= {"id", "max", "floor"}:
        raise refuse(FileFault.RUBRIC_SHAPE)
    code = _code(item["id"])
    max_mark = _points(item["max"], code)
    floor = _points(item.get("floor", "0"), code)
    if max_mark == 0:
        raise refuse(FileFault.RUBRIC_MAXIMUM, criterion=code)
    if floor > max_mark:
        raise refuse(FileFault.RUBRIC_FLOOR, criterion=code)
    return CriterionRule(code, code, code, max_mark, floor)


def _code(value: object) -> str:
    try:
        code = plain_code(value) if isinstance(value, str) else ""
    except BadCell:
        code = ""
    if not code or code in RESERVED:
        raise refuse(FileFault.RUBRIC_CODE, text=str(value))
    return code


def _points(value: object, code: str) -> int:
    try:
        points = parse_mark(value) if isinstance(value, str) else None
    except InvalidMark:
        points = None
    if points is None:
        raise refuse(FileFault.RUBRIC_MARK, criterion=code, text=str(value))
    return points
