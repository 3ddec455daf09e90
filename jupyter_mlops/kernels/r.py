"""What an R kernel (IRkernel) tells of itself. It has no probe, and answers through a file.

IRkernel evaluates no user expressions and shows nothing of a silent request, so R writes what it
has to say. ``jsonlite`` is there because IRkernel needs it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .schemas import Environment, Hardware, KernelState, Package

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGE = "R"

_QUESTION = """
local({
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
  installed <- as.data.frame(installed.packages()[, c("Package", "Version")])
  installed <- installed[!duplicated(installed$Package), ]
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
    versions = I(as.character(installed$Version))
  )
  file <- file(PLACE, open = "w", encoding = "UTF-8")
  writeLines(jsonlite::toJSON(answer, auto_unbox = TRUE, digits = NA), file)
  close(file)
})
"""


def question(place: Path) -> str:
    """Return code that has R write its answer to ``place``; it leaves no name behind."""
    # a text in JSON's form is one in R's
    return _QUESTION.replace("PLACE", json.dumps(str(place), ensure_ascii=False))


def state(answer: str) -> KernelState:
    """Return what R has answered, as other kernels tell it. R's own history is not kept."""
    found: dict[str, Any] = json.loads(answer)
    packages = zip(found["names"], found["versions"], strict=True)
    return KernelState(
        complete=True,
        cells=[],
        scalars=found["scalars"] or {},
        variables=found["variables"] or {},
        models=[],
        files=[],
        environment=Environment(
            language=LANGUAGE,
            language_version=found["version"],
            implementation="GNU R",
            executable=found["executable"],
            prefix=found["home"],
            platform=found["platform"],
            conda=False,
            packages=[Package(name=name, version=version) for name, version in sorted(packages)],
            hardware=Hardware(
                machine=found["machine"], cpu_count=found["cores"], memory_bytes=None
            ),
            session_info=found["session"],
        ),
        modules=[],
        working_directory=found["folder"],
        seeds={},
        notes=["R is not watched: its data are the files that its code names."],
    )
