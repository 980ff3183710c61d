"""Assembling the application."""

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from app.config import Settings
from app.models.engine import open_engine
from app.web.admin.views import bp as admin
from app.web.auth.views import bp as auth
from app.web.certificates.views import bp as certificates
from app.web.communes.views import bp as communes
from app.web.contests import bp as contests
from app.web.council import bp as council
from app.web.db import init_db
from app.web.errors import init_errors
from app.web.facility import bp as facility
from app.web.files.views import bp as files
from app.web.filters import init_filters
from app.web.given_back import init_given_back
from app.web.home.views import bp as home
from app.web.i18n import init_i18n
from app.web.judging import bp as judging
from app.web.labels import init_labels
from app.web.ledger.views import bp as ledger
from app.web.navigation import init_navigation
from app.web.results.views import bp as results
from app.web.security import init_security
from app.web.sign_in import init_sign_in
from app.web.static_files import init_static
from app.web.territories.views import bp as territories

PACKAGE = Path(__file__).parent.parent
TEMPLATES = next(path for path in (PACKAGE / "_templates", PACKAGE.parent / "templates") if path.is_dir())


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application for these settings, or for the environment's."""
    settings = settings or Settings.from_env()
    app = Flask(
        "app", root_path=str(PACKAGE), template_folder=str(TEMPLATES), static_folder=str(PACKAGE / "static")
    )
    app.extensions["binhchon_settings"] = settings
    app.config["TESTING"] = settings.testing
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_static(app)
    init_security(app, settings)
    session = init_db(app, open_engine(settings.database_url))
    init_i18n(app)
    init_filters(app)
    init_labels(app)
    init_sign_in(app, settings, session)
    init_errors(app)
    init_given_back(app)
    init_navigation(app)
    for blueprint in (
        home,
        auth,
        admin,
        communes,
        facility,
        contests,
        judging,
        ledger,
        council,
        results,
        certificates,
        files,
        territories,
    ):
        app.register_blueprint(blueprint)
    return app
