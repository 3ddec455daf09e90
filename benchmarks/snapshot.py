"""A snapshot of the example notebook, click to row, against logging the same with MLflow."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from jupyter_mlops.core.project import Project
from jupyter_mlops.notebooks.schemas import SnapshotCreate
from jupyter_mlops.services import Services

from .harness import Result, in_turn
from .peers import ROOT, peer

_EXAMPLE = ROOT / "examples" / "breast-cancer"

# what a user would write to keep the same with MLflow: parameters, metrics, notebook, data,
# environment; the process is warm, so that neither side pays for imports
_PEER = """
import sys, time, importlib.metadata as metadata, mlflow
mlflow.set_tracking_uri("sqlite:///" + sys.argv[1] + "/mlflow.db")
mlflow.create_experiment("bench", artifact_location="file://" + sys.argv[1] + "/artifacts")
mlflow.set_experiment("bench")
for line in sys.stdin:
    start = time.perf_counter()
    with mlflow.start_run():
        mlflow.log_params({"max_depth": 4, "n_estimators": 100, "test_size": 0.25, "seed": 0})
        mlflow.log_metrics({"accuracy": 0.9, "f1": 0.9, "roc_auc": 0.9})
        mlflow.log_artifact("train.ipynb")
        mlflow.log_artifact("breast_cancer.csv")
        pins = [f"{d.metadata['Name']}=={d.version}" for d in metadata.distributions()]
        mlflow.log_text("\\n".join(pins), "requirements.txt")
    print(time.perf_counter() - start, flush=True)
"""


class _OneKernel:
    """The kernel of the example notebook, for all that ask."""

    def __init__(self, manager: AsyncKernelManager) -> None:
        self._manager = manager

    async def kernel_of(self, _notebook_path: str) -> Any:
        return self._manager


def run() -> list[Result]:
    """Measure milliseconds a snapshot, and kilobytes that ten unchanged ones add."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        folder = Path(name) / "project"
        shutil.copytree(_EXAMPLE, folder)
        return asyncio.run(_measure(folder, Path(name) / "mlflow"))


async def _measure(folder: Path, peer_folder: Path) -> list[Result]:
    kernel = AsyncKernelManager(kernel_name="python3")
    await kernel.start_kernel(cwd=str(folder))
    services = Services(Project(folder.resolve()), folder, _OneKernel(kernel))
    try:
        await _run_notebook(kernel, folder / "train.ipynb")
        loop = asyncio.get_running_loop()

        def ours() -> float:
            start = time.perf_counter()
            request = SnapshotCreate(notebook_path="train.ipynb")
            work = services.notebooks.capture(request, author="bench")
            asyncio.run_coroutine_threadsafe(work, loop).result()
            return (time.perf_counter() - start) * 1000

        peer_folder.mkdir()
        with peer(_PEER, peer_folder, folder) as ask:

            def theirs() -> float:
                return ask("go") * 1000

            times = await asyncio.to_thread(in_turn, 10, ours, theirs)
            before = _kept(services), _size(peer_folder)
            more = await asyncio.to_thread(in_turn, 9, ours, theirs)
            after = _kept(services), _size(peer_folder)
        kilobytes = [(late - early) / 1000 for early, late in zip(before, after, strict=True)]
        note = "warm; parameters, metrics, notebook, data, packages"
        return [
            Result(
                "snapshot of the example",
                "ms",
                times[0] + more[0],
                "mlflow.log_*",
                times[1] + more[1],
                150,
                note,
            ),
            Result("ten more, unchanged", "kB", kilobytes[:1], "mlflow.log_*", kilobytes[1:]),
        ]
    finally:
        services.close()
        await kernel.shutdown_kernel(now=True)


async def _run_notebook(kernel: AsyncKernelManager, path: Path) -> None:
    notebook = nbformat.read(path, 4)
    client = NotebookClient(notebook, km=kernel, resources={"metadata": {"path": str(path.parent)}})
    async with client.async_setup_kernel():
        for index, cell in enumerate(notebook.cells):
            await client.async_execute_cell(cell, index)
    assert client.kc
    client.kc.stop_channels()
    nbformat.write(notebook, path)


def _kept(services: Services) -> int:
    # the write-ahead log is a buffer that is used again and again
    with services.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return _size(services.project.store)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
