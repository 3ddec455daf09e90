"""The command that runs a notebook headless."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from ..core.errors import MLOpsError, NotebookFailedError, StoreUnavailableError
from .common import author, json_option, opened, pairs, print_json

if TYPE_CHECKING:
    from ..executions.schemas import ExecutionResult


@click.command()
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--parameter",
    "-p",
    "arguments",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="A parameter; the value gets the type that it looks like.",
)
@click.option(
    "--parameters-yaml", "-y", "texts", multiple=True, metavar="YAML", help="Parameters as YAML."
)
@click.option("--kernel", "-k", help="The kernelspec; by default the notebook's own.")
@click.option("--timeout", type=click.IntRange(min=1), help="Seconds that one cell may take.")
@json_option
def run(
    notebook: Path,
    output: Path | None,
    arguments: tuple[tuple[str, str], ...],
    texts: tuple[str, ...],
    kernel: str | None,
    timeout: int | None,
    as_json: bool,
) -> None:
    """Run NOTEBOOK headless, in its own folder, and keep a snapshot of the run.

    The executed notebook is in the snapshot, with its secrets masked, and as it is at OUTPUT if
    that is given. A failing one is kept too.
    """
    parameters = _parsed(texts)
    with opened(notebook, make=True) as services:
        result = services.executions.run(
            notebook,
            output,
            author=author(),
            parameters=parameters,
            arguments=dict(arguments),
            kernel_name=kernel,
            timeout=timeout,
        )
        root = services.project.root
    if as_json:
        print_json(result)
    else:
        _describe(result, root)
    _raise_failure(result)


def _parsed(texts: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in texts:
        try:
            values = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise click.BadParameter(f"not YAML: {error}", param_hint="-y") from error
        if not isinstance(values, dict):
            raise click.BadParameter(f"not a map of parameters: {text}", param_hint="-y")
        found.update(values)
    return found


def _describe(result: ExecutionResult, root: Path) -> None:
    took = f"in {result.duration_seconds:.1f} s"
    where = f": {root / result.output_path}" if result.output_path else ""
    click.echo(f"{result.notebook_path}: {result.status.lower()} {took}{where}")
    if result.snapshot_id is not None:
        kept = f", with the models: {', '.join(result.models)}" if result.models else ""
        click.echo(f"Snapshot {result.snapshot_id[:12]}{kept}")
    if result.metrics:
        click.echo(pairs(result.metrics))


def _raise_failure(result: ExecutionResult) -> None:
    if result.status != "FINISHED":
        error = result.error
        cell = "" if error is None or error.cell_index is None else f"Cell {error.cell_index + 1}: "
        text = f"{error.name}: {error.message}" if error else result.status.lower()
        raise NotebookFailedError(f"{cell}{text}")
    if result.problem is not None:
        raise StoreUnavailableError(
            f"The notebook ran, but no snapshot of it was kept. {result.problem}"
        )
    if result.snapshot_id is None:
        raise MLOpsError("The notebook ran, but no snapshot of it was kept.")
