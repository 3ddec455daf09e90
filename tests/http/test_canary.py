"""No secret reaches the store or the log, whichever way a user lets it out.

Each way has a secret of its own, so that one which is found there names its way. Data that a
notebook reads and artifacts that it logs are kept as they are, so none is among these.
"""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services
from tests import notebooks

from .test_headless import ended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Api, Fetch, Opened

_SHAPE = re.compile(rb"c4nary-?([a-z_]+)-9x")


def secret(way: str) -> str:
    return f"c4nary{way.replace(' ', '_')}-9x"


# how a secret is shown, in each form of an output
SHOWN = {
    "settings": "a: 1\npassword: {}\nb: 2\n",
    "quoted": 'api_key = "{} and more"\n',
    # as IPython shows code in a trace
    "coloured": "password \x1b[38;5;241m=\x1b[39m \x1b[38;5;124m'\x1b[39m\x1b[38;5;124m{}\x1b[39m'",
    "login": "postgresql://me:{}@host/x",
}
# what a cell does with one
CELLS = {
    "parameter": "api_key = '{}'",
    "source": "password = '{}'",
    "script": "%%bash\necho password: {} >/dev/null",
    "variable": "import os; os.environ['DB_PASSWORD'] = '{}'",
    "signature": "import pandas; pandas.read_csv('http://127.0.0.1:1/a.csv?sig={}')",
    "credentials": "import urllib.request; urllib.request.urlopen('http://me:{}@127.0.0.1:1/b')",
    "database": "import pandas; pandas.read_sql('select 1', 'postgresql://me:{}@127.0.0.1:1/x')",
    "storage": "import fsspec; fsspec.open('memory://a', 'w', secret='{}').open().close()",
    "option": "import subprocess; subprocess.run(['python3', '-c', '0', '--password', '{}'])",
    "command": "!true --token={}",
    "curl": "!curl -s -u me:{} http://127.0.0.1:1/c.csv",
    "error": "raise OSError('password={}')",
    "module": "import helper",
}
# what MLflow's API takes, by way
URL = "https://me:{}@host/x"
LOGGED: dict[str, tuple[str, dict[str, Any]]] = {
    "param": ("runs/log-parameter", {"key": "other_api_key", "value": "{}"}),
    "batch": ("runs/log-batch", {"params": [{"key": "db_password", "value": "{}"}]}),
    "batch_tag": ("runs/log-batch", {"tags": [{"key": "a", "value": URL}]}),
    "tag": ("runs/set-tag", {"key": "note", "value": "password: {}"}),
    "created": ("runs/create", {"tags": [{"key": "a", "value": URL}]}),
    "created_name": ("runs/create", {"run_name": "password={}"}),
    "renamed": ("runs/update", {"run_name": "password={}"}),
    "dataset": (
        "runs/log-inputs",
        {"datasets": [{"dataset": {"name": "d", "digest": "1", "source": URL}}]},
    ),
    "experiment": ("experiments/create", {"name": "e", "tags": [{"key": "a", "value": URL}]}),
    "experiment_tag": (
        "experiments/set-experiment-tag",
        {"experiment_id": "0", "key": "a", "value": URL},
    ),
    "description": ("registered-models/create", {"name": "m", "description": "password: {}"}),
    "model_tag": ("registered-models/set-tag", {"name": "m", "key": "a", "value": URL}),
    "model_param": (
        "logged-models",
        {"experiment_id": "0", "name": "l", "params": [{"key": "api_key", "value": "{}"}]},
    ),
}
FAILING = """
import sys
print('password: {}', file=sys.stderr)
raise OSError('password: {} ' + api_key)
"""


def outputs() -> Iterator[dict[str, Any]]:
    """Give outputs of every form that show secrets in every way."""
    for way, shown in SHOWN.items():

        def text(form: str, way: str = way, shown: str = shown) -> str:
            return shown.format(secret(f"{way} {form}"))

        yield {"output_type": "stream", "name": "stderr", "text": text("stream")}
        yield {
            "output_type": "display_data",
            "metadata": {"api_key": secret(f"{way} metadata")},
            "data": {
                "text/plain": text("plain").splitlines(keepends=True),
                "text/html": f"<pre>{text('html')}</pre>",
                "application/json": {"rows": [{"text": text("json")}]},
                "image/svg+xml": f"<svg><text>{text('svg')}</text></svg>",
            },
        }
        value, trace = text("value"), text("trace")
        yield {"output_type": "error", "ename": "E", "evalue": value, "traceback": [trace]}


def write(root: Path) -> Path:
    """Write a project whose notebook, module, git repository and settings hold secrets."""
    (root / "helper.py").write_text(f"password = '{secret('module')}'\n")
    (root / ".env").write_text(f"SERVICE={secret('env file')}\n")
    (root / "config.yaml").write_text("a: 1\n")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(root))
    remote = f"https://me:{secret('remote')}@127.0.0.1:1/x.git"
    setting_up = (["init", "-q"], ["remote", "add", "origin", remote], ["add", "config.yaml"])
    for command in (*setting_up, ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True)
    (root / "config.yaml").write_text(f"password: {secret('diff')}\n")
    sources = [source.format(secret(way)) for way, source in CELLS.items()]
    path = notebooks.write(root / "train 1.ipynb", sources, parameters=0)
    content = json.loads(path.read_text())
    content["cells"][1]["outputs"] = list(outputs())
    known = " ".join(map(secret, ("env file", "server", "variable", "module")))
    content["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": known}]
    words = {"cell_type": "markdown", "id": "m", "metadata": {}}
    content["cells"].append(words | {"source": f"password: {secret('markdown')}"})
    widget = {"model_name": "PasswordModel", "state": {"value": secret("widget")}}
    content["metadata"] |= {
        "api_key": secret("metadata"),
        "papermill": {"parameters": {"password": secret("papermill")}},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"0": widget}}},
    }
    path.write_text(json.dumps(content))
    return path


async def log(fetch: Fetch, run_id: str) -> None:
    """Log to MLflow's API as its clients do."""
    for way, (path, body) in LOGGED.items():
        filled = json.dumps({"run_id": run_id, **body}).replace("{}", secret(way))
        await fetch(f"mlops/mlflow/api/2.0/mlflow/{path}", method="POST", body=filled)


def texts(root: Path) -> Iterator[bytes]:
    """Give all that the store holds: its files, and its objects as they were put in."""
    for file in (root / ".mlops").rglob("*"):
        if file.is_file():
            yield file.read_bytes()
    services = Services(Project(root), root)
    for object_id in services.objects.ids():
        yield services.objects.read(object_id)
    services.close()


@pytest.mark.timeout(300)
async def test_no_secret_is_stored_or_logged(
    api: Api,
    jp_fetch: Fetch,
    open_notebook: Opened,
    jp_root_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setenv("SERVICE_PASSWORD", secret("server"))
    path = write(jp_root_dir)
    await (await open_notebook(path)).run(*range(len(CELLS)))
    asked = {"notebook_path": path.name, "message": f"password: {secret('message')}"}
    made = await api("POST", "snapshots", asked)
    await api("PATCH", f"snapshots/{made.id}", {"note": f"password: {secret('note')}"})
    await log(jp_fetch, made.run_id)
    sources = ["api_key = ''", FAILING.format(secret("printed"), secret("raised"))]
    failing = notebooks.write(jp_root_dir / "fails.ipynb", sources, parameters=0)
    given = {"notebook_path": failing.name, "parameters": {"api_key": secret("given")}}
    run = await ended(api, (await api("POST", "headless-runs", given)).run_id)
    assert (run.state, run.result.parameters) == ("failed", {"api_key": "«masked»"})

    stored = [*texts(jp_root_dir), caplog.text.encode()]
    assert {way for text in stored for way in _SHAPE.findall(text)} == set()
    kept = (await api("GET", f"snapshots/{made.id}")).manifest.cells
    assert len(kept) == len(CELLS)  # nothing was left out for that
    assert sum("«masked»" in cell.source for cell in kept) == len(CELLS) - 1
