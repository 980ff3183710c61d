"""How long pretalx's review dashboard takes, run inside pretalx's own environment by run.py."""

# mypy: ignore-errors
# pretalx and Django are no dependencies of the project, so there is nothing to check this file against.
import argparse
import datetime as dt
import random
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- only after Django is set up
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402
from pretalx.event.models import Event  # noqa: E402
from pretalx.event.utils import create_organiser_with_team  # noqa: E402
from pretalx.person.models import User  # noqa: E402
from pretalx.submission.models import Review, ReviewScoreCategory, Submission  # noqa: E402

CRITERIA = {"L1": 40, "L2": 40, "L3": 10, "L4": 10}


def an_event(administrator: User) -> Event:
    """An event whose organisers see every review."""
    organiser, team = create_organiser_with_team(name="Bench", slug="bench", users=[administrator])
    day = dt.date(2030, 1, 1)
    event = Event.objects.create(
        name="Bench", slug="bench", organiser=organiser, date_from=day, date_to=day, email="bench@example.org",
        locale="en", locale_array="en", timezone="UTC",
    )  # fmt: skip
    event.build_initial_data()
    team.limit_events.add(event)
    return event


def fill(event: Event, entries: int, judges: int) -> None:
    """As many proposals, reviewers and scores as the contest of the evidence page has."""
    chance = random.Random(1)
    event.score_categories.all().delete()
    scores = {}
    for name, most in CRITERIA.items():
        category = ReviewScoreCategory.objects.create(event=event, name=name, weight=1)
        scores[name] = [category.scores.create(value=value) for value in range(most // 2, most + 1)]
    reviewers = [User.objects.create_user(name=f"GK{n}", email=f"gk{n}@example.org") for n in range(judges)]
    for number in range(entries):
        speaker = User.objects.create_user(name=f"CS{number}", email=f"cs{number}@example.org")
        submission = Submission.objects.create(
            title=f"SP{number}", event=event, submission_type=event.cfp.default_type, state="submitted"
        )
        submission.speakers.add(speaker)
        for reviewer in reviewers:
            review = Review.objects.create(submission=submission, user=reviewer, text="–")
            review.scores.set([chance.choice(values) for values in scores.values()])
            review.save(update_score=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=179)
    parser.add_argument("--judges", type=int, default=9)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command(
        "collectstatic", interactive=False, verbosity=0
    )  # pages ask its manifest for their style sheets
    with scopes_disabled():
        administrator = User.objects.create_superuser(email="bench@example.org", password="bench")  # noqa: S106 -- of the bench
        event = an_event(administrator)
        fill(event, options.entries, options.judges)
    client = Client(headers={"host": "localhost"})
    client.force_login(administrator)
    address = f"/orga/event/{event.slug}/reviews/"
    with CaptureQueriesContext(connection) as sent:
        page = client.get(address)
    queries = len(sent)  # now: the log is emptied by the next request
    assert page.status_code == 200, page.status_code
    shown = page.content.decode().count(f"/orga/event/{event.slug}/submissions/")
    assert shown >= options.entries, "the page does not show every proposal"
    times = []
    for _run in range(options.runs):
        start = time.perf_counter()
        client.get(address)
        times.append(time.perf_counter() - start)
    print(
        f"pretalx, {options.entries} proposals x {options.judges} reviews: "
        f"review dashboard {min(times) * 1000:.0f} ms, {queries} queries"
    )


if __name__ == "__main__":
    main()
