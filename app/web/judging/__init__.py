"""Pages of a judge and of the head of jury."""

from app.web.judging import autosave, device, grid, head, many, preview, statement, views
from app.web.judging.blueprint import bp

__all__ = ["autosave", "bp", "device", "grid", "head", "many", "preview", "statement", "views"]
