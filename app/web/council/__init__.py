"""Pages of the council: its list and ballot, its meeting, and the minutes of it."""

from app.web.council import console, console_turns, meeting, minutes, projector, views
from app.web.council.blueprint import bp

__all__ = ["bp", "console", "console_turns", "meeting", "minutes", "projector", "views"]
