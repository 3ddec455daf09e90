from __future__ import annotations

from typing import Any

import pytest

from jupyter_mlops.snapshots.figures import figures, left_out
from jupyter_mlops.snapshots.notebook import CodeCell

PNG = {"image/png": "aGVsbG8="}
PLOTLY = {"application/vnd.plotly.v1+json": {"data": []}, "text/html": "<div></div>"}
VEGA = {"application/vnd.vegalite.v5+json": {}, "text/plain": "alt.Chart(...)"}


def showing(*outputs: dict[str, Any]) -> list[CodeCell]:
    return [
        CodeCell(at, f"c{at}", "", (), [{"output_type": "display_data", "data": data}])
        for at, data in enumerate(outputs)
    ]


def test_images_are_figures_and_others_are_not() -> None:
    cells = showing(
        PNG, {"text/html": "<img>"}, {"image/svg+xml": ["<svg", "/>"]}, {"image/png": "abc"}
    )
    assert list(figures(cells)) == [
        ("c0", "image/png", b"hello"),
        ("c2", "image/svg+xml", b"<svg/>"),
    ]
    assert list(left_out(cells)) == []


@pytest.mark.parametrize(
    ("outputs", "where"),
    [([PLOTLY], "cell 1 are"), ([PLOTLY, PNG, VEGA, PLOTLY | PNG], "cells 1, 3 are")],
)
def test_what_a_browser_draws_is_said_to_be_no_figure(
    outputs: list[dict[str, Any]], where: str
) -> None:
    (said,) = left_out(showing(*outputs))
    assert where in said


def test_more_than_fifty_figures_are_said() -> None:
    cells = showing(*[PNG] * 51)
    assert len(list(figures(cells))) == 50
    assert list(left_out(cells)) == [
        "Of 51 figures the first 50 are kept; the notebook has all of them."
    ]
    assert list(left_out(cells[1:])) == []
