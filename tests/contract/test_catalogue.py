"""Vietnamese is complete: every text in the code has one translation, and no translation is left over."""

import re
from pathlib import Path

import polib
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from flask_security.core import _default_messages

from app.web.i18n import TRANSLATIONS
from app.web.words import FLASK_SECURITY

ROOT = Path(__file__).parents[2]
CATALOGUE = TRANSLATIONS / "vi" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
Key = tuple[str, str]


@pytest.fixture(scope="module")
def in_code() -> set[Key]:
    """Singular and plural of every text that the code marks."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # of Babel
    found = extract_from_dir(ROOT, methods, options, {**DEFAULT_KEYWORDS, "_l": None})
    texts = [message[2] for message in found]
    return {(text, "") if isinstance(text, str) else (text[0], text[1]) for text in texts}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def key(entry: polib.POEntry) -> Key:
    return entry.msgid, entry.msgid_plural


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_in_the_code_is_in_the_catalogue(in_code: set[Key], catalogue: polib.POFile) -> None:
    assert len(in_code) > 500
    assert sorted(in_code - {key(entry) for entry in catalogue}) == []


def test_nothing_in_the_catalogue_is_left_over(in_code: set[Key], catalogue: polib.POFile) -> None:
    assert sorted({key(entry) for entry in catalogue} - in_code) == []
    assert catalogue.obsolete_entries() == []


def test_the_catalogue_says_that_vietnamese_has_one_plural(catalogue: polib.POFile) -> None:
    # `pybabel update --omit-header` drops it: sentences that count would then be English.
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_every_text_is_translated_for_certain(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if not all(translations(entry))] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_no_text_stands_twice(catalogue: polib.POFile) -> None:
    ids = [key(entry) for entry in catalogue]

    assert sorted(set(ids)) == sorted(ids)


def test_a_translation_names_the_same_values(catalogue: polib.POFile) -> None:
    wrong = []
    for entry in catalogue:
        allowed = {
            tuple(sorted(PLACEHOLDER.findall(text))) for text in (entry.msgid, entry.msgid_plural) if text
        }
        named = {tuple(sorted(PLACEHOLDER.findall(text))) for text in translations(entry)}
        if not named <= allowed:
            wrong.append(entry.msgid)

    assert wrong == []


def test_texts_hold_no_markup(catalogue: polib.POFile) -> None:
    texts = [text for entry in catalogue for text in (entry.msgid, *translations(entry))]

    assert [text for text in texts if re.search(r"</?[a-z]+[ >]|&[a-z]+;", text)] == []


def test_the_messages_of_flask_security_that_are_worded_anew_exist() -> None:
    assert set(FLASK_SECURITY) <= set(_default_messages)


def test_their_values_are_those_that_flask_security_fills_in() -> None:
    for name, (text, _category) in FLASK_SECURITY.items():
        original, _kind = _default_messages[name]
        assert PLACEHOLDER.findall(text) == PLACEHOLDER.findall(original), name
