"""The figures among a notebook's outputs: images, and what is said of those that are none."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from .cells import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .notebook import CodeCell

_IMAGES = ("image/png", "image/jpeg", "image/svg+xml")
# of Plotly, Altair, Bokeh and HoloViews, which the browser draws
_DRAWN_LATER = (
    "application/vnd.plotly",
    "application/vnd.vega",
    "application/vnd.bokeh",
    "application/vnd.holoviews",
)
_MOST = 50


def figures(cells: Iterable[CodeCell]) -> Iterator[tuple[str | None, str, bytes]]:
    """Yield (cell id, MIME type, bytes) of the images among the outputs, at most 50."""
    count = 0
    for cell in cells:
        for output in cell.outputs:
            image = _image(output.get("data", {}))
            if image and count < _MOST:
                count += 1
                yield (cell.cell_id, *image)


def left_out(cells: Sequence[CodeCell]) -> Iterator[str]:
    """Say which figures are in the notebook only."""
    shown = [(cell, output.get("data", {})) for cell in cells for output in cell.outputs]
    count = sum(1 for _, data in shown if _image(data))
    if count > _MOST:
        yield f"Of {count} figures the first {_MOST} are kept; the notebook has all of them."
    drawn = {cell.index + 1 for cell, data in shown if not _image(data) and _is_chart(data)}
    if drawn:
        where = ("cell " if len(drawn) == 1 else "cells ") + ", ".join(map(str, sorted(drawn)))
        yield (
            f"The interactive charts of {where} are in the notebook, but not among the figures: "
            "only images are."
        )


def _is_chart(data: dict[str, Any]) -> bool:
    return any(name.startswith(_DRAWN_LATER) for name in data)


def _image(data: dict[str, Any]) -> tuple[str, bytes] | None:
    for mime_type in _IMAGES:
        if mime_type in data:
            text = joined(data[mime_type])
            if mime_type == "image/svg+xml":
                return mime_type, text.encode()
            try:
                return mime_type, base64.b64decode(text)
            except binascii.Error:
                return None
    return None
