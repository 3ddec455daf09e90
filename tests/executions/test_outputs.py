"""What is the same in two runs of a cell, and what is said where it is not."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.executions import images
from jupyter_mlops.executions.outputs import difference, pieces

SVG = """<svg><metadata><dc:date>{2}</dc:date></metadata>
<defs>
<path id="{0}" d="M 0 0"/>
<clipPath id="{1}"/>
</defs>
<g clip-path="url(#{1})"><use xlink:href="#{0}" x="1"/></g>
</svg>"""


def stream(text: str | list[str], name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: Any) -> dict[str, Any]:
    bundle = {
        name.replace("__", "/").replace("svg_", "svg+"): content for name, content in data.items()
    }
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def error(name: str, value: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": ["at 0x123456789"]}


def said(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> str | None:
    return difference(pieces(before), pieces(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([stream("a\nb")], [stream("a\n"), stream(["b"])]),
        ([stream("a"), stream("x", "stderr")], [stream("x", "stderr"), stream("a")]),
        ([stream("<f at 0x7f0011223344>")], [stream("<f at 0x7fffffffff00>")]),
        ([stream("/x/ipykernel_17/333.py:1: W")], [stream("/x/ipykernel_9/44.py:1: W")]),
        ([stream("1%\r50%\r100%\n")], [stream("2%\r100%\n")]),
        ([stream("\x1b[31ma\x1b[0m")], [stream("a")]),
        ([error("E", "x")], [error("E", "x")]),
        ([shown(application__json={"a": 1, "b": 2})], [shown(application__json={"b": 2, "a": 1})]),
        (
            [shown(text__html='<style>#T_1 {}</style><table id="T_1"><td>1</td></table>')],
            [shown(text__html='<style>#T_2 {}</style>\n<table id="T_2"><td> 1 </td></table>')],
        ),
        (
            [shown(text__html='<div id="a-1"><a href="#a-1">up</a></div>')],
            [shown(text__html='<div id="a-2"><a href="#a-2">up</a></div>')],
        ),
        (
            [shown(image__svg_xml=SVG.format("m1f", "p2", "2026-11-26"))],
            [shown(image__svg_xml=SVG.format("m9e", "p7", "2027-01-01"))],
        ),
        (
            [{"output_type": "execute_result", "data": {"text/plain": "3"}, "execution_count": 1}],
            [{"output_type": "execute_result", "data": {"text/plain": "3"}, "execution_count": 9}],
        ),
    ],
)
def test_what_is_volatile_by_nature_is_the_same(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    assert said(before, after) is None


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ([stream("a\nb\n")], [stream("a\nc\n")], "prints “c” instead of “b” in line 2"),
        ([stream("1 0x12")], [stream("1 0x13")], "prints “1 0x13” instead of “1 0x12”"),
        ([], [stream("a")], "also prints “a”"),
        ([shown(text__plain="3")], [], "no longer shows “3”"),
        ([error("E", "x")], [error("E", "y")], "raises “E: y” instead of “E: x”"),
        ([stream("a")], [error("E", "y")], "raises “E: y” where it prints “a”"),
        ([shown(application__json=[1])], [shown(application__json=[2])], "shows “[2]” instead"),
        ([shown(text__html="<b>1</b>")], [shown(text__html="<b>2</b>")], "“2” instead of “1”"),
        (
            [shown(text__html='<p id="a"/><a href="#a">1</a>')],
            [shown(text__html='<p id="a"/><a href="#b">1</a>')],
            "“<a href=#b>” instead of “<a href=#id0>”",
        ),
        (
            [shown(image__svg_xml=SVG.format("m1", "p2", ""))],
            [shown(image__svg_xml=SVG.replace("M 0 0", "M 0 1").format("m1", "p2", ""))],
            '“<path id="id0" d="M 0 1"/>” instead of',
        ),
        ([shown(image__jpeg="eHg=")], [shown(image__jpeg="eXk=")], "shows another image"),
    ],
)
def test_what_differs_is_said(
    before: list[dict[str, Any]], after: list[dict[str, Any]], sentence: str
) -> None:
    assert sentence in (said(before, after) or "")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("line", ["x" * 5_000_000, "/" * 1_000_000, "/ipykernel_1/2" * 100_000])
def test_a_line_may_be_long(line: str) -> None:
    assert said([stream(f"{line}\n1%\r2%")], [stream(f"{line}\n2%")]) is None


def test_names_of_scratch_folders_are_replaced() -> None:
    before = pieces([stream("/home/me/x")])
    after = pieces([stream("/scratch/1/x")], lambda text: text.replace("/scratch/1", "/home/me"))
    assert difference(before, after) is None


def png(rows: list[list[int]], *, filters: list[int], text: bytes = b"") -> bytes:
    """Encode rows of grey pixels, each row with a filter of its own."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", check)

    raw = b""
    above = [0] * len(rows[0])
    for row, kind in zip(rows, filters, strict=True):
        left = [0, *row]
        corner = [0, *above]
        predicted = [
            [0, left[i], above[i], (left[i] + above[i]) // 2, paeth(left[i], above[i], corner[i])][
                kind
            ]
            for i in range(len(row))
        ]
        raw += bytes([kind, *((a - b) % 256 for a, b in zip(row, predicted, strict=True))])
        above = row
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"tEXt", text), chunk(b"IDAT", zlib.compress(raw))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda value: abs(estimate - value))


pictures = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 255), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


@given(pictures, st.data())
def test_images_are_compared_by_pixels(rows: list[list[int]], data: st.DataObject) -> None:
    kinds = st.lists(st.integers(0, 4), min_size=len(rows), max_size=len(rows))
    one = png(rows, filters=data.draw(kinds), text=b"made\0today")
    other = png(rows, filters=data.draw(kinds), text=b"made\0tomorrow")
    assert images.difference(one, other) is None
    decoded = images.decode(one)
    assert decoded is not None
    assert list(decoded.data) == [value for row in rows for value in row]

    changed = [list(row) for row in rows]
    changed[-1][-1] = (changed[-1][-1] + 1) % 256
    share = 1 / (len(rows) * len(rows[0]))
    answer = images.difference(one, png(changed, filters=[0] * len(rows)))
    assert answer == f"an image with {share:.2%} of its pixels changed"


@given(st.binary(max_size=60))
def test_no_bytes_break_the_comparison(data: bytes) -> None:
    valid = png([[1, 2]], filters=[0])
    for broken in (data, b"\x89PNG\r\n\x1a\n" + data, valid[:45] + data):
        assert broken == valid or images.difference(valid, broken) is not None


def test_sizes_are_told() -> None:
    one, other = png([[1, 2]], filters=[0]), png([[1]], filters=[0])
    assert images.difference(one, other) == "an image of 1 by 1 instead of 2 by 1 pixels"


def test_an_image_among_outputs() -> None:
    before = shown(image__png=base64.b64encode(png([[1, 2]], filters=[0])).decode())
    after = shown(image__png=base64.b64encode(png([[1, 3]], filters=[1])).decode())
    assert said([before], [before]) is None
    assert said([before], [after]) == "shows an image with 50.00% of its pixels changed"
