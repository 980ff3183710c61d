"""Every member of every enum that a page shows has a word in both languages."""

import importlib
import pkgutil
from enum import StrEnum

import pytest
from flask import Flask
from flask_babel import force_locale

import app.domain
from app.web.labels import LABELS, TONES, label

# Enums that no page shows by name, and why.
UNSEEN = {
    "AnswerKind": "how a question of the dossier is asked: decides the field",
    "DossierForm": "a part of the dossier, whose page has a title of its own",
    "CertificateStatus": "pages show the Standing that follows from it and the day",
    "MarkFault": "each fault has a sentence of its own beside the field",
    "Permission": "people see their roles",
    "PhoneFault": "each fault has a sentence of its own beside the field",
    "Security": "a setting of the machine",
    "TaxCodeFault": "each fault has a sentence of its own beside the field",
    "TaxCodeKind": "follows from the number that is shown",
}


def enums() -> list[type[StrEnum]]:
    for module in pkgutil.iter_modules(app.domain.__path__, "app.domain."):
        importlib.import_module(module.name)
    found = [kind for kind in StrEnum.__subclasses__() if kind.__module__.startswith("app.domain.")]
    return sorted(found, key=lambda kind: kind.__name__)


def test_every_enum_has_words_or_a_reason_to_have_none() -> None:
    worded = {kind for kind, _ in LABELS}

    assert {kind.__name__ for kind in enums() if kind not in worded} == set(UNSEEN)


@pytest.mark.parametrize("kind", [kind for kind in enums() if kind.__name__ not in UNSEEN])
def test_every_member_has_a_word_in_both_languages(app: Flask, kind: type[StrEnum]) -> None:
    with app.test_request_context():
        for member in kind:
            with force_locale("en"):
                english = label(member)
            with force_locale("vi"):
                vietnamese = label(member)
            assert english, member
            assert vietnamese not in ("", english), member


def test_no_two_members_of_an_enum_share_a_word() -> None:
    for kind in enums():
        words = [str(text) for (owner, _), text in LABELS.items() if owner is kind]
        assert sorted(set(words)) == sorted(words), kind


def test_a_colour_belongs_to_a_member_that_has_a_word() -> None:
    assert set(TONES) <= set(LABELS)
