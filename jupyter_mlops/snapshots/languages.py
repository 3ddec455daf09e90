"""What a grade needs to know of a language: what an execution reads, and what hides that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from ..analysis import names, r_effects
from ..analysis.effects import steps_of, steps_until
from ..analysis.flow import Machine
from ..analysis.r_flow import RMachine
from ..analysis.r_tree import Code
from ..analysis.source import is_empty, is_same

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ..analysis.namespace import Execution, Namespace
    from ..kernels.schemas import CellRun, RCode


_UNREADABLE = "is no {} that can be read, so nobody knows what it did"


class Follower(Protocol):
    """Follows executions, in whatever order, in a namespace of tokens.

    ``hidden`` says why the last execution cannot be followed, if so.
    """

    hidden: str | None

    @property
    def names(self) -> Namespace:
        """The namespace."""

    def begin(self, run: CellRun, number: int) -> Execution:
        """Run what an execution has done: all of its code, or as much of it as it came to."""


class Language(Protocol):
    """How the code of cells is read; ``tells_what_shows``: and which executions show nothing."""

    tells_what_shows: ClassVar[bool]

    def follower(self) -> Follower:
        """Return one that has followed nothing yet."""

    def is_empty(self, source: str) -> bool:
        """Tell whether a cell does nothing."""

    def is_same(self, left: str, right: str) -> bool:
        """Tell whether two sources are the same code."""

    def loops(self, source: str) -> Iterable[str]:
        """Return the variables of loops, which are no results."""


@dataclass(frozen=True)
class Python:
    """Python as IPython runs it; ``local`` are the modules that belong to the project."""

    local: Collection[str] = ()
    tells_what_shows: ClassVar[bool] = True

    def follower(self) -> Follower:
        """See ``Language``."""
        return _PythonFollower(frozenset(self.local))

    def is_empty(self, source: str) -> bool:
        """See ``Language``."""
        return is_empty(source)

    def is_same(self, left: str, right: str) -> bool:
        """See ``Language``."""
        return is_same(left, right)

    def loops(self, source: str) -> Iterable[str]:
        """See ``Language``."""
        known = names.of(source)
        return known.loop if known else ()


class _PythonFollower:
    def __init__(self, local: frozenset[str]) -> None:
        self.names = Machine(local)
        self.hidden: str | None = None

    def begin(self, run: CellRun, number: int) -> Execution:
        failed = run.status == "error"
        line = run.failed_line if failed else None
        steps = steps_until(run.source, line) if line is not None else None
        if steps is not None:
            return self.names.begin(steps)
        steps = steps_of(run.source)
        self.hidden = _UNREADABLE.format("Python") if steps is None else None
        return self.names.begin(steps or (), failed=failed)


class R:
    """R, as its own parser took it apart in the kernel."""

    tells_what_shows: ClassVar[bool] = False

    def __init__(self, code: RCode) -> None:
        self._code = Code(**code.model_dump())

    def follower(self) -> Follower:
        """See ``Language``."""
        return _RFollower(self._code)

    def is_empty(self, source: str) -> bool:
        """See ``Language``."""
        return all(line.lstrip()[:1] in {"", "#"} for line in source.splitlines())

    def is_same(self, left: str, right: str) -> bool:
        """See ``Language``."""
        return left.strip() == right.strip()

    def loops(self, source: str) -> Iterable[str]:
        """See ``Language``."""
        return r_effects.loops(self._code.tree(source) or ())


class _RFollower:
    def __init__(self, code: Code) -> None:
        self._code = code
        self.names = RMachine(code.functions, code.rich)
        self.hidden: str | None = None

    def begin(self, run: CellRun, number: int) -> Execution:
        trees = self._code.tree(run.source)
        failed = run.status == "error"
        drew = self._code.drew[number]
        execution = self.names.begin(r_effects.steps_of(trees or ()), failed=failed, drew=drew)
        # what R could not parse, it did not run
        is_read = failed or trees is not None
        self.hidden = self.names.hidden if is_read else _UNREADABLE.format("R")
        return execution
