"""Commands on snapshots."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from ..core.errors import MLOpsError
from ..core.running import RunningServer, ask, running_servers
from ..snapshots.schemas import Grade, Snapshot
from .common import author, everything, json_option, opened, pairs, print_json, print_table, short

if TYPE_CHECKING:
    from collections.abc import Sequence

_KERNEL_SECONDS = 120


@click.command()
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--message", "-m", help="A note to keep with it.")
@json_option
def snapshot(notebook: Path, message: str | None, as_json: bool) -> None:
    """Snapshot NOTEBOOK.

    Of its live kernel if a Jupyter server of yours runs one for it, else of the file.
    """
    path = Path(os.path.abspath(notebook))
    taken = _of_kernel(path, message) or _of_file(path, message)
    if as_json:
        print_json(taken)
    else:
        click.echo(
            f"Snapshot {taken.id[:12]} of {taken.notebook_path}: {taken.grade}, "
            f"{pairs(taken.metrics) or 'no metrics'}"
        )


@click.command()
@click.option(
    "--notebook", type=click.Path(path_type=Path), help="Only the snapshots of this notebook."
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many."
)
@click.option("--tag", help="Only those with this tag.")
@click.option("--pinned", is_flag=True, help="Only those that are pinned.")
@click.option("--grade", type=click.Choice(get_args(Grade)), help="Only those of this grade.")
@click.option("--text", help="Only those with these words in note, tags or author.")
@json_option
def snapshots(
    notebook: Path | None,
    limit: int,
    tag: str | None,
    pinned: bool,
    grade: Grade | None,
    text: str | None,
    as_json: bool,
) -> None:
    """List snapshots, newest first."""
    with opened(notebook) as services:
        path = services.project.relative(notebook) if notebook else None
        found = everything(
            lambda token: services.snapshots.snapshots(
                limit=min(limit, 1000),
                page_token=token,
                notebook_path=path,
                tag=tag,
                pinned=pinned or None,
                grade=grade,
                text=text,
            ),
            limit,
        )
    if as_json:
        print_json(found)
    else:
        _print_list(found)


def _print_list(found: Sequence[Snapshot]) -> None:
    print_table(
        ("ID", "NOTEBOOK", "TIME", "STATUS", "GRADE", "PARAMETERS", "METRICS", "TAGS", "NOTE"),
        [
            (
                item.id[:12],
                item.notebook_path,
                short(item.created_at),
                item.status,
                item.grade,
                pairs(item.parameters),
                pairs(item.metrics),
                ", ".join([*(["pinned"] if item.pinned else []), *item.tags]),
                (item.note or "").partition("\n")[0],
            )
            for item in found
        ],
        empty="No snapshots yet. Take one: jupyter mlops snapshot NOTEBOOK",
    )


def _of_kernel(path: Path, message: str | None) -> Snapshot | None:
    shown = {server: _shown(path, server.root) for server in running_servers()}
    servers = [server for server, relative in shown.items() if relative is not None]
    for server, sessions in zip(servers, ask(servers, "api/sessions"), strict=True):
        relative = shown[server]
        if _has_session(server, sessions, relative):
            body = {"notebook_path": relative, "message": message}
            answer = server.request("POST", "api/mlops/snapshots", body, timeout=_KERNEL_SECONDS)
            return Snapshot.model_validate(answer)
    return None


def _shown(path: Path, root: Path) -> str | None:
    """Return the path of a notebook in a server, None if it does not show it."""
    for known in (path, path.resolve()):
        if known.is_relative_to(root):
            return known.relative_to(root).as_posix()
    return None


def _has_session(server: RunningServer, sessions: Any, notebook_path: str | None) -> bool:
    """Tell whether a server runs a notebook's kernel; say so if it cannot tell."""
    answer = sessions
    if not isinstance(sessions, MLOpsError):
        if not any(
            session["path"] == notebook_path and session["type"] == "notebook"
            for session in sessions
        ):
            return False
        (answer,) = ask([server], "api/mlops/status")  # has it our extension?
    if isinstance(answer, MLOpsError):
        click.echo(f"Not asked for a live kernel: {server.url}: {answer.message}", err=True)
        return False
    return True


def _of_file(path: Path, message: str | None) -> Snapshot:
    with opened(path, make=True) as services:
        return services.snapshots.create(path, None, author=author(), message=message)
