"""How much work the example is, for the progress bar."""

from datetime import date

from app.demo.plan import FINISHED, ContestPlan, running


def steps(plan: ContestPlan) -> int:
    """How much work a contest is: entries, sheets, certificates, for the progress bar."""
    scored = plan.registered + (plan.registered - plan.below if plan.first_pass_on else 0)
    certified = min(plan.registered - plan.below, plan.quota or plan.registered)
    return plan.registered + scored * plan.judges + certified


def work(today: date) -> int:
    """How much work the whole example is."""
    voting, scoring, registering = running(today)
    entries = voting.registered + scoring.registered + registering.registered
    return sum(steps(plan) for plan in FINISHED) + entries + voting.registered * voting.judges
