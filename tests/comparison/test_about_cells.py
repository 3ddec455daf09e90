"""What is said about a cell beside its text and its outputs: tags, metadata, attachments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.comparison import outline
from jupyter_mlops.comparison.matching import match
from jupyter_mlops.comparison.schemas import CellComparison, StoredCell
from jupyter_mlops.snapshots.cells import is_notebook
from jupyter_mlops.snapshots.parsing import dumped
from tests import notebooks

if TYPE_CHECKING:
    from jupyter_mlops.services import Services

PIXEL = {"a.png": {"image/png": "iVBORw0KGgo="}}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def cell(metadata: Any = None, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": "x", "id": "a", "metadata": metadata or {}, **more}


def changes(base: dict[str, Any], other: dict[str, Any]) -> list[str]:
    (pair,) = match(*(outline.rows({"cells": [one]}) for one in (base, other)))
    return list(pair.changes)


def shown(item: dict[str, Any]) -> dict[str, Any]:
    return outline.cell(iter([{"cells": [item]}]), [0]) or {}


@pytest.mark.parametrize(
    ("base", "other", "expected"),
    [
        (cell(), cell({"tags": ["parameters"]}), ["tags"]),
        (cell({"tags": ["a", "b"]}), cell({"tags": ["b", "a"]}), []),
        (cell({"tags": []}), cell(), []),
        (cell({"slideshow": {"slide_type": "slide"}}), cell(), ["metadata"]),
        (cell({"editable": False, "tags": ["a"]}), cell(), ["tags", "metadata"]),
        (cell(attachments=PIXEL), cell(), ["attachments"]),
        (cell(attachments=PIXEL), cell(attachments={"a.png": {"image/png": ""}}), ["attachments"]),
        (cell(attachments={}), cell(), []),
    ],
)
def test_what_is_said_about_a_cell_is_compared(
    base: dict[str, Any], other: dict[str, Any], expected: list[str]
) -> None:
    assert changes(base, other) == changes(other, base) == expected


@pytest.mark.parametrize(
    "passing",
    [
        {"execution": {"iopub.execute_input": "2026-11-26T07:00:00Z"}},
        {"papermill": {"duration": 1.5}},
        {"collapsed": True, "scrolled": True, "trusted": True},
        {"jupyter": {"source_hidden": True, "outputs_hidden": True}},
    ],
)
def test_times_and_folding_are_no_change(passing: dict[str, Any]) -> None:
    assert changes(cell(passing), cell()) == []
    assert shown(cell(passing))["metadata"] == {}


def test_what_else_jupyter_keeps_is_one() -> None:
    own = {"jupyter": {"source_hidden": True, "from_me": 1}}
    assert changes(cell(own), cell()) == ["metadata"]
    assert shown(cell(own))["metadata"] == {"jupyter": {"from_me": 1}}


@given(st.dictionaries(st.text(), JSON), JSON)
def test_any_notebook_is_read(metadata: dict[str, Any], attachments: Any) -> None:
    item = cell(metadata, attachments=attachments)
    if is_notebook({"cells": [item]}):
        assert changes(item, json.loads(json.dumps(item))) == []
        told = {"language": None, **shown(item)}
        assert StoredCell.model_validate_json(dumped(told)).about_size is None


def test_large_attachments_are_left_out_and_told() -> None:
    found = shown(cell({"tags": ["t"]}, attachments={"a.png": {"image/png": "x" * 5_000_000}}))
    assert (found["attachments"], found["metadata"], found["tags"]) == ({}, {}, ["t"])
    assert found["about_size"] > 5_000_000


def test_a_tag_that_a_snapshot_lacks(services: Services) -> None:
    path = services.project.root / "n.ipynb"
    made = []
    for parameters in (None, 0):
        notebooks.write(path, ["depth = 5", "fit()"], parameters=parameters)
        made.append(services.snapshots.create(path, None, author="me").id)
    pieces = services.comparisons.cells(*made)
    pairs = CellComparison.model_validate_json(b"".join(pieces)).items
    assert [pair.changes for pair in pairs] == [["tags"], []]
    stored = b"".join(services.comparisons.cell(made[1], 0))
    assert StoredCell.model_validate_json(stored).tags == ["parameters"]
