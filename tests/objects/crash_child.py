"""Puts objects into a store; with a second folder, into copies of it, dying in each.

The n-th copy's process dies, as by ``kill -9``, at its n-th call to the disk or the
database.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from jupyter_mlops.core.database import Database
from jupyter_mlops.objects.manager import ObjectManager
from tests.databases import where

STEPS = ("open", "pwrite", "ftruncate", "fsync", "rename", "replace", "mkdir", "unlink")


def blobs() -> list[bytes]:
    """Return what is put: small, large and compressible objects."""
    noise = random.Random(1)  # noqa: S311
    return [b"small", b"", noise.randbytes(3000), noise.randbytes(1_500_000), bytes(2_000_000)]


def count_down(steps: int) -> None:
    """Die before the given number of calls to the disk and the database is exceeded."""
    left = steps

    def counted(name: str, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                if name == "pwrite":  # half of it had reached the disk
                    real(args[0], bytes(args[1])[: len(args[1]) // 2], args[2])
                os._exit(9)
            return real(*args, **kwargs)

        return call

    for name in STEPS:
        setattr(os, name, counted(name, getattr(os, name)))
    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, counted(moment, lambda *_: None))


def put(store: Path, rows: Path | str) -> None:
    """Put everything in one batch."""
    database = Database(rows)
    with ObjectManager(store / "objects", database).batch() as batch:
        for blob in blobs():
            batch.add_bytes(blob)
    database.close()


def die_at_each_step(template: Path, folder: Path) -> None:
    """Go on until a process comes to its end alive."""
    for steps in count():
        store = folder / f"{steps:03}"
        shutil.copytree(template, store)
        child = os.fork()
        if child == 0:
            count_down(steps)
            put(store, store / "mlops.db")
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            return


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:]]
    if len(folders) == 1:
        put(folders[0], where(folders[0]))
    else:
        die_at_each_step(*folders)
