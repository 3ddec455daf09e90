"""What a headless run is given and what it raises is in no row as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.snapshots.masking import MASK
from tests import notebooks

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
