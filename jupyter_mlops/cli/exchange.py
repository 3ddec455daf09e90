"""Commands that copy experiments, runs and models from and to another MLflow."""

from __future__ import annotations

import json
import os
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING

import click
from rich.console import Console

from .common import author, json_option, opened

if TYPE_CHECKING:
    from collections import Counter
    from contextlib import AbstractContextManager

    from ..exchange.ends import Source, Target
    from ..exchange.rest import RestStore

_TOKEN = "MLFLOW_TRACKING_TOKEN"  # noqa: S105 - a name


@click.command("import")
@click.option("--from", "place", required=True, help="A tracking URI, or an mlruns folder.")
@json_option
def import_(place: str, as_json: bool) -> None:
    """Copy all experiments, runs and models of another MLflow into this project.

    The token of a server that wants one is taken from MLFLOW_TRACKING_TOKEN. Called again, it
    goes on where it ended, and copies nothing twice.
    """
    from ..exchange.local import LocalStore  # noqa: PLC0415
    from ..exchange.mlruns import MlrunsFolder  # noqa: PLC0415

    # what is no source makes no store
    end = nullcontext(MlrunsFolder(place)) if MlrunsFolder.is_one(place) else _server(place)
    with end as source, opened(make=True) as services:
        _copy(source, LocalStore(services, author()), as_json)


@click.command("export")
@click.option("--to", "place", required=True, help="A tracking URI.")
@json_option
def export(place: str, as_json: bool) -> None:
    """Copy all experiments, runs and models of this project to another MLflow.

    The token of a server that wants one is taken from MLFLOW_TRACKING_TOKEN. Called again, it
    goes on where it ended, and copies nothing twice.
    """
    from ..exchange.local import LocalStore  # noqa: PLC0415

    with opened() as services, _server(place) as target:
        _copy(LocalStore(services, author()), target, as_json)


def _server(place: str) -> AbstractContextManager[RestStore]:
    from ..exchange.rest import RestStore  # noqa: PLC0415

    return closing(RestStore(place, os.environ.get(_TOKEN)))


def _copy(source: Source, target: Target, as_json: bool) -> None:
    from ..exchange.copying import Copy  # noqa: PLC0415

    with Console(stderr=True).status("Looking…") as status:
        counts = Copy(source, target, status.update).run()
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(_sentence(counts))


def _sentence(counts: Counter[str]) -> str:
    if not counts:
        return "Nothing new to copy."
    return f"Copied {', '.join(f'{count} {what}' for what, count in counts.items())}."
