"""``jupyter mlops``: what the panels do, from a terminal, with or without a Jupyter server.

A command's module is imported when the command is called, so that help comes at once.
Exit codes: 0 done, 1 failed, 2 wrong usage.
"""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import Any, cast

import click

from ..core.errors import MLOpsError
from ..objects.files import is_text
from .examples import epilog

# command → its module, and its help in one line
_COMMANDS = {
    "snapshot": ("snapshots", "Snapshot a notebook, of its live kernel if one runs."),
    "snapshots": ("snapshots", "List snapshots, newest first."),
    "compare": ("comparison", "Compare runs or snapshots, the first as the baseline."),
    "restore": ("restoring", "Write a snapshot's files to a new folder, or in place."),
    "annotate": ("history", "Write a snapshot's note, tags or pin."),
    "discard": ("history", "Delete snapshots, or bring them back."),
    "reproduce": ("reproduction", "Run a snapshot again, and say whether the same comes out."),
    "data": ("data", "List, get, compare and erase versions of data."),
    "run": ("executions", "Run a notebook headless and keep a snapshot of it."),
    "lineage": ("lineage", "Show what depends on what, and what of it is stale."),
    "repro": ("lineage", "Run stale notebooks again, in dependency order."),
    "models": ("models", "List registered models, or one with its versions."),
    "register": ("models", "Register a model as the next version of a name."),
    "promote": ("models", "Point an alias at a version of a model."),
    "deploy": ("deployments", "Deploy a model version."),
    "deployments": ("deployments", "List deployments with their state."),
    "predict": ("deployments", "Send a request to a deployment."),
    "rollback": ("deployments", "Return a deployment to its previous version."),
    "stop": ("deployments", "Stop a deployment."),
    "start": ("deployments", "Start a stopped deployment."),
    "delete": ("deployments", "Stop and delete a deployment."),
    "import": ("exchange", "Copy everything of another MLflow into this project."),
    "export": ("exchange", "Copy everything of this project to another MLflow."),
    "fsck": ("upkeep", "Read every stored byte, and say what is damaged."),
    "gc": ("upkeep", "Remove what nothing in the store needs."),
}


class Failure(click.ClickException):
    """Ends a command with one red line and exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the line to standard error."""
        click.secho(self.format_message(), fg="red", err=True, file=file)


class _Commands(click.Group):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = import_module(f".{_COMMANDS[name][0]}", __package__)
        # import is a word of Python's
        command = getattr(module, f"{name}_" if iskeyword(name) else name)
        command.epilog = epilog(name)
        return cast("click.Command", command)

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        for argument in args:
            if not is_text(argument):
                shown = argument.encode(errors="backslashreplace").decode()
                raise click.UsageError(f"{shown} is no UTF-8, which names and words have to be.")
        return super().parse_args(context, args)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except MLOpsError as error:
            raise Failure(error.message) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jupyter_mlops")
def mlops() -> None:
    """Snapshot notebooks, run them headless, register models and deploy them.

    The store is the nearest folder .mlops at or above the notebook or the working folder.

    Exit codes: 0 done, 1 failed, 2 wrong usage.
    """


def main() -> None:
    """Run the command line."""
    mlops(prog_name="jupyter mlops")


if __name__ == "__main__":
    main()
