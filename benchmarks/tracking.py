"""MLflow's protocol over REST: our server against ``mlflow server`` on SQLite, as shipped.

Both are asked by the same plain client with one connection kept alive, on 10,000 runs of 20
metrics each; ours with a kernel's token. The client's own cost is in both figures. They take turns
of several calls, so that neither pays for the other's hold on processor and caches.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .harness import Result
from .servers import NEWEST, database_file, jupyter_server, our_server, peer_server
from .table import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .rest import Api

POINTS, WRITERS, CALLS = 100_000, 8, 200
_TURNS = 3
_TOP = {"experiment_ids": ["0"], "max_results": 100, "order_by": ["metrics.m3 DESC"]}
_LATEST = {"experiment_ids": ["0"], "max_results": 100}


def run() -> list[Result]:
    """Measure milliseconds a call; calls a second of eight writers; megabytes of the servers."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        root = Path(name)
        with our_server(root / "ours") as ours, peer_server(root / "peer") as peer:
            results = [*_calls(ours[0], peer[0]), *_writers(ours[0], peer[0])]
            return [*results, *_top(root, ours[0], peer[0]), _memory(ours, peer), *_growth(root)]


def _calls(ours: Api, peer: Api) -> list[Result]:
    results = []
    for name, rounds, make in (
        ("top 100 of 10,000 runs by a metric", 2, _search(_TOP)),
        ("latest 100 of 10,000 runs", 10, _search(_LATEST)),
        ("get a run", 20, _get),
        ("create a run", 20, _create),
        ("log_metric", 50, _log_metric),
        ("log_batch of 1,000", 10, _log_batch),
        ("history of 100,000 points", 2, _history),
    ):
        times = _in_turn(rounds, make(ours), make(peer))
        results.append(Result(f"REST: {name}", "ms", times[0], "mlflow server", times[1]))
    return results


def _top(root: Path, ours: Api, peer: Api) -> list[Result]:
    """Compare with a peer whose file somebody has analysed, and with SQL that we wrote by hand."""
    with closing(sqlite3.connect(root / "peer" / "mlflow.db", timeout=60)) as connection:
        connection.execute("ANALYZE")
    name = "REST: top 100 of 10,000 runs by a metric"
    # connections of their own: the first ones may have been idle for too long
    call = _search(_TOP)(ours.another())
    analysed = _in_turn(10, call, _search(_TOP)(peer.another()))
    with closing(sqlite3.connect(database_file(root / "ours"))) as connection:
        by_hand = _in_turn(10, call, lambda: _by_hand(connection))
    return [
        Result(name, "ms", analysed[0], "mlflow server, after ANALYZE", analysed[1]),
        Result(name, "ms", by_hand[0], "SQL by hand, no HTTP", by_hand[1]),
    ]


def _by_hand(connection: sqlite3.Connection) -> str:
    """Answer the same from our file, as plainly as it can be."""
    top = connection.execute(
        "SELECT run_id FROM latest_metrics WHERE experiment_id = 0 AND key = 'm3' "
        "ORDER BY value DESC LIMIT 100"
    )
    ids = [run_id for (run_id,) in top]
    marks = ", ".join("?" * len(ids))
    runs = {}
    for row in connection.execute(f"SELECT * FROM runs WHERE run_id IN ({marks})", ids):  # noqa: S608
        runs[row[0]] = {"info": row, "metrics": {}, "params": {}, "tags": {}}
    for table, part in (("latest_metrics", "metrics"), ("params", "params"), ("tags", "tags")):
        query = f"SELECT run_id, key, value FROM {table} WHERE run_id IN ({marks})"  # noqa: S608
        for run_id, key, value in connection.execute(query, ids):
            runs[run_id][part][key] = value
    return json.dumps([runs[run_id] for run_id in ids])


def _growth(root: Path) -> list[Result]:
    """Ask a store of 1,000 runs and one of 100,000 for the same pages."""
    small, large = root / "small", root / "large"
    for folder, count in ((small, 1_000), (large, 100_000)):
        folder.mkdir()
        fill(folder, count)
    results = []
    with jupyter_server(small) as few, jupyter_server(large) as many:
        for name, body in (("latest 100", _LATEST), ("top 100 by a metric", _TOP)):
            times = _in_turn(10, _search(body)(many[0]), _search(body)(few[0]))
            results.append(
                Result(f"REST: {name} of 100,000 runs", "ms", times[0], "of 1,000", times[1])
            )
    return results


def _in_turn(
    rounds: int, ours: Callable[[], Any], peer: Callable[[], Any]
) -> tuple[list[float], list[float]]:
    """Measure several calls of one, then of the other, so that neither pays for the other."""
    times: tuple[list[float], list[float]] = [], []
    for _ in range(_TURNS):
        for taken, call in zip(times, (ours, peer), strict=True):
            taken.extend([_timed(call) for _ in range(rounds + 1)][1:])
    return times


def _timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def _search(body: dict[str, Any]) -> Callable[[Api], Callable[[], Any]]:
    text = json.dumps(body).encode()
    return lambda api: lambda: api.send("POST", "runs/search", text)


def _get(api: Api) -> Callable[[], Any]:
    return lambda: api.send("GET", f"runs/get?run_id={7:032x}")


def _create(api: Api) -> Callable[[], Any]:
    return lambda: api.new_run(NEWEST)


def _log_metric(api: Api) -> Callable[[], Any]:
    run_id, steps = api.new_run(NEWEST), iter(range(10**9))

    return lambda: api.send("POST", "runs/log-metric", _point(run_id, "loss", next(steps)))


def _point(run_id: str, key: str, step: int) -> bytes:
    point = {"run_id": run_id, "key": key, "value": 0.5, "timestamp": step + 1, "step": step}
    return json.dumps(point).encode()


def _log_batch(api: Api) -> Callable[[], Any]:
    run_id, starts = api.new_run(NEWEST), iter(range(0, 10**9, 1000))
    return lambda: api("POST", "runs/log-batch", _batch(run_id, next(starts)))


def _batch(run_id: str, start: int) -> dict[str, Any]:
    points = [
        {"key": "loss", "value": 0.5, "timestamp": step + 1, "step": step}
        for step in range(start, start + 1000)
    ]
    return {"run_id": run_id, "metrics": points}


def _history(api: Api) -> Callable[[], Any]:
    run_id = api.new_run(NEWEST)
    for start in range(0, POINTS, 1000):
        api("POST", "runs/log-batch", _batch(run_id, start))
    return lambda: api.send("GET", f"metrics/get-history?run_id={run_id}&metric_key=loss")


def _writers(ours: Api, peer: Api) -> list[Result]:
    gaps: list[list[float]] = [[], []]
    worst: list[list[float]] = [[], []]
    for _ in range(_TURNS):
        for side, api in enumerate((ours, peer)):
            seconds: list[float] = []
            run_id = api.another().new_run(
                NEWEST
            )  # its own connection may have been idle for too long
            threads = [
                threading.Thread(target=_write, args=(api.another(), run_id, f"w{number}", seconds))
                for number in range(WRITERS)
            ]
            start = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            # not a rate: of two times the shorter is the better
            gaps[side].append((time.perf_counter() - start) * 1000 / len(seconds))
            worst[side].append(statistics.quantiles(seconds, n=100)[98] * 1000)
            history = f"metrics/get-history?run_id={run_id}&metric_key=w0"
            assert len(api.another()("GET", history)["metrics"]) == CALLS
    return [
        Result("8 writers, between calls", "ms", gaps[0], "mlflow server", gaps[1]),
        Result("8 writers, p99", "ms", worst[0], "mlflow server", worst[1], limit=100),
    ]


def _write(api: Api, run_id: str, key: str, seconds: list[float]) -> None:
    for step in range(CALLS):
        point = _point(run_id, key, step)
        start = time.perf_counter()
        api.send("POST", "runs/log-metric", point)
        seconds.append(time.perf_counter() - start)


def _memory(ours: tuple[Api, int], peer: tuple[Api, int]) -> Result:
    folder = tempfile.TemporaryDirectory()
    with folder as name, jupyter_server(Path(name), extension=False) as plain:
        # their kernels are no part of tracking, and still starting
        added = _megabytes([ours[1]]) - _megabytes([plain[1]])
    return Result(
        "memory of tracking, after all this",
        "MB",
        [added],
        "mlflow server",
        [_megabytes(_family(peer[1]))],
        limit=40,
        note="ours: more than a Jupyter server without us",
    )


def _megabytes(pids: Iterable[int]) -> float:
    """Return the proportional memory of processes."""
    total = 0.0
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
    return total


def _family(pid: int) -> Iterator[int]:
    """Give a process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            yield from _family(int(child))
