"""What a kernel saw of its values after each execution, as tokens.

The analysis says what an execution may change; the kernel, of values that it can read, what they
were afterwards. So equal tokens are found for values that came about in different ways, and changes
that the code hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .values import Token

GONE = "gone"
"""The token of what a name stood for that stands for nothing any more."""


class SeenValues:
    """Learns from the executions in the order they ran, and then knows what they leave."""

    def __init__(self) -> None:
        self._now: dict[str, str] = {}
        self._contents: dict[str, str] = {}  # as they were known last
        self._changed: dict[int, list[str]] = {}
        self._new: dict[int, list[str]] = {}
        self._settled: dict[tuple[int | None, str, Token | None], Token] = {}
        self._learns = True

    def take(self, number: int, values: Mapping[str, str | None] | None) -> None:
        """Take in what the kernel told after an execution; None: it could not tell."""
        if values is None:
            self._now.clear()
        changed, new = [], []
        for name, digest in sorted((values or {}).items()):
            if digest is None:
                self._now.pop(name, None)
                continue
            self._now[name] = digest
            content = digest.partition("/")[0]
            before = self._contents.get(name)
            self._contents[name] = content
            if before is None:
                new.append(name)
            elif before != content:
                changed.append(name)
        self._changed[number], self._new[number] = changed, new

    def stop(self) -> None:
        """Learn no more: what comes now is not what the kernel ran."""
        self._learns = False

    def changed(self, number: int) -> list[str]:
        """Name what an execution has changed for certain."""
        return self._changed.get(number, [])

    def new(self, number: int) -> list[str]:
        """Name of what something was known for the first time after an execution."""
        return self._new.get(number, [])

    def settled(
        self, number: int, name: str, derived: Token, bound: Token | None, *, made: bool
    ) -> Token:
        """Return the token of what an execution left, given what the analysis makes of it.

        Args:
            number: of the execution.
            name: what is looked at.
            derived: what the analysis makes of it.
            bound: stands for what the execution bound the name to, if it did.
            made: there was nothing that the name stood for before.
        """
        if not self._learns:
            for key in ((number, name, derived), (number, name, bound), (None, name, derived)):
                if key in self._settled:
                    return self._settled[key]
            return derived
        digest = self._now.get(name)
        if digest is None or (digest and "/" not in digest):
            return derived
        token = f"={digest}" if digest else GONE
        self._settled[number, name, derived] = token
        if bound is not None and (made or name in self._changed[number]):
            self._settled[number, name, bound] = token
        if self._settled.setdefault((None, name, derived), token) != token:
            self._settled[None, name, derived] = derived  # the analysis has overlooked something
        return token


def is_told(token: Token | None) -> bool:
    """Tell whether a token is what the kernel told, with all who have the value."""
    return isinstance(token, str) and token[:1] == "="


def content_of(token: Token | None) -> Token | None:
    """Return a token without what it tells of who else has the value."""
    return token.partition("/")[0] if isinstance(token, str) and is_told(token) else token
