"""Every address says who may call it, and is spelled like the others."""

import re

from flask import Flask
from werkzeug.routing import Rule

from app.domain.permissions import GRANTS, Permission
from app.web.contests.links import PAGES, row_of
from tests.addresses import path_of

# Views that are not ours, and why they need no declaration of ours.
FOREIGN = {
    "static": "files of the style sheet and icon, the same for everybody",
    "security.login": "for people who are not signed in yet",
    "security.logout": "harmless to others; needs the session's own token",
    "security.verify": "Flask-Security asks for a session",
    "security.change_password": "Flask-Security asks for a session, the form for the present password",
    "security.two_factor_setup": "Flask-Security asks for a fresh session, or for the password just given",
    "security.two_factor_setup_validate": "Flask-Security asks for a session and a signed state",
    "security.two_factor_token_validation": "the second step of signing in: needs the first",
    "security.two_factor_rescue": "the second step of signing in: needs the first",
    "security.tf_select": "the second step of signing in: needs the first",
    "security.mf_recovery": "the second step of signing in: needs the first",
    "security.mf_recovery_codes": "Flask-Security asks for a fresh session",
}
# Parts of an address that are no ids, and what they are instead.
WORDS = {
    "token": "a secret of 43 letters, looked up by its hash",
    "code": "what a person types or scans: a certificate's code, a language",
    "slug": "a contest's public name",
    "filename": "Flask's own, kept inside the static folder",
    "version": "a short hash of all static files; any other gives the same files, to be asked for again",
}


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def access(app: Flask, rule: Rule) -> object:
    return getattr(app.view_functions[rule.endpoint], "access", None)


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    silent = {rule.endpoint for rule in rules(app) if access(app, rule) is None}

    assert silent == set(FOREIGN)


def test_what_routes_declare_is_public_signed_in_or_a_permission(app: Flask) -> None:
    declared = {access(app, rule) for rule in rules(app)} - {None, "public", "signed-in"}

    assert declared <= set(Permission)


def test_every_permission_is_granted_to_somebody_and_guards_something(app: Flask) -> None:
    granted = frozenset().union(*GRANTS.values())
    guarding = {access(app, rule) for rule in rules(app)}

    assert set(Permission) - granted == set()
    assert set(Permission) - guarding == set()


def test_permissions_stand_in_alphabetical_order() -> None:
    assert list(Permission) == sorted(Permission)


def test_ids_in_addresses_are_numbers(app: Flask) -> None:
    untyped = []
    for rule in rules(app):
        for kind, name in re.findall(r"<(?:([a-z]+)(?:\([^)]*\))?:)?([a-z_]+)>", rule.rule):
            if kind not in ("int", "any") and name not in WORDS:
                untyped.append(rule.rule)

    assert untyped == []


def test_an_id_that_no_database_holds_is_not_found(app: Flask) -> None:
    client = app.test_client()

    for rule in rules(app):
        if "<int:" in rule.rule and "GET" in (rule.methods or ()):
            path = path_of(rule, number="9" * 25)
            assert client.get(path).status_code == 404, path


def test_addresses_are_small_letters_with_dashes(app: Flask) -> None:
    fixed = [part for rule in rules(app) for part in re.sub(r"<[^>]*>", "", rule.rule).split("/") if part]

    assert [part for part in fixed if not re.fullmatch(r"[a-z]+(-[a-z]+)*(\.[a-z]+)?|\.[a-z]+", part)] == []


def test_the_addresses_that_others_keep_links_to_stay(app: Flask) -> None:
    public = {"/", "/results/", "/results/<slug>", "/c/<code>", "/statistics/", "/healthz", "/sign-in"}
    own = {"/account/", "/judging/", "/contests/", "/facility/", "/council/"}

    assert public | own <= {rule.rule for rule in rules(app)}


def test_every_page_of_a_contest_stands_below_one_of_its_row(app: Flask) -> None:
    own = [rule for rule in rules(app) if rule.rule.startswith("/contests/<int:contest_id>")]

    with app.app_context():
        outside = [rule.rule for rule in own if row_of(rule.endpoint) not in PAGES]

    assert outside == []
