"""A project with notebooks, as kernels would tell of them."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Literal

import pytest

from jupyter_mlops.deployments import store as deployments
from jupyter_mlops.kernels.schemas import CellRun, FileAccess, LocalModule
from jupyter_mlops.registry.schemas import VersionSource
from tests import notebooks
from tests.kernel_states import kernel_state

from ..mlflow_models import array_model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jupyter_mlops.registry.schemas import ModelVersion
    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Origin, Snapshot


def aged(file: Path) -> Path:
    past = time.time() - 60
    os.utime(file, (past, past))
    return file


class Workshop:
    """Writes files and takes snapshots of notebooks that read and write them."""

    def __init__(self, services: Services, models: Path) -> None:
        self.services = services
        self.root = services.project.root
        self._models = models
        self._made = 0

    def write(self, path: str, text: str) -> Path:
        """Write a file, so long ago that its times can be trusted."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return aged(file)

    def notebook(self, path: str, source: str = "pass") -> Path:
        """Write a notebook of one cell, as long ago."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        return aged(notebooks.write(self.root / path, [source]))

    def snapshot(
        self,
        path: str,
        reads: Sequence[str] = (),
        writes: Sequence[str] = (),
        *,
        modules: Sequence[str] = (),
        tables: Mapping[str, Literal["read", "write"]] = {},
        status: Literal["ok", "error"] = "ok",
        origin: Origin = "user",
        folders: Mapping[str, Sequence[str]] = {},
    ) -> Snapshot:
        """Take a snapshot of a notebook, made if need be, that used these files.

        Of ``folders`` those files were read that are named, all if none is. ``tables`` are of
        databases.
        """
        file = self.root / path
        if not file.exists():
            self.notebook(path)
        files = [
            FileAccess(path=str(self.root / name), mode=mode)
            for mode, names in (("read", reads), ("write", writes))
            for name in names
        ]
        files += [
            FileAccess(path=str(self.root / name), mode="read", kind="folder", files=list(parts))
            for name, parts in folders.items()
        ]
        files += [FileAccess(path=name, mode=mode, kind="table") for name, mode in tables.items()]
        state = kernel_state(
            cells=[CellRun(execution_count=1, cell_id="cell0", source="pass", status=status)],
            files=files,
            modules=[LocalModule(name=name, path=str(self.root / name)) for name in modules],
            working_directory=str(self.root),
        )
        return self.services.snapshots.create(file, state, author="me", origin=origin)

    def rename(self, old: str, new: str) -> None:
        """Rename a file or folder in Jupyter."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)
        self.services.history.renamed(self.root / old, self.root / new)

    def register(self, name: str, snapshot: Snapshot, *, by_run: bool = False) -> ModelVersion:
        """Register a model from a snapshot, or from its run as MLflow's clients do."""
        self._made += 1
        source = VersionSource(
            run_id=snapshot.run_id,
            snapshot_id=None if by_run else snapshot.id,
            notebook_path=snapshot.notebook_path,
        )
        made = array_model(self._models / str(self._made), 2.0)
        return self.services.registry.register_folder(name, made, author="me", source=source)

    def deploy(self, name: str, version: ModelVersion) -> None:
        """Make the rows of a deployment; nothing is started."""
        with self.services.database.write() as connection:
            if deployments.get_deployment(connection, name) is None:
                deployments.add_deployment(
                    connection,
                    name,
                    target="local",
                    token_hash="",
                    author="me",
                    now=1,
                    store_id=self.services.lineage.store_id,
                )
            model = (version.name, version.version)
            deployments.add_revision(connection, name, model, author="me", now=2)


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    tick = threading.Event()
    for _ in range(1800):
        if condition():
            return
        tick.wait(0.1)
    raise AssertionError("It did not happen.")


@pytest.fixture
def workshop(services: Services, tmp_path: Path) -> Workshop:
    return Workshop(services, tmp_path / "models")
