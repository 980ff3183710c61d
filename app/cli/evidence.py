"""The command `binhchon evidence`: the advisory numbers from a file of marks."""

from pathlib import Path
from typing import Any, Final

import click

from app.cli.evidence_messages import EVIDENCE_LABELS
from app.cli.rule_options import language, rule_options
from app.cli.score import applied, give, tell_unused_quotas
from app.cli.score_messages import DECIMAL
from app.services.evidence_file import evidence_file
from app.services.evidence_output import EvidenceLabels, as_json, as_table

FORMATS: Final = ("table", "json")


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
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to write.")
def evidence(file: Path, output_format: str, output: Path | None, **options: Any) -> None:
    """Tell how far the judges of a FILE of marks agree, and what each outcome hangs on.

    The file and the options that declare rules are those of `binhchon score`, and so are the refusals; the
    output is a table or JSON. The numbers advise; they decide nothing.
    """
    found = applied(evidence_file, file, options)
    tell_unused_quotas(found.result)
    labels = EvidenceLabels(decimal=DECIMAL[language()], **EVIDENCE_LABELS[language()])
    text = as_json(found) if output_format == "json" else as_table(found, labels)
    give(text.encode(), output_format, output, inputs=(file, options["rubric"]))
