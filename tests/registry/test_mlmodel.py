"""Reading models' folders, without loading a model."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.core.errors import InvalidInputError
from jupyter_mlops.registry.mlmodel import read_facts

from .conftest import EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MINIMAL = b"flavors: {python_function: {loader_module: x}}\n"


def reader(files: dict[str, bytes]) -> Callable[[str], bytes | None]:
    return files.get


def read_folder(folder: Path) -> Any:
    return read_facts(reader({path.name: path.read_bytes() for path in folder.iterdir()}))


def test_a_model_as_mlflow_writes_it(make_model: Callable[..., Path]) -> None:
    facts = read_folder(make_model())
    assert facts.flavor == "sklearn"
    assert facts.serialization == "skops"
    assert facts.signature == {
        "inputs": [{"type": "double", "name": "alter 나이", "required": True}],
        "outputs": [{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}],
        "params": None,
    }
    assert facts.input_example == {"dataframe_split": EXAMPLE}
    assert facts.requirements == ["scikit-learn==1.9.0", "skops==0.13"]


def test_a_ready_request_body_is_preferred(make_model: Callable[..., Path]) -> None:
    folder = make_model()
    (folder / "serving_input_example.json").write_text(
        '{"dataframe_records": [{"a": NaN, "b": 1e999}]}'
    )
    assert read_folder(folder).input_example == {"dataframe_records": [{"a": None, "b": None}]}


def test_an_array_example_becomes_a_request_body(make_model: Callable[..., Path]) -> None:
    info = {"artifact_path": "input_example.json", "type": "ndarray"}
    folder = make_model(saved_input_example_info=info)
    (folder / "input_example.json").write_text("[[1.0, 2.0]]")
    assert read_folder(folder).input_example == {"inputs": [[1.0, 2.0]]}


def test_a_large_example_stays_in_the_folder(make_model: Callable[..., Path]) -> None:
    folder = make_model()
    (folder / "input_example.json").write_text(json.dumps([[0.5] * 300_000]))
    assert read_folder(folder).input_example is None


def test_the_least_a_model_can_say() -> None:
    facts = read_facts(reader({"MLmodel": MINIMAL}))
    assert (facts.flavor, facts.serialization) == ("python_function", "unknown")
    assert (facts.signature, facts.input_example, facts.requirements) == (None, None, [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"just text",
        b"- a list",
        b"flavors:",
        b"flavors: {}",
        b"flavors: [sklearn]",
        b"flavors: {sklearn: text}",
        b"flavors: {a: {}}\nsignature: text",
        b"flavors: {a: {}}\nsignature: {inputs: 'no json'}",
        b"flavors: {a: {}}\nsignature: {inputs: 5}",
        b"flavors: {a: {}}\nsaved_input_example_info: text",
        b"a: [unclosed",
        b"\xff\xfe\x00",
        b"d: 2026-99-99",
    ],
)
def test_a_malformed_file_is_the_callers_error(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"MLmodel|valid JSON"):
        read_facts(reader({"MLmodel": content}))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_file_is_read_or_refused(content: bytes) -> None:
    files = {"MLmodel": content, "requirements.txt": content}
    try:
        facts = read_facts(reader(files))
    except InvalidInputError:
        return
    assert facts.flavor


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_example_is_read_or_refused(content: bytes) -> None:
    files = {"MLmodel": MINIMAL, "serving_input_example.json": content}
    try:
        facts = read_facts(reader(files))
    except InvalidInputError:
        return
    json.dumps(facts.input_example, allow_nan=False)


def test_no_code_runs_from_the_file(tmp_path: Path) -> None:
    trap = f"flavors: {{a: {{b: !!python/object/apply:os.mkdir ['{tmp_path}/ran']}}}}"
    with pytest.raises(InvalidInputError, match="MLmodel"):
        read_facts(reader({"MLmodel": trap.encode()}))
    assert not (tmp_path / "ran").exists()


def test_nothing_is_unpickled(
    make_model: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    assert read_folder(make_model()).flavor == "sklearn"
