"""The literals that R code assigns, read line by line: enough to tell settings from results."""

from __future__ import annotations

import re

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
