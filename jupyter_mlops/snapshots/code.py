"""The state of the code around a notebook: git commit, branch and uncommitted changes."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from .schemas import CodeState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .masking import Masker

_SECONDS = 5
_MOST_DIFF = 1024 * 1024  # bytes


def code_state(folder: Path, masker: Masker, data: Iterable[Path] = ()) -> CodeState:
    """Return the git state of the work tree around ``folder``.

    Notebooks are left out of the diff, because the snapshot holds the notebook itself; so are
    files and folders of ``data``, which could not be erased from a diff. A folder without git, or
    a git that does not answer in five seconds, is no error: ``note`` says so.
    """
    try:
        said = _git(folder, "rev-parse", "--show-toplevel", "HEAD", "--abbrev-ref", "HEAD")
        top, *head = os.fsdecode(said).rstrip("\n").rsplit("\n", 2)  # its name may have some
        without = [":(exclude,top)*.ipynb", *_excluded(Path(top), data)]
        diff = _git(folder, "diff", "--no-ext-diff", "HEAD", "--", ":/", *without)
    except FileNotFoundError:
        return _none("git is not installed")
    except OSError as error:  # the names of data are too long, say
        return _none(f"git failed: {error.strerror}")
    except subprocess.TimeoutExpired:
        return _none(f"git did not answer in {_SECONDS} s")
    except subprocess.CalledProcessError as error:
        return _none(masker.text(_reason(error.stderr), "notes"))
    text = diff[:_MOST_DIFF].decode("utf-8", "replace")
    note = "the diff is cut at 1 MiB" if len(diff) > _MOST_DIFF else None
    return CodeState(
        commit=head[0],
        branch=None if head[1] == "HEAD" else head[1],
        dirty=bool(diff),
        diff=masker.text(text, "diff") if text else None,
        note=note,
    )


def _excluded(top: Path, data: Iterable[Path]) -> list[str]:
    inside = (path.relative_to(top) for path in data if path.is_relative_to(top))
    return [f":(exclude,top,literal){path}" for path in inside]


def _git(folder: Path, *arguments: str) -> bytes:
    """Return what git says, and no more of it than a diff may have, plus one byte."""
    # names of files as they are, not as octal numbers
    command = ["git", "-C", str(folder), "-c", "core.quotePath=false", *arguments]
    variables = os.environ | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8"}
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told, env=variables) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - for the type checker
        limit = threading.Timer(_SECONDS, process.kill)
        limit.start()
        try:
            said = process.stdout.read(_MOST_DIFF + 1)
            if len(said) <= _MOST_DIFF and process.wait():
                told.seek(0)
                raise _failure(process, told.read(_MOST_DIFF))
        finally:
            limit.cancel()
            process.kill()
    return said


def _failure(process: subprocess.Popen[bytes], told: bytes) -> subprocess.SubprocessError:
    if process.returncode == -signal.SIGKILL:
        return subprocess.TimeoutExpired(process.args, _SECONDS)
    text = told.decode("utf-8", "replace")
    return subprocess.CalledProcessError(process.returncode, process.args, stderr=text)


def _reason(stderr: str) -> str:
    if "not a git repository" in stderr:
        return "not a git repository"
    if "ambiguous argument 'HEAD'" in stderr or "unknown revision" in stderr:
        return "the git repository has no commit yet"
    first = stderr.strip().splitlines()[:1]
    return f"git failed: {first[0] if first else 'no reason given'}"


def _none(note: str) -> CodeState:
    return CodeState(commit=None, branch=None, dirty=False, diff=None, note=note)
