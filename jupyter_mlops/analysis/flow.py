"""Runs the steps of cells on tokens in place of values.

An execution is a function of its source and of the values that it reads. So two executions of one
source with equal tokens read leave equal tokens. What may come out differently each time (random
numbers without a seed, the clock, files) gets a salt: the execution's own number.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from . import life, purity
from .arguments import are_values, given_to, names_of
from .displays import HANDLED
from .namespace import ANYTHING, FILES, LAST_OUTPUTS, OUTPUTS, RANDOM, SHARING, Execution, Namespace
from .seen import GONE, is_told
from .sharing import NOTHING
from .source import LOOKS, OPAQUE, QUIET, SHELL
from .steps import PARAMETER, Step, Summary, changes_parameters
from .values import Node, code_of, methods_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .sharing import Sources

_SEEDS = re.compile(
    r"^(seed|manual_seed|manual_seed_all|set_seed|set_random_seed|seed_everything)$"
)
_STATES = {"random_state", "seed", "rng", "generator", "key"}
_IN_PLACE = {"inplace", "out"}
_BUILTINS = frozenset(dir(builtins)) | {"display", "get_ipython", SHELL, LOOKS, OPAQUE, QUIET}
_SILENT = (purity.PURE_METHODS | purity.STEADY) - purity.SHOWS
_DEEPEST = 6  # calls within calls that are looked into


class Machine(Namespace):
    """Runs steps in a namespace of tokens.

    Args:
        local: modules of the project, whose functions may do anything to what they are given. Those
            of libraries are trusted to leave their arguments as they are.
    """

    def __init__(self, local: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._local = local

    def begin(self, steps: Sequence[Step], *, failed: bool = False) -> Execution:
        """Run the steps of a cell, and return what it has read.

        Args:
            steps: what it does.
            failed: it did some of that, nobody knows how much.
        """
        self._now = Execution(unsteady=failed)
        self._uncertain = failed
        for step in steps:
            self._step(step, {}, frozenset(), 0)
        self._note_shared()
        return self._now

    def _note_shared(self) -> None:
        """What is read and changed is another thing where it is read and one with what is."""
        touched = self._now.touched
        changed = [name for name, node in self._now.read.items() if touched.get(node) == 0]
        groups = self._groups()
        if changed or groups:
            self._now.inputs[SHARING] = ", ".join([*sorted(changed), *sorted(groups)])

    def _groups(self) -> set[str]:
        """Return the names of what was read and has to do with one and the same object."""
        having: dict[Node, list[str]] = {}
        for name, found in self._now.roots.items():
            for node in found:
                having.setdefault(node, []).append(name)
        return {" ".join(sorted(names)) for names in having.values() if len(names) > 1}

    def _step(
        self, step: Step, given: Mapping[str, Sources], inner: frozenset[str], depth: int
    ) -> None:
        inner |= step.inner
        if step.kind == "read":
            self._read(step.name, inner, depth)
        elif step.kind == "bind":
            self._let_go(step.name, inner, depth)
            self._bind(step, inner)
        elif step.kind == "grow":
            self._grow(step)
        elif step.kind == "change":
            for node in self._nodes_of(step.name, given):
                self._take_in(node, step.sources)
                self._change(node, deep=step.deep)
        elif step.kind == "call":
            self._call(step, given, inner, depth)
        else:
            self._happen(step, inner)

    def _happen(self, step: Step, inner: frozenset[str]) -> None:
        self._now.speaks |= step.kind in {"opaque", "display"}
        if step.kind == "ask":
            self._ask(step.name, inner)
        elif step.kind == "look":
            self._look()
        elif step.kind == "opaque":
            self._has_foreign |= not purity.is_pure_module(step.origin or "")
            self._anything()

    def _read(self, name: str, inner: frozenset[str], depth: int) -> None:
        node = self.names.get(name)
        if name.startswith(PARAMETER):
            return
        if node is None or node.token == GONE:
            if LAST_OUTPUTS.match(name):
                self._input(OUTPUTS, self._world[OUTPUTS])
            elif name not in _BUILTINS and name not in inner:
                self._input(name, self._world[ANYTHING])
            return
        if name not in inner:
            self._input(name, node)
        for summary in code_of(node):
            self._now.speaks |= bool(summary.methods)  # operators may be among them
            self._apply(summary, {}, inner, depth)
            if any(one.implicit and changes_parameters(one) for _, one in summary.methods):
                self._change(node, deep=True)
        self._note_read(node)

    def _ask(self, name: str, inner: frozenset[str]) -> None:
        """Nothing but whether a name stands for something is of any consequence."""
        node = self.names.get(name)
        if (node is None or node.token == GONE) and name not in _BUILTINS and name not in inner:
            self._input(name, self._world[ANYTHING])

    def _let_go(self, name: str, inner: frozenset[str], depth: int) -> None:
        """Who binds a name may end what it stood for, which then does what ``__del__`` says."""
        node = self.names.get(name)
        if node is None or node.frozen or node.origin is not None or node.token == GONE:
            return
        codes = code_of(node) if self._has_ends else ()
        ends = [code for one in codes for method, code in one.methods if method == "__del__"]
        if ends or (life.is_watched(self._modules) and not is_told(node.token)):
            self._input(life.WAS + name, node)
            self._now.speaks = True
        for code in ends:
            self._apply(code, {}, inner, depth)

    def _note_read(self, node: Node) -> None:
        """Note what reading a value does to it, and what it depends on besides."""
        if node.origin is not None and self._is_local(node.origin):
            self._input(FILES, self._world[FILES])  # it may be loaded again
        if life.is_watched(self._modules) and node.origin is None and not node.frozen:
            self._note(life.HAS, [node], life.holders(self.names, node))
        for one in node.reached():
            if one.volatile:
                self._change(one, deep=False)

    def _apply(
        self, summary: Summary, given: Mapping[str, Sources], inner: frozenset[str], depth: int
    ) -> None:
        """Do what a function may do; with no arguments given, what it does to globals."""
        mark = f"{summary.digest}{sorted(given.items()) if given else ''}"
        if depth > _DEEPEST:
            self._anything()
        elif mark not in self._now.applied:
            self._now.applied.add(mark)
            for step in summary.steps:
                self._step(step, given, inner, depth + 1)

    def _call(
        self, step: Step, given: Mapping[str, Sources], inner: frozenset[str], depth: int
    ) -> None:
        arguments = self._nodes(frozenset().union(*(one for _, one in step.arguments)), given)
        receivers = self._nodes(step.receiver, given)
        if step.path[-1:] != () and step.path[-1] in purity.LEAVES_RUNNING:
            self._leave_running([*receivers, *arguments])
        if any(changes_parameters(code) for node in arguments for code in code_of(node)):
            for node in (*arguments, *receivers):
                self._change(node, deep=True)
        self._show(step.shown)
        self._note_life(step.path[-1:], receivers, arguments)
        if step.summary is not None:
            self._apply(step.summary, given_to(step.summary, step, given), inner, depth)
        elif len(step.path) == 1:
            self._call_name(step, given, inner, depth, arguments)
        else:
            self._call_method(step, given, inner, depth, (receivers, arguments))

    def _call_name(
        self,
        step: Step,
        given: Mapping[str, Sources],
        inner: frozenset[str],
        depth: int,
        arguments: list[Node],
    ) -> None:
        name = step.path[0]
        node = self.names.get(name)
        if node is None:
            known = purity.SCALARS | purity.COPIES | purity.PASSING
            self._now.speaks |= name not in known or name in purity.SHOWS
            if name in {"open", LOOKS}:
                self._file(writes=name == "open")
            elif name not in known and name != SHELL:
                self._unknown(arguments)
                if self._has_foreign and name not in _BUILTINS:
                    self._touch(self._world[ANYTHING])
        elif node.code:
            for summary in list(node.code):
                self._run(summary, step, given, inner, depth)
                if summary.cached:
                    self._recall(node, summary)
                if summary.keeps_state and not summary.methods:
                    self._change(node, deep=True)
        elif node.origin is not None:
            module, _, function = node.origin.partition(":")
            self._library(module, function or name, node, step, arguments)
        else:
            self._now.speaks = True
            self._unknown([node, *arguments])

    def _run(
        self,
        summary: Summary,
        step: Step,
        given: Mapping[str, Sources],
        inner: frozenset[str],
        depth: int,
    ) -> None:
        if not summary.methods:
            self._apply(summary, given_to(summary, step, given), inner, depth)
        for name, method in summary.methods:
            if name in {"__init__", "__new__", "__post_init__", "__call__"}:
                # what is made is new, and no name stands for it yet
                made = replace(step, receiver=NOTHING) if name != "__call__" else step
                self._apply(method, given_to(method, made, given, bound=True), inner, depth)

    def _call_method(
        self,
        step: Step,
        given: Mapping[str, Sources],
        inner: frozenset[str],
        depth: int,
        who: tuple[list[Node], list[Node]],
    ) -> None:
        receivers, arguments = who
        method = step.path[-1] if step.path else ""
        own = methods_of(receivers, method)
        if method in purity.RESETS and (own or self._continues() or not are_values(receivers)):
            for name in names_of(step.receiver):
                self._read(name, inner, depth)
        for code in own:
            self._apply(code, given_to(code, step, given, bound=True), inner, depth)
        if own:
            return
        if not step.path or (not receivers and _is_of_builtin(step.path)):
            for node in arguments:  # of what a call returned, or list.append(a, 1)
                self._change(node, deep=True)
        self._now.speaks |= not receivers and method not in _SILENT
        for node in receivers:
            if node.origin is not None:
                module = node.origin.replace(":", ".") + "." + ".".join(step.path[1:-1])
                self._library(module, method, node, step, arguments)
            else:
                self._object(node, method, step, arguments)
        if purity.writes_files(method) or (not receivers and purity.is_unsteady(method)):
            self._file(writes=purity.writes_files(method))

    def _leave_running(self, nodes: Iterable[Node]) -> None:
        """What is changed by something that goes on may be another thing each time it is read."""
        steps = [step for node in nodes for code in code_of(node) for step in code.steps]
        for step in steps:
            changed = names_of(step.receiver) if step.kind == "call" else [step.name]
            for name in changed if step.kind != "read" else ():
                if name in self.names:
                    self.names[name].volatile = purity.Volatile.GROWS

    def _object(self, node: Node, method: str, step: Step, arguments: list[Node]) -> None:
        self._now.speaks |= method not in _SILENT
        in_place = any(name in _IN_PLACE for name, _ in step.arguments)
        shown = {one for inner in node.reached() for one in inner.shown}
        if shown and method in HANDLED:
            self._show(shown)
            if node.shown:
                return
        if method in purity.RESETS and not self._continues():
            self._now.unsteady = True
            if node.base is not None:
                self._now.inputs.setdefault(f"{names_of(step.receiver)} unfitted", node.base)
            for one in node.affected(deep=False):
                self._touch(one, reset=True)
        elif method not in purity.PURE_METHODS or in_place:
            for one in arguments:
                node.hold(one)
            self._change(node, deep=step.deep)
            drawn = purity.RANDOM.match(method)
            self._now.unsteady |= method not in purity.STEADY and not drawn
        elif purity.is_unsteady(method):
            self._file(writes=False)

    def _is_local(self, module: str) -> bool:
        return module.startswith(".") or module.partition(":")[0].partition(".")[0] in self._local

    def _continues(self) -> bool:
        return any(purity.continues(origin) for origin in self._modules)

    def _library(
        self, module: str, function: str, node: Node, step: Step, arguments: list[Node]
    ) -> None:
        self._now.speaks |= not purity.is_silent_module(module) or function in purity.SHOWS
        if _SEEDS.match(function):
            seed = self._world[RANDOM]
            self._touch(seed, new=True)
        elif purity.RANDOM.match(function) and not _STATES & {name for name, _ in step.arguments}:
            self._draw()
        elif self._is_local(module):
            self._unknown([node, *arguments])
        else:
            self._now.unsteady |= not purity.is_pure_module(module)
            is_within = len(step.path) > 2 or step.path[:1] == ("",)  # noqa: PLR2004
            if purity.changes_module(function) or (is_within and purity.ADDS.match(function)):
                self._change(node, deep=False)
        given = [name for name, _ in step.arguments]
        if (
            purity.changes_arguments(function)
            or _IN_PLACE.intersection(given)
            or purity.has_output(module, function, given.count(""))
        ):
            for one in arguments:
                self._change(one, deep=True)
        if purity.is_unsteady(function) or purity.writes_files(function):
            self._file(writes=purity.writes_files(function))


def _is_of_builtin(path: Sequence[str]) -> bool:
    return path[0] in _BUILTINS and path[-1] not in purity.PURE_METHODS
