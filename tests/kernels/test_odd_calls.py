"""Watching changes nothing: odd calls end as they do while nobody watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .conftest import read_json

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Kernel, Started

VALUES = r"""
import io, os, sqlite3, shutil, subprocess, threading, urllib.request, json
import duckdb, fsspec, h5py, httpx, requests, sqlalchemy
import numpy as np, pandas as pd, polars as pl
import pyarrow as pa, pyarrow.dataset, pyarrow.parquet as pq
pd.DataFrame({"a": [1]}).to_csv("in.csv"); pd.DataFrame({"a": [1]}).to_parquet("in.parquet")
class Broken:
    def __fspath__(self): raise KeyError("mine")
class Wrong:
    def __fspath__(self): return 3
class Path:
    def __fspath__(self): return "in.parquet"
    def __getattr__(self, name): raise RuntimeError(name)
class Text(str):
    def __hash__(self): raise KeyError("hash")
    def __eq__(self, other): raise KeyError("eq")
    def startswith(self, *_): raise KeyError("startswith")
class Thread(threading.Thread):
    def __init__(self): pass
    def __hash__(self): raise KeyError("hash")
closed = open("in.csv", "rb"); closed.close()
frame = pl.scan_csv("in.csv"); relation = duckdb.sql("from 'in.csv'")
named = pa.dataset.dataset("in.parquet")
gone = duckdb.connect(); gone.close()
values = {
    "broken": Broken(), "wrong": Wrong(), "path": Path(), "csv": Text("in.csv"), "none": None,
    "parquet": Text("in.parquet"), "number": 3.5, "closed": closed, "bytes": b"in.csv", "list": [],
    "nul": "a\0b", "long": "a" * 5000, "surrogate": "\udcff", "folder": ".", "url": "http://[",
    "sql": Text("select * from 'in.csv'"), "type": int, "missing": "no such file",
    "descriptor": -1, "empty": "",
}
made = {"buffer": lambda: io.BytesIO(b"a\n1\n"), "generator": lambda: iter(())}
threading.excepthook = lambda *_: None
def attempt(call, it):
    for one in ("in.csv", "in.parquet"):
        if not os.path.exists(one): shutil.copy(f"../{one}", one)
    here = os.getcwd()
    try:
        end = type(eval(call, {**globals(), "it": it})).__name__
    except BaseException as error:
        end = [type(error).__name__, str(error).partition(" at 0x")[0][:60]]
    os.chdir(here)
    return end
def shaken(call):
    moved = [(os.path, "abspath"), (os.path, "exists"), (os.path, "isdir"), (os.path, "expanduser")]
    moved = [(where, name, getattr(where, name)) for where, name in moved]
    def fail(*_, **__): raise RuntimeError("shaken")
    for where, name, _ in moved: setattr(where, name, fail)
    try:
        end = type(eval(call)).__name__
    except BaseException as error:
        end = [type(error).__name__, str(error)]
    for where, name, function in moved: setattr(where, name, function)
    return end
def ask(name):
    global memory
    memory = sqlite3.connect(":memory:")
    os.mkdir(name); os.chdir(name)
    attempt("None", None)
    ends = {f"{call} shaken": shaken(call) for call in on_moving_ground}
    ends |= {
        f"{call} {kind}": attempt(call, made[kind]() if kind in made else values[kind])
        for call in calls for kind in [*values, *made]
    }
    os.chdir("..")
    json.dump(ends, open(f"{name}.json", "w"))
"""
CALLS = """
open(it).read()
os.open(it, os.O_RDONLY)
pd.read_csv(it)
pd.read_parquet(it)
pq.read_table(it)
np.load(it)
pa.dataset.dataset(it)
pa.dataset.dataset([named, it])
named.to_table(columns=it)
named.head(it)
pq.ParquetDataset(it).read()
pa.memory_map(it)
pa.OSFile(it)
pa.ipc.open_file(it)
pl.scan_csv(it)
pl.read_csv(it)
pl.collect_all(it)
pl.sql(it)
frame.collect(engine=it)
frame.sink_csv(it)
h5py.File(it)
sqlite3.connect(it).execute("select 1").fetchall()
memory.execute(it)
memory.execute("attach ? as x", [it])
duckdb.sql(it)
duckdb.connect().sql(f"create view {it} as from 'in.csv'")
duckdb.connect().sql("from 'in.csv'").create_view(it)
duckdb.execute(it)
duckdb.execute("select ?", it)
duckdb.connect(it).close()
gone.execute(it)
relation.filter(it).fetchall()
fsspec.open(it).open()
requests.get(it)
httpx.get(it)
urllib.request.urlopen(it)
subprocess.run([it], capture_output=True)
subprocess.run(it, shell=True, capture_output=True)
os.rename(it, "renamed")
shutil.move(it, "moved")
os.link(it, "linked")
os.truncate(it, 0)
os.remove(it)
os.chdir(it)
os.makedirs(it)
sqlalchemy.create_engine("sqlite://").connect().execute(it).all()
threading.Thread(target=it, name="x").start()
Thread().start()
""".strip().splitlines()
ON_MOVING_GROUND = """
open("in.csv").read(1)
sqlite3.connect("new.sqlite").execute("create table t (a)")
memory.execute("attach 'new.sqlite' as y")
pa.ipc.open_file("in.csv")
pq.read_table("in.parquet")
named.to_table()
frame.collect()
duckdb.sql("from 'in.csv'").fetchall()
os.rename("new.sqlite", "old.sqlite")
os.remove("old.sqlite")
os.system("true in.csv")
""".strip().splitlines()


async def run(kernel: Kernel, code: str) -> None:
    reply = await kernel.run(code)
    assert reply["status"] == "ok", reply


async def test_odd_calls_end_as_they_do_unwatched(start: Started, folder: Path) -> None:
    async with start(probe=False) as kernel:
        await run(kernel, f"{VALUES}\ncalls, on_moving_ground = {CALLS!r}, {ON_MOVING_GROUND!r}")
        await run(kernel, "ask('unwatched')")
        assert (await kernel.state()).files == []  # it is watched from now on
        await run(kernel, "ask('watched')")
        state = await kernel.state()
    before, after = (read_json(folder / f"{name}.json") for name in ("unwatched", "watched"))
    assert len(before) > 900
    assert {name: (end, after[name]) for name, end in before.items() if end != after[name]} == {}
    assert str(folder / "watched" / "in.csv") in [use.path for use in state.files]
    assert any("RuntimeError: shaken" in note for note in state.notes)
