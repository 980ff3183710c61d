"""Mistakes that a command answers with a line and exit code 2, without a traceback and without click's frame."""

from typing import Any

import click


class Refusal(click.ClickException):
    """What is wrong and what to do, in the user's language."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message and nothing else."""
        click.echo(self.message, file=file, err=True)
