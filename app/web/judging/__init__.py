"""Pages of a judge and of the head of jury."""

from app.web.judging import head, statement, views
from app.web.judging.blueprint import bp

__all__ = ["bp", "head", "statement", "views"]
