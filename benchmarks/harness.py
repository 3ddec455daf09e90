"""Runs subjects in turn and makes a table and a JSON document of what was measured."""

from __future__ import annotations

import json
import platform
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path

Measure = Callable[[], float]


@dataclass
class Result:
    """One comparison; ``ratio`` is the peer's median over ours: above 1, ours is the better."""

    name: str
    unit: str
    ours: list[float]
    peer_name: str | None = None
    peer: list[float] = field(default_factory=list)
    limit: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The peer's median divided by ours."""
        if not self.peer:
            return None
        return statistics.median(self.peer) / statistics.median(self.ours)


def in_turn(rounds: int, ours: Measure, peer: Measure) -> tuple[list[float], list[float]]:
    """Measure both once without counting, then ``rounds`` times in turn."""
    ours()
    peer()
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def report(results: list[Result], file: Path) -> None:
    """Print a table and write all numbers to ``file``."""
    table = Table("measured", "ours", "peer", "ratio", "limit", "note")
    for result in results:
        peer = f"{_median(result.peer, result.unit)} {result.peer_name}" if result.peer else "–"
        ratio = f"{result.ratio:.1f}×" if result.ratio is not None else "–"
        limit = f"{result.limit:g} {result.unit}" if result.limit is not None else "–"
        ours = _median(result.ours, result.unit)
        table.add_row(result.name, ours, peer, ratio, limit, result.note)
    Console(width=140).print(table)
    document = {
        "machine": {"system": platform.platform(), "python": platform.python_version()},
        "results": [asdict(result) | {"ratio": result.ratio} for result in results],
    }
    rounded = json.loads(json.dumps(document), parse_float=lambda text: float(f"{float(text):.5g}"))
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")


def _median(values: list[float], unit: str) -> str:
    return f"{statistics.median(values):.4g} {unit}"
