"""Versions of data, in one large file and in many small ones, against DVC and MLflow."""

from __future__ import annotations

import mmap
import os
import random
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blake3 import blake3

from jupyter_mlops.core.database import Database
from jupyter_mlops.core.memory import settle
from jupyter_mlops.objects.manager import ObjectManager

from .harness import Result
from .peers import peer, peer_python

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 5
_CHUNK = 4 * 1024 * 1024
_SIZES = {"1 GB in one file": (1, 1_000_000_000), "10,000 files of 10 kB": (10_000, 10_000)}
_PHASES = ("first", "unchanged", "1 % changed")

# warm: a process that has imported everything waits for the name of a folder
_MLFLOW = """
import os, sys, time, mlflow
mlflow.set_tracking_uri("sqlite:///" + sys.argv[1] + "/mlflow.db")
mlflow.create_experiment("bench", artifact_location="file://" + sys.argv[1] + "/artifacts")
mlflow.set_experiment("bench")
for line in sys.stdin:
    folder = line.rstrip("\\n")
    with mlflow.start_run():
        start = time.perf_counter()
        mlflow.log_artifacts(folder + "/data")
        print(time.perf_counter() - start, flush=True)
"""

Measured = dict[str, list[float]]


def run() -> list[Result]:
    """Measure seconds for the first time, unchanged, and with one file in 100 changed.

    We, the floor and the disk alone wait until the disk has it, the last past the system's cache,
    as we do for large files; DVC and MLflow leave that to the system, so what DVC takes is told
    once more with a sync after it. DVC is a command, which is started for each; the others are
    processes that run, as Jupyter's server does.
    """
    results = []
    for name, (count, size) in _SIZES.items():
        for content in ("noise", "rows"):
            with tempfile.TemporaryDirectory(prefix="mlops-bench-") as folder, ExitStack() as stack:
                subjects = {
                    "ours": _ours,
                    "dvc": _dvc,
                    "mlflow": _mlflow(stack.enter_context(peer(_MLFLOW, Path(folder)))),
                    "floor": _floor,
                    "disk": _disk,
                }
                measured = _measure(Path(folder), subjects, count, size, content)
            results += _results(f"{name}, {content}", measured)
    return results


def _measure(
    folder: Path,
    subjects: dict[str, Callable[[Path, str], float]],
    count: int,
    size: int,
    content: str,
) -> dict[str, Measured]:
    measured: dict[str, Measured] = {
        name: {phase: [] for phase in _PHASES} for name in (*subjects, "dvc synced")
    }
    for number in range(_ROUNDS):
        root = folder / str(number)
        _write(root / "data", count, size, content)
        for phase in _PHASES[: 3 if count > 1 else 2]:
            if phase == "1 % changed":
                _change(root / "data", content)
            time.sleep(2.1)  # what was written just now is trusted by nobody
            for name, subject in subjects.items():
                if name != "disk" or phase == "first":
                    os.sync()
                    taken = subject(root, phase)
                    measured[name][phase].append(taken)
                if name == "dvc":
                    measured["dvc synced"][phase].append(taken + _sync())
        shutil.rmtree(root)
        shutil.rmtree(folder / "artifacts", ignore_errors=True)
    return measured


def _ours(root: Path, phase: str) -> float:
    store = root / "store"
    store.mkdir(exist_ok=True)
    database = Database(store / "mlops.db")
    objects = ObjectManager(store / "objects", database)
    (root / "warm").mkdir(exist_ok=True)
    (root / "warm" / phase).touch()
    # as in a server that runs
    objects.put_tree(root / "warm")
    settle()
    start = time.perf_counter()
    objects.put_tree(root / "data")
    taken = time.perf_counter() - start
    database.close()
    return taken


def _floor(root: Path, phase: str) -> float:
    """Hash what is new and write it one after the other; where nothing is new, look at all."""
    start = time.perf_counter()
    if phase == "first":
        with (root / "floor").open("wb", buffering=0) as target:
            for entry in os.scandir(root / "data"):
                _copy(entry.path, target)
            os.fsync(target.fileno())
    else:
        for entry in os.scandir(root / "data"):
            entry.stat()
    return time.perf_counter() - start


def _copy(path: str, target: Any) -> None:
    with open(path, "rb", buffering=0) as source:
        part = min(_CHUNK, os.fstat(source.fileno()).st_size + 1)
        hasher = blake3(max_threads=blake3.AUTO if part == _CHUNK else 1)
        while chunk := source.read(part):
            hasher.update(chunk)
            target.write(chunk)
        hasher.digest()


def _disk(root: Path, _phase: str) -> float:
    """Write as many bytes past the system's cache and do nothing else: what the disk takes."""
    size = sum(entry.stat().st_size for entry in os.scandir(root / "data"))
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_DIRECT", 0)
    with mmap.mmap(-1, 2 * _CHUNK) as part:
        part.write(random.Random(0).randbytes(len(part)))  # noqa: S311
        descriptor = os.open(root / "disk", flags)
        start = time.perf_counter()
        for offset in range(0, size, len(part)):
            os.pwrite(descriptor, part, offset)
        os.fsync(descriptor)
        taken = time.perf_counter() - start
        os.close(descriptor)
    return taken


def _dvc(root: Path, phase: str) -> float:
    command = [str(peer_python().with_name("dvc"))]
    places = {"DVC_SITE_CACHE_DIR": str(root / "dvc-site"), "DVC_NO_ANALYTICS": "1"}
    run = partial(subprocess.run, cwd=root, env=os.environ | places, check=True)
    if phase == "first":
        run([*command, "init", "--quiet", "--no-scm"])
    start = time.perf_counter()
    run([*command, "add", "--quiet", "data"])
    return time.perf_counter() - start


def _sync() -> float:
    start = time.perf_counter()
    os.sync()
    return time.perf_counter() - start


def _mlflow(ask: Callable[[str], float]) -> Callable[[Path, str], float]:
    return lambda root, _phase: ask(str(root))


def _write(folder: Path, count: int, size: int, content: str) -> None:
    folder.mkdir(parents=True)
    chance = random.Random(count)  # noqa: S311
    for number in range(count):
        with (folder / f"part-{number:05}").open("wb") as file:
            for begin in range(0, size, _CHUNK):
                file.write(_piece(chance, min(_CHUNK, size - begin), content))


def _piece(chance: random.Random, size: int, content: str) -> bytes:
    if content == "noise":
        return chance.randbytes(size)
    table = _table()
    begin = chance.randrange(len(table))
    return (table[begin:] + table[:begin])[:size]


@cache
def _table() -> bytes:
    """Return rows as data has them, more than a compressor remembers."""
    chance = random.Random(0)  # noqa: S311
    rows = (
        f"{number},city {chance.randrange(97)},{chance.gauss(20, 5):.3f},{chance.random():.6f}\n"
        for number in range(_CHUNK // 28)
    )
    return "".join(rows).encode()


def _change(folder: Path, content: str) -> None:
    """Write one file in a hundred anew."""
    chance = random.Random(content)  # noqa: S311
    for path in sorted(folder.iterdir())[::100]:
        path.write_bytes(_piece(chance, path.stat().st_size, content))


def _results(name: str, measured: dict[str, Measured]) -> list[Result]:
    results = []
    for phase, ours in measured["ours"].items():
        floor = "floor: hash, one write, one fsync" if phase == "first" else "floor: a stat walk"
        peers = {
            "dvc": "dvc add",
            "dvc synced": "dvc add and sync",
            "mlflow": "log_artifacts",
            "floor": floor,
            "disk": "disk alone",
        }
        results += [
            Result(f"{name}: {phase}", "s", ours, called, measured[peer][phase])
            for peer, called in peers.items()
            if measured[peer][phase]
        ]
    return results
