"""What the numbers of the evidence say, in words and signs of the reader's language."""

from fractions import Fraction

from app.domain.margins import rounded_away
from app.domain.marks import format_average
from app.domain.rules import ContestRules
from app.services.evidence_records import Change, NoPace, Pace
from app.web.filters import mark
from app.web.i18n import _, decimal_sign
from app.web.labels import label

MINUS = "−"


def decimal(value: float | None, places: int = 2) -> str:
    """A number with the decimal sign of the language; a dash when there is none."""
    if value is None:
        return "–"
    text = f"{value:.{places}f}".replace("-", MINUS)
    return text.replace(".", decimal_sign())


def signed(hundredths: Fraction | None) -> str:
    """A distance in points with its sign, rounded away from zero; a dash when there is none."""
    if hundredths is None:
        return "–"
    printed = rounded_away(hundredths)
    text = format_average(abs(printed), decimal_sign())
    return f"{'+' if printed > 0 else MINUS if printed < 0 else ''}{text}"


def exact(hundredths: Fraction | None) -> str:
    """The same distance as a fraction of points, where two decimals do not hold it; else empty."""
    return exact_in_files(hundredths).replace("-", MINUS)


def exact_in_files(hundredths: Fraction | None) -> str:
    """The same with the sign that programs read."""
    if hundredths is None or hundredths.denominator == 1:
        return ""
    return str(hundredths / 100)


def percent(share: float | None) -> str:
    """A share of one as whole percent."""
    return "–" if share is None else f"{share:.0%}"


def pace_words(pace: Pace) -> str:
    """How fast a judge worked, or why nothing can be said."""
    if pace.minutes is not None:
        return _("%(minutes)s minutes", minutes=decimal(pace.minutes, 1))
    if pace.reason is NoPace.TOO_FEW:
        return _("says nothing: too few sheets")
    return _("says nothing: submitted together")


def which_decides(rules: ContestRules) -> str:
    """Which of two passes the outcomes follow from, and who came to the second."""
    return _(
        "The outcomes follow from pass %(number)d, as the frozen rules declare. Products with %(mark)s points or "
        "more in the first pass went on to the second.",
        number=rules.deciding_pass,
        mark=mark(rules.advance_mark),
    )


def assumption(change: Change) -> str:
    """What would be otherwise."""
    if change.without is not None:
        return _("without the sheets of %(judge)s", judge=change.without)
    if change.method is not None:
        return _("by another method: %(method)s", method=label(change.method))
    return _("with a threshold of %(threshold)s points", threshold=mark(change.threshold))


# From which value on a sentence holds, best first. W: Schmidt 1997; ICC: Koo and Li 2016; α: Krippendorff 2004.


def w_words(value: float) -> str:
    """What a coefficient of concordance says."""
    if value >= 0.9:
        return _("The judges rank the products almost in the same order.")
    if value >= 0.7:
        return _("The judges rank the products largely in the same order.")
    if value >= 0.5:
        return _("The judges agree on the order in part: strong and weak products, less so those between.")
    if value >= 0.3:
        return _("The judges agree little on the order: it would be a good thing to discuss it.")
    return _("The judges hardly agree on the order: another panel might well give another one.")


def icc_words(value: float, *, single: bool) -> str:
    """What an intraclass correlation says, of one judge's total or of the panel's mean."""
    if single:
        if value >= 0.75:
            return _("The total of one judge alone would already tell the products apart well.")
        if value >= 0.5:
            return _("The total of one judge alone would be a fair guide, so a panel is needed.")
        return _("The total of one judge alone would say little: only the mean of the panel counts.")
    if value >= 0.9:
        return _("The mean of this panel tells the products apart very well.")
    if value >= 0.75:
        return _("The mean of this panel tells the products apart well.")
    if value >= 0.5:
        return _("The mean of this panel is a fair guide; small differences may be chance.")
    return _("The mean of this panel says little: products close to a line deserve a second look.")


def alpha_words(value: float) -> str:
    """What Krippendorff's alpha says."""
    if value >= 0.8:
        return _("The judges use the points alike: the totals can be compared as they are.")
    if value >= 0.667:
        return _("The judges use the points nearly alike: enough for careful conclusions.")
    return _(
        "The judges use the points differently, some high and some low: compare means, not single sheets."
    )


def undefined_words(reason: str) -> str:
    """Why a statistic says nothing."""
    return {
        "one_judge": _("Says nothing: it takes two judges or more."),
        "too_few_entries": _("Says nothing: fewer than two products were scored by all of these judges."),
        "no_variance": _("Says nothing: the totals do not differ."),
        "disagreement": _("Says nothing: the judges differ more on each product than the products do."),
    }[reason]
