"""Commands on what becomes of snapshots."""

from __future__ import annotations

import click
from pydantic import ValidationError

from ..snapshots.schemas import SeenMarks, SnapshotMarks
from .common import author, json_option, opened, print_json


@click.command()
@click.argument("snapshot", metavar="ID")
@click.option("--note", "-m", help="What to say of it; an empty one removes it.")
@click.option("--tag", "tags", multiple=True, help="A tag to add; may be given again.")
@click.option("--untag", multiple=True, help="A tag to remove; may be given again.")
@click.option("--pin/--unpin", default=None, help="Whether to keep it whatever happens.")
@json_option
def annotate(
    snapshot: str,
    note: str | None,
    tags: tuple[str, ...],
    untag: tuple[str, ...],
    pin: bool | None,
    as_json: bool,
) -> None:
    """Write the note, tags or pin of the snapshot ID, which may be shortened to its start."""
    if note is None and not tags and not untag and pin is None:
        raise click.UsageError("Give --note, --tag, --untag, --pin or --unpin.")
    with opened() as services:
        found = services.snapshots.snapshot(snapshot)
        kept = [tag for tag in (*found.tags, *tags) if tag not in untag]
        try:
            marks = SnapshotMarks(
                note=note,
                tags=kept if tags or untag else None,
                pinned=pin,
                seen=SeenMarks(tags=found.tags),
            )
        except ValidationError as error:
            raise click.UsageError("; ".join(item["msg"] for item in error.errors())) from error
        changed = services.history.mark(found.id, marks, author=author())
    if as_json:
        print_json(changed)
        return
    said = [
        *(["pinned"] if changed.pinned else []),
        *([f"tagged {', '.join(changed.tags)}"] if changed.tags else []),
        *([changed.note] if changed.note else []),
    ]
    click.echo(f"Snapshot {changed.id[:12]}: {'; '.join(said) or 'nothing is said of it'}")


@click.command()
@click.argument("snapshots", nargs=-1, required=True, metavar="ID [ID]…")
@click.option("--undo", is_flag=True, help="Bring them back; possible for a day at least.")
@json_option
def discard(snapshots: tuple[str, ...], undo: bool, as_json: bool) -> None:
    """Delete the snapshots ID. What they alone need goes with the next gc.

    One that a model version was made from stays.
    """
    with opened() as services:
        change = services.history.undelete if undo else services.history.delete
        changed = [change(snapshot) for snapshot in snapshots]
    if as_json:
        print_json(changed)
        return
    for item in changed:
        click.echo(f"Snapshot {item.id[:12]} {'is back' if undo else 'deleted'}")
