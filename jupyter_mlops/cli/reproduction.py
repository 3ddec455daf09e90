"""The command that runs a snapshot again and gives the verdict."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..core.errors import NotReproducedError
from ..executions.receipt_schemas import EnvironmentChoice, ReproductionRequest, Tolerance
from .common import author, json_option, opened, print_json, print_table

if TYPE_CHECKING:
    from ..executions.receipt_schemas import Receipt
    from ..services import Services

_LOOK_SECONDS = 0.5
_GOOD = {"reproduced", "within tolerance"}


@click.command()
@click.argument("snapshot_id", metavar="ID")
@click.option(
    "--tolerance",
    "texts",
    multiple=True,
    metavar="METRIC=VALUE",
    help="How far a metric may be off: an amount, or a part as 1%. * is for all others.",
)
@click.option(
    "--environment",
    type=click.Choice(["same", "rebuild"]),
    default="same",
    show_default=True,
    help="The recorded interpreter, if its packages are the same, or a new one of them.",
)
@click.option("--downloads", is_flag=True, help="Allow packages to be fetched for it.")
@click.option("--twice", is_flag=True, help="Run twice at once, to tell what is random.")
@click.option("--timeout", type=click.IntRange(min=1), help="Seconds that one cell may take.")
@json_option
def reproduce(
    snapshot_id: str,
    texts: tuple[str, ...],
    environment: EnvironmentChoice,
    downloads: bool,
    twice: bool,
    timeout: int | None,
    as_json: bool,
) -> None:
    """Run the snapshot ID again in a scratch folder, and compare what comes out.

    Ends with 0 if it is reproduced or within tolerance, else with 1.
    """
    request = ReproductionRequest(
        environment=environment,
        downloads=downloads,
        tolerances=dict(_tolerance(text) for text in texts),
        twice=twice,
        timeout=timeout,
    )
    with opened() as services:
        started = services.reproductions.start(snapshot_id, request, author=author())
        receipt = _followed(services, started.receipt_id)
        # at once: the services wait until the kernel is gone
        if as_json:
            print_json(receipt)
        else:
            _describe(receipt)
    if receipt.verdict not in _GOOD:
        raise NotReproducedError(receipt.summary or receipt.state)


def _tolerance(text: str) -> tuple[str, Tolerance]:
    name, _, value = text.rpartition("=")
    try:
        if not name:
            raise ValueError
        if value.endswith("%"):
            return name, Tolerance(relative=float(value[:-1]) / 100)
        return name, Tolerance(absolute=float(value))
    except ValueError as error:
        raise click.BadParameter(
            f"{text} is no METRIC=VALUE, f1=0.01 or f1=1% say.", param_hint="--tolerance"
        ) from error


def _followed(services: Services, receipt_id: str) -> Receipt:
    """Wait for the end, and show on a terminal where it is."""
    shown = ""
    try:
        while not services.reproductions.wait(receipt_id, _LOOK_SECONDS):
            if sys.stderr.isatty():
                shown = _show(_where(services.reproductions.receipt(receipt_id)), shown)
    except KeyboardInterrupt:
        services.reproductions.stop(receipt_id)
        services.reproductions.wait(receipt_id, 60)
    _show("", shown)
    return services.reproductions.receipt(receipt_id)


def _where(receipt: Receipt) -> str:
    progress = receipt.progress
    if progress is None:
        return ""
    if progress.phase != "running":
        return f"{progress.phase}…"
    again = " again" if progress.run > 1 else ""
    return f"running{again}: cell {progress.cell} of {progress.cells}"


def _show(text: str, before: str) -> str:
    if text != before:
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)
    return text


def _describe(receipt: Receipt) -> None:
    for note in [*receipt.notes, *(receipt.environment.notes if receipt.environment else [])]:
        click.secho(note, fg="yellow", err=True)
    for cell in receipt.cells:
        if cell.verdict != "same":
            said = f": {cell.difference}" if cell.difference else ""
            click.echo(f"Cell {cell.index + 1}: {cell.verdict}{said}")
    if receipt.metrics:
        print_table(
            ("METRIC", "RECORDED", "FOUND", "VERDICT"),
            [(one.name, one.recorded, one.found, one.verdict) for one in receipt.metrics],
            empty="",
        )
    if receipt.verdict in _GOOD:
        click.echo(f"{receipt.summary}, in {receipt.duration_seconds:.1f} s")
