"""What somebody types without a space breaks within its line: no page is wider than the phone it is read on."""

from collections.abc import Callable

import pytest

from app.domain.motions import MotionKind
from tests.browser.conftest import Person
from tests.browsing import PASSWORD
from tests.builders import World
from tests.motions import proposed, put
from tests.sets import Sets

WORD = "Nguyễn" * 20
PHONE = 390


@pytest.mark.slow
def test_the_pages_of_a_council_fit_a_phone(world: World, person: Callable[..., Person]) -> None:
    sets = Sets(world)
    for member in sets.members:
        with world.session() as session:
            session.merge(member).position = WORD
    sets.open(place=WORD)
    organiser, contest = sets.award.organiser, sets.contest
    for by_hands, entries in ((False, (4,)), (True, (3, 4))):
        added = proposed(MotionKind.ADD, *(sets.entries[number].id for number in entries))
        put(world, contest, organiser, added, reason=WORD, proposer=WORD, by_hands=by_hands)
    council, contests = f"/council/{contest.id}", f"/contests/{contest.id}"

    wide = {}
    for reader, pages in (
        (world.user_of(sets.members[0].user_id), (council,)),
        (organiser, (f"{contests}/ballot", f"{contests}/ballot/motions/1", f"{contests}/council")),
    ):
        one = person(viewport={"width": PHONE, "height": 844})
        one.sign_in(reader.email, PASSWORD)
        for page in pages:
            one.page.goto(page)
            wide[page] = one.page.evaluate("document.documentElement.scrollWidth")

    assert wide == dict.fromkeys(wide, PHONE)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_set_with_an_endless_name_cuts_no_other_cell_of_the_motions(
    world: World, person: Callable[..., Person], width: int
) -> None:
    sets = Sets(world).open()
    sets.join(0, 2, name="Bộ" * 75)
    one = person(viewport={"width": width, "height": 844})
    one.sign_in(world.user_of(sets.members[0].user_id).email, PASSWORD)
    page = one.open(f"/council/{sets.contest.id}")

    wraps = page.locator(".table-wrap").evaluate_all(
        "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )

    assert len(wraps) > 1
    assert set(wraps) == {0}
