"""What R code says of itself without being parsed: literals that it assigns, files that it names.

Enough to tell settings from results, and to guess what was read and written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Literal = bool | int | float | str

_LINE = re.compile(
    r"""^\s*([A-Za-z.][\w.]*)\s*(?:<-|=)\s*
    (?:(TRUE|FALSE)|(-?\d+)L|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|"([^"\\]*)"|'([^'\\]*)')
    \s*;?\s*(?:\#.*)?$""",
    re.VERBOSE,
)


def literals(source: str) -> dict[str, Literal]:
    """Return the names that lines of ``source`` bind to a literal of one value."""
    found: dict[str, Literal] = {}
    for line in source.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name, truth, whole, number, *texts = match.groups()
        if truth:
            found[name] = truth == "TRUE"
        elif whole:
            found[name] = int(whole)
        elif number:
            found[name] = float(number)
        else:
            found[name] = next(text for text in texts if text is not None)
    return found


class NamedText(NamedTuple):
    """A text in code that may be the path of a file, and whether a call around it writes."""

    text: str
    written: bool


_TOKEN = re.compile(
    r"""\#[^\n]*|"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'
    |(?P<call>[A-Za-z.][\w.]*)?\s*(?P<open>[(])|(?P<close>[)])""",
    re.VERBOSE | re.DOTALL,
)
_WRITING = re.compile(
    r"write|save|export|dump|dput|sink|cat$|fwrite|ggsave|pdf$|png$|jpe?g$|svg$|tiff$|bmp$"
)


def named_texts(source: str) -> Iterator[NamedText]:
    """Give the texts in R code; what ``file.path`` joins is one."""
    calls: list[tuple[str, list[str]]] = []

    def found(text: str) -> Iterator[NamedText]:
        if calls and calls[-1][0] == "file.path":
            calls[-1][1].append(text)
        else:
            yield NamedText(text, any(_WRITING.match(name) for name, _ in calls))

    for match in _TOKEN.finditer(source):
        text = match["double"] if match["double"] is not None else match["single"]
        if match["open"]:
            calls.append((match["call"] or "", []))
        elif match["close"] and calls:
            name, parts = calls.pop()
            if name == "file.path":
                yield from found("/".join(parts))
        elif text is not None and "\\" not in text:
            yield from found(text)
