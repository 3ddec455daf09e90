"""Commands that look after the store itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.filesize import decimal

from ..core.clock import HOUR_MS, now_ms
from ..upkeep import collect, inspect, rebuild
from .common import author, json_option, opened, print_json, short

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

    from ..objects.schemas import Compressed
    from ..upkeep import Collected

_NAMED = 20  # data that a rule lets go


@click.command()
@click.option(
    "--rebuild",
    "rebuilding",
    is_flag=True,
    help="First make rows again that are missing, from the objects' files and the snapshots' "
    "manifests. Deleted snapshots that were not collected yet come back too.",
)
@json_option
def fsck(rebuilding: bool, as_json: bool) -> None:
    """Read every stored byte and every reference, and say what is damaged.

    Nothing is changed without --rebuild. Ends with 1 if something is not as it was written.
    """
    with opened(need=True) as services, _progress() as bar:
        if rebuilding:
            objects, snapshots = rebuild(services)
            said = f"{_counted(objects, 'object')} and {_counted(snapshots, 'snapshot')}"
            click.echo(f"{said} found again", err=True)
        found = inspect(services, _advancing(bar))
    if as_json:
        print_json(found)
    else:
        for problem in found.problems:
            click.secho(problem.message, fg="red", err=True)
        problems = len(found.problems)
        verdict = _counted(problems, "problem") if problems else "all as written"
        held = f"{_counted(found.objects, 'object')} in {_counted(found.files, 'file')}"
        click.echo(f"{held}, {decimal(found.size_bytes)}: {verdict}")
    sys.exit(1 if found.problems else 0)


@click.command()
@click.option(
    "--older-than",
    type=click.IntRange(min=1),
    default=24,
    show_default=True,
    metavar="HOURS",
    help="Leave alone what is younger: it may still be in the making.",
)
@click.option(
    "--keep-data",
    metavar="RULE",
    help="Let the contents of data go from all snapshots but these, say 'newest 10, 90d'; pinned "
    "and registered ones keep theirs. By default the store's setting keep_data.",
)
@click.option(
    "--compress",
    is_flag=True,
    help="Then compress contents that were stored as they are, because the disk took them sooner.",
)
@click.option(
    "--trust-clock",
    is_flag=True,
    help="Count ages from now, also after a month without a snapshot. By default they are counted "
    "from the last one then, until snapshots are a day apart again: the clock may have jumped.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@json_option
def gc(
    older_than: int,
    keep_data: str | None,
    compress: bool,
    trust_clock: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remove what no snapshot and no model version needs, and what a crash left behind.

    What other processes write or count on at the same time stays.
    """
    before_ms = now_ms() - older_than * HOUR_MS
    with opened() as services, _progress() as bar:
        found = collect(
            services,
            before_ms,
            keep_data,
            author=author(),
            dry_run=dry_run,
            trust_clock=trust_clock,
        )
        if compress:
            done = services.objects.compress(before_ms, _advancing(bar), dry_run=dry_run)
            found = found.model_copy(update={"compressed": done})
    if as_json:
        print_json(found)
    else:
        _print_collected(found, dry_run=dry_run)
    sys.exit(1 if found.compressed and found.compressed.damaged else 0)


def _print_collected(found: Collected, *, dry_run: bool) -> None:
    size = decimal(found.removed.size_bytes)
    left = decimal(sum(leftover.size_bytes for leftover in found.leftovers))
    click.echo(
        f"{_counted(found.removed.objects, 'object')}, {size}, and "
        f"{_counted(len(found.leftovers), 'file')} of crashes, {left}: "
        f"{'to remove' if dry_run else 'removed'}"
    )
    for data in found.data[:_NAMED]:
        said = "no longer to be kept" if dry_run else "no longer kept"
        click.echo(f"Data {', '.join(data.paths)} {data.object_id[:12]}: {said}")
    if len(found.data) > _NAMED:
        click.echo(f"… and {len(found.data) - _NAMED:,} more; --json has all")
    if found.counted_from is not None:
        said = f"Ages were counted from {short(found.counted_from)}: since then there was no "
        said += "snapshot for a month, and the clock may have jumped. If it is right: --trust-clock"
        click.secho(said, fg="yellow", err=True)
    for one in found.environments:
        click.echo(f"Environment {one.folder}, {decimal(one.size_bytes)}: {one.reason}")
    if found.compressed is not None:
        _print_compressed(found.compressed, dry_run=dry_run)


def _print_compressed(done: Compressed, *, dry_run: bool) -> None:
    before, after = decimal(done.size_bytes), decimal(done.stored_bytes)
    saved = decimal(done.size_bytes - done.stored_bytes)
    click.echo(
        f"{_counted(done.objects, 'object')}, {before}: "
        + (
            f"about {after} if compressed, {saved} less"
            if dry_run
            else f"{after} now, {saved} less"
        )
    )
    if done.damaged:
        said = f"{_counted(done.damaged, 'object')} cannot be read. Run jupyter mlops fsck."
        click.secho(said, fg="red", err=True)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _progress() -> Progress:
    from rich.console import Console  # noqa: PLC0415 - help does without
    from rich.progress import (  # noqa: PLC0415
        DownloadColumn,
        Progress,
        SpinnerColumn,
        TransferSpeedColumn,
    )

    console = Console(stderr=True)
    columns = (SpinnerColumn(), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _advancing(bar: Progress) -> Callable[[int], None]:
    task = bar.add_task("", total=None)
    return lambda size: bar.advance(task, size)
