"""The spreadsheet that an office fills in: what it says is enough to fill it in rightly."""

import io

from python_calamine import CalamineWorkbook

from app.services.sheet_template import template_file
from tests.builders import World
from tests.outside_sheets import Office, office, workbook


def pages(desk: Office) -> dict[str, list[list[str]]]:
    """The sheets of the template, by name, as rows of text."""
    with desk.world.session() as session:
        _slug, content = template_file(session, desk.actor, desk.contest.id)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: [list(map(str, row)) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def legend(rows: list[list[str]]) -> dict[str, list[tuple[str, str]]]:
    """For each code of a criterion, the groups that it serves with its highest mark."""
    start = next(number for number, row in enumerate(rows) if row[0] == "Tiêu chí")
    lines: dict[str, list[tuple[str, str]]] = {}
    for code, group, _text, most in rows[start + 1 :]:
        if not code:
            break
        lines.setdefault(code, []).append((group, most))
    return lines


def serves(groups: str, group: str) -> bool:
    return groups == "Mọi nhóm" or group in groups.split(", ")


def test_the_legend_says_for_which_group_each_line_is(world: World) -> None:
    desk = office(world, rules=world.detailed_rules())

    lines = legend(pages(desk)["Chú giải"])

    assert lines == {
        "L1.1": [("Mọi nhóm", "25")],
        "L1.2": [("Mọi nhóm", "15")],
        "L2.1": [("A", "20"), ("B", "10")],
        "L2.2": [("A", "20"), ("B", "30")],
        "L2": [("C, D", "40")],
        "L3": [("Mọi nhóm", "10")],
        "L4": [("Mọi nhóm", "10")],
    }


def test_sheets_of_several_groups_are_filled_in_rightly_from_the_legend(world: World) -> None:
    desk = office(world, rules=world.detailed_rules())
    for group in "AD":
        entry = world.entry(desk.contest, world.product(group=group), code=f"{group}-001")
        world.sheet(desk.judges[0], entry)
    read = pages(desk)
    lines, rows = legend(read["Chú giải"]), read["Phiếu chấm"]
    codes = rows[3][3 : 3 + len(lines)]  # of GK1, the first judge
    for row in rows[4:]:
        for column, code in enumerate(codes, start=3):
            row[column] = next((most for groups, most in lines[code] if serves(groups, row[2])), "")

    planned = desk.planned(workbook(rows))

    assert [(judge, code, sum(marks.values())) for judge, code, marks, _kind in planned] == [
        ("GK1", code, 10000) for code in ("A-001", "B-001", "B-002", "D-001")
    ]
