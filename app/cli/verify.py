"""`binhchon verify`: the program that lies in each bundle, run on a bundle."""

import sys
from pathlib import Path

import click

from app.verify.verify import main


@click.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.option("--head", help="A head (mã gốc) as printed on the minutes or published.")
def verify(bundle: Path, head: str | None) -> None:
    """Check every hash, mark and certificate of BUNDLE and recount each result; exit code 1 if anything is wrong."""
    sys.exit(main([str(bundle), *([] if head is None else ["--head", head])]))
