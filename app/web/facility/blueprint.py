"""Where a facility's pages are hung."""

from flask import Blueprint

bp = Blueprint("facility", __name__, url_prefix="/facility")
