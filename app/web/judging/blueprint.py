"""Where a judge's pages are hung."""

from flask import Blueprint

bp = Blueprint("judging", __name__, url_prefix="/judging")
