"""Which page an address belongs to at which only forms arrive."""

import pytest
from flask import Flask

from app.web.pages import page_of


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "/"),
        ("/contests/7", "/contests/7"),
        ("/contests", "/contests/"),
        ("/contests/7/jury", "/contests/7/jury"),
        ("/judging/contests/7/conflicts/323", "/judging/contests/7/conflicts"),
        ("/contests/7/entries/316/return", "/contests/7/entries/316"),
        ("/contests/7/jury/55/recuse", "/contests/7/jury/55"),
        ("/contests/7/jury/55/conflicts/316/recuse", "/contests/7/jury/conflicts"),
        ("/contests/7/decision", "/contests/7/publication"),
        ("/contests/7/keying/80/again", "/contests/7/keying/80"),
        ("/council/7/motions/2/vote", "/council/7"),
        ("/facility/attachments/5/remove", "/facility/"),
        ("/sign-out", "/"),
        ("/no/such/page", "/"),
        ("//evil.example/contests/7/decision", "/"),
    ],
)
def test_an_address_belongs_to_the_page_its_view_names_or_to_the_nearest_above(
    app: Flask, path: str, page: str
) -> None:
    with app.test_request_context():
        assert page_of(path) == page


def test_every_page_that_a_view_names_is_there(app: Flask) -> None:
    named = {page for view in app.view_functions.values() if (page := getattr(view, "page", None))}

    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert named <= shown
    assert named == {"contests.jury_conflicts", "contests.publication"}
