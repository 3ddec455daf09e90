"""Cells of two notebooks: what is which, whatever was done to them."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.comparison import matching, outline
from jupyter_mlops.comparison.matching import match
from jupyter_mlops.comparison.outline import Cell
from jupyter_mlops.core.errors import InvalidInputError, StoreUnavailableError
from jupyter_mlops.snapshots import parsing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def cells(*names: str, ids: bool = True) -> list[Cell]:
    """Make cells from ``id:source`` or ``source``, which then is the id too."""
    made = []
    for name in names:
        cell_id, _, source = name.partition(":")
        made.append(Cell(cell_id if ids else None, "code", name, source or cell_id, ""))
    return made


def changes(base: list[Cell], other: list[Cell]) -> list[tuple[int | None, int | None, str]]:
    return [(pair.base, pair.other, " ".join(pair.changes)) for pair in match(base, other)]


def test_cells_are_matched_by_id() -> None:
    found = changes(cells("a", "b:1", "c"), cells("a", "b:2", "d", "c"))
    assert found == [(0, 0, ""), (1, 1, "edited"), (None, 2, "added"), (2, 3, "")]


def test_a_pasted_cell_is_matched_by_its_source() -> None:
    assert changes(cells("a:x", "b:y"), cells("b:y", "new:x")) == [(1, 0, "moved"), (0, 1, "")]


def test_a_removed_cell_stands_where_it_was() -> None:
    found = changes(cells("a", "b", "c"), cells("c"))
    assert found == [(0, None, "removed"), (1, None, "removed"), (2, 0, "")]
    found = changes(cells("a", "b", "c"), cells("a", "c"))
    assert found == [(0, 0, ""), (1, None, "removed"), (2, 1, "")]


def test_without_ids_an_edited_cell_is_known_by_its_place() -> None:
    found = changes(cells("a", "b", "c", ids=False), cells("a", "B", "c", ids=False))
    assert found == [(0, 0, ""), (1, 1, "edited"), (2, 2, "")]


def test_with_ids_another_cell_at_the_same_place_is_another_cell() -> None:
    assert [c for *_, c in changes(cells("a", "b"), cells("a", "x"))] == ["", "removed", "added"]


def test_ids_that_are_there_twice_say_nothing() -> None:
    found = changes(cells("a:1", "a:2"), cells("a:2", "a:1"))
    assert sorted(found)[0][:2] == (0, 1)


@pytest.mark.parametrize("ids", [True, False])
def test_an_edited_cell_is_known_after_one_that_took_others_along(ids: bool) -> None:
    names = [f"same:{at}" for at in range(6)] if ids else list("abcdef")
    moved = [names[at] for at in (0, 1, 4, 2, 3)] + ["same:edited"]
    assert changes(cells(*names, ids=ids), cells(*moved, ids=ids)) == [
        (0, 0, ""),
        (1, 1, ""),
        (4, 2, "moved"),
        (2, 3, ""),
        (3, 4, ""),
        (5, 5, "edited"),
    ]


def test_outputs_and_type_are_compared() -> None:
    base = Cell("a", "code", "", "x", "one")
    assert changes([base], [base._replace(outputs="two")]) == [(0, 0, "outputs")]
    assert changes([base], [base._replace(cell_type="markdown")]) == [(0, 0, "edited")]


@given(
    st.lists(st.tuples(st.sampled_from([None, *"abcdef"]), st.sampled_from("xyz"))),
    st.lists(st.tuples(st.sampled_from([None, *"abcdef"]), st.sampled_from("xyz"))),
)
def test_each_cell_stands_in_one_pair(
    left: list[tuple[str | None, str]], right: list[tuple[str | None, str]]
) -> None:
    base, other = ([Cell(i, "code", s, s, "") for i, s in side] for side in (left, right))
    pairs = match(base, other)
    assert sorted(p.base for p in pairs if p.base is not None) == list(range(len(base)))
    assert [p.other for p in pairs if p.other is not None] == list(range(len(other)))
    for pair in pairs:
        assert ("removed" in pair.changes) == (pair.other is None)
        assert ("added" in pair.changes) == (pair.base is None)
    steady = [p.base for p in pairs if not {"moved", "added", "removed"} & set(p.changes)]
    assert steady == sorted(steady, key=lambda at: at or 0)


@given(st.lists(st.text(), unique=True), st.randoms())
def test_a_shuffled_notebook_has_the_same_cells(sources: list[str], random: Any) -> None:
    base = [Cell(None, "code", "", source, "") for source in sources]
    other = list(base)
    random.shuffle(other)
    assert {word for pair in match(base, other) for word in pair.changes} <= {"moved"}
    assert [pair.changes for pair in match(base, base)] == [[]] * len(base)


def test_time_grows_with_the_cells_and_not_with_their_square() -> None:
    def seconds(count: int) -> float:
        base = cells(*(f"i{at}:{at % 7}" for at in range(count)))
        other = cells(*(f"j{at}:{at % 7}" for at in reversed(range(count))))
        started = time.thread_time()  # what else the machine does is not counted
        match(base, other)
        return time.thread_time() - started

    seconds(1_000)
    small = min(seconds(1_000) for _ in range(3))
    assert seconds(100_000) < 1_000 * small  # by squares: 10,000


def test_time_grows_with_the_cells_where_places_alone_tell() -> None:
    def seconds(count: int) -> float:
        base = cells(*(f"{at}" for at in range(count)), ids=False)
        # what is edited follows what was last before, so all that is taken is passed again
        other = cells(*(str(count - 1 - at) for at in range(0, count, 2)), ids=False)
        other += cells(*(f"new {at}" for at in range(count // 2)), ids=False)
        started = time.thread_time()
        match(base, other)
        return time.thread_time() - started

    small = min(seconds(1_000) for _ in range(3))
    assert seconds(100_000) < 1_000 * small


def notebook(*items: dict[str, Any], **metadata: Any) -> bytes:
    return json.dumps({"cells": items, "metadata": metadata, "nbformat": 4}).encode()


def code(source: str | list[str], *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), **more}


def stream(text: str | list[str], name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def data(execution_count: int = 1, **values: Any) -> dict[str, Any]:
    bundle = {name.replace("_", "/"): value for name, value in values.items()}
    return {"output_type": "execute_result", "data": bundle, "execution_count": execution_count}


def outlined(stored: bytes) -> list[Cell]:
    return outline.rows(whole([stored[:100], stored[100:]], len(stored)))


def whole(chunks: Iterable[bytes], size: int, most: int | None = None) -> dict[str, Any]:
    return dict(json.loads(b"".join(parsing.document((chunks, size), most))))


def cell_of(stored: bytes, index: int) -> Any:
    return json.loads(b"".join(parsing.answer([([stored], len(stored))], outline.cell, index)))


def outputs_of(*outputs: dict[str, Any]) -> str:
    return outlined(notebook(code("", *outputs)))[0].outputs


def test_what_differs_without_meaning_is_the_same() -> None:
    assert outputs_of(stream("a\n"), stream("b\n")) == outputs_of(stream(["a\n", "b\n"]))
    plain = outputs_of(data(text_plain="<Axes at 0x7f00aa11bb22>"))
    assert plain == outputs_of(data(2, text_plain=["<Axes at 0x7f00cc33dd44>"]))
    error = {"output_type": "error", "ename": "E", "evalue": "x"}
    assert outputs_of({**error, "traceback": ["1"]}) == outputs_of({**error, "traceback": ["2"]})


def test_what_differs_with_meaning_is_not() -> None:
    found = {
        outputs_of(),
        outputs_of(stream("a")),
        outputs_of(stream("a", "stderr")),
        outputs_of(data(text_plain="a")),
        outputs_of(data(text_html="a")),
        outputs_of(data(text_html="<a href=0x1234567>")),
        outputs_of(data(text_html="<a href=0x1234568>")),
    }
    assert len(found) == 7


def test_an_outline_and_a_cell() -> None:
    stored = notebook(
        {"cell_type": "markdown", "source": ["\n", "# 제목\n", "text"], "id": "m"},
        code("x = 1", data(text_plain=float("nan"))),
    )
    first, second = outlined(stored)
    assert (first.cell_id, first.cell_type, first.title) == ("m", "markdown", "# 제목")
    assert (second.cell_id, second.title) == (None, "x = 1")
    found = cell_of(stored, 0)
    assert (found["cell_type"], found["source"]) == ("markdown", "\n# 제목\ntext")
    assert cell_of(stored, 2) is None


def test_the_cell_that_papermill_adds_is_the_same_in_each_run() -> None:
    tags = {"tags": ["injected-parameters"]}
    base, other = (
        outlined(notebook(code(f"depth = {at}", id=f"id{at}", metadata=tags))) for at in range(2)
    )
    assert changes(base, other) == [(0, 0, "edited")]


def test_a_large_notebook_is_parsed_elsewhere() -> None:
    small = code("y = 2", stream("한글"), id="a")
    large = notebook(small, code("z", stream("x" * 9_000_000)))
    assert outlined(large)[0] == outlined(notebook(small))[0]
    assert cell_of(large, 0) == cell_of(notebook(small), 0)
    told = cell_of(large, 1)
    assert (told["outputs"], told["outputs_size"] > 9_000_000) == ([], True)
    assert cell_of(large, 2) is None
    with pytest.raises(InvalidInputError):
        outlined(b"[" + b" " * 9_000_000)


@pytest.mark.parametrize("size", [10, 9_000_000])
def test_large_outputs_are_left_out_and_told(size: int) -> None:
    stored = notebook(
        code("a", stream("x" * size), id="a", metadata={"tags": ["t"]}),
        code("b", stream("한글"), data(text_plain=float("nan")), id="b"),
        {"cell_type": "markdown", "source": "c"},
    )
    everything = whole([stored], len(stored))
    assert everything["cells"][0] == json.loads(stored)["cells"][0]
    assert everything["cells"][1]["outputs"][1]["data"] == {"text/plain": None}
    first, *others = whole([stored], len(stored), 1000)["cells"]
    if size < 1000:
        assert [first, *others] == everything["cells"]
    else:
        assert (first["outputs"], others) == ([], everything["cells"][1:])
        assert first["metadata"]["tags"] == ["t"]
        assert size < first["metadata"][parsing.LEFT_OUT] < size + 100
    nothing = parsing.without_outputs(([stored], len(stored)))
    assert [cell.get("outputs") for cell in nothing["cells"]] == [[], [], None]


@pytest.mark.parametrize("size", [10, 9_000_000])
def test_half_a_character_is_no_obstacle(size: int) -> None:
    stored = notebook(code("x", stream("\ud83d" + "x" * size), data(text_plain=1 << 80)))
    text = whole([stored], len(stored))["cells"][0]["outputs"][0]["text"]
    assert text == "?" + "x" * size


def test_large_notebooks_are_matched_elsewhere() -> None:
    base, other = (
        notebook(code("a", stream(text * 9_000_000), id="a"), code("b", id="b")) for text in "xy"
    )
    stored = [([base[:7], base[7:]], len(base)), ([other], len(other))]
    found = json.loads(b"".join(parsing.answer(stored, matching.pairs)))
    assert [(pair["base"], pair["other"], pair["changes"]) for pair in found["items"]] == [
        (0, 0, ["outputs"]),
        (1, 1, []),
    ]


def test_cells_that_are_too_many_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (matching, outline):
        monkeypatch.setattr(module, "MOST_CELLS", 3)
    short, long = (notebook(*(code(f"{at}", id=f"c{at}") for at in range(n))) for n in (2, 5))
    for sides, items in (((short, long), 3), ((long, short), 3), ((short, short), 2)):
        stored = [([one], len(one)) for one in sides]
        found = json.loads(b"".join(parsing.answer(stored, matching.pairs)))
        assert (found["left_out"], len(found["items"])) == (2 if long in sides else 0, items)


def test_a_notebook_of_many_small_pieces_is_parsed_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored = notebook(*(code(f"x = {at}", id=f"c{at}") for at in range(20_000)))
    found = outlined(stored)
    assert [cell.cell_id for cell in found] == [f"c{at}" for at in range(20_000)]
    assert cell_of(stored, 19_999)["source"] == "x = 19999"
    monkeypatch.setattr(parsing, "_SECONDS", 0)
    with pytest.raises(StoreUnavailableError, match="too long"):
        outlined(stored)


def test_what_cannot_be_read_whole_is_not_compared() -> None:
    def broken() -> Iterator[bytes]:
        yield b'{"cells": ['
        raise StoreUnavailableError("damaged")

    with pytest.raises(StoreUnavailableError, match="damaged"):
        whole(broken(), 9_000_000)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"cells": 1}', b"\xff"])
def test_what_is_no_notebook_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        outlined(content)
