"""Every template compiles; every page has a frame and a title; nothing is imported for nothing."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes
from jinja2.meta import find_referenced_templates

from app.web.factory import TEMPLATES
from app.web.kept_forms import NOT_TYPED

ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PIECE = re.compile(r"components/|/_|/parts\.html$|/layout\.html$")  # of several pages, or a frame around them
PAGES = [name for name in ALL if not PIECE.search(name)]


def tree(app: Flask, name: str) -> nodes.Template:
    return app.jinja_env.parse((TEMPLATES / name).read_text())


@pytest.mark.parametrize("name", ALL)
def test_a_template_compiles_and_names_only_templates_that_exist(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)

    named = set(find_referenced_templates(tree(app, name)))
    assert named <= set(ALL)


def test_every_page_has_a_frame_and_a_title(app: Flask) -> None:
    without = []
    for name in PAGES:
        parsed = tree(app, name)
        blocks = {block.name for block in parsed.find_all(nodes.Block)}
        if "title" not in blocks or (parsed.find(nodes.Extends) is None and name != "base.html"):
            without.append(name)

    assert without == []


def test_every_page_sets_the_word_error_before_the_title_when_its_form_is_refused(app: Flask) -> None:
    without = []
    for name in PAGES:
        source = (TEMPLATES / name).read_text()
        if "{{ error_summary(" in source and "title_prefix" not in source:
            without.append(name)

    assert without == []


def test_every_import_is_used(app: Flask) -> None:
    unused = []
    for name in ALL:
        parsed = tree(app, name)
        read = {found.name for found in parsed.find_all(nodes.Name) if found.ctx == "load"}
        for imported in parsed.find_all(nodes.FromImport):
            names = [each[1] if isinstance(each, tuple) else each for each in imported.names]
            unused += [f"{name}: {each}" for each in names if each not in read]

    assert unused == []


def test_every_template_is_used(app: Flask) -> None:
    used = {name for each in ALL for name in find_referenced_templates(tree(app, each)) if name}
    code = "".join(path.read_text() for path in Path(app.root_path, "web").rglob("*.py"))

    # Flask-Security's pages are found by its own names for them.
    unused = [
        name
        for name in ALL
        if name not in used and f'"{name}"' not in code and not name.startswith("security/")
    ]
    assert unused == []


def test_nothing_is_marked_as_safe_or_inline(app: Flask) -> None:
    for name in ALL:
        source = (TEMPLATES / name).read_text()
        assert "|safe" not in source.replace(" ", ""), name
        assert all(tag.startswith("<script src=") for tag in re.findall(r"<script[^>]*", source)), name
        assert not re.search(r"<[a-z][^>{}]*\s(style|on[a-z]+)=", source), name


def test_whatever_a_form_hides_is_known_as_not_typed() -> None:
    """The rest was typed on the page before, is a number, or is in a form that keeps nothing."""
    hidden = re.compile(r'<input type="hidden" name="([^"]+)"')
    names = {
        re.sub(r"\{\{.*?\}\}", "…", name)
        for path in ALL
        for name in hidden.findall((TEMPLATES / path).read_text())
    }

    assert {name for name in names if not NOT_TYPED.fullmatch(name)} == {
        *("…", "signed_on", "early", "early_reason"),
        *("groups-…", "contest", "decision", "next", "setup", "username"),
    }
