"""The document of a folder: the same files always give the same bytes.

It is made of entries, one for each file, in the order of their paths. Those of files that have not
changed are taken as they are from the document before, many at once.
"""

from __future__ import annotations

from array import array
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import orjson
from pydantic import ValidationError

from ..core.errors import ForbiddenPathError, InvalidInputError
from .lines import Pieces
from .schemas import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BEGIN, _END = b'{"entries":[', b'],"kind":"tree","version":1}'
_COMMA = b","


def entry(path: str, digest: str, size: int, *, executable: bool) -> bytes:
    """Return the entry of a file, for ``encode``."""
    return orjson.dumps({"executable": executable, "object_id": digest, "path": path, "size": size})


def encode(entries: Sequence[bytes]) -> bytes:
    """Return the document of entries, one or many in a piece, in the order of their paths."""
    if not entries:
        return _BEGIN + _END
    pieces = list(entries)
    pieces[0] = _BEGIN + pieces[0]
    pieces[-1] += _END
    return _COMMA.join(pieces)


def lengths_of(entries: Iterable[bytes]) -> array[int]:
    """Return the lengths of entries and of the commas behind them, for ``entries_of``."""
    return array("I", [len(entry) + len(_COMMA) for entry in entries])


def entries_of(document: bytes, lengths: array[int]) -> Pieces | None:
    """Return the entries of a document that ``encode`` made, None if they have other lengths."""
    entries = Pieces(lengths, document, begin=len(_BEGIN), between=len(_COMMA))
    return entries if lengths and entries.end == len(document) - len(_END) else None


def decode(data: bytes, object_id: str) -> Tree:
    """Read a tree document.

    Raises:
        InvalidInputError: the object is no tree.
        ForbiddenPathError: an entry would be written outside the tree's folder.
    """
    try:
        tree = Tree.model_validate_json(data)
    except ValidationError as error:
        raise InvalidInputError(
            f"Object {object_id[:12]}… is not a folder.", object_id=object_id
        ) from error
    for entry in tree.entries:
        parts = PurePosixPath(entry.path).parts
        if "/".join(parts) != entry.path or ".." in parts or "\0" in entry.path:
            raise ForbiddenPathError(
                f"The path {entry.path!r} leads out of the folder.", path=entry.path
            )
    return tree
