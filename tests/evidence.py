"""The evidence page of a contest, for tests of what it says and of who may read it."""

import io

import python_calamine

from app.models import User
from tests.awards import Award
from tests.browsing import Browser, Page
from tests.builders import World

FILES = ("/entries.csv", "/judges.csv", "/agreement.csv", "/sensitivity.csv", "/steps.csv", ".xlsx", ".json")
JUDGES = ("Nguyễn Thị An", "Trần Văn Bình", "Lê Thị Cúc")


def address(award: Award, kind: str = "") -> str:
    """The page, or a file of it."""
    return f"/contests/{award.contest.id}/evidence{kind}"


def rows_of(page: Page, part: str, table: str = "table") -> list[list[str]]:
    """The rows of a part's first table."""
    return page.rows(f"section[aria-labelledby={part}] {table}")


def named(world: World, award: Award) -> Award:
    """The same with judges who can be told apart."""
    with world.session() as session:
        for judge, name in zip(award.judges, JUDGES, strict=False):
            session.get_one(User, judge.user_id).name = name
    return award


def member_of(world: World, award: Award) -> User:
    """A member of the council, as somebody who signs in."""
    return world.user_of(world.council_member(award.contest).user_id)


def everything(reader: Browser, award: Award) -> str:
    """The page and every file of it, as one text."""
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(reader.file(address(award, ".xlsx")).data)
    )
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    texts = [reader.file(address(award, kind)).data.decode() for kind in ("", *FILES) if kind != ".xlsx"]
    return "\n".join([*texts, repr(sheets)])
