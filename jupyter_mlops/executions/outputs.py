"""The outputs of cells in a form in which equal ones are equal, and what differs in a sentence.

What is volatile by nature is taken out: object addresses, the numbers that Jupyter gives to the
files of cells, progress that was overwritten, the ids that libraries make up for HTML and SVG.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..snapshots.cells import ADDRESS, joined
from . import images
from .markup import plain_html, plain_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# both begin where a word or a line does: from each character of a long one it would take for ever
_CELL_FILE = re.compile(r"(?<!\S)\S*[/\\]ipykernel_\d+[/\\]\d+\.py")
_OVERWRITTEN = re.compile(r"^[^\n]*\r(?!\n)", re.MULTILINE)
_SHOWN = 60
_SVG = "image/svg+xml"
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Piece:
    """One thing that a cell shows: a stream, an error, a result in one MIME type."""

    kind: str
    content: str | bytes


def pieces(
    outputs: Sequence[Mapping[str, Any]], rename: Callable[[str], str] = lambda text: text
) -> list[Piece]:
    """Return what a cell shows: its streams each as one, then the rest in order.

    Args:
        outputs: as nbformat has them.
        rename: replaces names of folders that are not the same in every run.
    """

    def steady(text: str) -> str:
        return _steady(rename(text))

    streams: dict[str, str] = {}
    found: list[Piece] = []
    for output in outputs:
        kind = output.get("output_type")
        if kind == "stream":
            name = str(output.get("name"))
            streams[name] = streams.get(name, "") + joined(output.get("text", ""))
        elif kind == "error":
            text = f"{output.get('ename')}: {output.get('evalue')}"
            found.append(Piece("error", steady(text)))
        else:
            found += _bundle(output.get("data", {}), steady)
    return [
        *(Piece(name, steady(text)) for name, text in sorted(streams.items(), reverse=True)),
        *found,
    ]


def difference(before: Sequence[Piece], after: Sequence[Piece]) -> str | None:
    """Say how a cell's outputs differ from what they were; None if they are the same."""
    for ours, theirs in zip(before, after, strict=False):
        said = _piece_difference(ours, theirs)
        if said is not None:
            return said
    if len(after) > len(before):
        return f"also {_describe(after[len(before)])}"
    if len(after) < len(before):
        return f"no longer {_describe(before[len(after)])}"
    return None


def _piece_difference(ours: Piece, theirs: Piece) -> str | None:
    if ours.kind != theirs.kind:
        return f"{_describe(theirs)} where it {_describe(ours)}"
    if ours.content == theirs.content:
        return None
    if isinstance(ours.content, bytes) and isinstance(theirs.content, bytes):
        said = images.difference(ours.content, theirs.content)
        return said and f"shows {said}"
    line, old, new = _first_difference(str(ours.content), str(theirs.content))
    where = f" in line {line}" if line > 1 else ""
    return f"{_VERBS.get(ours.kind, 'shows')} “{new}” instead of “{old}”{where}"


_VERBS = {"stdout": "prints", "stderr": "prints", "error": "raises"}


def _describe(piece: Piece) -> str:
    if isinstance(piece.content, bytes):
        return "shows an image"
    first = next((line for line in piece.content.split("\n") if line.strip()), "")
    return f"{_VERBS.get(piece.kind, 'shows')} “{_shortened(first)}”"


def _first_difference(before: str, after: str) -> tuple[int, str, str]:
    old, new = before.split("\n"), after.split("\n")
    number = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    old_line = old[number] if number < len(old) else ""
    new_line = new[number] if number < len(new) else ""
    return number + 1, _shortened(old_line), _shortened(new_line)


def _shortened(line: str) -> str:
    line = line.strip()
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _bundle(data: Mapping[str, Any], steady: Callable[[str], str]) -> list[Piece]:
    found = []
    for mime_type in sorted(data):
        content = data[mime_type]
        if mime_type == _WIDGET:
            continue
        if mime_type.startswith("image/") and mime_type != _SVG:
            found.append(Piece(mime_type, _image(joined(content))))
        elif mime_type.endswith("json"):
            document = json.dumps(content, sort_keys=True, ensure_ascii=False)
            found.append(Piece(mime_type, steady(document)))
        elif mime_type == "text/html":
            found.append(Piece(mime_type, steady(plain_html(joined(content)))))
        elif mime_type == _SVG:
            found.append(Piece(mime_type, steady(plain_svg(joined(content)))))
        else:
            found.append(Piece(mime_type, steady(joined(content))))
    return found


def _image(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return text.encode()


def _steady(text: str) -> str:
    text = _OVERWRITTEN.sub("", _ANSI.sub("", text))
    return _CELL_FILE.sub("<cell>", ADDRESS.sub("0x…", text))
