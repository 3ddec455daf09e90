"""Takes snapshots of copies of a project, dying in each: in the n-th at the n-th call.

The parent of those that die hashes nothing, so that they inherit no threads that are not there.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.core.project import Project
from jupyter_mlops.kernels.schemas import FileAccess, LocalModule
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.locks import lock
from tests import notebooks
from tests.crashes import die_at_each_step
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from jupyter_mlops.snapshots.schemas import Snapshot

LARGE = 1_200_000


def make_project(root: Path) -> None:
    """Make a project with data of every kind, and a store that has one snapshot already."""
    root.mkdir(exist_ok=True)
    notebooks.write(root / "train.ipynb", ["x = 1"])
    chance = random.Random(1)  # noqa: S311
    (root / "small.csv").write_text("a\n1\n")
    (root / "large.bin").write_bytes(chance.randbytes(LARGE))
    (root / "helper.py").write_text("def help(): ...\n")
    (root / "parts").mkdir()
    for number in range(3):
        (root / "parts" / f"{number}.csv").write_text(f"a\n{number}\n")
    services = Services(Project(root), root)
    services.snapshots.create(root / "train.ipynb", None, author="ana")
    services.close()


def snap(root: Path) -> Snapshot:
    """Take a snapshot with all that one can have."""
    accesses = [
        FileAccess(path=str(root / "small.csv"), mode="read"),
        FileAccess(path=str(root / "large.bin"), mode="read"),
        FileAccess(path=str(root / "parts"), mode="read", kind="folder"),
    ]
    module = LocalModule(name="helper", path=str(root / "helper.py"))
    state = kernel_state(files=accesses, modules=[module])
    services = Services(Project(root), root)
    try:
        return services.snapshots.create(root / "train.ipynb", state, author="ana")
    finally:
        services.close()


def prepare(template: Path) -> None:
    """Do once what each child would do: import everything, and have the lock made."""
    services = Services(Project(template), template)
    assert services.snapshots
    services.close()
    lock(kernel_state().environment)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
    die_at_each_step(snap, Path(sys.argv[1]), Path(sys.argv[2]))
