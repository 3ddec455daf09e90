"""Builds a library of R with the packages that a snapshot records, and what starts R with it.

R itself fills it, by ``library.R``; renv is not needed for that.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import EnvironmentUnavailableError
from ..snapshots.masking import Masker

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable, Sequence

    from ..kernels.schemas import Package
    from ..snapshots.schemas import SnapshotEnvironment

    Run = Callable[[Sequence[str]], subprocess.CompletedProcess[bytes]]

_SCRIPT = Path(__file__).with_name("library.R")
# what leads out of a library, or is a line of its own in a list, is none
_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9.]* [0-9][0-9.-]*")
_SHOWN = 5
_LINES = 4
# the user's settings hold, then R finds what is in the library, and what belongs to R itself
_PROFILE = """\
local({
  profile <- Find(file.exists, c(".Rprofile", path.expand("~/.Rprofile")))
  if (!is.null(profile)) sys.source(profile, globalenv())
  library <- Sys.getenv("MLOPS_R_LIBRARY")
  if ("include.site" %in% names(formals(.libPaths))) .libPaths(library, include.site = FALSE)
  else .libPaths(library)
})
"""


def build_library(
    run: Run, environment: SnapshotEnvironment, folder: Path, *, downloads: bool
) -> list[str]:
    """Build an environment of R in ``folder``; return what is not as it was. ``bin/R`` starts it.

    Args:
        run: runs a program.
        environment: what the snapshot records.
        folder: is not there yet.
        downloads: whether the repositories that R's own settings name may be asked.

    Raises:
        EnvironmentUnavailableError: packages, or R itself, cannot be had; says what to do.
    """
    _check_names(environment.packages)
    program = _program(environment.executable)
    (folder / "library").mkdir(parents=True)
    (folder / "Rprofile").write_text(_PROFILE, encoding="utf-8")
    rows = [
        f"{package.name}\t{package.version}\t{'no' if package.source else 'yes'}\n"
        for package in environment.packages
    ]
    (folder / "wanted.tsv").write_text("name\tversion\tfetch\n" + "".join(rows), encoding="utf-8")
    done = run(
        [
            *(program, "--no-echo", "--no-restore", "--no-save", "-f", str(_SCRIPT), "--args"),
            *(str(folder), environment.language_version, "yes" if downloads else "no"),
        ]
    )
    found = _found(folder / "found.tsv")
    words = _last_words(done.stderr)
    if "R" not in found:
        raise EnvironmentUnavailableError(f"The environment cannot be built: {words}")
    note = _checked_version(found["R"][0], environment.language_version)
    _check(found, words, downloads=downloads)
    _write_starter(program, folder)
    return [note] if note else []


def _check_names(packages: Iterable[Package]) -> None:
    for package in packages:
        if not _PACKAGE.fullmatch(f"{package.name} {package.version}"):
            raise EnvironmentUnavailableError(
                f"{package.name!r} {package.version!r} is no package of R: the snapshot's record "
                "cannot be trusted. Build the environment by hand."
            )


def _program(executable: str) -> str:
    found = executable if Path(executable).exists() else shutil.which("R")
    if found is None:
        raise EnvironmentUnavailableError(
            f"R is not on this machine: neither at {executable} nor on the path. Install it."
        )
    return found


def _found(file: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for key, _, value in (line.partition("\t") for line in lines):
        found.setdefault(key, []).append(value)
    return found


def _last_words(said: bytes) -> str:
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return Masker().text(" ".join(" ".join(lines[-_LINES:]).split()), "environment")


def _checked_version(found: str, recorded: str) -> str | None:
    if found.split(".")[:2] != recorded.split(".")[:2]:
        minor = ".".join(recorded.split(".")[:2])
        raise EnvironmentUnavailableError(
            f"R is {found} on this machine, in which packages of R {minor} may not work. "
            f"Install R {minor}.",
            r=recorded,
        )
    return None if found == recorded else f"R is {found}; it was {recorded}."


def _check(found: dict[str, list[str]], words: str, *, downloads: bool) -> None:
    failed, missing = found.get("failed", []), found.get("missing", [])
    if failed:
        raise EnvironmentUnavailableError(
            f"R could not install {_listed(failed)} from the sources: {words}", failed=failed
        )
    if missing:
        advice = "Allow downloads, or install them in R in these versions."
        if downloads and found["repositories"] == ["0"]:
            advice = "R names no repository: set options(repos = …) in its profile."
        elif downloads:
            advice = "R's repositories do not have them: install them in R in these versions."
        raise EnvironmentUnavailableError(
            "These packages of R are neither installed on this machine nor in renv's cache: "
            f"{_listed(missing)}. {advice}",
            missing=missing,
        )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _write_starter(program: str, folder: Path) -> None:
    """Write what starts R with the library, whatever the user's own settings say of libraries."""
    library = shlex.quote(str(folder / "library"))
    starter = folder / "bin" / "R"
    starter.parent.mkdir()
    starter.write_text(
        "#!/bin/sh\n"
        f"export MLOPS_R_LIBRARY={library} R_LIBS={library} R_LIBS_USER={library}\n"
        f"export R_PROFILE_USER={shlex.quote(str(folder / 'Rprofile'))}\n"
        f'exec {shlex.quote(program)} "$@"\n',
        encoding="utf-8",
    )
    starter.chmod(0o755)
