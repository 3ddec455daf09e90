"""``jupyter mlops data``: versions of what notebooks read and wrote."""

from __future__ import annotations

import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click
from rich.filesize import decimal

from ..objects.schemas import Removed
from .common import author, everything, json_option, opened, print_json, print_table, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..data.schemas import DataCopy, DataDiff, DataVersionList, TableChange
    from ..services import Services
    from ..storage.schemas import Erasable

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def data() -> None:
    """List, get, compare and erase versions of what notebooks read and wrote.

    PATH is as `data list` shows it, or a file or folder of the project; a file in a folder that is
    listed will do. A VERSION is @latest, the first digits of its digest or of a snapshot's id, or
    the tag of a snapshot.
    """


@data.command("list")
@click.argument("path", required=False)
@click.option(
    "--limit", type=click.IntRange(min=1), default=100, show_default=True, help="At most so many."
)
@json_option
def list_(path: str | None, limit: int, as_json: bool) -> None:
    """List all data, the data below the folder PATH, or the versions of PATH."""
    with opened() as services:
        name = _name(services, path) if path is not None else None
        below = _below(services, name)
        if name is not None and below is None:
            _print_versions(services.data.versions(name), as_json=as_json)
            return
        found = everything(
            lambda token: services.data.data(
                limit=min(limit, 1000), page_token=token, prefix=below
            ),
            limit,
        )
    if as_json:
        print_json(found)
        return
    print_table(
        ("PATH", "KIND", "SIZE", "NEWEST", "VERSIONS", "SNAPSHOTS", "LAST SEEN"),
        [
            (
                item.path,
                item.kind,
                _size(item.size),
                (item.digest or "")[:12],
                item.versions,
                item.snapshots,
                short(item.last_seen),
            )
            for item in found
        ],
        empty="No snapshot names any data yet.",
    )


@data.command()
@click.argument("path")
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--version", help="Which; by default the newest.")
@click.option("--in-place", is_flag=True, help="Write a file to PATH itself.")
@json_option
def get(path: str, target: Path | None, version: str | None, in_place: bool, as_json: bool) -> None:
    """Write a version of PATH to TARGET, where nothing is yet; into a folder, or to - (stdout).

    With --in-place it takes the place of what PATH holds now. If no snapshot has that, one of a
    notebook that used PATH is taken first.
    """
    if (target is None) != in_place:
        raise click.UsageError("Give a TARGET, or say --in-place.")
    with opened() as services:
        name = _name(services, path)
        if target is None:
            copy = services.data.put_in_place(name, version, author=author())
            _print_in_place(copy, as_json=as_json)
            return
        if str(target) == "-":
            sys.stdout.buffer.writelines(services.data.content(name, version))
            return
        if target.is_dir():
            target /= PurePath(name).name
        copy = services.data.get(name, version, target.absolute())
    if as_json:
        print_json(copy)
    else:
        click.echo(f"{copy.path} {copy.digest[:12]}, {_size(copy.size)}: written to {target}")


@data.command()
@click.argument("path", required=False)
@click.option("--old", help="A version; by default the one before the new one.")
@click.option("--new", help="A version; by default the newest.")
@click.option("--snapshots", nargs=2, metavar="OLD NEW", help="Compare the data of two snapshots.")
@json_option
def diff(
    path: str | None,
    old: str | None,
    new: str | None,
    snapshots: tuple[str, str] | None,
    as_json: bool,
) -> None:
    """Compare two versions of PATH, or the data of two snapshots."""
    if (path is None) == (snapshots is None):
        raise click.UsageError("Give a PATH, or two snapshots with --snapshots.")
    with opened() as services:
        if snapshots is not None:
            found = services.data.diff_snapshots(*snapshots)
        else:
            found = services.data.diff(_name(services, path or ""), old, new)
    if as_json:
        print_json(found)
    else:
        _print_diff(found)


@data.command()
@click.argument("path")
@click.option("--version", help="Only this version; by default all of them.")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def erase(path: str, version: str | None, reason: str, yes: bool, as_json: bool) -> None:
    """Erase the content of PATH from the store, for good, and record that it was done.

    Snapshots stay and say that it was erased. The same content under other paths goes too. Files
    in the project and in runs' artifacts are yours to delete: a later snapshot would keep them
    again.
    """
    from ..storage import manager  # noqa: PLC0415 - help does without

    with opened() as services:
        name = _name(services, path)
        if not yes:
            taken = manager.erasable(services, name, version)
            counted = f"{taken.versions} {'version' if taken.versions == 1 else 'versions'}"
            said = f"Erase {counted} of {_listed(taken.paths, taken.path_count)} for good?"
            click.confirm(said, abort=True, err=True)
        done = manager.erase_data(services, name, version, author=author(), reason=reason)
    if as_json:
        print_json(Removed(objects=done.objects, size_bytes=done.size_bytes))
    else:
        counted = f"{done.objects} {'object' if done.objects == 1 else 'objects'}"
        click.echo(f"Erased {counted}, {decimal(done.size_bytes)}.")
        click.secho(_not_reached(done.erasable), fg="yellow", err=True)


@data.command()
@json_option
def erasures(as_json: bool) -> None:
    """List what was erased: when, by whom and why."""
    with opened() as services:
        found = services.objects.erasures()
    if as_json:
        print_json(found)
        return
    print_table(
        ("ERASED", "BY", "OBJECT", "PATHS", "REASON"),
        [
            (
                short(item.erased_at),
                item.author,
                item.object_id[:12],
                ", ".join(item.paths),
                item.reason,
            )
            for item in found
        ],
        empty="Nothing was erased.",
    )


def _print_in_place(copy: DataCopy, *, as_json: bool) -> None:
    if as_json:
        print_json(copy)
        return
    if copy.replaced is None:
        click.echo(f"{copy.path} {copy.digest[:12]}: nothing was replaced")
        return
    kept = f", in the snapshot {copy.safety_snapshot_id[:12]}" if copy.safety_snapshot_id else ""
    click.echo(f"{copy.path} {copy.digest[:12]}: in place of {copy.replaced[:12]}{kept}")


def _name(services: Services, path: str) -> str:
    """Return how snapshots call a path: as it is given, where they name it, else as a file."""
    named = services.data.data(limit=1, prefix=path).items
    if "://" in path or any(item.path == path for item in named):
        return path
    return services.project.relative(Path(path).absolute())


def _not_reached(erased: Erasable) -> str:
    """Say where else there may be something of what was erased."""
    notebooks = _listed(erased.notebooks, erased.notebook_count)
    places = [f"what {notebooks} shows of it, in cells and in snapshots"]
    if erased.in_project:
        places.insert(0, f"{erased.path} in the project")
    return f"Not erased: {'; '.join(places)}; artifacts that runs logged; backups."


def _listed(names: Sequence[str], count: int) -> str:
    more = f" and {count - len(names):,} more" if count > len(names) else ""
    return f"{', '.join(names)}{more}"


def _below(services: Services, name: str | None) -> str | None:
    """Return what the paths of data below a folder start with, None if it is itself data."""
    if name in {None, "."}:
        return ""
    named = services.data.data(limit=1, prefix=name).items
    inside = services.data.data(limit=1, prefix=f"{name}/").items
    return f"{name}/" if inside and not any(item.path == name for item in named) else None


def _print_versions(found: DataVersionList, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    print_table(
        ("VERSION", "KIND", "SIZE", "SNAPSHOTS", "FIRST SEEN", "LAST SEEN", "CONTENT"),
        [
            (
                item.digest[:12],
                item.kind,
                _size(item.size),
                item.snapshots,
                short(item.first_seen),
                short(item.last_seen),
                "kept" if item.kept else item.note or "digest only",
            )
            for item in found.items
        ],
        empty=f"The content of {found.path} was never read.",
    )


def _print_diff(found: DataDiff) -> None:
    for change in found.files:
        sizes = " → ".join(
            _size(size) for size in (change.old_size, change.new_size) if size is not None
        )
        click.echo(f"{_SIGNS[change.change]} {change.path}  {sizes}")
    total = found.added + found.removed + found.changed
    if total > len(found.files):
        click.echo(f"… and {total - len(found.files):,} more")
    if found.table is not None:
        click.echo(_table(found.table))
    click.echo(f"{found.added:,} added, {found.removed:,} removed, {found.changed:,} changed")


def _table(table: TableChange) -> str:
    said = [f"rows {table.old_rows:,} → {table.new_rows:,}"]
    if table.rows_added is not None:
        said.append(f"{table.rows_added:,} new, {table.rows_removed:,} gone")
    said += [f"column {name} added" for name in table.columns_added]
    said += [f"column {name} removed" for name in table.columns_removed]
    return "  " + "; ".join(said)


def _size(size: int | None) -> str:
    return "" if size is None else decimal(size)
