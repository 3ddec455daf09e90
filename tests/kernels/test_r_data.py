"""What an R kernel says of the data that cells used, against what an independent oracle saw."""

from __future__ import annotations

import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from .oracle import Oracle, covered, top, uses
from .r_kernels import lacks, started
from .r_reading import BASE, PACKAGES, PREPARE, WORKBOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .conftest import Kernel
    from .reading import Case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the kernels work."""
    folder = tmp_path / "my work 한글"
    folder.mkdir()
    with zipfile.ZipFile(folder / "in.zip", "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
        archive.mkdir("b")
        archive.writestr("b/c.csv", "c\n1\n")
    return folder


async def test_no_file_is_missed(tmp_path: Path, folder: Path) -> None:
    oracle = Oracle(tmp_path, folder)
    async with started(tmp_path, env=oracle.variables) as kernel:
        await run(kernel, PREPARE)
        await compare(kernel, oracle, folder, BASE)


async def test_no_file_of_packages_is_missed(tmp_path: Path, folder: Path) -> None:
    oracle = Oracle(tmp_path, folder)
    async with started(tmp_path, env=oracle.variables) as kernel:
        await run(kernel, PREPARE)
        missing = [name for name in PACKAGES if not await has(kernel, name)]
        if "readxl" not in missing:
            await run(kernel, WORKBOOKS)
        cases = {
            f"{package} {name}": case
            for package, its in PACKAGES.items()
            if package not in missing
            for name, case in its.items()
        }
        await compare(kernel, oracle, folder, cases)
    if missing:
        lacks(f"R lacks {', '.join(missing)}")


async def compare(kernel: Kernel, oracle: Oracle, folder: Path, cases: Mapping[str, Case]) -> None:
    oracle.opened()
    seen = {}
    for name, case in cases.items():
        await run(kernel, case.code, name)
        seen[name] = oracle.opened()
        blind = set(case.reads + case.writes) - {top(path, case) for path in seen[name]}
        # a link is not opened
        assert blind <= {"soft.tsv"}, f"{name}: the oracle did not see {blind}"
    files = (await kernel.state()).files
    wrong = {}
    for name, case in cases.items():
        said = uses(files, name, folder)
        expected = {
            *(("read", one) for one in case.reads),
            *(("write", one) for one in case.writes),
        }
        missed = seen[name] - covered(files, name, folder)
        if said != expected or missed:
            wrong[name] = (said, missed)
    assert wrong == {}


async def test_tables_of_sqlite(tmp_path: Path, folder: Path) -> None:
    cells = {
        "make": "library(RSQLite); db <- dbConnect(SQLite(), 'd.sqlite')\n"
        "dbWriteTable(db, 'customers', data.frame(a = 1:3)); dbExecute(db, 'create table t (a)')",
        "read": "dbReadTable(db, 'customers'); dbGetQuery(db, 'select 1'); dbListTables(db)",
        "write": "for (i in 1:3) dbExecute(db, sprintf('insert into t values (%d)', i))",
        "copy": "dbExecute(db, 'create temp table u as select * from t'); dbReadTable(db, 'u')",
    }
    async with started(tmp_path) as kernel:
        if not await has(kernel, "RSQLite"):
            lacks("R lacks RSQLite")
        for name, code in cells.items():
            await run(kernel, code, name)
        files = (await kernel.state()).files
    place = str(folder / "d.sqlite")
    said = {
        (use.kind, use.mode, use.path.removeprefix(place), cell)
        for use in files
        for cell in use.cell_ids
    }
    assert said == {
        *(("file", "write", "", cell) for cell in ("make", "write")),
        *(("file", "read", "", cell) for cell in ("read", "copy")),
        *(("table", "write", name, "make") for name in ("#customers", "#t")),
        ("table", "read", "#customers", "read"),
        ("table", "write", "#t", "write"),
        ("table", "read", "#t", "copy"),
    }


async def run(kernel: Kernel, code: str, cell_id: str = "prepare") -> None:
    reply = await kernel.run(code, cell_id)
    assert reply["status"] == "ok", (cell_id, reply)


async def has(kernel: Kernel, package: str) -> bool:
    reply = await kernel.run(f"stopifnot(requireNamespace('{package}', quietly = TRUE))")
    return bool(reply["status"] == "ok")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site(folder: Path) -> Iterator[str]:
    """Serve the folder on the loopback; give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


ONLINE = {
    "base": "read.csv('URL')",
    "url": "con <- url('URL'); readLines(con); close(con)",
    "utils": "download.file('URL', 'loaded.csv', quiet = TRUE)",
    "curl": "curl::curl_download('URL', 'by curl.csv'); curl::curl_fetch_memory('URL')",
    "data.table": "data.table::fread('URL', showProgress = FALSE)",
    "readr": "readr::read_csv('URL', show_col_types = FALSE)",
    "readr gz": "readr::read_csv('URL.gz', show_col_types = FALSE)",
}


async def test_what_is_read_from_urls(tmp_path: Path, folder: Path, site: str) -> None:
    async with started(tmp_path) as kernel:
        await run(kernel, PREPARE)
        missing = [name for name in ("curl", "data.table", "readr") if not await has(kernel, name)]
        cases = {name: code for name, code in ONLINE.items() if name.split()[0] not in missing}
        for name, code in cases.items():
            await run(kernel, code.replace("URL", f"{site}/in.csv"), name)
        state = await kernel.state()
    said = {
        name: {(use.kind, use.mode, use.path) for use in state.files if name in use.cell_ids}
        for name in cases
    }
    expected = {name: {("url", "read", f"{site}/in.csv")} for name in cases}
    expected["utils"].add(("file", "write", str(folder / "loaded.csv")))
    if "curl" in cases:
        expected["curl"].add(("file", "write", str(folder / "by curl.csv")))
    if "readr gz" in cases:
        expected["readr gz"] = {("url", "read", f"{site}/in.csv.gz")}
    assert said == expected
    if missing:
        lacks(f"R lacks {', '.join(missing)}")


async def test_programs_that_may_open_more_are_named(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        await run(kernel, "system('ls; sort none.csv 2>/dev/null')", "harmless")
        await run(kernel, "system2('Rscript', c('fit.R', '--password=x'), stderr = FALSE)", "one")
        await run(kernel, "system('Rscript fit.R \\'', ignore.stderr = TRUE)", "two")
        unseen = (await kernel.state()).unseen
    assert [(one.name, one.reason, one.cell_ids) for one in unseen] == [
        ("Rscript fit.R", "program", ["one", "two"])
    ]


async def test_an_error_of_the_user_comes_once(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        await run(
            kernel,
            "count <- 0; said <- NULL; failing <- function() { count <<- count + 1; stop('mine') }",
        )
        await run(
            kernel,
            "withCallingHandlers(try(file(failing()), silent = TRUE),"
            " warning = function(w) said <<- w)",
        )
        await run(kernel, "stopifnot(count == 1, is.null(said))")
