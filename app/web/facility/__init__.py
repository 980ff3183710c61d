"""Pages of a facility: its particulars, its products, its entries."""

from app.web.facility import answers, contests, entries, products, uploads, views
from app.web.facility.blueprint import bp

__all__ = ["answers", "bp", "contests", "entries", "products", "uploads", "views"]
