"""Notebooks in R, made at random, that are really run: as they say, and from top to bottom."""

from __future__ import annotations

import json
import random
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.kernels import r
from jupyter_mlops.snapshots.notebook import CodeCell

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.kernels.schemas import KernelHistory

LOOPS = {"i"}
_ORACLE = "r_oracle.R"
_BEGIN = """
a <- 1; b <- 2; d <- c(1, 2)
f <- function(x) x; g <- function(x) x * a; h <- function(x, ...) x
"""
_STATEMENTS = """
{a} <- {n}
{a} <- {b} + 1
{a} <- c({b}, {n})
{a}[2] <- {n}
names({a}) <- c('y', 'z')[seq_along({a})]
{a} <- sapply({b}, function(v) v + {c})
{f} <- function(x) x + {a}
{f} <- function(x, y = {a}) x + y
{f} <- function(x) { if (x > 1) {a} <- 1; {a} }
{f} <- function(x) {g}(x) + {n}
{f} <- {g}
{f} <- function(x) { {a} <<- x; x }
{f} <- (function(n) function(x) x + n + {a})({b})
{f} <- function(x) { set.seed({n}); rnorm(1) }
{a} <- {f}({n})
{f}({b})
print({f}({n}))
if (length({a}) > 1) {b} <- {n}
if (length({a}) > 1) {b} <- {n} else {b} <- {c}
for (i in 1:2) {a} <- {a} + i
for (i in seq_len({n})) print(i)
repeat { {a} <- {b}; break }
print({a})
{a}
{n} / 7
cat({a}, '\\n')
{a} |> print()
rm({a}); {a} <- {n}
rm(list = ls()); a <- 1; b <- 2; d <- 3; f <- g <- h <- function(x) x
set.seed({n})
{a} <- rnorm(1)
print(sample(1:1000, 2))
{a} <- rnorm(1); set.seed({n})
options(digits = {n})
print(pi * {n})
{a} <- unlist(list({b}, {c}))
{a} <- list({b}); {a}$k <- {n}; {a} <- {a}$k
print(list({b})$k)
assign('{a}', {n})
{a} <- get('{b}')
{a} <- exists('{b}')
print.k <- function(x, ...) cat('k', {a}, '\\n')
structure({n}, class = 'k')
`+.k` <- function(e1, e2) {a}
print(unclass(structure({n}, class = 'k') + 1))
`second<-` <- function(x, value) { x[2] <- value + {a}; x }
second({b}) <- {n}
{a} <- local({ {b} <- 3; {b} + {c} })
{a} <- tryCatch({ {b} <- {c} }, error = function(e) 0)
tryCatch({ {b} <- {c}; stop('no') }, error = function(e) 0)
suppressWarnings({a} <- as.numeric('{n}'))
invisible({a} <- {n})
{a} <- do.call('{f}', list({n}))
{a} <- do.call({f}, list({n}))
mapply('{f}', 1:2)
{a} <- unlist(Map({f}, {b}))
{a} <- vapply(1:2, function(i) {f}(i) + 0, 0)
Reduce(`+`, 1:3, {a})
{a} <- switch('x', x = {b}, {c})
{a} <- {b} <- {c}
{n} -> {a}
delayedAssign('{a}', {b})
e <- new.env(); e$v <- {n}
print(e$v)
writeLines(as.character({n}), 'file.txt')
if (file.exists('file.txt')) {a} <- as.numeric(readLines('file.txt'))
lapply('file.txt', file.exists)
{f} <- local({ n <- 0; function(x) n + {a} })
{a} <- eval({b}) + 1
eval(quote({a} <- {n}))
with(list({b} = 5), print({b} + {c}))
all.vars(y ~ {b})
print <- function(x) cat('mine', {a}, '\\n')
c <- function(...) {n}
max <- function(...) {a}
print(max({b}, {c}))
{a} <- is.function({b})
{f} <- mean; {a} <- {f}({b})
data(women)
women$height <- women$height * {n}
head(women, 1)
{a} <- (function() { {b} <- {n}; {b} })()
print({a} <- {n})
{a} <- identical({b}, {c}) && { {b} <- {n}; TRUE }
{f} <- Vectorize(function(x) x + {a})
print(body({f}))
environment({f})$z <- {n}
makeActiveBinding('{a}', function() {b}, globalenv())
""".strip().split("\n")


@dataclass(frozen=True)
class Played:
    """A notebook that was run, and what came out, as well as from top to bottom."""

    cells: list[CodeCell]
    order: list[int]
    history: KernelHistory
    honest: bool
    steady: bool


def made(seed: int) -> dict[str, Any]:
    """Return the sources of a notebook, and an order in which they are run."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    sources = [
        "\n".join(_statement(draw) for _ in range(draw.choice([1, 1, 2])))
        for _ in range(draw.randint(3, 6))
    ]
    sources.insert(0, _BEGIN)
    everything = list(range(len(sources)))
    order = everything.copy()
    if draw.random() < 0.2:
        draw.shuffle(order)
    more = draw.choices(everything, k=draw.randint(0, 2))
    # whoever runs a cell again often runs those below it again
    last = draw.choice([0, 1, 1, 2])
    return {"sources": sources, "order": [*order, *more, *everything[len(everything) - last :]]}


def _statement(draw: random.Random) -> str:
    text = draw.choice(_STATEMENTS)
    for letter in "abc":
        text = text.replace(f"{{{letter}}}", draw.choice("abd"))
    for letter in "fg":
        text = text.replace(f"{{{letter}}}", draw.choice("fgh"))
    return text.replace("{n}", str(draw.randint(1, 7)))


def play(folder: Path, notebooks: list[dict[str, Any]]) -> list[Played]:
    """Run notebooks, all in one process of R."""
    (folder / "notebooks.json").write_text(json.dumps(notebooks))
    script = str(r.PROBES[0].parents[2] / "tests" / "snapshots" / _ORACLE)
    command = ["Rscript", "--vanilla", script, str(folder), str(r.PROBES[0])]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return [_played(*one) for one in zip(notebooks, answers, strict=True)]


def _played(notebook: dict[str, Any], answer: dict[str, Any]) -> Played:
    sources = enumerate(notebook["sources"])
    real, ideal = answer["real"], answer["ideal"]
    kept = {name: text for name, text in _values(ideal).items() if name not in LOOPS}
    return Played(
        cells=[CodeCell(place, f"c{place}", source, (), []) for place, source in sources],
        order=notebook["order"],
        history=r.history(json.dumps(answer["history"])),
        honest=real["outputs"] == ideal["outputs"]
        and all(_values(real).get(name) == text for name, text in kept.items()),
        steady=answer["again"] == ideal,
    )


def _values(state: dict[str, Any]) -> dict[str, str]:
    return state["values"] or {}
