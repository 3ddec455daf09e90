"""What an R kernel (IRkernel) tells of itself: it answers through a file.

IRkernel evaluates no user expressions and shows nothing of a silent request, so R writes what it
has to say. ``jsonlite`` is there because IRkernel needs it. ``probe.R`` is in the kernel since its
start, or comes with the first question, and then does not know what ran before.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import programs, statements
from .schemas import (
    CellRun,
    DataRecord,
    Environment,
    FileAccess,
    Hardware,
    KernelHistory,
    KernelState,
    Package,
    RCode,
    Unseen,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGE = "R"
PROBES = tuple(Path(__file__).with_name(f"{name}.R") for name in ("probe", "lineage", "packages"))

# what the user has called by the name of one of these is left aside
_APART = "base::new.env(parent = base::asNamespace('utils'))"
_SECRET = re.compile(
    r"([^&=]*(?:key|token|secret|sig|pass|pwd|auth|credential|session|code)[^&=]*=)[^&]*",
    re.IGNORECASE,
)
_QUESTION = """
base::local({
  describe <- function(x) {
    size <- if (is.null(dim(x))) length(x) else dim(x)
    kind <- class(x)[1]
    if (identical(size, 1L)) kind else paste0(kind, " (", paste(size, collapse = ", "), ")")
  }
  values <- list()
  for (name in ls(globalenv())) {
    value <- tryCatch(get(name, envir = globalenv()), error = function(e) NULL)
    if (!is.null(value) && !is.function(value)) values[[name]] <- value
  }
  is_scalar <- function(x) {
    is.numeric(x) && !is.object(x) && is.null(dim(x)) && length(x) == 1 && is.finite(x)
  }
  remote <- paste0("Remote", c("Type", "Username", "Repo", "Sha"))
  installed <- installed.packages(fields = remote)[, c("Package", "Version", remote)]
  installed <- as.data.frame(installed, stringsAsFactors = FALSE)
  installed <- installed[!duplicated(installed$Package), ]
  from_github <- installed$RemoteType %in% "github" & !is.na(installed$RemoteSha)
  session <- sessionInfo()
  answer <- list(
    version = paste(R.version$major, R.version$minor, sep = "."),
    platform = session$running,
    machine = R.version$arch,
    cores = parallel::detectCores(),
    home = R.home(),
    executable = file.path(R.home("bin"), "R"),
    session = paste(utils::capture.output(print(session)), collapse = "\\n"),
    folder = getwd(),
    variables = lapply(values, describe),
    scalars = Filter(is_scalar, values),
    names = I(as.character(installed$Package)),
    versions = I(as.character(installed$Version)),
    repositories = I(ifelse(
      from_github, paste(installed$RemoteUsername, installed$RemoteRepo, sep = "/"), ""
    )),
    commits = I(ifelse(from_github, installed$RemoteSha, "")),
    history = HISTORY,
    data = DATA
  )
  WRITE
}, envir = APART)
"""
_HISTORY_QUESTION = "base::local({ answer <- HISTORY; WRITE }, envir = APART)"
_DATA_QUESTION = "base::local({ answer <- DATA; WRITE }, envir = APART)"
_HISTORY = 'getOption("jupyter_mlops")$history()'
_DATA = 'getOption("jupyter_mlops")$data()'
_WRITE = """
  file <- file(PLACE, open = "w", encoding = "UTF-8")
  writeLines(jsonlite::toJSON(answer, auto_unbox = TRUE, digits = NA), file)
  close(file)
"""


def question(place: Path) -> str:
    """Return code that has R, in a kernel or not, write what it is to ``place``.

    It leaves no name behind.
    """
    return _filled(_QUESTION.replace("HISTORY", "NULL").replace("DATA", "NULL"), place)


def kernel_question(place: Path) -> str:
    """Return ``question`` for a kernel, which tells what it ran too."""
    return _late() + _filled(_QUESTION, place)


def history_question(place: Path) -> str:
    """Return code that has a kernel write what it ran to ``place``."""
    return _late() + _filled(_HISTORY_QUESTION, place)


def data_question(place: Path) -> str:
    """Return code that has a kernel write what its cells opened to ``place``."""
    return _late() + _filled(_DATA_QUESTION, place)


def _filled(code: str, place: Path) -> str:
    code = code.replace("HISTORY", _HISTORY).replace("DATA", _DATA)
    code = code.replace("WRITE", _WRITE).replace("APART", _APART)
    return code.replace("PLACE", _text(str(place)))


def _text(text: str) -> str:
    # a text in JSON's form is one in R's
    return json.dumps(text, ensure_ascii=False)


@cache
def _late() -> str:
    """Code that puts the probe into a kernel that lacks it."""
    source = _text("\n".join(one.read_text(encoding="utf-8") for one in PROBES))
    return f"""
base::local({{
  if (is.null(getOption("jupyter_mlops"))) {{
    eval(parse(text = {source}, keep.source = FALSE))
    probe <- getOption("jupyter_mlops")
    probe$complete <- FALSE
  }}
}}, envir = {_APART})
"""


def history(answer: str) -> KernelHistory:
    """Return what R has answered to ``history_question``."""
    return _history(json.loads(answer))


def data(answer: str) -> DataRecord:
    """Return what R has answered to ``data_question``."""
    return DataRecord(watched=False, files=_files(json.loads(answer)), notes=[])


def _files(found: list[dict[str, Any]]) -> list[FileAccess]:
    used: dict[tuple[str, str, str], FileAccess] = {}
    for fact in [*found, *_tables(found)]:
        path, kind, mode = fact["path"], fact["kind"], fact["mode"]
        if kind in {"program", "sql"} or not programs.opens_named([fact["reader"]]):
            continue
        if kind == "url":
            path = _without_secrets(path)
        elif kind == "file":
            path, kind = os.path.normpath(path), "folder" if os.path.isdir(path) else "file"
        access = FileAccess(path=path, kind=kind, mode=mode, reader=fact["reader"])
        access = used.setdefault((kind, path, mode), access)
        cell_id = fact["cell_id"]
        if cell_id and cell_id not in access.cell_ids:
            access.cell_ids.append(cell_id)
    return list(used.values())


def _tables(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the tables that SQL names, and their files."""
    temporary: set[tuple[str, str]] = set()
    for fact in found:
        if fact["kind"] != "sql":
            continue
        file = os.path.normpath(fact["path"])
        for table, mode in statements.tables(fact["sql"]):
            if mode == "t":
                temporary.add((file, table))
            elif (file, table) not in temporary:
                kind = "write" if mode == "w" else "read"
                yield {**fact, "path": f"{file}#{table}", "kind": "table", "mode": kind}
                yield {**fact, "path": file, "kind": "file", "mode": kind}


def _unseen(found: list[dict[str, Any]], folder: str) -> list[Unseen]:
    """Name the programs that may have opened more than their commands name, by cells."""
    cells: dict[str, dict[str, None]] = {}
    for fact in found:
        if fact["kind"] == "program":
            words = programs.command(_words(fact["path"]))
            name = programs.unseen(words, folder) if words else None
            if name:
                cells.setdefault(name, {}).update(
                    {fact["cell_id"]: None} if fact["cell_id"] else {}
                )
    return [Unseen(name=name, reason="program", cell_ids=list(ids)) for name, ids in cells.items()]


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # an open quote
        return command.split()


def _without_secrets(url: str) -> str:
    address, mark, query = url.partition("?")
    return re.sub(r"(?<=://)[^/@]*@", "", address) + mark + _SECRET.sub(r"\1***", query)


def _history(found: dict[str, Any]) -> KernelHistory:
    cells = [
        CellRun(
            execution_count=cell["execution_count"],
            cell_id=cell["cell_id"],
            source=cell["source"],
            status=cell["status"],
            started_at=cell["started"],
            duration_seconds=cell["seconds"],
        )
        for cell in found["cells"]
    ]
    code = RCode(
        sources=found["sources"],
        texts=found["texts"],
        trees=found["trees"],
        functions=found["functions"] or {},
        rich=found["rich"],
        drew=[cell["drew"] for cell in found["cells"]],
    )
    return KernelHistory(complete=found["complete"], cells=cells, r_code=code)


def _packages(found: dict[str, Any]) -> list[Package]:
    columns = (found[name] for name in ("names", "versions", "repositories", "commits"))
    return [
        Package(
            name=name,
            version=version,
            source=f"https://github.com/{repository}" if repository else None,
            commit=commit or None,
        )
        for name, version, repository, commit in sorted(zip(*columns, strict=True))
    ]


def state(answer: str) -> KernelState:
    """Return what R has answered, as other kernels tell it."""
    found: dict[str, Any] = json.loads(answer)
    history = _history(found["history"]) if found.get("history") else None
    return KernelState(
        complete=history is None or history.complete,
        cells=history.cells if history else [],
        scalars=found["scalars"] or {},
        variables=found["variables"] or {},
        models=[],
        files=_files(found.get("data") or []),
        unseen=_unseen(found.get("data") or [], found["folder"]),
        environment=Environment(
            language=LANGUAGE,
            language_version=found["version"],
            implementation="GNU R",
            executable=found["executable"],
            prefix=found["home"],
            platform=found["platform"],
            conda=False,
            packages=_packages(found),
            hardware=Hardware(
                machine=found["machine"], cpu_count=found["cores"], memory_bytes=None
            ),
            session_info=found["session"],
        ),
        modules=[],
        working_directory=found["folder"],
        seeds={},
        notes=[],
        r_code=history.r_code if history else None,
    )
