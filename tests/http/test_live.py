"""What a notebook has found out so far, and that a snapshot keeps what was pinned."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.snapshots.masking import MASK
from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api, Opened

MODEL = """
from sklearn.linear_model import LogisticRegression
model = LogisticRegression()
total = sum(range(depth))
print(f"f1: {total / 8}")
print(f"depth: {depth}")
"""
SOURCES = ["depth = 4\napi_key = 'abcdef123456'", MODEL, "rate = 0.1"]


@pytest.fixture
def notebook(jp_root_dir: Path) -> Path:
    folder = jp_root_dir / "my folder 한글"
    folder.mkdir()
    return notebooks.write(folder / "train 1.ipynb", SOURCES, parameters=0)


def body(notebook: Path, **more: Any) -> dict[str, Any]:
    return {"notebook_path": f"{notebook.parent.name}/{notebook.name}", **more}


def cells(*, printed: str = "", returned: str = "") -> list[dict[str, Any]]:
    """The cells as the browser has them; the one that makes the model has the outputs."""
    texts = [{}, {"printed": printed, "returned": returned}, {}]
    return [
        {
            "index": index,
            "cell_id": f"cell{index}",
            "source": source,
            "execution_count": index + 1,
            "tags": ["parameters"] if index == 0 else [],
            **texts[index],
        }
        for index, source in enumerate(SOURCES)
    ]


async def test_what_a_live_notebook_has_found(
    api: Api, notebook: Path, open_notebook: Opened
) -> None:
    tab = await open_notebook(notebook)
    await tab.run(0, 1, 2)
    sent = body(notebook, cells=cells(printed="f1: 0.75\ndepth: 4\nTotal: 6"), pinned=["f1"])
    found = await api("POST", "live-experiment", sent | {"language": "python"})
    assert found.live
    assert [(one.name, one.value, one.cell_id) for one in found.parameters] == [
        ("depth", 4, "cell0"),
        ("api_key", MASK, "cell0"),
    ]
    assert [(r.name, r.value, r.source, r.cell_id, r.metric, r.pinned) for r in found.results] == [
        ("f1", 0.75, "output", "cell1", True, True),
        ("total", 6.0, "variable", "cell1", True, False),
    ]
    assert [(one.variable, one.fitted) for one in found.models] == [("model", False)]
    assert (found.experiment_name, (await api("GET", "snapshots")).items) == ("Default", [])


async def test_without_a_kernel_the_outputs_are_still_there(api: Api, notebook: Path) -> None:
    sent = body(notebook, cells=cells(returned="{'f1': 0.75}"), language="python")
    found = await api("POST", "live-experiment", sent)
    assert (found.live, found.models) == (False, [])
    assert [one.value for one in found.parameters] == [4, MASK]
    assert [(one.name, one.metric) for one in found.results] == [("f1", False)]


async def test_the_file_is_taken_where_no_cells_are_sent(api: Api, notebook: Path) -> None:
    found = await api("POST", "live-experiment", body(notebook))
    assert [one.name for one in found.parameters] == ["depth", "api_key"]
    assert (await api.error(404, "POST", "live-experiment", {"notebook_path": "no.ipynb"})).message


async def test_a_snapshot_keeps_what_is_pinned_first(
    api: Api, notebook: Path, open_notebook: Opened
) -> None:
    tab = await open_notebook(notebook)
    await tab.run(0, 1)
    content = json.loads(notebook.read_text())
    content["metadata"]["mlops"] = {"metrics": ["f1", 3, "gone"]}
    content["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["f1: 0.75\n", "auc: 0.9"]}
    ]
    notebook.write_text(json.dumps(content))
    made = await api("POST", "snapshots", body(notebook))
    assert list(made.metrics.items()) == [("f1", 0.75), ("total", 6.0)]
    runs = (await api("GET", "runs")).items
    assert runs[0].metrics == {"f1": 0.75, "total": 6.0}


@pytest.mark.parametrize("metadata", ["x", {"metrics": "f1"}, {"metrics": None}, []])
async def test_odd_metadata_pin_nothing(api: Api, notebook: Path, metadata: Any) -> None:
    content = json.loads(notebook.read_text())
    content["metadata"]["mlops"] = metadata
    notebook.write_text(json.dumps(content))
    assert (await api("POST", "snapshots", body(notebook))).metrics == {}


async def test_the_experiment_is_that_of_the_newest_run(
    api: Api, notebook: Path, jp_fetch: Any
) -> None:
    async def log(path: str, **data: Any) -> Any:
        answer = await jp_fetch(
            f"mlops/mlflow/api/2.0/mlflow/{path}", method="POST", body=json.dumps(data)
        )
        return json.loads(answer.body)

    made = await log("experiments/create", name="이탈 churn")
    path = body(notebook)["notebook_path"]
    tags = [{"key": "mlops.notebook_path", "value": path}]
    await log("runs/create", experiment_id=made["experiment_id"], tags=tags)
    found = await api("POST", "live-experiment", body(notebook))
    assert (found.experiment_id, found.experiment_name) == (made["experiment_id"], "이탈 churn")
