"""Snapshots of notebooks that read data of known contents."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from jupyter_mlops.kernels.schemas import FileAccess
from tests import notebooks
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot

HOUR = 3_600_000
PATH = "data 한글.csv"
FIRST = "id,city\n1,Seoul\n2,Busan\n"
SECOND = "id,city,age\n1,Seoul,30\n3,Jeju,4\n4,Jeju,4\n"


def snap(services: Services, **contents: str) -> Snapshot:
    """Take a snapshot whose kernel read files of these contents."""
    root = services.project.root
    path = root / "train.ipynb"
    if not path.exists():
        notebooks.write(path, ["x = 1"])
    accesses = []
    for name, content in contents.items():
        file = root / name
        file.write_text(content)
        accesses.append(FileAccess(path=str(file), mode="read"))
    return services.snapshots.create(path, kernel_state(files=accesses), author="ana")


def long(number: int) -> str:
    """Return a table so long that it fills a pack by itself."""
    chance = random.Random(number)  # noqa: S311
    return "a,b\n" + "".join(f"{chance.random()},{chance.random()}\n" for _ in range(500))
