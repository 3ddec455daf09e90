"""What a profile says of a table, with pandas and without, and how it ends where it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_mlops.kernels import profiler
from jupyter_mlops.kernels.profiler import answering, files, summary

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY = 4 * 1024**3
Profiled = dict[str, Any]


def run(path: Path, *, without: str = "", rows: int = 1000, memory: int = MEMORY) -> Profiled:
    """Profile as the server does; ``without`` are modules that the interpreter lacks."""
    hide = f"import sys; sys.modules.update(dict.fromkeys({without.split()!r}))\n"
    folder = str(Path(profiler.__file__).parents[1])
    request = json.dumps({"path": str(path), "rows": rows, "memory": memory})
    command = [sys.executable, "-c", hide + profiler.START, folder]
    done = subprocess.run(command, input=request, capture_output=True, text=True, check=True)
    answer: Profiled = json.loads(done.stdout)
    return answer


@pytest.fixture
def table() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "n": np.arange(100),
            "x": np.linspace(0, 1, 100),
            "city": ["서울"] * 60 + ["Bonn"] * 40,
        }
    )
    frame.loc[:9, "x"] = np.nan
    return frame


WRITERS: dict[str, Callable[[pd.DataFrame, Path], Any]] = {
    "t.csv": lambda frame, path: frame.to_csv(path, index=False),
    "t.csv.gz": lambda frame, path: frame.to_csv(path, index=False),
    "t.csv.bz2": lambda frame, path: frame.to_csv(path, index=False),
    "t.csv.xz": lambda frame, path: frame.to_csv(path, index=False, sep=";"),
    "t.csv.zip": lambda frame, path: frame.to_csv(path, index=False),
    "t.csv.zst": lambda frame, path: frame.to_csv(path, index=False),
    "t.jsonl.zst": lambda frame, path: frame.to_json(path, orient="records", lines=True),
    "t.dta": lambda frame, path: frame.to_stata(path, write_index=False, version=118),
    "t.tsv": lambda frame, path: frame.to_csv(path, index=False, sep="\t"),
    "t.parquet": lambda frame, path: frame.to_parquet(path),
    "t.feather": lambda frame, path: frame.to_feather(path),
    "t.json": lambda frame, path: frame.to_json(path, orient="records"),
    "t.jsonl": lambda frame, path: frame.to_json(path, orient="records", lines=True),
    "t.jsonl.gz": lambda frame, path: frame.to_json(path, orient="records", lines=True),
    "t.orc": lambda frame, path: frame.to_orc(path),
    "t.xlsx": lambda frame, path: frame.to_excel(path, index=False),
}


@pytest.mark.parametrize("without", ["", "pandas", "pandas pyarrow"])
@pytest.mark.parametrize("name", WRITERS)
def test_rows_columns_missing_quantiles_and_categories(
    table: pd.DataFrame, tmp_path: Path, name: str, without: str
) -> None:
    WRITERS[name](table, tmp_path / name)
    answer = run(tmp_path / name, without=without)
    if {"t.xlsx": "pandas", "t.dta": "pandas", "t.orc": "pyarrow"}.get(name, "none") in without:
        assert "The notebook's environment lacks " in answer["error"]
        assert set(answer["lacks"]) & set(without.split())
        return
    found = answer["profile"]
    assert (found["rows"], found["looked_at"], found["column_count"]) == (100, 100, 3)
    n, x, city = found["columns"]
    assert (n["name"], n["missing"], n["distinct"]) == ("n", 0, 100)
    assert n["quantiles"] == [0, 24.75, 49.5, 74.25, 99]
    assert n["mean"] == 49.5
    assert (x["missing"], x["quantiles"][4]) == (10, 1)
    assert city["top"] == [{"value": "서울", "count": 60}, {"value": "Bonn", "count": 40}]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.feather", "t.jsonl"])
def test_of_a_long_table_the_first_rows(table: pd.DataFrame, tmp_path: Path, name: str) -> None:
    WRITERS[name](table, tmp_path / name)
    for without in ("", "pandas pyarrow"):
        found = run(tmp_path / name, rows=10, without=without)["profile"]
        assert (found["rows"], found["looked_at"]) == (100, 10)
        assert found["columns"][0]["quantiles"][4] == 9


@pytest.mark.parametrize("without", ["", "pandas pyarrow"])
def test_text_as_others_write_it(tmp_path: Path, without: str) -> None:
    text = '"a, b";c\nGrün;1\n"x;y";2\n'
    (tmp_path / "t.csv").write_bytes(text.encode("latin-1"))
    found = run(tmp_path / "t.csv", without=without)["profile"]
    assert [column["name"] for column in found["columns"]] == ["a, b", "c"]
    assert found["columns"][1]["quantiles"][4] == 2
    assert {"value": "Gr\ufffdn", "count": 1} in found["columns"][0]["top"]


@pytest.mark.parametrize("without", ["", "pandas pyarrow"])
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_of_a_huge_table_the_first_rows_in_little_memory(
    tmp_path: Path, name: str, without: str
) -> None:
    """Two gigabytes, most of which a file system need not write down."""
    path = tmp_path / name
    line = b'{"n": 1}\n' if name == "t.jsonl" else b"1\n"
    path.write_bytes((b"" if name == "t.jsonl" else b"n\n") + line * 2000)
    with path.open("r+b") as file:
        file.truncate(2 * 1024**3)
    found = run(path, without=without, memory=1024**3)["profile"]
    assert (found["looked_at"], found["columns"][0]["quantiles"][4]) == (1000, 1)
    assert found["rows"] == 2001


def test_counting_the_rows_takes_no_longer_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.csv").write_text("n\n" + "1\n" * 100)
    assert answering.profile(str(tmp_path / "t.csv"), 10)["rows"] == 100
    monkeypatch.setattr(files, "_COUNTING", -1.0)
    assert answering.profile(str(tmp_path / "t.csv"), 10)["rows"] is None


def test_an_archive_of_one_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("__MACOSX/._고객.tsv", "x")
        archive.writestr("a/고객.tsv", "n\tm\n1\t2\n")
    for without in ("", "pandas pyarrow"):
        found = run(tmp_path / "data.zip", without=without)["profile"]
        assert [column["name"] for column in found["columns"]] == ["n", "m"]
    with zipfile.ZipFile(tmp_path / "data.zip", "a") as archive:
        archive.writestr("b.csv", "n\n1\n")
    assert run(tmp_path / "data.zip")["error"].startswith("It holds 2 files")


def test_frames_behind_each_other(tmp_path: Path) -> None:
    parts = [zstandard.compress(part) for part in (b"n\n1\n", b"2\n")]
    (tmp_path / "t.csv.zst").write_bytes(b"".join(parts))
    for without in ("", "pandas pyarrow"):
        assert run(tmp_path / "t.csv.zst", without=without)["profile"]["rows"] == 2
    assert run(tmp_path / "t.csv.zst", without="zstandard")["lacks"] == ["zstandard"]


def test_what_names_a_person_is_not_shown(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "mail": ["kim@example.org"] * 40 + ["lee@example.org"] * 20,
            "phone": [" +82 2 123-4567"] * 60,
            "name": [f"Kim {number}" for number in range(60)],
            "city": ["서울"] * 60,
            "day": ["2026-11-26"] * 60,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    for without in ("", "pandas pyarrow"):
        columns = run(tmp_path / "t.csv", without=without)["profile"]["columns"]
        shown = {column["name"]: [top["value"] for top in column["top"]] for column in columns}
        assert shown.pop("city") == ["서울"]
        assert shown.pop("day") == ["2026-11-26"]
        assert shown == {"mail": [], "phone": [], "name": []}
        assert [column["distinct"] for column in columns] == [2, 1, 60, 1, 1]


def test_times_and_odd_values(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["2026-01-02", None]),
            "lists": [[1, 2], [3]],
            "inf": [np.inf, 1.0],
            "none": [None, None],
        }
    )
    frame.to_parquet(tmp_path / "t.parquet")
    when, lists, inf, none = run(tmp_path / "t.parquet")["profile"]["columns"]
    assert (when["min"], when["missing"]) == ("2026-01-02 00:00:00", 1)
    assert lists["distinct"] == 2
    assert inf["quantiles"][4] is None
    assert none["missing"] == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.parquet", b"no parquet"),
        ("t.csv", b""),
        ("t.csv", b"a,b\n1,2\n3,4,5\n"),
        ("t.json", b"{"),
        ("t.xlsx", b"PK"),
        ("t.csv.zip", b"PK"),
        ("t.csv.zst", b"no zstd"),
        ("t.dta", b"no stata"),
        ("t.pkl", b"cos\nsystem\n"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert "profile" not in run(tmp_path / name)


def test_what_takes_too_much_memory(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text("[" + "0," * 40_000_000 + "0]")
    answer = run(tmp_path / "t.json", without="pandas", memory=200 * 1024**2)
    assert "memory" in answer["error"]


cells = st.one_of(
    st.none(), st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9), st.text(max_size=8)
)


@settings(max_examples=60)
@given(st.lists(cells, max_size=30))
def test_lists_of_anything(values: list[Any]) -> None:
    found = summary.of_list("a", values)
    assert found["missing"] == sum(value is None for value in values)
    numbers = [value for value in values if value is not None]
    if numbers and all(isinstance(value, (int, float)) for value in numbers):
        expected = np.quantile(np.array(numbers, dtype=float), [0, 0.25, 0.5, 0.75, 1])
        assert np.allclose(found["quantiles"], expected, rtol=1e-6, atol=1e-6)
    json.dumps(found, allow_nan=False)
