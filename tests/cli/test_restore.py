"""``jupyter mlops restore`` and ``reproduce``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_mlops.executions.receipt_schemas import Receipt, Tolerance
from jupyter_mlops.restoring.schemas import Restored
from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from .conftest import Command


def test_restore(mlops: Command, folder: Path) -> None:
    path = notebooks.write(folder / "train 1.ipynb", ["x = 1"])
    text = path.read_text()
    taken = json.loads(mlops("snapshot", path, "--json").stdout)
    said = mlops("restore", taken["id"][:12], "복원").stdout
    assert said == f"Snapshot {taken['id'][:12]} restored to {folder / '복원'}: 1 file\n"
    assert (folder / "복원/train 1.ipynb").read_text() == text
    again = mlops("restore", taken["id"], "복원", code=1)
    assert "is not empty" in again.stderr

    notebooks.write(path, ["x = 2"])
    shown = mlops("restore", taken["id"], "--in-place", "--json").stdout
    assert Restored.model_validate_json(shown).safety_snapshot_id
    assert path.read_text() == text
    mlops("restore", taken["id"], code=2)
    mlops("restore", taken["id"], "x", "--in-place", code=2)


def test_reproduce(mlops: Command, folder: Path) -> None:
    sources = ["import secrets", "n = 10**12 + secrets.randbits(39)\nn"]
    path = notebooks.write(folder / "train 1.ipynb", sources)
    result = json.loads(mlops("run", path, "--json").stdout)
    chosen = ("reproduce", result["snapshot_id"][:12])
    said = mlops(*chosen, code=1)
    assert "Cell 2: random" in said.stdout
    assert "n is" in said.stderr
    assert "give it a tolerance" in said.stderr
    receipt = Receipt.model_validate_json(mlops(*chosen, "--tolerance", "n=50%", "--json").stdout)
    assert (receipt.verdict, receipt.state) == ("within tolerance", "completed")
    assert receipt.request.tolerances == {"n": Tolerance(relative=0.5)}
    for wrong in ("n=many", "n=nan", "n=inf%", "n=-1", "=1", "1"):
        assert "is no METRIC=VALUE" in mlops(*chosen, "--tolerance", wrong, code=2).stderr
    assert "no metric m" in mlops(*chosen, "--tolerance", "m=1", code=1).stderr


def test_reproduce_with_the_scripts_and_modules_of_then(
    mlops: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place := folder / "내 것").mkdir()
    (place / "prepare.py").write_text("import helper\ntotal = helper.rows * 2\nprint(total)\n")
    (place / "helper.py").write_text("rows = 21\n")
    sources = ["%run prepare.py", "score = total / 100", "import os; print(os.environ['PLACE'])"]
    path = notebooks.write(place / "train 1.ipynb", sources)
    monkeypatch.setenv("PLACE", "here")
    result = json.loads(mlops("run", path, "--json").stdout)
    assert result["metrics"]["score"] == 0.42
    (place / "prepare.py").write_text("total = 1\n")
    (place / "helper.py").unlink()
    chosen = ("reproduce", result["snapshot_id"][:12])
    assert "reproduced: 3 cells, 2 metrics, in" in mlops(*chosen).stdout
    assert (place / "prepare.py").read_text() == "total = 1\n"
    monkeypatch.setenv("PLACE", "there")
    said = "differs at cell 3: it prints “there” instead of “here”"
    assert said in mlops(*chosen, code=1).stderr
