"""What it costs a read-heavy notebook that its data is watched: two processes in turn.

One is not watched. Both are forked from one interpreter that has everything imported, so that they
have the same memory layout and hashes, which make more of a difference between two kernels than
lineage does. Each cell is run in the one and at once in the other; what counts is the median ratio
of their processor times within a pair of processes, then the median over pairs.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

from .harness import Result

if TYPE_CHECKING:
    from collections.abc import Callable

_PAIRS = 7
_ROUNDS = 60
_LIMIT = 3.0  # per cent

_PREPARE = """
import json, os, sqlite3, time
import numpy as np, pandas as pd, pyarrow as pa, pyarrow.parquet
pa.set_cpu_count(1)
def prepare():
    table = pd.DataFrame(np.random.default_rng(0).random((2000, 8)))
    table.columns = [f"c{n}" for n in range(8)]
    for n in range(100):
        table.to_csv(f"{n}.csv", index=False)
        table.to_parquet(f"{n}.parquet")
        np.save(f"{n}.npy", table.values)
        json.dump(table.c0.tolist(), open(f"{n}.json", "w"))
        open(f"{n}.empty", "w").close()
    with sqlite3.connect("d.sqlite") as connection: table.to_sql("t", connection, index=False)
"""

_CELLS = {
    "pandas, 20 CSV files": "for n in range(20): pd.read_csv(f'{n}.csv')",
    "pandas, 20 Parquet files": "for n in range(20): pd.read_parquet(f'{n}.parquet')",
    "numpy, 100 arrays": "for n in range(100): np.load(f'{n}.npy').sum()",
    "json, 20 files": "for n in range(20): json.load(open(f'{n}.json'))",
    "SQLite, 5 queries": (
        "for n in range(5):\n"
        "    c = sqlite3.connect('d.sqlite'); pd.read_sql('select * from t', c); c.close()"
    ),
}
# what an open costs, and what a cell does, with nothing else in it
_BARE = {
    "an open, of an empty file": ("for n in range(100): open(f'{n}.empty').close()", 100),
    "a cell": ("", 1),
}


def run() -> list[Result]:
    """Measure per cent of the processor time, of the whole notebook and of each cell."""
    pairs = [_pair() for _ in range(_PAIRS)]
    note = f"medians of {_PAIRS} × {_ROUNDS} rounds in turn, processor time"
    whole = [_percent(pair, list(_CELLS)) for pair in pairs]
    results = [Result("cost of lineage, read-heavy notebook", "%", whole, limit=_LIMIT, note=note)]
    for cell in _CELLS:
        costs = [_percent(pair, [cell]) for pair in pairs]
        results.append(Result(f"  {cell}", "%", costs, limit=_LIMIT, note=note))
    for cell, (_, count) in _BARE.items():
        costs = [_added(pair[cell]) * 1e6 / count for pair in pairs]
        results.append(Result(f"  {cell}", "µs", costs, note=note))
    return results


def _percent(pair: dict[str, list[list[float]]], cells: list[str]) -> float:
    """Return what the cells cost more together, round by round."""
    rounds = zip(*(pair[cell] for cell in cells), strict=True)
    sums = [[sum(times) for times in zip(*each, strict=True)] for each in rounds]
    ratios = [ours / without for ours, without in sums]
    return 100 * (float(statistics.median(ratios)) - 1)


def _added(times: list[list[float]]) -> float:
    return float(statistics.median(ours - without for ours, without in times))


def _pair() -> dict[str, list[list[float]]]:
    """Give the processor seconds of each cell in each round, watched and not."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", __name__, folder],
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            check=True,
        )
    pair: dict[str, list[list[float]]] = json.loads(done.stdout)
    return pair


def _measure(folder: str) -> dict[str, list[list[float]]]:
    """Fork the two, and have them run the cells in turn."""
    os.chdir(folder)
    shell = _shell()
    shell.run_cell(_PREPARE).raise_error()
    _wait_for(_fork(lambda: shell.run_cell("prepare()").raise_error()))
    processes = [_Process(shell, watched=watched) for watched in (True, False)]
    codes = {**_CELLS, **{cell: code for cell, (code, _) in _BARE.items()}}
    times: dict[str, list[list[float]]] = {cell: [] for cell in codes}
    for at in range(_ROUNDS + 2):
        for cell, code in codes.items():
            # who goes first has the colder machine
            pair = {each: each.seconds(code) for each in processes[:: 1 if at % 2 else -1]}
            if at > 1:  # the first rounds warm up
                times[cell].append([pair[each] for each in processes])
    for each in reversed(processes):  # the younger ones hold the older ones' pipes
        each.end()
    return times


def _shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    # the history's thread would not be in a forked process
    return InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))


class _Process:
    """A forked process that runs cells and tells their processor time."""

    def __init__(self, shell: Any, *, watched: bool) -> None:
        (ask, self._ask), (self._answer, answer) = os.pipe(), os.pipe()

        def serve() -> None:
            os.close(self._ask)
            if watched:
                _watch()
            with os.fdopen(ask) as asked:
                for line in asked:
                    os.write(answer, b"%.9f\n" % _time(shell, json.loads(line)))

        self._pid = _fork(serve)
        os.close(ask)
        os.close(answer)
        self._answers = os.fdopen(self._answer)

    def seconds(self, code: str) -> float:
        os.write(self._ask, json.dumps(code).encode() + b"\n")
        return float(self._answers.readline())

    def end(self) -> None:
        os.close(self._ask)
        _wait_for(self._pid)


def _time(shell: Any, code: str) -> float:
    if code:
        code = f"_s = time.process_time()\n{code}\n_s = time.process_time() - _s"
        shell.run_cell(code, store_history=True, cell_id="a").raise_error()
        return float(shell.user_ns["_s"])
    begun = time.process_time()
    shell.run_cell("pass", store_history=True, cell_id="a")
    return time.process_time() - begun


def _watch() -> None:
    """Do what starts the probe in a kernel."""
    from jupyter_mlops.kernels import provisioner, schemas

    code = provisioner._LOADER.format(folder=str(provisioner._FOLDER), names=schemas.WATCHERS)
    exec(code, {})  # noqa: S102


def _fork(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return pid


def _wait_for(pid: int) -> None:
    _, status = os.waitpid(pid, 0)
    assert status == 0, status


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1])))
