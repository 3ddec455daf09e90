"""Compresses copies of a store, dying in each: the n-th copy's process at its n-th step."""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.database import Database
from jupyter_mlops.objects.manager import ObjectManager
from tests.crashes import die_at_each_step


def compress(store: Path) -> None:
    """Compress what is in a store, however young."""
    objects = ObjectManager(store / "objects", Database(store / "mlops.db"))
    objects.compress(now_ms() + 1000, lambda _: None, dry_run=False)


if __name__ == "__main__":
    template, copies = map(Path, sys.argv[1:])
    die_at_each_step(compress, template, copies)
