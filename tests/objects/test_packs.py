"""What in a pack is compressed: what shrinks, while somebody is free to do it."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from jupyter_mlops.core.database import fetch
from jupyter_mlops.objects import packs, staging, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_mlops.core.database import Database
    from jupyter_mlops.objects.manager import ObjectManager

ROWS = b"12,city 7,19.250,0.125\n"


def rows(number: int, size: int) -> bytes:
    return (b"%d,%s" % (number, ROWS) * size)[:size]


def noise(number: int) -> bytes:
    return random.Random(number).randbytes(5000)  # noqa: S311


def codecs(database: Database, object_ids: Iterable[str]) -> list[str]:
    with database.read() as connection:
        found = fetch(connection, select(store.objects.c.object_id, store.objects.c.codec))
    known = dict(found)
    return [known[object_id] for object_id in object_ids]


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ([rows(0, 5000), noise(0)], ["zstd", "raw"]),
        ([noise(number) for number in range(99)] + [rows(0, 5000)], ["raw"] * 100),
        ([rows(number, 5000) for number in range(99)] + [noise(0)], ["zstd"] * 99 + ["raw"]),
    ],
    ids=["few", "most do not shrink", "most shrink"],
)
def test_of_many_objects_a_few_are_tried_first(
    objects: ObjectManager, database: Database, contents: Sequence[bytes], expected: list[str]
) -> None:
    with objects.batch() as batch:
        ids = [batch.add_bytes(content) for content in contents]
    assert codecs(database, ids) == expected
    assert [objects.read(object_id) for object_id in ids] == contents


def test_while_nobody_is_free_to_compress_what_comes_is_stored_as_it_is(
    objects: ObjectManager, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def slow(*args: object) -> object:
        begun.set()
        assert goes_on.wait(60)
        return packs.compressed(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("jupyter_mlops.objects.places.RemotePlace.is_far", False)
    monkeypatch.setattr(staging, "usable", lambda: 2)
    monkeypatch.setattr(staging, "compressed", slow)
    contents = [rows(number, 1_000_000) for number in range(10)]
    with objects.batch() as batch:
        ids = [batch.add_bytes(content) for content in contents]
        assert begun.wait(60)
        goes_on.set()
    found = codecs(database, ids)
    assert found[:4] == ["zstd"] * 4  # what gathers before it is written
    assert found[4:8] == ["raw"] * 4
    assert [objects.read(object_id) for object_id in ids] == contents
