"""Histories of notebooks that get another name, on a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.tracking.entities import NOTEBOOK_TAG
from tests import notebooks

from .histories import ids, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


def test_a_renamed_notebook_keeps_its_history(services: Services, notebook: Path) -> None:
    first = snap(services, notebook)
    renamed = notebook.rename(notebook.with_name("b.ipynb"))
    services.history.renamed(notebook, renamed)
    second = snap(services, renamed)
    assert second.parent_id == first.id
    assert ids(services, notebook_path="b.ipynb") == [second.id, first.id]
    assert ids(services, notebook_path=notebook.name) == []
    assert services.snapshots.snapshot(first.id).notebook_path == notebook.name
    assert services.tracking.run(first.run_id).notebook_path == "b.ipynb"
    # another one at the old place is another one
    other = snap(services, notebooks.write(notebook, ["x = 1"]))
    assert other.parent_id is None
    # and one that takes the place of another has its own history
    services.history.renamed(notebook, renamed)
    assert ids(services, notebook_path="b.ipynb") == [other.id]


def test_a_renamed_folder_takes_its_notebooks_along(services: Services) -> None:
    root = services.project.root
    for name in ("a", "ab"):
        (root / name).mkdir()
    inside = snap(services, notebooks.write(root / "a" / "x.ipynb", ["x = 1"]))
    beside = snap(services, notebooks.write(root / "ab" / "x.ipynb", ["x = 1"]))
    services.history.renamed(root / "a", root / "c")
    assert ids(services, notebook_path="c/x.ipynb") == [inside.id]
    assert ids(services, notebook_path="ab/x.ipynb") == [beside.id]


def test_what_runs_follows_its_notebook(services: Services) -> None:
    def started(path: str) -> str:
        return services.tracking.start_run("r", author="me", tags={NOTEBOOK_TAG: path}).run_id

    below, other, ended = started("a_b/x.ipynb"), started("aXb/x.ipynb"), started("a_b/x.ipynb")
    services.tracking.finish_run(ended, "FINISHED", None)
    root = services.project.root
    services.history.renamed(root / "a_b", root / "c")
    services.history.renamed(root / "c" / "x.ipynb", root / "한글 y.ipynb")
    now = [services.tracking.run(one).notebook_path for one in (below, other, ended)]
    assert now == ["한글 y.ipynb", "aXb/x.ipynb", "a_b/x.ipynb"]
