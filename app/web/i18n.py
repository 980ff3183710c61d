"""The one door for text: translation, the language of a request, and where the catalogues lie."""

from pathlib import Path
from typing import Any

import flask_babel
from babel import Locale
from flask import Flask, has_request_context, session

from app.domain.messages import Message

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT_LANGUAGE = "vi"
TRANSLATIONS = Path(__file__).parent.parent / "translations"


def _(text: str, **values: Any) -> str:
    """Translate a sentence with named values."""
    translated: str = flask_babel.gettext(text, **values)
    return translated


def _l(text: str, **values: Any) -> Any:
    """Translate when shown; for labels that are made once."""
    return flask_babel.lazy_gettext(text, **values)


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """Translate a sentence that counts."""
    translated: str = flask_babel.ngettext(one, many, num, **values)
    return translated


def plural_form(one: str, many: str, num: int) -> str:
    """Translate a library's sentence that counts; the library fills its placeholders itself."""
    form: str = flask_babel.get_translations().ngettext(one, many, num)
    return form


def say(message: Message) -> str:
    """Translate what a rule says."""
    return _(message.text, **message.filled(decimal_sign()))


def language() -> str:
    """The language of this request: chosen by the reader, Vietnamese otherwise."""
    chosen = session.get("language") if has_request_context() else None
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def decimal_sign() -> str:
    """What parts the decimals in the language of this request."""
    return "." if language() == "en" else ","


def in_language(vi: str, en: str) -> str:
    """Pick the wording of data that exists in both languages."""
    return en if language() == "en" else vi


def init_i18n(app: Flask) -> None:
    """Set up translation; Vietnamese is the default."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LANGUAGE
    flask_babel.Babel(app, locale_selector=language, default_timezone="Asia/Ho_Chi_Minh")
    app.jinja_env.globals.update(
        language=language,
        in_language=in_language,
        LANGUAGES=LANGUAGES,
        say=say,
        Locale=Locale,
        decimal_sign=decimal_sign,
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
