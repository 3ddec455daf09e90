"""Images compared by their pixels, with nothing but the standard library.

PNG as the W3C's specification (third edition) has it; 8 bits a sample, not interlaced, which is
what plotting libraries write. What is not is compared by its bytes.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # colour type → samples a pixel
_LARGEST = 64 * 1024 * 1024  # bytes of pixels


@dataclass(frozen=True)
class Pixels:
    """A decoded image: size, kind and palette, and the samples row by row."""

    width: int
    height: int
    colour_type: int
    palette: bytes
    data: bytes


def difference(ours: bytes, theirs: bytes) -> str | None:
    """Say how two images differ; None if they show the same."""
    if ours == theirs:
        return None
    before, after = decode(ours), decode(theirs)
    if before is None or after is None:
        return "another image"
    if (before.width, before.height) != (after.width, after.height):
        return (
            f"an image of {after.width} by {after.height} instead of "
            f"{before.width} by {before.height} pixels"
        )
    if before == after:
        return None
    if (before.colour_type, before.palette) != (after.colour_type, after.palette):
        return "an image in other colours"
    size = _SAMPLES[before.colour_type]
    changed = sum(
        before.data[start : start + size] != after.data[start : start + size]
        for start in range(0, len(before.data), size)
    )
    share = changed / (before.width * before.height)
    return f"an image with {share:.2%} of its pixels changed"


def decode(data: bytes) -> Pixels | None:
    """Return the pixels of a PNG; None for what is no PNG, or one of an unusual kind."""
    try:
        chunks = list(_chunks(data))
        width, height, depth, colour_type, _, _, interlace = struct.unpack(
            ">IIBBBBB", dict(chunks)[b"IHDR"]
        )
        size = _SAMPLES[colour_type]
        wanted = height * (width * size + 1)
        if depth != 8 or interlace or wanted > _LARGEST:  # noqa: PLR2004
            return None
        packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
        raw = zlib.decompressobj().decompress(packed, wanted)
        if len(raw) != wanted:
            return None
        palette = b"".join(content for kind, content in chunks if kind in {b"PLTE", b"tRNS"})
        return Pixels(width, height, colour_type, palette, _unfilter(raw, width * size, size))
    except (ValueError, KeyError, struct.error, zlib.error, IndexError):
        return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_SIGNATURE):
        raise ValueError
    position = len(_SIGNATURE)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        yield kind, data[position + 8 : position + 8 + length]
        position += 12 + length


def _unfilter(raw: bytes, stride: int, size: int) -> bytes:
    """Undo the filter of each row."""
    rows = []
    above = bytes(stride)
    for start in range(0, len(raw), stride + 1):
        predict = _FILTERS[raw[start]]
        row = bytearray(raw[start + 1 : start + 1 + stride])
        if predict is not None:
            for i in range(stride):
                left, corner = (row[i - size], above[i - size]) if i >= size else (0, 0)
                row[i] = (row[i] + predict(left, above[i], corner)) & 255
        above = bytes(row)
        rows.append(above)
    return b"".join(rows)


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    distances = (abs(estimate - left), abs(estimate - above), abs(estimate - corner))
    return (left, above, corner)[distances.index(min(distances))]


_FILTERS: tuple[Callable[[int, int, int], int] | None, ...] = (
    None,
    lambda left, above, corner: left,
    lambda left, above, corner: above,
    lambda left, above, corner: (left + above) // 2,
    _paeth,
)
