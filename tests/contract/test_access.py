"""What each role gets at each address that needs no id."""

import pytest
from flask import Flask

from app.domain.permissions import GRANTS, Role
from app.models import User
from tests.addresses import path_of
from tests.browsing import Browser
from tests.builders import World

ROLES = (*Role, None)


def person(world: World, role: Role | None) -> User:
    """Somebody who holds this role and no other; a head of jury is always a judge too."""
    territory = world.territory("Lâm Đồng")
    if role is Role.ADMINISTRATOR:
        return world.member(role)
    if role is Role.ORGANISER:
        return world.organiser(territory)
    if role is Role.FACILITY_USER:
        return world.facility_user(world.facility())
    if role is Role.OBSERVER:
        return world.member(role, contest_id=world.contest().id)
    user = world.user()
    if role in (Role.JUDGE, Role.HEAD_OF_JURY):
        world.judge(world.contest(), user, is_head=role is Role.HEAD_OF_JURY)
    if role is Role.COUNCIL_MEMBER:
        world.council_member(world.contest(), user=user)
    return user


def pages(app: Flask) -> list[tuple[str, object]]:
    """Path and access of every page of ours whose address needs nothing filled in."""
    found = [
        (rule.rule, getattr(app.view_functions[rule.endpoint], "access", None))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    return [(path, access) for path, access in found if access is not None]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_its_permissions_say_and_nothing_else(
    world: World, browser: Browser, role: Role | None
) -> None:
    browser.sign_in(person(world, role))
    held = {Role.JUDGE, role} if role is Role.HEAD_OF_JURY else {role}
    allowed = {"public", "signed-in"}.union(*(GRANTS[one] for one in held if one is not None))

    wrong = []
    for path, access in pages(browser.app):
        response = browser.client.get(path)
        expected = (200, 303) if access in allowed else (403,)
        if response.status_code not in expected or response.headers.get("Location", "").startswith(
            "/sign-in"
        ):
            wrong.append((path, access, response.status_code))

    assert wrong == []


def test_somebody_who_is_not_signed_in_is_asked_to(app: Flask) -> None:
    client = app.test_client()

    for path, access in pages(app):
        response = client.get(path)
        if access == "public":
            assert response.status_code == 200, path
        else:
            assert (response.status_code, response.headers["Location"]) == (303, f"/sign-in?next={path}")


def test_nothing_is_posted_without_a_token(world: World, browser: Browser) -> None:
    browser.sign_in(person(world, Role.ADMINISTRATOR))

    for rule in browser.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            assert browser.client.post(path_of(rule)).status_code == 400, rule.rule
