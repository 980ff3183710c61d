"""The command `binhchon`. Each subcommand is imported only when it is called, so that all start fast."""

from importlib import import_module
from typing import Any

import click

from app.cli.refusals import Refusal
from app.config import BadSetting

COMMANDS = {
    "create-administrator": "app.cli.accounts:create_administrator",
    "demo": "app.cli.demo:demo",
    "evidence": "app.cli.evidence:evidence",
    "export": "app.cli.export:export",
    "recompute": "app.cli.recompute:recompute_command",
    "score": "app.cli.score:score",
    "send-mail": "app.cli.send_mail:send_mail",
    "serve": "app.cli.serve:serve",
    "statistics": "app.cli.statistics:statistics",
    "upgrade": "app.cli.serve:upgrade",
    "verify": "app.cli.verify:verify",
}


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """The names, for --help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's signature
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a setting that cannot be used is said in a line."""
        try:
            return super().invoke(ctx)
        except BadSetting as error:
            raise Refusal(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="binhchon")
def main() -> None:
    """Judging of outstanding rural industrial products (bình chọn sản phẩm CNNT tiêu biểu)."""
