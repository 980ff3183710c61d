"""A council in its meeting as its pages show it: a browser for everybody in the room."""

from typing import Any

from flask import Flask

from tests.browsing import Browser, Page, squeeze, values_of
from tests.builders import World
from tests.meetings import Sitting


class Room(Sitting):
    """The same council, with a browser for everybody who needs one."""

    def __init__(self, world: World, app: Flask) -> None:
        super().__init__(world)
        self.app = app
        self.url = f"/council/{self.contest.id}"
        self.browsers: dict[int, Browser] = {}

    def of(self, member: int) -> Browser:
        """The browser of a member; 1 is the secretary."""
        if member not in self.browsers:
            self.browsers[member] = Browser(self.app)
            self.browsers[member].sign_in(self.users[member])
        return self.browsers[member]

    def console(self, step: str = "", status: int = 303, **fields: Any) -> Page:
        """Get the console, or send one of its forms."""
        if not step:
            return self.of(1).get(f"{self.url}/console")
        return self.of(1).post(
            f"{self.url}/console/{step}", {k.replace("__", "-"): v for k, v in fields.items()}, status=status
        )

    def hands(
        self, *counts: str, status: int = 303, page: Page | None = None, beside: dict[str, str] | None = None
    ) -> Page:
        """Send counts of hands from the console, as it is now or as a page showed it."""
        values = values_of((page or self.console()).one("form[action$=hands]"))
        names = ("hands-yes", "hands-no", "hands-abstain")
        return self.console(
            "hands", status, **values | dict(zip(names, counts, strict=True)) | (beside or {})
        )

    def wall(self) -> str:
        """What the room reads."""
        return squeeze(self.of(1).get(f"{self.url}/projector").one("#wall"))

    def send(self, member: int, action: str, status: int = 303, **changes: object) -> Page:
        """Let a member press a button of their page."""
        page = self.of(member).get(f"{self.url}/meeting")
        form = page.one(f"form[action$='/{action}']")
        return self.of(member).post(f"{self.url}/meeting/{action}", values_of(form) | changes, status=status)
