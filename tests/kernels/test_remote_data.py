"""Data that is no file: tables, URLs, the objects of stores, data sets of libraries."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from .test_lineage_rules import data, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.s3 import S3Server

    from .conftest import Started


@pytest.fixture
def web(folder: Path) -> Iterator[str]:
    """Serve the kernels' folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            place = self.path.removeprefix("/moved")
            if place == self.path:
                super().do_GET()
            else:
                self.send_response(302)
                self.send_header("Location", place)
                self.send_header("Content-Length", "0")
                self.end_headers()

    handler = partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


async def test_tables(start: Started) -> None:
    code = (
        "import sqlite3\n"
        "with sqlite3.connect('d.sqlite') as c:\n"
        "    c.execute('create table customers (a)'); c.execute('create table orders (a)')\n"
    )
    query = (
        "m = sqlite3.connect(':memory:')\n"
        "m.execute(\"attach 'd.sqlite' as old\"); m.execute('create temp table t (a)')\n"
        "m.execute('insert into t select * from old.customers'); m.close()\n"
        "c = sqlite3.connect('file:d.sqlite?mode=ro', uri=True)\n"
        "c.execute('create temp table u (a)'); c.execute('insert into u values (1)')\n"
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


async def test_where_redirects_lead(start: Started, folder: Path, web: str) -> None:
    (folder / "d.csv").write_text("a\n1\n")
    url = f"{web}/moved/moved/d.csv?token=geheim"
    cells = {
        "requests": f"import requests; requests.get({url!r}).text",
        "httpx": f"import httpx; httpx.get({url!r}, follow_redirects=True).text",
        "httpx, asynchronous": (
            "async with httpx.AsyncClient(follow_redirects=True) as client:\n"
            f"    await client.get({url!r})"
        ),
        "urllib": f"import urllib.request; urllib.request.urlopen({url!r}).read()",
    }
    async with start() as kernel:
        for name, code in cells.items():
            await run(kernel, code, name)
        files = {use.path: use.cell_ids for use in (await kernel.state()).files}
    first, last = (f"{web}{place}/d.csv?token=***" for place in ("/moved/moved", ""))
    assert files[first] == files[last] == list(cells)


async def test_a_url_that_is_none_tells_no_secret(start: Started) -> None:
    code = (
        "import polars\n"
        "try: polars.read_csv('http://kim:geheim@[x/d.csv')\nexcept Exception as e: print(e)"
    )
    async with start() as kernel:
        await run(kernel, code)
        state = await kernel.state()
    assert [use.path for use in state.files] == ["http://***"]
    assert state.notes == []


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
