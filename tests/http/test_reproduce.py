"""Reproducing a snapshot of a live kernel over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api, Opened


async def ended(api: Api, receipt_id: str) -> Any:
    for _ in range(1800):
        receipt = await api("GET", f"receipts/{receipt_id}")
        if receipt.state not in {"pending", "running"}:
            return receipt
        await asyncio.sleep(0.1)
    raise AssertionError(receipt)


async def test_a_snapshot_of_a_live_kernel(
    api: Api, jp_root_dir: Path, open_notebook: Opened
) -> None:
    (jp_root_dir / "data.csv").write_text("4")
    sources = ["depth = 4", "total = depth * int(open('data.csv').read())"]
    path = notebooks.write(jp_root_dir / "train 1.ipynb", sources, parameters=0)
    tab = await open_notebook(path)
    await tab.run((0, "depth = 3"), 1)  # as it ran, not as it stands
    taken = await api("POST", "snapshots", {"notebook_path": path.name})
    (jp_root_dir / "data.csv").write_text("5")

    started = await api("POST", f"snapshots/{taken.id}/reproduce", {})
    assert (started.state, started.snapshot_id) == ("pending", taken.id)
    again = await api.error(409, "POST", f"snapshots/{taken.id[:12]}/reproduce", {})
    assert again.details["receipt_id"] == started.receipt_id
    receipt = await ended(api, started.receipt_id)
    assert receipt.verdict == "reproduced", receipt.summary
    assert [(one.name, one.found) for one in receipt.metrics] == [("total", 12.0)]
    assert (await api("GET", f"snapshots/{taken.id}/receipts")).items == [receipt]
    # it is over: a stop changes nothing
    assert await api("POST", f"receipts/{receipt.receipt_id}/stop") == receipt


async def test_what_is_refused(api: Api, jp_root_dir: Path) -> None:
    path = notebooks.write(jp_root_dir / "train.ipynb", ["x = 1"])
    taken = await api("POST", "snapshots", {"notebook_path": path.name})
    target = f"snapshots/{taken.id}/reproduce"
    await api.error(422, "POST", target, {"environment": "other"})
    await api.error(422, "POST", target, {"tolerances": {"f1": {"absolute": -1}}})
    assert (
        "no metric f1"
        in (await api.error(422, "POST", target, {"tolerances": {"f1": {"absolute": 1}}})).message
    )
    await api.error(404, "POST", f"snapshots/{'f' * 64}/reproduce", {})
    await api.error(404, "GET", "receipts/none")
    await api.error(404, "POST", "receipts/none/stop")
