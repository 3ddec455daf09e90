"""Runs the steps of cells in R on tokens in place of values; see ``flow.py``, which does Python's.

R copies a value that is changed, so no two names share one. What breaks that (environments,
connections, ``<<-``) or cannot be followed is noted in ``hidden``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import r_purity as known
from .namespace import RANDOM, Execution, Namespace
from .r_effects import plain
from .values import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .r_effects import Function, Step

SETTINGS, PACKAGES = "<settings>", "<packages>"
_DEEPEST = 20  # functions within functions that are looked into


class RMachine(Namespace):
    """Runs steps in a namespace of tokens.

    Args:
        functions: the packages that have a function of a name, that first from which R takes it.
        rich: names that were bound to more than data: to what may hold code.
    """

    def __init__(self, functions: Mapping[str, Sequence[str]], rich: Iterable[str]) -> None:
        super().__init__()
        self._functions = functions
        self._rich = frozenset(rich)
        self._code: dict[Node, set[Function]] = {}
        self._attached: list[str] = []
        self._settings: dict[str, None] = {}
        self._world[SETTINGS] = Node("")
        self._world[PACKAGES] = Node("")
        self._drew = self._seeded = False
        self.hidden: str | None = None

    def begin(self, steps: Sequence[Step], *, failed: bool, drew: bool) -> Execution:
        """Run the steps of a cell, and return what it has read; ``hidden`` says what is not known.

        Args:
            steps: what it does.
            failed: it did some of that, nobody knows how much.
            drew: random numbers were drawn, or the seed was set.
        """
        self._now = Execution(unsteady=failed)
        self._uncertain = failed
        self._drew, self._seeded, self.hidden = drew, False, None
        self._drew |= any(plain(step.name) == "set.seed" for step in steps if step.kind == "call")
        for name in list(self.names):
            if self._is_method(name):
                self._read(name, 0)
        for step in steps:
            self._step(step, 0)
        if self._drew and not self._seeded:
            self._draw()
        return self._now

    def _is_method(self, name: str) -> bool:
        """Tell whether R calls a function by itself: ``print.mine`` is what ``print`` does."""
        parts = name.split(".")
        generics = (".".join(parts[:count]) for count in range(1, len(parts)))
        return any(one in self._functions or one in self.names for one in generics) and bool(
            self._is_own(name)
        )

    def _step(self, step: Step, depth: int) -> None:
        if step.name == ".Random.seed":
            self._hide("uses .Random.seed, by which random numbers go back")
        if step.kind in {"read", "value", "dynamic"}:
            self._input(SETTINGS, self._world[SETTINGS])
            self._read(step.name, depth, own=step.own)
            self._given(step)
        elif step.kind == "call":
            self._call(step, depth)
        elif step.kind == "bind":
            self._bound(step)
        elif step.kind == "unbind":
            self._unbound(step)
        elif step.kind == "clear":
            if step.maybe or self._uncertain:
                self._hide("may remove all names")
            self.names = {name: node for name, node in self.names.items() if name[:1] == "."}
        elif step.kind == "attach":
            self._attach(step)
        elif step.kind == "set":
            self._set(step)
        else:
            self._hide(step.name)

    def _hide(self, why: str) -> None:
        self.hidden = self.hidden or why

    # --- names ---

    def _read(self, name: str, depth: int, *, own: bool = False) -> None:
        node = self.names.get(name)
        if node is None:
            return
        if not own and node not in self._now.fresh:
            self._input(name, node)
        for function in self._code.get(node, ()):
            mark = str(function.digest)
            if depth > _DEEPEST:
                self._hide("calls functions in functions, too deep to be followed")
            elif mark not in self._now.applied:
                self._now.applied.add(mark)
                for step in function.steps:
                    self._step(step, depth + 1)

    def _bound(self, step: Step) -> None:
        before = self.names.get(step.name)
        sources = [self.names[name] for name in step.sources if name in self.names]
        node = Node(frozen=True)
        self.names[step.name] = node
        self._touch(node, new=True)
        maybe = step.maybe or self._uncertain
        if step.constant is not None and not maybe:
            node.constant = step.constant
        if step.name in self._rich:
            code = set(step.code).union(*(self._code.get(one, ()) for one in sources))
            self._code[node] = code | (self._code.get(before, set()) if maybe and before else set())
        if maybe and before is not None:  # the old value may have stayed
            node.token, node.base, node.maker = before.token, before.base, before.maker
            self._now.touched[node] = self._now.bindings
            self._now.fresh.discard(node)

    def _unbound(self, step: Step) -> None:
        if step.maybe or self._uncertain:
            self._hide(f"may remove {step.name}")
        self.names.pop(step.name, None)

    # --- calls ---

    def _call(self, step: Step, depth: int) -> None:
        name = step.name
        self._read(name, depth, own=step.own)
        if self._is_own(name):
            return
        package = name.partition("::")[0] if "::" in name else self._package(name)
        name = plain(name)
        if package is None:
            if not self._uncertain:
                self._hide(f"calls {name}(), and the code does not tell what that is")
            return
        self._trust(package, name, f"calls {name}()")
        self._effects(step, package, name)

    def _is_own(self, name: str) -> bool:
        return bool(self._code.get(self.names[name])) if name in self.names else False

    def _package(self, name: str) -> str | None:
        return next(iter(self._functions.get(name, ())), None)

    def _given(self, step: Step) -> None:
        """A function that is given to another is called, or kept for later."""
        if step.kind == "read" or self._is_own(step.name):
            return
        own = step.name in self.names
        package = step.name.partition("::")[0] if "::" in step.name else self._package(step.name)
        if step.kind == "dynamic" and (own or package is None):
            self._hide("calls a function whose name the code does not tell")
        elif not own and package is not None:
            name = plain(step.name)
            self._trust(package, name, f"gives {name}() to another")
            if name in known.ATTACHES | known.SETTINGS:
                self._hide(f"gives {name}() to another, and the code does not tell with what")
            self._effects(step, package, name)

    def _trust(self, package: str, name: str, what: str) -> None:
        if name in known.HIDING:
            self._hide(f"{what}, which {known.HIDING[name]}")
        elif package not in known.TRUSTED:
            self._hide(f"{what} of {package}, of which it is not known what else it changes")

    def _effects(self, step: Step, package: str, name: str) -> None:
        if name == "set.seed":
            self._seed(maybe=step.maybe or step.kind == "value")
            return
        if name in known.QUIET:
            return
        if self._drew and not self._seeded:
            self._draw()
        self._input(SETTINGS, self._world[SETTINGS])
        if package not in known.DEFAULT or len(self._functions.get(name, ())) > 1:
            self._input(PACKAGES, self._world[PACKAGES])
        if known.WRITES.match(name) or step.to_file:
            self._file(writes=True)
        elif known.READS.match(name):
            self._file(writes=False)

    # --- the world ---

    def _seed(self, *, maybe: bool) -> None:
        numbers = self._world[RANDOM]
        if maybe or self._uncertain:
            self._draw()
            self._touch(numbers)
        else:
            self._seeded = True
            self._touch(numbers, new=True)

    def _attach(self, step: Step) -> None:
        if step.name in {*self._attached, *known.DEFAULT}:
            return
        self._attached.append(step.name)
        self._world[PACKAGES].token = str(self._attached)
        if step.name not in known.TRUSTED:
            self._hide(f"attaches {step.name}, of which it is not known what else it changes")
        elif step.maybe or self._uncertain:
            self._hide(f"may attach {step.name}")

    def _set(self, step: Step) -> None:
        made = [name for name in step.sources if name in self.names or known.READS.match(name)]
        if made or step.maybe or self._uncertain:
            self._hide("sets something for all cells, and the code does not tell to what")
        self._settings.pop(step.name, None)
        self._settings[step.name] = None
        self._world[SETTINGS].token = str(list(self._settings))
