"""What a profile says of the tables in HDF5 files, and that nothing in them is run or followed."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pandas as pd
import pytest

from .test_profiler import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.filterwarnings("ignore:object name is not a valid Python identifier"),
    pytest.mark.filterwarnings("ignore:The default value of 'track_times'"),
]
EACH = pytest.mark.parametrize("without", ["", "pandas"])


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n": range(4),
            "나이": [31.0, None, 33.0, 32.0],
            "city": ["서울", "Bonn", "서울", None],
            "when": pd.to_datetime(["2026-01-02", None, "2026-01-04", "2026-01-03"]),
            "m": [5, 6, 7, 8],
            "is_new": [True, False, True, True],
        }
    )


def columns(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in answer["profile"]["columns"]}


@EACH
@pytest.mark.parametrize("options", [{}, {"data_columns": True}])
def test_tables_of_pandas(
    frame: pd.DataFrame, tmp_path: Path, without: str, options: dict[str, Any]
) -> None:
    frame["kind"] = frame["city"].astype("category")
    if not options:
        frame[7] = 1.5
    frame = frame if not options else frame.drop(columns="kind")
    frame.to_hdf(tmp_path / "t.h5", key="a/df", format="table", **options)
    answer = run(tmp_path / "t.h5", without=without)
    found = columns(answer)
    assert list(found) == [str(name) for name in frame.columns]
    assert (answer["profile"]["rows"], answer["profile"]["column_count"]) == (4, len(found))
    assert answer["profile"]["note"] is None
    assert found["m"]["quantiles"] == [5, 5.75, 6.5, 7.25, 8]
    assert (found["나이"]["missing"], found["나이"]["mean"]) == (1, 32)
    for name in {"city", "kind"} & found.keys():
        assert found[name]["missing"] == 1
        assert found[name]["top"][0] == {"value": "서울", "count": 2}
    assert found["when"]["missing"] == 1
    assert {"value": "True", "count": 3} in found["is_new"]["top"]
    if not without:
        assert found["when"]["max"] == "2026-01-04 00:00:00"


@EACH
def test_blocks_of_pandas(frame: pd.DataFrame, tmp_path: Path, without: str) -> None:
    frame.to_hdf(tmp_path / "t.hdf5", key="df")
    answer = run(tmp_path / "t.hdf5", without=without)
    found = columns(answer)
    assert list(found) == ["n", "나이", "when", "m", "is_new"]
    assert found["m"]["quantiles"][4] == 8
    assert found["when"]["missing"] == 1
    assert {"value": "True", "count": 3} in found["is_new"]["top"]
    assert answer["profile"]["note"] == "df. Pickled, and so not read: city."


def test_what_is_pickled_alone(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame[["city"]].to_hdf(tmp_path / "t.h5", key="df")
    assert run(tmp_path / "t.h5")["error"] == "What it holds is pickled, and so not read: city."


def test_several_of_pandas(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "t.hdf"
    with pd.HDFStore(path) as store:
        store["few"] = frame[["n"]].head(2)
        store["few/inside"] = frame["n"].head(3)
        store.put("most", frame[["n", "m"]], format="table")
        store["named"] = frame["m"].rename("a name").head(1)
    answer = run(path)
    assert list(columns(answer)) == ["n", "m"]
    said = answer["profile"]["note"]
    assert said == "most. The file also holds few, few/inside, named."
    pd.Series([1.5, 2], name="a name").to_hdf(path, key="s", mode="w")
    assert list(columns(run(path))) == ["a name"]
    frame[["n"]].head(0).to_hdf(path, key="df", mode="w")
    assert "holds no numbers" in run(path)["error"]


@EACH
def test_arrays_of_one_length_are_one_table(tmp_path: Path, without: str) -> None:
    with h5py.File(tmp_path / "t.h5", "w") as file:
        group = file.create_group("train 훈련")
        group["x"] = np.arange(20.0).reshape(10, 2)
        group["y"] = [b"a", b"b"] * 5
        group["label"] = ["가", "나"] * 5
        group["images"] = np.zeros((10, 4, 4))
        file["scalar"] = 3
        file["test"] = np.zeros(4)
        file["nothing"] = h5py.Empty("f")
    answer = run(tmp_path / "t.h5", without=without)
    found = columns(answer)
    assert set(found) == {"x[0]", "x[1]", "y", "label"}
    assert found["x[1]"]["quantiles"] == [1, 5.5, 10, 14.5, 19]
    assert found["label"]["top"][0]["count"] == 5
    assert found["y"]["top"][0] == {"value": "a", "count": 5}
    assert answer["profile"]["note"] == "train 훈련. The file also holds test."


@EACH
def test_records(tmp_path: Path, without: str) -> None:
    kind = np.dtype([("t", "f8"), ("at", "i4", 3), ("deep", "f8", (2, 2)), ("name", "S4")])
    with h5py.File(tmp_path / "t.h5", "w") as file:
        file["hits"] = np.array([(0.5, (1, 2, 3), 0, b"ab"), (1.5, (4, 5, 6), 0, b"")], kind)
    found = columns(run(tmp_path / "t.h5", without=without))
    assert list(found) == ["t", "at[0]", "at[1]", "at[2]", "name"]
    assert found["at[2]"]["quantiles"][4] == 6


def test_the_first_of_many_rows_and_columns(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "t.h5", "w") as file:
        file["x"] = np.arange(300 * 100).reshape(100, 300)
    found = run(tmp_path / "t.h5", rows=10)["profile"]
    assert (found["rows"], found["looked_at"], found["column_count"]) == (100, 10, 300)
    assert len(found["columns"]) == 200
    assert found["columns"][0]["quantiles"][4] == 2700


def test_nothing_in_it_is_run(frame: pd.DataFrame, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return open, (str(tmp_path / "was run"), "w")

    frame.to_hdf(tmp_path / "t.h5", key="df", format="table")
    with h5py.File(tmp_path / "t.h5", "r+") as file:
        for item in (file["df"], file["df/table"]):
            for name in list(item.attrs):
                if name.endswith(("_kind", "axes", "info")):
                    item.attrs[name] = np.bytes_(pickle.dumps([Evil()], 0))
    found = columns(run(tmp_path / "t.h5"))
    assert len(found) == 6
    assert not (tmp_path / "was run").exists()


def test_nothing_of_other_files_is_told(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"12345678")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = np.arange(100)
    with h5py.File(tmp_path / "t.h5", "w") as file:
        file["linked"] = h5py.ExternalLink("other.h5", "x")
        file.create_dataset("outside", (8,), "u1", external=[(str(secret), 0, 8)])
        layout = h5py.VirtualLayout((100,), "i8")
        layout[:] = h5py.VirtualSource("other.h5", "x", (100,))
        file.create_virtual_dataset("virtual", layout)
    answer = run(tmp_path / "t.h5")
    assert answer["error"].startswith("It is HDF5, but holds no numbers or texts")


def test_where_it_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "t.h5"
    path.write_bytes(b"no hdf5")
    assert run(path)["error"].startswith("It cannot be read as a table (OSError")
    assert run(path, without="h5py")["lacks"] == ["h5py"]
