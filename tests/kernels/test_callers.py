"""Watched functions find their callers where they are: names to look for, lines to warn of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .conftest import read_json

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Started

# DuckDB and polars take tables from the names of whoever calls them
TABLES = """
import json, sys, warnings, duckdb, polars as pl, pandas as pd
frame = pd.DataFrame({"a": [1, 2]})
lazy = pl.LazyFrame({"a": [3]})
one = duckdb.sql("select 1 as a")
def inner():
    local = frame
    return duckdb.sql("select a from local"), lambda: (local, duckdb.execute("from local"))
relation, closure = inner()
class Body:
    own = frame
    rows = duckdb.connect().execute("select a from own").fetchall()
rows = [
    duckdb.sql("select a from frame").fetchall(), relation.fetchall(), Body.rows,
    one.filter("a in (select a from frame)").fetchall(), closure()[1].fetchall(),
    pl.sql("select a from lazy", eager=True).rows(),
]
"""
# each line is told once, and what is deprecated only where the notebook itself calls it
WARNINGS = """
class Old:
    def read(): warnings.warn("old", DeprecationWarning, stacklevel=2)
sys.modules["_jupyter_mlops_readers"].watch(Old, "read", lambda *_: None)
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("ignore")
    warnings.filterwarnings("default", module="__main__")
    Old.read()
    for _ in range(2): Old.read()
file = sys._getframe().f_code.co_filename
json.dump([rows, [[one.filename == file, one.lineno] for one in told]], open("said.json", "w"))
"""
# which some libraries have call Python
BARE_THREAD = """
import ctypes
called = []
class New:
    def write(value): called.append(value)
sys.modules["_jupyter_mlops_readers"].watch(New, "write", lambda *_: None)
function = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(New.write)
thread, c = ctypes.c_ulong(), ctypes.CDLL(None)
assert not c.pthread_create(ctypes.byref(thread), None, function, None)
assert not c.pthread_join(thread, None)
assert called == [None]
"""


async def test_what_is_called_finds_its_caller(start: Started, folder: Path) -> None:
    async with start() as kernel:
        for code in (TABLES, WARNINGS, BARE_THREAD):
            reply = await kernel.run(code)
            assert reply["status"] == "ok", reply
        state = await kernel.state()
    rows, lines = read_json(folder / "said.json")
    assert rows == [[[1], [2]], [[1], [2]], [[1], [2]], [[1]], [[1], [2]], [[3]]]
    first = WARNINGS.splitlines().index("    Old.read()")
    assert lines == [[True, first], [True, first + 1]]  # IPython drops the empty line
    assert not [name for name in state.variables if "mlops" in name]
