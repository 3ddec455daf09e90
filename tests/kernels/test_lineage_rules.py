"""What counts as data of a notebook, under which cell, and that watching costs nobody anything."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.s3 import S3Server

    from .conftest import Kernel, Started


@pytest.fixture
def web(folder: Path) -> Iterator[str]:
    """Serve the kernels' folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


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


async def test_a_folder_that_changes_in_the_middle(start: Started, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "d.csv").write_text("x")
    async with start() as kernel:
        await run(kernel, "import os; os.chdir('sub'); open('d.csv').read(); os.chdir('..')")
        (use,) = (await data(kernel)).values()
    assert use.path == str(folder / "sub" / "d.csv")


async def test_tables(start: Started) -> None:
    code = (
        "import sqlite3\n"
        "with sqlite3.connect('d.sqlite') as c:\n"
        "    c.execute('create table customers (a)'); c.execute('create table orders (a)')\n"
    )
    query = (
        "c = sqlite3.connect('file:d.sqlite?mode=ro', uri=True)\n"
        "c.execute('with o as (select * from orders) select * from customers natural join o')"
    )
    async with start() as kernel:
        await run(kernel, code, "make")
        await run(kernel, query, "read")
        seen = await data(kernel)
    assert {key for key, use in seen.items() if "read" in use.cell_ids} == {
        ("read", "d.sqlite"),
        ("read", "d.sqlite#customers"),
        ("read", "d.sqlite#orders"),
    }
    assert seen["write", "d.sqlite#orders"].kind == "table"
    assert seen["write", "d.sqlite"].cell_ids == ["make"]


async def test_tables_of_another_database(start: Started) -> None:
    """The driver is not there, so the engine is one of SQLite's that says it is PostgreSQL."""
    code = (
        "import sqlalchemy as sa, types\n"
        "engine = sa.create_engine('sqlite://')\n"
        "url = sa.make_url('postgresql+psycopg://kim:geheim@db.example.org:5432/shop?sslkey=k')\n"
        "with engine.connect() as c:\n"
        "    c.execute(sa.text('create table customers (a)'))\n"
        "    engine.url = url\n"
        "    c.execute(sa.text('insert into customers select 1'))\n"
        "    c.execute(sa.text('select * from customers as c -- from nowhere'))\n"
    )
    async with start() as kernel:
        await run(kernel, code)
        seen = [(use.mode, use.path, use.reader) for use in (await kernel.state()).files]
    path = "postgresql://db.example.org:5432/shop?sslkey=***#customers"
    assert seen == [("write", path, "sqlalchemy"), ("read", path, "sqlalchemy")]


async def test_urls_without_secrets(start: Started, folder: Path, web: str) -> None:
    (folder / "d.csv").write_text("a\n1\n")
    url = f"{web}/d.csv?page=2&api_key=geheim"
    with_user = url.replace("//", "//kim:geheim@")
    cells = {
        "requests": f"import requests; requests.get({url!r}).text",
        "httpx": f"import httpx; httpx.get({with_user!r}).text",
        "httpx, asynchronous": (
            f"async with httpx.AsyncClient() as client:\n    await client.get({url!r})"
        ),
        "httpx2": f"import httpx2; httpx2.get({url!r}).text",
        "urllib": f"import urllib.request; urllib.request.urlopen({url!r}).read()",
        "pandas": f"import pandas as pd; pd.read_csv({url!r})",
    }
    async with start() as kernel:
        for name, code in cells.items():
            await run(kernel, code, name)
        (use,) = (await kernel.state()).files
    assert (use.kind, use.path) == ("url", f"{web}/d.csv?page=2&api_key=***")
    assert use.cell_ids == list(cells)


@pytest.mark.timeout(240)
async def test_s3(start: Started, s3: S3Server) -> None:
    bucket = s3.make().removeprefix("s3://").partition("/")[0]
    code = (
        "import pandas as pd, fsspec, s3fs, botocore.session, pyarrow.parquet as pq\n"
        f"bucket = {bucket!r}\n"
        "table = pd.DataFrame({'a': [1]})\n"
    )
    cells = {
        "write": "table.to_csv(f's3://{bucket}/a.csv'); table.to_parquet(f's3://{bucket}/a.parquet')",
        "pandas": "pd.read_csv(f's3://{bucket}/a.csv')",
        "parquet": "pd.read_parquet(f's3://{bucket}/a.parquet')",
        "filesystem": "pq.read_table(f'{bucket}/a.parquet', filesystem=s3fs.S3FileSystem())",
        "fsspec": "fsspec.open(f's3://{bucket}/a.csv').open().read()",
        "cat": "s3fs.S3FileSystem().cat(f'{bucket}/a.csv')",
        "boto": "botocore.session.get_session().create_client('s3').get_object("
        "Bucket=bucket, Key='a.csv')",
    }
    async with start(env=s3.environment) as kernel:
        await run(kernel, code, "imports")
        for name, cell in cells.items():
            await run(kernel, cell, name)
        files = (await kernel.state()).files
    seen = {(use.mode, use.path): set(use.cell_ids) for use in files if use.path[:5] == "s3://"}
    assert seen["read", f"s3://{bucket}/a.csv"] == {"pandas", "fsspec", "cat", "boto"}
    assert seen["read", f"s3://{bucket}/a.parquet"] == {"parquet", "filesystem"}
    assert "write" in seen["write", f"s3://{bucket}/a.csv"]
    assert "write" in seen["write", f"s3://{bucket}/a.parquet"]


async def test_datasets_of_scikit_learn(start: Started) -> None:
    async with start() as kernel:
        await run(kernel, "from sklearn.datasets import load_iris; load_iris()")
        (use,) = (await kernel.state()).files
    assert (use.path, use.kind) == ("sklearn://datasets/load_iris", "url")


async def test_libraries_look_as_they_did(start: Started) -> None:
    code = """
import copy, inspect, pickle
import pyarrow as pa, pyarrow.parquet as pq, sqlite3, httpx, polars as pl, duckdb, sklearn.datasets
assert list(inspect.signature(pq.read_table).parameters)[:2] == ["source", "columns"]
assert pickle.loads(pickle.dumps(pq.read_table)) is pq.read_table
assert pq.read_table.__module__ == "pyarrow.parquet.core"
assert isinstance(pa.OSFile("x.bin", "wb"), pa.OSFile) and pa.OSFile.__name__ == "OSFile"
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
