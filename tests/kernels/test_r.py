"""An R kernel tells of itself, and of what it ran."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from jupyter_mlops.kernels import provisioner
from jupyter_mlops.kernels.manager import connected
from jupyter_mlops.kernels.provisioner import with_r_probe
from jupyter_mlops.kernels.r import data
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.notebook import CodeCell

from .r_kernels import started


async def test_what_a_snapshot_needs(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        await kernel.run("score <- 0.25 * 3; frame <- data.frame(a = 1:3); f <- function() 1")
        state = await kernel.state()
    assert state.scalars == {"score": 0.75}
    assert state.variables == {"score": "numeric", "frame": "data.frame (3, 1)"}
    assert state.working_directory == str(tmp_path / "my work 한글")
    environment = state.environment
    assert (environment.language, environment.implementation) == ("R", "GNU R")
    assert {"base", "IRkernel", "jsonlite"} <= {package.name for package in environment.packages}
    assert environment.language_version in environment.session_info


@pytest.mark.parametrize("probe", [True, False])
async def test_asking_leaves_no_trace(tmp_path: Path, *, probe: bool) -> None:
    async with started(tmp_path, probe=probe) as kernel:
        await kernel.run("x <- NULL; x <- ls(all.names = TRUE)")
        await kernel.state()
        answer = await kernel.run("stopifnot(identical(ls(all.names = TRUE), x))")
    assert (answer["status"], answer["execution_count"]) == ("ok", 2)


async def test_nothing_is_there_yet(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        state = await kernel.state()
    assert (state.scalars, state.variables) == ({}, {})


async def test_what_ran_is_told_as_it_ran(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        await kernel.run("x <- 1", "a")
        await kernel.run("stop('no')", "b")
        await kernel.run("1 +", "c")
        await kernel.run("y <- runif(1) # 한글", "a")
        await kernel.run("z <- 1", "s", silent=True, store_history=False)
        state = await kernel.state()
    assert state.complete
    assert [(cell.execution_count, cell.cell_id, cell.status) for cell in state.cells] == [
        (1, "a", "ok"),
        (2, "b", "error"),
        (3, "c", "error"),
        (4, "a", "ok"),
    ]
    last = state.cells[-1]
    assert last.source == "y <- runif(1) # 한글"
    assert last.started_at is not None
    assert last.duration_seconds is not None
    assert state.r_code is not None
    assert state.r_code.drew == [False, False, False, True]
    assert "r_code" not in state.model_dump()


async def test_who_asks_while_a_cell_fails_is_answered(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        await kernel.send("Sys.sleep(1); stop('no')", "a")
        await kernel.wait_until_busy()
        state = await kernel.state()
    assert [(cell.cell_id, cell.status) for cell in state.cells] == [("a", "error")]


async def test_who_comes_late_does_not_know_all(tmp_path: Path) -> None:
    async with started(tmp_path, probe=False) as kernel:
        await kernel.run("x <- 1", "a")
        before = await kernel.state()
        await kernel.run("y <- 1", "b")
        after = await kernel.state()
    assert (before.complete, before.cells) == (False, [])
    assert not after.complete
    assert [cell.cell_id for cell in after.cells] == ["b"]


async def test_names_of_the_user_do_not_disturb(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        await kernel.run("c <- list <- paste0 <- is.null <- local <- function(...) stop('mine')")
        await kernel.run("get <- file <- identical <- lapply <- 7")
        state = await kernel.state()
    assert len(state.cells) == 2
    assert state.complete


OPENS = {
    "write": (
        "d <- data.frame(a = 1:3); write.csv(d, '자료.csv', row.names = FALSE)\n"
        "saveRDS(d, 'd.rds'); save(d, file = 'd.rda'); cat('x <- 1', file = 's.R', append = TRUE)\n"
        "con <- file('late.txt'); writeLines('a', con); close(con)"
    ),
    "read": "read.csv('자료.csv'); load('d.rda'); source('s.R'); file.exists('d.rds')",
    "other folder": "setwd('sub'); readRDS('../d.rds'); setwd('..'); readLines('late.txt')",
    "move": "file.copy('s.R', 'c.R'); file.rename('c.R', 'moved.R')",
    "device": "pdf('p.pdf'); plot(1); invisible(dev.off())",
    "nothing": (
        "plot(1); t <- tempfile(); writeLines('a', t); readLines(t); library(tools)\n"
        "read.csv(text = 'a'); writeLines('a', 'gone.txt'); unlink('gone.txt')\n"
        "tryCatch(read.csv('none.csv'), error = identity, warning = identity)"
    ),
    "fails": "file(stop('mine'))",
}


async def test_what_cells_open(tmp_path: Path) -> None:
    (tmp_path / "my work 한글" / "sub").mkdir(parents=True)
    async with started(tmp_path) as kernel:
        answers = [await kernel.run(source, name) for name, source in OPENS.items()]
        state = await kernel.state()
        async with connected(kernel.manager) as probe:
            record = await probe.data()
    assert [answer["status"] for answer in answers] == ["ok"] * 6 + ["error"]
    assert "mine" in answers[-1]["evalue"]
    assert record is not None
    assert (record.watched, record.files) == (False, state.files)
    said = {
        name: {
            (use.mode, str(Path(use.path).relative_to(state.working_directory)))
            for use in state.files
            if name in use.cell_ids
        }
        for name in OPENS
    }
    written = ("자료.csv", "d.rds", "d.rda", "s.R", "late.txt")
    assert said == {
        "write": {("write", name) for name in written},
        "read": {("read", "자료.csv"), ("read", "d.rda"), ("read", "s.R")},
        "other folder": {("read", "d.rds"), ("read", "late.txt")},
        "move": {("read", "s.R"), ("write", "moved.R")},
        "device": {("write", "p.pdf")},
        "nothing": set(),
        "fails": set(),
    }


def test_addresses_without_secrets() -> None:
    facts = [
        {"path": f"https://me:pass@a.org/{end}", "kind": "url", "mode": "read", "reader": "base"}
        for end in ("d.csv", "d.csv?token=abc&page=1")
    ]
    record = data(json.dumps([fact | {"cell_id": "a"} for fact in facts]))
    assert [use.path for use in record.files] == [
        "https://a.org/d.csv",
        "https://a.org/d.csv?token=***&page=1",
    ]


# ruff: noqa: E501
# what the grade of a notebook in R is, and the cell and the beginning of its first reason
GRADES = [
    (["a <- 1", "b <- a + 1", "print(b)"], "012", "clean", None),
    (["a <- 1", "b <- a + 1", "print(b)"], "0102", "valid", None),
    (["a <- 1", "b <- a + 1"], "0", "stale", "c1"),
    (["a <- c(1)", "a[2] <- 5", "print(a)"], "0112", "stale", "c1"),
    (["d <- women", "d$x <- d$height * 2", "d[d$x > 1, 'x'] <- 0", "d"], "012333", "valid", None),
    (["d <- women", "m <- lm(weight ~ height, data = d)", "summary(m)"], "01122", "valid", None),
    (["f <- function(x) x + k", "k <- 2", "f(1)", "k <- 3"], "01232", "stale", "c2"),
    (["set.seed(1)", "x <- rnorm(3)", "x"], "012012", "valid", None),
    (["set.seed(1)", "x <- rnorm(3)", "x"], "0121", "stale", "c1"),
    (["x <- rnorm(1); set.seed(1)", "x"], "001", "stale", "c0"),
    (["options(digits = 3)", "pi"], "10", "stale", "c1"),
    (["for (i in 1:3) print(i)", "for (i in 1:5) print(i)"], "010", "valid", None),
    (["print.k <- function(x) cat(n)", "n <- 1", "structure(1, class = 'k')", "n <- 2"], "01232", "stale", "c2"),
    (["d <- lapply('f', file.exists)", "write.csv(women, 'f')"], "010", "stale", "c0"),
    (["print(1)", "e <- new.env()"], "011", "unknown", "c1"),
    (["n <- 0", "up <- function() n <<- n + 1", "up()"], "0122", "unknown", "c2"),
    (["assign('x', 1)", "x"], "011", "unknown", "c0"),
    (["eval(parse(text = 'x <- 1'))"], "00", "unknown", "c0"),
    (["attach(women)", "height"], "011", "unknown", "c0"),
    (["f <- source", "print(1)"], "011", "unknown", "c0"),
    (["p <- c('stats', 'utils')", "sapply(p, library, character.only = TRUE)"], "011", "unknown", "c1"),
    (["x <- jsonlite::fromJSON('1')"], "00", "unknown", "c0"),
]  # fmt: skip


async def test_the_grade_of_a_notebook_in_r(tmp_path: Path) -> None:
    found = []
    async with started(tmp_path) as kernel:
        for sources, order, *_ in GRADES:
            reset = "p <- getOption('jupyter_mlops'); p$cells <- list(); p$rich <- character()"
            await kernel.run(
                f"{reset}; options(digits = 7); rm(list = ls(all.names = TRUE))",
                silent=True,
                store_history=False,
            )
            for digit in order:
                await kernel.run(sources[int(digit)], f"c{digit}")
            async with connected(kernel.manager) as probe:
                history = await probe.history()
            assert history is not None
            cells = [CodeCell(i, f"c{i}", source, (), []) for i, source in enumerate(sources)]
            verdict, reasons = grade(cells, history.cells, (), history.r_code)
            cell_id = reasons[0].cell_id if reasons else None
            found.append((sources, order, verdict, cell_id))
    assert found == GRADES


def test_only_the_command_of_an_r_kernel_is_changed() -> None:
    command = ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
    changed = with_r_probe(command)
    assert changed[:3] == command[:3]
    assert "probe.R" in changed[3]
    assert changed[4:] == command[2:]
    for other in (["Rscript", "kernel.R"], ["IRkernel::main()"], ["julia", "-i", "kernel.jl"]):
        assert with_r_probe(other) == other


@pytest.mark.parametrize("name", [b"a b", b'\\n"q"', "한글 😀".encode(), b"no utf-8 \xff", b"100%"])
def test_the_probe_is_found_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: bytes
) -> None:
    probe = tmp_path / os.fsdecode(name) / "probe.R"
    probe.parent.mkdir()
    probe.write_text('cat("it is loaded")')
    monkeypatch.setattr(provisioner, "R_PROBES", (probe,))
    command = with_r_probe(["R", "--slave", "-e", "IRkernel::main()"])
    done = subprocess.run(command[:-2], capture_output=True, check=True)
    assert done.stdout == b"it is loaded"
