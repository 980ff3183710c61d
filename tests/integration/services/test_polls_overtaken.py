"""Votes in the meeting that a page shows otherwise than they are by now: nothing is decided or annulled unseen."""

import pytest

from app.domain.errors import StaleVersion
from app.domain.meetings import PollBy
from tests.builders import World
from tests.meetings import Sitting

DEVICE, HANDS = PollBy.DEVICE, PollBy.HANDS


@pytest.fixture
def sitting(world: World) -> Sitting:
    return Sitting(world).begin()


def test_a_result_is_annulled_only_by_who_has_seen_it(sitting: Sitting) -> None:
    poll = sitting.take(HANDS)
    sitting.count(poll, 5, 0, 0)

    with pytest.raises(StaleVersion, match="closed this vote"):
        sitting.annul(poll, seen_closed=False)

    assert (sitting.polls, sitting.events("meeting:annul-poll")) == ([(HANDS, 5, 0, 0)], [])
    sitting.annul(poll)
    assert sitting.polls == []


@pytest.mark.parametrize("seen_closed", [False, True])
def test_a_vote_that_is_still_open_is_stopped_whatever_was_seen(sitting: Sitting, seen_closed: bool) -> None:
    sitting.annul(sitting.take(HANDS), seen_closed=seen_closed)

    assert sitting.polls == []
