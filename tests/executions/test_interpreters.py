"""What is said where a snapshot cannot be run again as it was, and what to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import EnvironmentUnavailableError
from jupyter_mlops.executions.interpreters import choose
from jupyter_mlops.executions.receipt_schemas import ReproductionRequest
from jupyter_mlops.restoring.environments import EnvironmentBuilder
from tests import notebooks
from tests.snapshots.test_manager import kernel_state, snap

from .reproductions import local, with_kernel

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


def refused(services: Services, kernel: str | None, **changes: object) -> str:
    """Return why a snapshot that was taken with a kernel cannot be run again."""
    path = notebooks.write(services.project.root / "a.ipynb", ["1"])
    content = json.loads(path.read_text())
    content["metadata"] = {"kernelspec": {"name": kernel, "display_name": "x"}} if kernel else {}
    path.write_text(json.dumps(content))
    taken = snap(services, path, with_kernel(kernel_state(), **changes))
    manifest = services.snapshots.snapshot(taken.id).manifest
    builder = EnvironmentBuilder(services.project, services.objects)
    with pytest.raises(EnvironmentUnavailableError) as raised:
        choose(taken.id, manifest, ReproductionRequest(), builder)
    return raised.value.message


@local
def test_what_is_not_there_any_more(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refused(services, "no-such", language="R")
    assert said.startswith(
        "The kernel no-such, with which the snapshot was taken, is not installed"
    )
    assert "Install it, and try again. Installed: " in said
    assert "python3" in said
    assert "Choose one in JupyterLab" in refused(services, None, language="julia")
    said = refused(services, "python3", executable="/no/python")
    assert said == "The interpreter /no/python is not there any more. Rebuild the environment."

    spec = tmp_path / "jupyter" / "kernels" / "gone-r"
    spec.mkdir(parents=True)
    kernel = {"argv": ["/no/R", "{connection_file}"], "display_name": "R", "language": "R"}
    (spec / "kernel.json").write_text(json.dumps(kernel))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    said = refused(services, "gone-r", language="R")
    assert said.endswith("/no/R is not there any more. Install R again, or mend the kernel.")
