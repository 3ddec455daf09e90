"""Masks the executed notebooks that are kept in the store; elsewhere they are the user's own."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..snapshots.cells import joined

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.project import Project
    from ..snapshots.masking import Masker


def mask_output(project: Project, output: Path, masker: Masker) -> None:
    """Mask the secrets of an executed notebook in the store; one that cannot be masked goes."""
    if not output.is_relative_to(project.store):
        return
    try:
        content = json.loads(output.read_bytes())
        masker.learn_from(map(_source, content["cells"]))
        masked = masker.notebook(content)
        if masked != content:
            _replace(output, masked)
    except FileNotFoundError:  # it never began
        return
    except (OSError, ValueError, LookupError, TypeError):
        with suppress(OSError):
            output.unlink()


def _source(cell: dict[str, Any]) -> str:
    return joined(cell.get("source", "")) if cell.get("cell_type") == "code" else ""


def _replace(output: Path, content: dict[str, Any]) -> None:
    new = output.with_suffix(".new")
    try:
        new.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8", "replace")
        new.replace(output)
    finally:
        new.unlink(missing_ok=True)
