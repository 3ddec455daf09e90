"""What is said and done of snapshots in a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_mlops.snapshots.schemas import Snapshot
from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services

    from .conftest import Command


def take(mlops: Command, folder: Path) -> Snapshot:
    notebooks.write(folder / "a.ipynb", ["x = 1"])
    return Snapshot.model_validate_json(mlops("snapshot", "a.ipynb", "--json").stdout)


def test_annotate(mlops: Command, folder: Path) -> None:
    made, other = take(mlops, folder), take(mlops, folder)
    mlops("annotate", made.id[:12], "-m", "the one", "--tag", "paper", "--tag", "초안", "--pin")
    changed = mlops("annotate", made.id, "--untag", "초안", "--json").stdout
    snapshot = Snapshot.model_validate_json(changed)
    assert (snapshot.note, snapshot.tags, snapshot.pinned) == ("the one", ["paper"], True)
    for option in (("--tag", "paper"), ("--pinned",), ("--text", "the paper")):
        (found,) = json.loads(mlops("snapshots", *option, "--json").stdout)
        assert found["id"] == made.id
    assert json.loads(mlops("snapshots", "--grade", "clean", "--json").stdout) == []
    rows = mlops("snapshots", "--pinned").stdout.splitlines()
    assert "pinned, paper" in rows[1]
    assert rows[1].rstrip().endswith("the one")
    said = mlops("annotate", made.id, "--note", "", "--untag", "paper", "--unpin").stdout
    assert said == f"Snapshot {made.id[:12]}: nothing is said of it\n"
    assert "Give --note" in mlops("annotate", other.id, code=2).stderr
    assert "pattern" in mlops("annotate", other.id, "--tag", "a,b", code=2).stderr


def test_gc_thins_and_forgets(mlops: Command, folder: Path, services: Services) -> None:
    path = notebooks.write(folder / "a.ipynb", ["x = 1"])
    old = [services.snapshots.create(path, None, author="me", origin="save") for _ in range(3)]
    with services.database.write() as connection:  # all in one week, months ago
        connection.exec_driver_sql("UPDATE snapshots SET created_at = created_at % 1000")
    said = mlops("gc").stderr  # nothing is so old: the clock may have jumped
    assert "Ages were counted from 1970-" in said
    assert len(json.loads(mlops("snapshots", "--json").stdout)) == 3
    mlops("gc", "--trust-clock")
    (kept,) = json.loads(mlops("snapshots", "--json").stdout)
    gone = next(one.id for one in old if one.id != kept["id"])
    mlops("discard", "--undo", gone)  # for a day
    mlops("discard", gone)
    with services.database.write() as connection:
        connection.exec_driver_sql("UPDATE snapshots SET deleted_at = 1 WHERE deleted_at > 0")
    mlops("gc", "--trust-clock")
    assert "There is no snapshot" in mlops("discard", "--undo", gone, code=1).stderr


def test_discard(mlops: Command, folder: Path) -> None:
    first, second = take(mlops, folder), take(mlops, folder)
    said = mlops("discard", first.id[:12], second.id[:12]).stdout
    assert said.splitlines() == [f"Snapshot {one.id[:12]} deleted" for one in (first, second)]
    assert json.loads(mlops("snapshots", "--json").stdout) == []
    mlops("discard", "--undo", first.id)
    (found,) = json.loads(mlops("snapshots", "--json").stdout)
    assert found["id"] == first.id
    assert "There is no snapshot" in mlops("discard", "0" * 64, code=1).stderr


def test_a_wrong_rule_is_told_before_it_is_needed(mlops: Command, folder: Path) -> None:
    take(mlops, folder)
    (folder / ".mlops/config.toml").write_text('keep_automatic = "sometimes"\n')
    said = mlops("gc", "--dry-run", code=1).stderr
    assert said.startswith("keep_automatic is 'sometimes'. Write off, or steps ")
