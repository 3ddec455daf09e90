"""What it costs a read-heavy notebook that its data is watched: two kernels in turn, one unwatched.

Processor time of the cells, the best of many rounds: whatever else the machine does is only added.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import AsyncKernelManager

from jupyter_mlops.kernels.provisioner import NAME

from .harness import Result

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_ROUNDS = 60
_LIMIT = 3.0  # per cent

_PREPARE = """
import json, os, time
import numpy as np, pandas as pd, pyarrow as pa, sqlite3
table = pd.DataFrame(np.random.default_rng(0).random((2000, 8)))
table.columns = [f"c{n}" for n in range(8)]
pa.set_cpu_count(1)
for n in range(100):
    table.to_csv(f"{n}.csv", index=False)
    table.to_parquet(f"{n}.parquet")
    np.save(f"{n}.npy", table.values)
    json.dump(table.c0.tolist(), open(f"{n}.json", "w"))
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


def run() -> list[Result]:
    """Measure per cent of the processor time, of the whole notebook and of each cell."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        ours, without = asyncio.run(_measure(Path(name)))
    best = {cell: (min(ours[cell]), min(without[cell])) for cell in _CELLS}
    mine, theirs = (sum(pair[at] for pair in best.values()) for at in (0, 1))
    note = f"best processor time of {_ROUNDS} rounds in turn"
    whole = [_percent(mine, theirs)]
    return [
        Result("cost of lineage, read-heavy notebook", "%", whole, limit=_LIMIT, note=note),
        *(Result(f"  {cell}", "%", [_percent(*pair)], note=note) for cell, pair in best.items()),
    ]


def _percent(ours: float, without: float) -> float:
    return 100 * (ours / without - 1)


async def _measure(folder: Path) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    ours: dict[str, list[float]] = {cell: [] for cell in _CELLS}
    without: dict[str, list[float]] = {cell: [] for cell in _CELLS}
    async with _kernel(folder / "a", NAME) as watched, _kernel(folder / "b", "") as bare:
        for at in range(_ROUNDS + 1):
            for cell, code in _CELLS.items():
                # who goes first has the colder machine
                pair = [(watched, ours), (bare, without)][:: 1 if at % 2 else -1]
                for kernel, times in pair:
                    seconds = await _run(kernel, code)
                    if at:  # the first round warms up
                        times[cell].append(seconds)
    return ours, without


@asynccontextmanager
async def _kernel(folder: Path, provisioner: str) -> AsyncIterator[Any]:
    folder.mkdir()
    manager = AsyncKernelManager(kernel_name="python3")
    assert manager.kernel_spec is not None
    name = provisioner or "local-provisioner"
    manager.kernel_spec.metadata = {"kernel_provisioner": {"provisioner_name": name}}
    await manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        await _run(client, _PREPARE)
        yield client
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def _run(client: Any, code: str) -> float:
    timed = f"import time as _t; _s = _t.process_time()\n{code}\n_s = _t.process_time() - _s"
    reply = await client.execute_interactive(
        timed, user_expressions={"seconds": "_s"}, timeout=300, output_hook=lambda _: None
    )
    content = reply["content"]
    assert content["status"] == "ok", content
    return float(content["user_expressions"]["seconds"]["data"]["text/plain"])
