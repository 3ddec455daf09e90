"""What a headless run is given and what it raises is in no row as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.executions import reproducer
from jupyter_mlops.executions.receipts import ReceiptStore
from jupyter_mlops.snapshots.masking import MASK
from tests import notebooks

from .reproductions import begin
from .test_engine import only_run

if TYPE_CHECKING:
    from jupyter_mlops.services import Services

    from .conftest import Papermill


def test_secrets_of_a_run_are_in_no_row(papermill: Papermill, services: Services) -> None:
    failing = "import os\nraise OSError('mysql://me:hunter22@db ' + os.environ['DB_PASSWORD'])"
    notebooks.write(papermill.folder / "secret.ipynb", ["api_key = ''", failing], parameters=0)
    papermill.environment |= {"DB_PASSWORD": "k3rnel-own-value"}
    code, _ = papermill.run("secret.ipynb", "out.ipynb", "-p", "api_key", "of-the-call-1")
    assert code == 1
    run, snapshot = only_run(services)
    assert run.params == snapshot.parameters == {"api_key": MASK}
    assert run.error == snapshot.manifest.error
    assert run.error is not None
    assert run.error.message == f"mysql://{MASK}@db {MASK}"


def test_what_is_kept_of_a_reproduction_that_fails_unexpectedly_is_masked(
    services: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "k3rnel-own-value")
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])
    snapshot = services.snapshots.create(path, None, author="me")
    monkeypatch.setattr(services.reproductions, "_spawn", lambda *_: None)
    receipt_id = begin(services, snapshot).receipt_id
    store = ReceiptStore(services.project, services.database)

    def fail(*_: object) -> None:
        store.log_file(receipt_id).write_text("Error: k3rnel-own-value")
        raise ValueError("unexpected")

    monkeypatch.setattr(reproducer.Reproduction, "run", fail)
    with pytest.raises(SystemExit):
        reproducer.reproduce(services.project.root, receipt_id, -1, None)
    assert "ValueError: unexpected" in capsys.readouterr().err
    assert store.log_file(receipt_id).read_text() == f"Error: {MASK}"


def test_what_is_kept_of_a_killed_reproduction_is_masked(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "k3rnel-own-value")
    services.project.prepare()
    store = ReceiptStore(services.project, services.database)
    store.folder.mkdir()
    store.lock_file("gone").touch()
    store.log_file("gone").write_text("Error: k3rnel-own-value")
    services.close_vanished()
    assert store.log_file("gone").read_text() == f"Error: {MASK}"
