"""An address that takes only forms leads to its page when a browser loads it again."""

from flask import Flask
from werkzeug.routing import Rule

from tests.addresses import path_of

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def posted_only(app: Flask) -> dict[str, Rule]:
    """Endpoint -> rule of every address at which nothing can be got."""
    routes = app.url_map.bind("localhost")
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if "GET" not in (rule.methods or ())}
    return {name: rule for name, rule in rules.items() if "GET" not in routes.allowed_methods(path_of(rule))}


def test_every_address_that_takes_only_forms_leads_to_a_page_above_it(app: Flask) -> None:
    client, routes = app.test_client(), app.url_map.bind("localhost")

    led, stray = {}, []
    for endpoint, rule in posted_only(app).items():
        path = path_of(rule)
        answer = client.get(path, headers=BROWSER)
        if answer.status_code == 405:
            continue
        led[endpoint] = answer.headers["Location"]
        page = str(routes.match(led[endpoint], method="GET")[0])
        is_above = path.startswith(led[endpoint]) or hasattr(app.view_functions[endpoint], "page")
        if (
            answer.status_code != 303
            or not is_above
            or page.split(".", maxsplit=1)[0] != endpoint.split(".")[0]
        ):
            stray.append((path, answer.status_code, led[endpoint]))

    assert stray == []
    assert posted_only(app).keys() - led.keys() == {"security.logout"}
    assert led["council.count_hands"] == "/council/1/console"
    assert led["council.vote"] == "/council/1/meeting"
    assert led["council.sign"] == "/council/1/minutes"
    assert led["council.vote_on"] == "/council/1"
    assert led["facility.remove"] == "/facility/"


def test_what_is_no_browser_is_told_that_the_address_takes_only_forms(app: Flask) -> None:
    client = app.test_client()

    statuses = {
        client.get(path_of(rule), headers={"Accept": accept}).status_code
        for rule in posted_only(app).values()
        for accept in ("*/*", "application/json")
    }

    assert statuses == {405}
    assert client.put("/council/1/minutes/sign", headers=BROWSER).status_code == 405
