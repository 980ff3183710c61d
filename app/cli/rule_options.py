"""The options that declare a contest's rules, shared by the commands that read a file of marks."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from app.cli.refusals import Refusal
from app.cli.score_messages import DECIMAL, LANGUAGES, text_of
from app.domain.marks import InvalidMark, format_mark, parse_mark
from app.domain.rules import SPREAD, ContestRules, Method, ThresholdOp
from app.services.rubric_files import LEGAL_SHEET, read_rubric

_MOST: Final = 1_000_000

_Command = TypeVar("_Command", bound=Callable[..., Any])


def language() -> str:
    """The language that the running command was asked for."""
    return str(click.get_current_context().params.get("lang", LANGUAGES[0]))


class Points(click.ParamType[int]):
    """Points with comma or point, as hundredths."""

    name = "points"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ARG002 -- click's signature
        """Read the points, or fail in the user's language."""
        try:
            points = parse_mark(str(value))
        except InvalidMark:
            points = None
        if points is None:
            raise _bad(param, "not_points", text=value)
        return points


class Step(Points):
    """A score step: points above zero."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the step, or fail in the user's language."""
        step = super().convert(value, param, ctx)
        if step == 0:
            raise _bad(param, "not_a_step")
        return step


class GroupQuota(click.ParamType[tuple[str, int]]):
    """A group and how many of its entries may be selected."""

    name = "group=number"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002 -- click's signature
    ) -> tuple[str, int]:
        """Split at the last equals sign, or fail in the user's language."""
        group, _, quota = str(value).rpartition("=")
        group = unicodedata.normalize("NFC", group.strip())
        if not group or not quota.isascii() or not quota.isdigit() or len(quota) > len(str(_MOST)):
            raise _bad(param, "not_a_quota", text=value)
        return group, int(quota)


def _split(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    return (
        tuple(unicodedata.normalize("NFC", key.strip()) for key in value.split(",")) if value.strip() else ()
    )


_OPTIONS: Final = (
    click.option(
        "--rubric",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help='Criteria as JSON: {"criteria": [{"id": "L1", "max": 40, "floor": 0}]}. '
        "Default: the legal sheet, L1 40, L2 40, L3 10, L4 10.",
    ),
    click.option(
        "--method",
        type=click.Choice([method.value for method in Method]),
        default=Method.MEAN.value,
        show_default=True,
        help="How an entry's totals become its value.",
    ),
    click.option(
        "--trim",
        type=click.IntRange(0, _MOST),
        default=1,
        show_default=True,
        help="For trimmed: how many lowest and how many highest totals are dropped.",
    ),
    click.option(
        "--outlier",
        type=Points(),
        default="7",
        show_default=True,
        help="For without-outliers: a sheet further than this from the mean of all is dropped.",
    ),
    click.option("--threshold", type=Points(), default="70", show_default=True, help="The value to reach."),
    click.option(
        "--threshold-op",
        type=click.Choice([op.value for op in ThresholdOp]),
        default=ThresholdOp.GE.value,
        show_default=True,
        help="Whether the threshold itself reaches (ge) or not (gt).",
    ),
    click.option("--quota", type=click.IntRange(0, _MOST), help="How many entries may be selected in all."),
    click.option(
        "--group-quota",
        "group_quotas",
        type=GroupQuota(),
        multiple=True,
        metavar="GROUP=N",
        help="How many entries of a group may be selected. May be repeated.",
    ),
    click.option(
        "--min-sheets",
        type=click.IntRange(1, _MOST),
        default=1,
        show_default=True,
        help="The fewest sheets that give a value.",
    ),
    click.option(
        "--tie-break",
        callback=_split,
        default="",
        metavar="KEYS",
        help="What sets equal values apart, in order: criterion ids (higher mean first) and spread (lower "
        "first), as in L1,L2,spread. Default: nothing.",
    ),
    click.option("--step", type=Step(), default="0.01", show_default=True, help="Every mark is a multiple."),
    click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=LANGUAGES[0],
        show_default=True,
        is_eager=True,
        help="Language of messages and headings.",
    ),
)


def rule_options(command: _Command) -> _Command:
    """Give a command the options from which `declared_rules` makes the rules, and `--lang`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def declared_rules(options: dict[str, Any]) -> ContestRules:
    """Make the rules of a contest from the values of the options.

    Raises
    ------
    RefusedFile
        The rubric cannot be used.
    Refusal
        A tie-break is unknown or asked twice, a group has two quotas, or the threshold is out of reach.
    """
    rubric: Path | None = options["rubric"]
    criteria = LEGAL_SHEET if rubric is None else read_rubric(rubric)
    known = {criterion.code for criterion in criteria} | {SPREAD}
    tie_break: tuple[str, ...] = options["tie_break"]
    for index, key in enumerate(tie_break):
        if key not in known:
            raise _bad("--tie-break", "unknown_tie_break", text=key)
        if key in tie_break[:index]:
            raise _bad("--tie-break", "repeated_tie_break", text=key)
    group_quotas: dict[str, int] = {}
    for group, quota in options["group_quotas"]:
        if group in group_quotas:
            raise _bad("--group-quota", "repeated_quota", group=group)
        group_quotas[group] = quota
    rules = ContestRules(
        rubric="" if rubric is None else rubric.name,
        criteria=criteria,
        groups=(),
        mark_step=options["step"],
        method=Method(options["method"]),
        trim=options["trim"],
        outlier=options["outlier"],
        threshold=options["threshold"],
        threshold_op=ThresholdOp(options["threshold_op"]),
        quota=options["quota"],
        group_quotas=group_quotas,
        min_sheets=options["min_sheets"],
        tie_break=tie_break,
    )
    _check_threshold(rules)
    return rules


def _check_threshold(rules: ContestRules) -> None:
    """Refuse a threshold that was asked for and that nobody can reach."""
    if click.get_current_context().get_parameter_source("threshold") is ParameterSource.DEFAULT:
        return
    highest = sum(criterion.max_mark for criterion in rules.criteria)
    if rules.threshold > highest or (rules.threshold == highest and rules.threshold_op is ThresholdOp.GT):
        decimal = DECIMAL[language()]
        points = {"threshold": format_mark(rules.threshold, decimal), "max": format_mark(highest, decimal)}
        raise _bad("--threshold", "threshold_above", **points)


def _bad(option: click.Parameter | str | None, key: str, **values: str) -> Refusal:
    name = option.opts[0] if isinstance(option, click.Parameter) else option
    return Refusal(f"{name}: {text_of(key, language(), **values)}")
