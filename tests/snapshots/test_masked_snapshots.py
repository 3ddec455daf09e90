"""No secret is in what a snapshot stores."""

from __future__ import annotations

import html
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.kernels.schemas import CellRun, LocalModule, Package
from jupyter_mlops.notebooks import apart
from jupyter_mlops.snapshots.masking import MASK
from tests import notebooks
from tests.kernel_states import environment

from .test_manager import kernel_state

if TYPE_CHECKING:
    from jupyter_mlops.core.project import Project
    from jupyter_mlops.services import Services

LOGIN = 'aZ9$k"1é<x>'  # what JSON, HTML and URLs write otherwise


PLANTED = {
    "env file": (LOGIN, "print({})"),
    "kernel": ("k3rnel-own-value", "print({})"),
    "bearer": ("abcDEF123.456-ghi_789", "headers: Authorization: Bearer {}"),
    "basic": ("a2ltOmh1bnRlcjIyMzQ1", "Authorization: Basic {}"),
    "connection": ("s3cr3tPa55", "Server=db;Uid=kim;Pwd={};Port=1"),
    "url": ("hunter22", "postgresql://kim:{}@db/x"),
    "empty user": ("hunter22", "redis://:{}@cache/0"),
    "query": ("q1w2e3r4t5", "https://host/a.csv?sig={}&x=1"),
    "environment": ("p4ssw0rd-x", "AWS_SECRET_ACCESS_KEY={} HOME=/root"),
    "assigned": ("hunter2222", "password = '{}'"),
    "hugging face": ("hf_" + "aB3" * 11, "login {}"),
    "gitlab": ("glpat-" + "x1Y2" * 6, "{}"),
    "openai": ("sk-proj-" + "aB3_" * 8 + "z", "key {} end"),
    "databricks": ("dapi" + "0a" * 16, "{}"),
    "slack hook": ("T0AAAAAAA/B0BBBBBBB/abcdefghijklmnop", "https://hooks.slack.com/services/{}"),
}


def showing(secret: str, text: str) -> list[dict[str, Any]]:
    """The outputs of a cell that shows a text in every form that a kernel knows."""
    shown = text.format(secret)
    lines = ["before\n", f"{shown}\n", "after"]
    bundle = {
        "text/plain": repr(shown),
        "text/html": ["<p>\n", html.escape(shown), "\n</p>"],
        "application/json": {"rows": [[shown]], "deep": {"note": shown}},
        "image/svg+xml": f"<svg><text>{html.escape(shown)}</text></svg>",
    }
    return [
        {"output_type": "stream", "name": "stdout", "text": lines},
        {"output_type": "display_data", "data": bundle, "metadata": {"note": shown}},
        {"output_type": "error", "ename": "E", "evalue": shown, "traceback": [shown, "end"]},
    ]


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_in_no_stored_object(
    services: Services, project: Project, kind: str
) -> None:
    secret, text = PLANTED[kind]
    (project.root / ".env").write_text(f"# settings\nexport DB_PASSWORD='{LOGIN}'\nMODE=test\n")
    shown = text.format(secret)
    (project.root / "helper.py").write_text(f"# {shown}\n")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(project.root))
    (project.root / "config.py").write_text("x = 1\n")
    for command in (("init", "-q"), ("add", "config.py"), ("commit", "-qm", "x")):
        subprocess.run([*git, *command], check=True)
    (project.root / "config.py").write_text(f"# {shown}\n")
    path = notebooks.write(project.root / "a.ipynb", [f"# {shown}", "value = 1"], parameters=1)
    content = json.loads(path.read_text())
    content["cells"][0]["outputs"] = showing(secret, text)
    content["metadata"]["note"] = {"deep": shown}
    path.write_text(json.dumps(content))
    state = kernel_state(
        cells=[CellRun(execution_count=1, cell_id="cell0", source=f"# {shown}", status="error")],
        modules=[LocalModule(name="helper", path=str(project.root / "helper.py"))],
        secrets=["k3rnel-own-value"],
    )
    made = services.snapshots.create(path, state, author="me", message=shown)
    ((_, needed),) = services.needs.references()
    spellings = {secret, json.dumps(secret)[1:-1], html.escape(secret), repr(secret)[1:-1]}
    spellings |= {json.dumps(one)[1:-1] for one in spellings}
    for object_id in needed:
        stored = services.objects.read(object_id)
        assert not [one for one in spellings if one.encode() in stored], object_id
    manifest = services.snapshots.snapshot(made.id).manifest
    where = {masking.where for masking in manifest.masked}
    assert {"notebook", "cells", "diff", "message", "error", "module helper"} <= where
    assert secret not in str(services.tracking.runs().items)
    # what holds no secret is untouched
    kept = services.snapshots.notebook(made.id).content
    assert kept["cells"][0]["outputs"][0]["text"][0] == "before\n"
    assert kept["cells"][1] == content["cells"][1]


@pytest.mark.parametrize("only_changed", [False, True])
def test_a_kernels_secrets_are_masked_in_another_process_too(
    services: Services, project: Project, only_changed: bool
) -> None:
    path = project.root / "large.ipynb"
    printed = {"output_type": "stream", "name": "stdout", "text": "it is k3rnel-own-value"}
    path.write_text(json.dumps(notebooks.showing([[printed]])))
    state = kernel_state(secrets=["k3rnel-own-value", "no-utf-8-\udcff"])
    made = apart.take_and_tell(services, path, state, author="me", only_changed=only_changed)
    assert made is not None
    kept = services.snapshots.notebook(made.id).content
    assert kept["cells"][0]["outputs"][0]["text"] == f"it is {MASK}"


def test_a_packages_address_is_masked_in_the_manifest_too(
    services: Services, project: Project
) -> None:
    path = notebooks.write(project.root / "a.ipynb", ["1"])
    address = "https://host/p-1.whl?token=hunter22"
    package = Package(name="p", version="1", source=address, sha256="0" * 64)
    state = kernel_state(environment=environment(packages=[package]))
    made = services.snapshots.create(path, state, author="me")
    kept = services.snapshots.snapshot(made.id).manifest.environment
    assert kept
    assert kept.packages[0].source == f"https://host/p-1.whl?token={MASK}"
    assert "hunter22" not in services.snapshots.lock(made.id).text
