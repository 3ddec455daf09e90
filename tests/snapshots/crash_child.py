"""Does something with copies of a project, dying in each: in the n-th at the n-th call.

The parent of those that die hashes nothing, so that they inherit no threads that are not there.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops import upkeep
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.project import Project
from jupyter_mlops.kernels.schemas import FileAccess, LocalModule
from jupyter_mlops.objects import direct, staging
from jupyter_mlops.restoring.schemas import RestoreRequest
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.locks import lock
from tests import notebooks
from tests.crashes import die_at_each_step
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.snapshots.schemas import Snapshot

LARGE = 1_200_000
SECRET = b"a customer's own words, again and again\n" * 40_000


def make_project(root: Path) -> None:
    """Make a project with data of every kind, and a store that has one snapshot already."""
    root.mkdir(exist_ok=True)
    notebooks.write(root / "train.ipynb", ["x = 1"])
    chance = random.Random(1)  # noqa: S311
    (root / "small.csv").write_text("a\n1\n")
    (root / "large.bin").write_bytes(chance.randbytes(LARGE))
    (root / "customers.csv").write_bytes(SECRET)
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
        FileAccess(path=str(root / "customers.csv"), mode="read"),
        FileAccess(path=str(root / "parts"), mode="read", kind="folder"),
    ]
    module = LocalModule(name="helper", path=str(root / "helper.py"))
    state = kernel_state(files=accesses, modules=[module])
    services = Services(Project(root), root)
    try:
        return services.snapshots.create(root / "train.ipynb", state, author="ana")
    finally:
        services.close()


def change(root: Path) -> None:
    """Change all that the newest snapshot holds."""
    notebooks.write(root / "train.ipynb", ["x = 2"])
    for path in (root / "small.csv", root / "helper.py", *sorted((root / "parts").iterdir())):
        path.write_text("other")
    (root / "large.bin").write_bytes(b"other")
    (root / "customers.csv").write_bytes(b"other")


def newest(services: Services) -> str:
    """Return the newest snapshot that somebody asked for."""
    return next(one.id for one in services.snapshots.snapshots().items if one.origin == "user")


def restore(root: Path, folder: Path | None = None) -> None:
    """Restore the newest snapshot, in place by default."""
    services = Services(Project(root), root)
    request = RestoreRequest(in_place=folder is None, folder=folder and str(folder))
    services.restorer.restore(newest(services), request, folder, author="ana")
    services.close()


def get(root: Path) -> None:
    """Write versions of data to where nothing is."""
    services = Services(Project(root), root)
    services.data.get("parts", None, root / "copied parts")
    services.data.get("large.bin", None, root / "copied.bin")
    services.close()


def collect(root: Path) -> None:
    """Remove what no snapshot needs; of all but the newest one the data goes."""
    services = Services(Project(root), root)
    upkeep.collect(services, now_ms() + 3_600_000, "newest 1", author="ana", dry_run=False)
    services.close()


def erase(root: Path) -> None:
    """Erase what a customer does not want to be kept."""
    services = Services(Project(root), root)
    manifest = services.snapshots.snapshot(newest(services)).manifest
    ids = [use.object_id for use in manifest.files if use.path in {"customers.csv", "small.csv"}]
    upkeep.erase(services, [one for one in ids if one], author="ana", reason="asked for")
    services.close()


# each step of all of them takes minutes; of a snapshot, which has all kinds, none is left out
WORK: dict[str, tuple[Callable[[Path], object], int]] = {
    "snap": (snap, 1),
    "restore": (restore, 9),
    "restore to a folder": (lambda root: restore(root, root / "restored"), 5),
    "get": (get, 4),
    "collect": (collect, 5),
    "erase": (erase, 5),
}


def prepare(template: Path) -> None:
    """Do once what each child would do: import everything, and have the lock made."""
    services = Services(Project(template), template)
    assert all((services.snapshots, services.restorer, services.history, services.environments))
    assert all((services.needs, services.data, services.profiles, services.comparisons))
    services.close()
    lock(kernel_state().environment)


if __name__ == "__main__":
    prepare(Path(sys.argv[2]))
    # as files of many times this size are written
    direct._PART, vars(staging)["WORTHWHILE"] = 512 * 1024, 1024 * 1024
    work, every = WORK[sys.argv[1]]
    die_at_each_step(work, Path(sys.argv[2]), Path(sys.argv[3]), every)
