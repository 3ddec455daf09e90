from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.snapshots.cells import MOST_TEXT, text_of
from jupyter_mlops.snapshots.notebook import CodeCell
from jupyter_mlops.snapshots.printed import named, numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("accuracy: 0.947", {"accuracy": 0.947}),
        ("RMSE = 1.2e-3, MAE=4", {"RMSE": 0.0012, "MAE": 4.0}),
        ("Test Accuracy : 94.7%", {"Test Accuracy": 94.7}),
        ("정확도: 0.95", {"정확도": 0.95}),
        ("val/acc=.5 delta: -5", {"val/acc": 0.5, "delta": -5.0}),
        ("{'f1': np.float64(0.8), \"auc\": 1}", {"f1": 0.8, "auc": 1.0}),
        ("Epoch 1/10 - loss: 0.3 - val_loss: 0.41", {"loss": 0.3, "val_loss": 0.41}),
        ("epoch 3 loss: 0.5", {"loss": 0.5}),
        ("f1 0.930   ROC AUC 0.991", {"f1": 0.93, "ROC AUC": 0.991}),
    ],
)
def test_what_a_line_names(text: str, found: dict[str, float]) -> None:
    assert dict(named(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "12:30:05",
        "step 3 of 4",
        "Python 3.11.2",
        "Time: 12:30",
        "date: 2024-01-05",
        "version: 1.2.3",
        "http://localhost:8888",
        "user@host: 5",
        "done: 10/10",
        "loss: nan",
        "x == 5",
        "a <= 5",
        "shape: (569, 30)",
        "Name: target, Length: 569, dtype: int64",
        "a=" + "1" * 400,
    ],
)
def test_what_is_no_result(text: str) -> None:
    assert list(named(text)) == []


NAMES = st.from_regex(r"[a-z_가-힣]*[a-z가-힣][\w./-]{0,20}", fullmatch=True)


@given(name=NAMES, value=st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_prints_is_found(name: str, value: float) -> None:
    found = dict(named(f"{name}: {value}"))
    assert found == {name.lstrip("_"): value} or name.startswith("_")


@pytest.mark.parametrize("part", ["a.", "a ", "a: 1 ", "a:   ", " = ", "1=1", "-", "a=1e", "a .5 "])
def test_long_lines_take_no_time(part: str) -> None:
    started = time.thread_time()
    list(named(part * (MOST_TEXT // len(part))))
    assert time.thread_time() - started < 1


def cell(index: int, count: int, *outputs: dict[str, object]) -> CodeCell:
    return CodeCell(index, f"c{index}", "", (), list(outputs), count)


def said(text: str | list[str], name: str = "stdout") -> dict[str, object]:
    return {"output_type": "stream", "name": name, "text": text}


def returned(text: str) -> dict[str, object]:
    return {"output_type": "execute_result", "data": {"text/plain": text}}


def test_the_last_that_ran_wins() -> None:
    found = numbers([cell(0, 3, said(["a: 1\n", "b: 2"])), cell(1, 2, said("a: 9"))])
    assert {name: (n.value, n.cell_id) for name, n in found.items()} == {
        "a": (1.0, "c0"),
        "b": (2.0, "c0"),
    }


def test_only_what_was_printed_or_is_a_dictionary() -> None:
    text = text_of([said("a: 1"), said("b: 2", "stderr"), returned("{'c': 3}"), returned("K(d=4)")])
    assert dict(named(text)) == {"a": 1.0, "c": 3.0}
