"""The tables of a run are profiled after it, by a process for which nobody waits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.locks import is_free, locked
from jupyter_mlops.data.profiles import ProfileManager
from tests import notebooks

from .reproductions import local, run

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


@local
@pytest.mark.usefixtures("profiles")
def test_the_tables_of_a_run(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "표.csv").write_text("age\n31\n44\n")
    reads = ["rows = open('표.csv').read()", "open('out.csv', 'w').write('b\\n1\\n')"]
    lock = services.project.store / "profiles.lock"
    services.project.prepare()
    with locked(lock):  # others are being made
        made = run(services, notebooks.write(folder / "a.ipynb", reads))
        taken = services.snapshots.snapshot(made.id)
        assert services.profiles.lacks(taken.manifest)
    end = time.monotonic() + 240
    while services.profiles.lacks(taken.manifest) or not is_free(lock):
        assert time.monotonic() < end
        time.sleep(0.05)
    monkeypatch.setattr(ProfileManager, "_run", None)  # they are there
    assert [services.profiles.profile(taken.id, index).rows for index in range(2)] == [2, 1]
