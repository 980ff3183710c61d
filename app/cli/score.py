"""The command `binhchon score`: a contest's result from a file of marks."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from app.cli.output_files import write_whole
from app.cli.refusals import Refusal
from app.cli.rule_options import declared_rules, language, rule_options
from app.cli.score_messages import DECIMAL, FAULTS, LABELS, text_of
from app.domain.file_errors import reason_of
from app.domain.marks import format_mark
from app.domain.rules import ContestRules
from app.services.faults import Fault, RefusedFile
from app.services.score_file import FileResult, score_file
from app.services.score_output import Labels, as_csv, as_json, as_table, as_xlsx, notes_of

FORMATS: Final = ("table", "json", "csv", "xlsx")

_POINTS: Final = frozenset({"mark", "max", "step"})
"""Values of a fault that are hundredths of a point."""

_LONGEST_QUOTE: Final = 60

_Found = TypeVar("_Found")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@rule_options
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="Form of output.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; xlsx needs it."
)
def score(file: Path, output_format: str, output: Path | None, **options: Any) -> None:
    """Give the result of a contest from a FILE of marks (CSV in UTF-8, or XLSX).

    The columns are entry, judge, criterion, mark and perhaps group, in any order; each row holds one mark, as
    8.5 or 8,5. A file that breaks a rule gives exit code 2, every fault with its row, and no output file.

    The file names no facilities: quotas are those of the whole and of the groups, and there is none per facility.
    """
    if output is None and output_format == "xlsx":
        raise Refusal(text_of("needs_output", language()))
    labels = Labels(decimal=DECIMAL[language()], **LABELS[language()])

    def scored(file: Path, rules: ContestRules) -> tuple[FileResult, bytes]:
        result = score_file(file, rules)
        return result, _rendered(result, output_format, labels)

    result, data = applied(scored, file, options)
    tell_unused_quotas(result)
    if output_format in ("csv", "xlsx"):  # the table and the JSON document hold the notes themselves
        for note in notes_of(result, labels):
            click.echo(note, err=True)
    give(data, output_format, output, inputs=(file, options["rubric"]))


def applied(apply: Callable[[Path, ContestRules], _Found], file: Path, options: dict[str, Any]) -> _Found:
    """Apply the rules that the options declare to a file of marks.

    Raises
    ------
    Refusal
        The options, the rubric or the file cannot be used.
    """
    try:
        rules = declared_rules(options)
    except RefusedFile as error:
        raise FileRefusal(options["rubric"], error) from error
    try:
        return apply(file, rules)
    except RefusedFile as error:
        raise FileRefusal(file, error) from error


def tell_unused_quotas(result: FileResult) -> None:
    """Name the groups that have a quota and no entry."""
    for group in result.groups_without_entries:
        click.echo(text_of("unused_quota", language(), group=group), err=True)


class FileRefusal(Refusal):
    """A file that cannot be used; shown with its faults, one a line."""

    def __init__(self, path: Path, refused: RefusedFile) -> None:
        lines = [text_of("refused", language(), file=path, count=refused.count)]
        lines += [fault_text(fault, language()) for fault in refused.faults]
        if refused.count > len(refused.faults):
            lines.append(text_of("more", language(), count=refused.count - len(refused.faults)))
        super().__init__("\n".join(lines))


def fault_text(fault: Fault, lang: str) -> str:
    """Say in a language what is wrong, and in which row."""
    values = {
        name: format_mark(int(value), DECIMAL[lang]) if name in _POINTS else _quoted(str(value))
        for name, value in fault.values.items()
    }
    sentence = FAULTS[lang][fault.kind].format_map(values)
    return sentence if fault.row is None else text_of("in_row", lang, row=fault.row, fault=sentence)


def _quoted(text: str) -> str:
    """Show a stranger's text on one line: short, and without characters that command a terminal."""
    short = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in short)


def _rendered(result: FileResult, output_format: str, labels: Labels) -> bytes:
    match output_format:
        case "xlsx":
            return as_xlsx(result, labels)
        case "json":
            return as_json(result).encode()
        case "csv":
            return as_csv(result).encode()
        case _:
            return as_table(result, labels).encode()


def give(data: bytes, output_format: str, output: Path | None, inputs: tuple[Path | None, ...]) -> None:
    """Print what was found, or write it to a file that is none of the inputs.

    Raises
    ------
    Refusal
        The file is an input, or cannot be written.
    """
    if output is None:
        _print(data, output_format)
    else:
        _write(output, data, inputs)


def _print(data: bytes, output_format: str) -> None:
    if output_format == "table":
        encoding = sys.stdout.encoding
        click.echo(data.decode().encode(encoding, "replace").decode(encoding), nl=False)
    else:
        # UTF-8 whatever the terminal's encoding: another program reads it.
        click.echo(data, nl=False)


def _write(output: Path, data: bytes, inputs: tuple[Path | None, ...]) -> None:
    try:
        if any(path is not None and output.exists() and output.samefile(path) for path in inputs):
            raise Refusal(f"--output: {text_of('overwrites', language())}")
        write_whole(output, data)
    except OSError as error:
        reason = reason_of(error, language())
        raise Refusal(f"--output: {text_of('not_written', language(), reason=reason)}") from error
    click.echo(text_of("saved", language(), file=output), err=True)
