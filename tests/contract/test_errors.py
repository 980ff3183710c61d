"""Every refusal of the rules becomes a page with a status and words in both languages."""

from collections.abc import Iterator

from flask import Flask

from app.domain.errors import DomainError, IllegalState
from app.web import errors
from app.web.errors import status_of
from tests.browsing import Browser


def tree(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


def test_every_error_has_a_status_and_a_title(app: Flask) -> None:
    with app.test_request_context():
        for kind in tree():
            status = status_of(kind.__new__(kind))
            assert 400 <= status < 500, kind
            assert errors._titles()[status], kind


def test_the_statuses_are_those_that_the_design_promises() -> None:
    common = [kind for kind in tree() if kind.__module__ == DomainError.__module__]

    assert {kind.__name__: status_of(kind.__new__(kind)).value for kind in common} == {
        "DomainError": 400,
        "NotFound": 404,
        "NotPermitted": 403,
        "IllegalState": 409,
        "StaleVersion": 409,
        "NotReady": 409,
        "InvalidInput": 422,
    }


def test_a_refusal_is_a_page_in_the_readers_language(own_app: Flask) -> None:
    @own_app.get("/refused")
    def refused() -> str:
        raise IllegalState

    browser = Browser(own_app)
    vietnamese = browser.get("/refused", status=409)
    browser.post("/language/en", {"next": "/"})
    english = browser.get("/refused", status=409)

    assert (vietnamese.heading, english.heading) == ("Chưa thể thực hiện", "This cannot be done now")
    assert str(IllegalState()) in english.get_text()
