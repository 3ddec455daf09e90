"""The command that restores a snapshot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..restoring.schemas import RestoreRequest
from .common import author, json_option, opened, print_json

if TYPE_CHECKING:
    from ..restoring.schemas import Restored


@click.command()
@click.argument("snapshot_id", metavar="ID")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--in-place", is_flag=True, help="Over the project's files, after a safety snapshot.")
@click.option("--data/--no-data", default=True, help="The data that the notebook read, or not.")
@click.option("--outputs", is_flag=True, help="The files that the notebook wrote, too.")
@click.option("--environment", is_flag=True, help="Build the environment, too.")
@click.option("--downloads", is_flag=True, help="Allow packages to be fetched for it.")
@click.option(
    "--kernel", is_flag=True, help="Make it a kernel in your Jupyter folder, for the notebook."
)
@json_option
def restore(
    snapshot_id: str,
    folder: Path | None,
    in_place: bool,
    data: bool,
    outputs: bool,
    environment: bool,
    downloads: bool,
    kernel: bool,
    as_json: bool,
) -> None:
    """Restore the snapshot ID to FOLDER, which must be new or empty, or in place."""
    if (folder is None) is not in_place:
        raise click.UsageError("Give a FOLDER, or --in-place.")
    if kernel and not environment:
        raise click.UsageError("--kernel needs --environment.")
    target = Path(os.path.abspath(folder)) if folder else None
    request = RestoreRequest(
        folder=str(target) if target else None,
        in_place=in_place,
        data=data,
        outputs=outputs,
        environment=environment,
        downloads=downloads,
        kernel=kernel,
    )
    with opened() as services:
        restored = services.restorer.restore(snapshot_id, request, target, author=author())
    if as_json:
        print_json(restored)
    else:
        _describe(restored)


def _describe(restored: Restored) -> None:
    click.echo(
        f"Snapshot {restored.snapshot_id[:12]} restored to {restored.folder}: "
        f"{len(restored.files)} {'file' if len(restored.files) == 1 else 'files'}"
    )
    moved = [file for file in restored.files if file.path != file.origin]
    for file in moved:
        click.echo(f"{file.origin} lies outside the project: see {file.path}")
    for left in restored.left_out:
        _warn(f"Not restored: {left.path}. {left.reason} {left.advice}")
    for where in restored.masked:
        _warn(f"Secrets are masked in: {where}. Put them back by hand.")
    if restored.safety_snapshot_id:
        click.echo(f"What was there before: snapshot {restored.safety_snapshot_id[:12]}")
    if restored.environment:
        click.echo(f"Environment: {restored.environment.python}")
        for note in restored.environment.notes:
            _warn(note)
    if restored.kernel:
        click.echo(f"Kernel: {restored.kernel.display_name}, {restored.kernel.name}")


def _warn(sentence: str) -> None:
    click.secho(sentence, fg="yellow", err=True)
