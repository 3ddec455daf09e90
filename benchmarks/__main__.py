"""``python -m benchmarks [NAME ...]``: all comparisons, or those named."""

from __future__ import annotations

import sys
from pathlib import Path

from . import (
    bundle,
    compare,
    data,
    deploy,
    graph,
    imports,
    lineage,
    pauses,
    reproduce,
    snapshot,
    table,
    tracking,
)
from .harness import report

_MODULES = (
    bundle,
    imports,
    snapshot,
    reproduce,
    data,
    lineage,
    deploy,
    tracking,
    table,
    graph,
    compare,
    pauses,
)
_ALL = {module.__name__.rpartition(".")[2]: module for module in _MODULES}


def main() -> None:
    """Run the comparisons; each writes its file in ``benchmarks/results``."""
    names = sys.argv[1:] or list(_ALL)
    unknown = set(names) - set(_ALL)
    if unknown:
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(_ALL)}")
    for name in names:
        report(_ALL[name].run(), Path(__file__).parent / "results" / f"{name}.json")


main()
