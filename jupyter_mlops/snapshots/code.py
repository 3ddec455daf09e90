"""The state of the code around a notebook: git commit, branch and uncommitted changes."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from .schemas import CodeState

if TYPE_CHECKING:
    from pathlib import Path

    from .masking import Masker

_SECONDS = 5
_MOST_DIFF = 1024 * 1024


def code_state(folder: Path, masker: Masker) -> CodeState:
    """Return the git state of the work tree around ``folder``.

    Notebooks are left out of the diff, because the snapshot holds the notebook itself. A folder
    without git, or a git that does not answer in five seconds, is no error: ``note`` says so.
    """
    try:
        head = _git(folder, "rev-parse", "HEAD", "--abbrev-ref", "HEAD").split()
        diff = _git(folder, "diff", "--no-ext-diff", "HEAD", "--", ":/", ":(exclude,top)*.ipynb")
    except FileNotFoundError:
        return _none("git is not installed")
    except subprocess.TimeoutExpired:
        return _none(f"git did not answer in {_SECONDS} s")
    except subprocess.CalledProcessError as error:
        return _none(_reason(error.stderr))
    note = None
    if len(diff) > _MOST_DIFF:
        diff, note = diff[:_MOST_DIFF], "the diff is cut at 1 MiB"
    return CodeState(
        commit=head[0],
        branch=None if head[1] == "HEAD" else head[1],
        dirty=bool(diff),
        diff=masker.text(diff, "diff") if diff else None,
        note=note,
    )


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        # names of files as they are, not as octal numbers
        ["git", "-C", str(folder), "-c", "core.quotePath=false", *arguments],  # noqa: S607
        capture_output=True,
        check=True,
        timeout=_SECONDS,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8"},
    )
    return done.stdout


def _reason(stderr: str) -> str:
    if "not a git repository" in stderr:
        return "not a git repository"
    if "ambiguous argument 'HEAD'" in stderr or "unknown revision" in stderr:
        return "the git repository has no commit yet"
    first = stderr.strip().splitlines()[:1]
    return f"git failed: {first[0] if first else 'no reason given'}"


def _none(note: str) -> CodeState:
    return CodeState(commit=None, branch=None, dirty=False, diff=None, note=note)
