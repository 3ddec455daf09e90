"""What the object store says about the bytes it was given."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.schema import Schema, Timestamp

ObjectId = str
"""BLAKE3 of the content, 64 hexadecimal digits."""


class StoredFile(Schema):
    """A file that was read; ``object_id`` is None where its bytes were not kept.

    ``digest`` is BLAKE3 over the full content, ``size`` is in bytes.
    """

    digest: ObjectId
    size: int
    object_id: ObjectId | None


class StoredTree(Schema):
    """A folder that was read; ``kept`` tells whether its files are in the store.

    ``object_id`` is BLAKE3 of the document that lists them; ``size_bytes`` is the sum over the
    ``count`` files.
    """

    object_id: ObjectId
    size_bytes: int
    count: int
    kept: bool = True


class Problem(Schema):
    """Something in the store that is not as it was written.

    ``name`` is the file or row; ``object_ids`` are the objects that cannot be read any more.
    """

    kind: Literal["missing", "damaged", "index", "reference", "database"]
    name: str
    message: str
    object_ids: list[ObjectId] = Field(default_factory=list)


class Inspection(Schema):
    """What was looked at, and what is wrong with it; ``size_bytes`` is what was read."""

    objects: int
    files: int
    size_bytes: int
    problems: list[Problem]


class Erasure(Schema):
    """That an object was removed at someone's request, and by which names it was known."""

    object_id: ObjectId
    erased_at: Timestamp
    author: str
    reason: str
    paths: list[str]


class Removed(Schema):
    """What was removed, or would be: ``size_bytes`` are those of the objects as stored."""

    objects: int = 0
    size_bytes: int = 0


class Compressed(Schema):
    """What was compressed, or would be: bytes before and after, the latter judged by samples.

    ``damaged`` counts the objects that cannot be read.
    """

    objects: int
    size_bytes: int
    stored_bytes: int
    damaged: int


class Leftover(Schema):
    """A file of the store that no row names."""

    name: str
    size_bytes: int


class TreeEntry(Schema):
    """A file of a tree; ``path`` is relative to the folder, with ``/``."""

    path: str = Field(min_length=1)
    object_id: ObjectId = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(ge=0)
    executable: bool


class Tree(Schema):
    """A folder's files by path. Empty folders and file times are not kept."""

    kind: Literal["tree"] = "tree"
    version: Literal[1] = 1
    entries: list[TreeEntry]

    @property
    def size_bytes(self) -> int:
        """The sum of the files' sizes."""
        return sum(entry.size for entry in self.entries)
