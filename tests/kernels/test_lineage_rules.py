"""What counts as data of a notebook, under which cell, and that watching costs nobody anything."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conftest import Kernel, Started


async def run(kernel: Kernel, code: str, cell_id: str = "a") -> None:
    reply = await kernel.run(code, cell_id)
    assert reply["status"] == "ok", reply


async def data(kernel: Kernel) -> dict[tuple[str, str], Any]:
    state = await kernel.state()
    return {(use.mode, Path(use.path).name): use for use in state.files}


async def test_all_cells_that_used_it_and_by_what(start: Started, folder: Path) -> None:
    (folder / "d.csv").write_text("a\n1\n")
    async with start() as kernel:
        await run(kernel, "import pandas as pd; pd.read_csv('d.csv')", "one")
        await run(kernel, "1 + 1", "two")
        await run(kernel, "open('d.csv').read(); open('d.csv').read()", "three")
        (use,) = (await data(kernel)).values()
    assert (use.cell_ids, use.reader, use.kind) == (["one", "three"], "pandas", "file")


async def test_libraries_caches_and_temporary_files_are_left_out(
    start: Started, folder: Path
) -> None:
    (folder / "helper.py").write_text("x = 1\n")
    code = (
        "import tempfile, os, json, helper, pathlib, shutil\n"
        "with tempfile.NamedTemporaryFile() as file: file.write(b'x'); open(file.name).read()\n"
        "with tempfile.NamedTemporaryFile(dir='.') as file: open(file.name).read()\n"
        "with tempfile.TemporaryDirectory(dir='.') as made:\n"
        "    open(f'{made}/a', 'w').close(); open(f'{made}/a').read()\n"
        "open(json.__file__).read(); open('/etc/hostname').read()\n"
        "pathlib.Path('.cache').mkdir(); open('.cache/a', 'w').close()\n"
        "open('gone.txt', 'w').close(); open('gone.txt').read(); os.remove('gone.txt')\n"
        "try: open('never.csv')\nexcept FileNotFoundError: pass\n"
        "open(b'not-\\xff-utf8', 'w').close(); open('.env', 'w').close()"
    )
    async with start() as kernel:
        await run(kernel, code)
        assert (await data(kernel)).keys() == {("write", ".env")}


async def test_what_was_read_and_then_removed_is_an_input(start: Started, folder: Path) -> None:
    (folder / "in.zip").write_text("x")
    async with start() as kernel:
        await run(kernel, "import os; open('in.zip').read(); os.remove('in.zip')")
        assert (await data(kernel)).keys() == {("read", "in.zip")}


async def test_code_is_an_input_if_it_is_no_module(start: Started, folder: Path) -> None:
    (folder / "script.py").write_text("value = 1")
    (folder / "helper.py").write_text("value = 1")
    async with start() as kernel:
        await run(kernel, "exec(open('script.py').read()); open('helper.py').close()", "before")
        await run(kernel, "import helper, inspect; inspect.getsource(helper)", "module")
        seen = await data(kernel)
        (module,) = (await kernel.state()).modules
    assert list(seen) == [("read", "script.py")]
    assert module.name == "helper"


async def test_links_and_truncation(start: Started, folder: Path) -> None:
    (folder / "a.csv").write_text("a\n1\n")
    async with start() as kernel:
        await run(kernel, "import os; os.link('a.csv', 'b.csv')", "link")
        await run(kernel, "os.truncate('b.csv', 1)", "cut")
        seen = await data(kernel)
    assert {key: use.cell_ids for key, use in seen.items()} == {
        ("read", "a.csv"): ["link"],
        ("write", "b.csv"): ["link", "cut"],
    }


async def test_what_was_there_before_and_gets_another_name(start: Started, folder: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("a\n1\n")
    code = (
        "import os, multiprocessing\n"
        "os.rename('a.csv', 'c.csv')\n"
        "p = multiprocessing.get_context('fork').Process(\n"
        "    target=os.rename, args=('b.csv', 'd.csv')\n"
        ")\n"
        "p.start(); p.join()\n"
        "try: os.rename('never.csv', 'e.csv')\nexcept FileNotFoundError: pass"
    )
    async with start() as kernel:
        await run(kernel, code)
        assert (await data(kernel)).keys() == {("write", "c.csv"), ("write", "d.csv")}


async def test_a_folder_that_changes_in_the_middle(start: Started, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "d.csv").write_text("x")
    async with start() as kernel:
        await run(kernel, "import os; os.chdir('sub'); open('d.csv').read(); os.chdir('..')")
        (use,) = (await data(kernel)).values()
    assert use.path == str(folder / "sub" / "d.csv")


async def test_libraries_look_as_they_did(start: Started) -> None:
    code = """
import copy, inspect, pickle
import pyarrow as pa, pyarrow.parquet as pq, sqlite3, httpx, polars as pl, duckdb, sklearn.datasets
assert list(inspect.signature(pq.read_table).parameters)[:2] == ["source", "columns"]
assert pickle.loads(pickle.dumps(pq.read_table)) is pq.read_table
assert pq.read_table.__module__ == "pyarrow.parquet.core"
assert isinstance(pa.OSFile("x.bin", "wb"), pa.OSFile) and pa.OSFile.__name__ == "OSFile"
class Own(pa.OSFile): pass
assert issubclass(Own, pa.OSFile) and isinstance(Own("x.bin"), Own)
assert not isinstance(pa.OSFile("x.bin"), Own) and not issubclass(pa.NativeFile, pa.OSFile)
assert issubclass(type(pa.OSFile("x.bin")), pa.OSFile)
import pyarrow.dataset as ds
pq.write_table(pa.table({"a": [1]}), "d.parquet")
fragment = next(ds.dataset("d.parquet").get_fragments())
assert pickle.loads(pickle.dumps(fragment)).to_table().num_rows == ds.Dataset.count_rows.__get__(
    ds.dataset("d.parquet"))() == 1
assert ds.Dataset.to_table.__qualname__ == "Dataset.to_table" and ds.Dataset.to_table.__doc__
assert type(pq.core.__loader__).__name__ == "SourceFileLoader", pq.core.__loader__
assert pq.core.__spec__.loader is pq.core.__loader__
assert inspect.iscoroutinefunction(httpx.AsyncClient.send)
assert not hasattr(sqlite3.connect(":memory:"), "path")
try:
    pq.read_table("none.parquet")
except FileNotFoundError:
    pass
import importlib
assert importlib.reload(pq) is pq
"""
    async with start() as kernel:
        await run(kernel, code)


async def test_what_goes_wrong_is_noted_and_costs_the_user_nothing(start: Started) -> None:
    """The worst that could happen to us: every note fails."""
    broken = (
        "import sys\n"
        "lineage, record, places = (\n"
        "    sys.modules[f'_jupyter_mlops_{name}'] for name in ('lineage', 'record', 'places')\n"
        ")\n"
        "def fail(*_): raise RuntimeError('ours')\n"
        "lineage._put = lineage._caller = places.is_users = record._add = fail"
    )
    code = (
        "import pandas as pd, subprocess, sqlite3\n"
        "pd.DataFrame({'a': [1]}).to_parquet('d.parquet'); pd.read_parquet('d.parquet')\n"
        "open('a.txt', 'w').close(); subprocess.run(['cat', 'a.txt'])\n"
        "sqlite3.connect('d.sqlite').execute('create table t (a)')"
    )
    async with start() as kernel:
        await run(kernel, broken)
        await run(kernel, code)
        state = await kernel.state()
    told = [note.partition(" could not be watched (RuntimeError: ours)")[0] for note in state.notes]
    assert {"open", "subprocess.Popen", "pyarrow.parquet.core.read_table"} <= set(told)


async def test_libraries_that_were_there_before_us(start: Started, folder: Path) -> None:
    async with start(probe=False) as kernel:
        await run(
            kernel,
            "import pandas as pd, pyarrow.parquet\n"
            "pd.DataFrame({'a': [1]}).to_parquet('d.parquet')",
        )
        assert (await kernel.state()).files == []
        await run(kernel, "pd.read_parquet('d.parquet')")
        assert (await data(kernel)).keys() == {("read", "d.parquet")}


async def test_many_files(start: Started) -> None:
    async with start() as kernel:
        await run(kernel, "for i in range(20_000): open(f'{i}.txt', 'w').close()")
        assert len((await kernel.state()).files) == 20_000


async def test_what_opened_a_file_among_many(start: Started) -> None:
    code = (
        "import json, tempfile, os\n"
        "for i in range(20): json.dump(i, open(f'{i}.json', 'w'))\n"
        "with tempfile.NamedTemporaryFile(dir='.', suffix='.json') as f: open(f.name).read()\n"
        "import pandas as pd; pd.DataFrame({'a': [1]}).to_csv('a.csv')\n"
        "made = open('x.json', 'w'); open(os.dup(made.fileno()), 'w').close()\n"
    )
    async with start() as kernel:
        await run(kernel, code)
        files = (await kernel.state()).files
        notes = (await kernel.state()).notes
    names = {Path(use.path).name: use.reader for use in files}
    assert names.pop("a.csv") == "pandas"
    assert names == dict.fromkeys([*(f"{i}.json" for i in range(20)), "x.json"], "open")
    assert notes == []


async def test_a_cell_that_opens_more_than_can_be_listed(start: Started) -> None:
    code = (
        "from sys import modules\n"
        "modules['_jupyter_mlops_lineage'].MOST = modules['_jupyter_mlops_record']._MOST = 50\n"
        "modules['_jupyter_mlops_lineage']._FULL = 100\n"
        "for i in range(1000): open('0.txt', 'w').close()\n"
        "for i in range(120): open(f'{i}.txt', 'w').close()"
    )
    async with start() as kernel:
        await run(kernel, code)
        state = await kernel.state()
    assert len(state.files) == 50
    assert "70 uses are not listed" in state.notes[0]


BEHIND = """
import asyncio, functools, threading, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import pyarrow as pa
def write(name):
    while not Path('go').exists(): time.sleep(0.01)
    for i in range(9): open(f'{name}{i}.txt', 'w').close()
    pa.output_stream(f'{name}.bin').close()
async def write_later(name):
    while not Path('go').exists(): await asyncio.sleep(0.01)
    write(name)
pool = ThreadPoolExecutor(1)
pool.submit(len, 'a').result()
"""
GOING_ON = {
    "thread": "threading.Thread(target=write, args=('thread',)).start()",
    "partial": "threading.Thread(target=functools.partial(write, 'partial')).start()",
    "timer": "threading.Timer(0, write, ['timer']).start()",
    "task": "task = asyncio.create_task(write_later('task'))",
    "pool": "sent = pool.submit(write, 'pool')",
}


async def written(folder: Path) -> None:
    for name in GOING_ON:
        while not (folder / f"{name}.bin").exists():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


async def test_what_goes_on_after_its_cell(start: Started, folder: Path) -> None:
    async with start() as kernel:
        await run(kernel, BEHIND, "make")
        for name, code in GOING_ON.items():
            await run(kernel, code, name)
        (folder / "go").touch()
        await written(folder)
        seen = await data(kernel)
    assert len(seen) == len(GOING_ON) * 10
    assert {use.cell_ids[0] for (_, path), use in seen.items() if path != "x"} == {*GOING_ON}
    for (_, path), use in seen.items():
        assert path.startswith(use.cell_ids[0]), path
        assert len(use.cell_ids) == 1


async def test_what_goes_on_while_another_cell_runs(start: Started, folder: Path) -> None:
    wait = (
        "for i in range(9): open(f'{i}.txt', 'w').close()\n"
        "Path('go').touch()\n"
        "while not Path('thread.bin').exists(): open('busy.txt', 'w').close()"
    )
    async with start() as kernel:
        await run(kernel, BEHIND, "make")
        await run(kernel, GOING_ON["thread"], "thread")
        await run(kernel, wait, "busy")
        seen = await data(kernel)
    cells = {path: use.cell_ids for (_, path), use in seen.items()}
    assert {path for path, ids in cells.items() if ids == ["thread"]} == {
        "thread.bin",
        *(f"thread{i}.txt" for i in range(9)),
    }
    assert cells["busy.txt"] == ["busy"]


async def test_a_working_folder_that_was_removed(start: Started, folder: Path) -> None:
    (folder / "d.csv").write_text("a\n1\n")
    code = "import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')"
    async with start() as kernel:
        await run(kernel, code)
        await run(kernel, f"open({str(folder / 'd.csv')!r}).read()")
        state = await kernel.state()
    assert [use.path for use in state.files] == [str(folder / "d.csv")]
    assert state.notes == []
