"""A namespace in which values are tokens: what names stand for, and what an execution touches."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import life, purity
from .purity import Volatile, returned_from
from .seen import GONE, SeenValues, content_of, is_told
from .source import SHELL
from .steps import PARAMETER, Step
from .values import Node, Token, code_of, roots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .displays import Shown
    from .sharing import Sources
    from .steps import Summary

RANDOM, FILES, OUTPUTS, ANYTHING = "<random>", "<files>", "<outputs>", "<anything>"
SHARING, CACHED = "<sharing>", "<cached> "
LAST_OUTPUTS = re.compile(r"^(_{1,3}|_\d+|_i+\d*|_[oid]h|Out|In)$")
_UNSEEDED = "unseeded"


@dataclass
class Execution:
    """One execution in progress: what it has read, and what it has touched.

    ``touched`` tells of what it has bound a name to which of its bindings that was, from 1; of what
    it has only changed 0.
    """

    inputs: dict[str, Token] = field(default_factory=dict)
    unsteady: bool = False
    touched: dict[Node, int] = field(default_factory=dict)
    bindings: int = 0
    fresh: set[Node] = field(default_factory=set)
    reset: set[Node] = field(default_factory=set)
    altered: set[Node] = field(default_factory=set)
    speaks: bool = False
    applied: set[str] = field(default_factory=set)
    read: dict[str, Node] = field(default_factory=dict)
    roots: dict[str, set[Node]] = field(default_factory=dict)


class Namespace:
    """Names, the objects that they stand for, and the world around: files, random numbers."""

    def __init__(self) -> None:
        self.names: dict[str, Node] = {}
        self._modules: dict[str, Node] = {}
        self._world = {
            RANDOM: Node(_UNSEEDED, _UNSEEDED),
            FILES: Node("files", "files"),
            OUTPUTS: Node("outputs", "outputs"),
            ANYTHING: Node("anything", "anything"),
        }
        self.displays: dict[Shown, Node] = {}  # what each last change of them has left
        self._has_ends = False  # classes that say what their objects do in the end
        self._mixtures = 0
        self._has_foreign = False  # names of which the code does not say what they are
        self._now = Execution()
        self._uncertain = False
        self.seen = SeenValues()

    def commit(self, execution: Execution, source: str, salt: object, number: int) -> None:
        """Give what an execution has touched its tokens, by what it has read."""
        key = hash((source.strip(), tuple(sorted(execution.inputs.items(), key=repr))))
        if execution.unsteady:
            key = hash((key, salt))
        self._add_hidden(execution, number)
        names = {node: name for name, node in self.names.items()}
        for node, ordinal in execution.touched.items():
            node.writer = number
            maker = (key, ordinal)
            token = _derived(node, execution, maker)
            if node in names:
                is_new = ordinal and node not in execution.altered
                bound = hash(("bound", maker)) if is_new else None
                made = node in execution.fresh
                token = self.seen.settled(number, names[node], token, bound, made=made)
            node.token = token
            if node not in execution.reset:
                node.base = node.token
        last = self._world[OUTPUTS]
        last.token = hash((last.token, key))

    def _add_hidden(self, execution: Execution, number: int) -> None:
        """Add what has changed without the code saying so."""
        new = [name for name in self.seen.new(number) if name not in self.names]
        for name in (*self.seen.changed(number), *new):
            node = self.names.setdefault(name, Node())
            execution.touched.setdefault(node, 0)

    def results(self) -> dict[str, Token | None]:
        """Return the tokens of all values that are no code, and can be read more than once."""
        return {
            name: content_of(node.token)
            for name, node in self.names.items()
            if node.token != GONE and not node.definition and node.volatile != Volatile.USED_UP
        }

    def writer(self, name: str) -> int | None:
        """Return the number of the execution that last touched a name's value."""
        return self.names[name].writer if name in self.names else None

    def _nodes_of(self, name: str, given: Mapping[str, Sources]) -> list[Node]:
        if name == SHELL:
            self._file(writes=True)
            return [self._world[FILES]]
        if name.startswith(PARAMETER):
            return [
                node for source in given.get(name, ()) for node in self._nodes_of(source.name, {})
            ]
        if name not in self.names and LAST_OUTPUTS.match(name):
            return list(self.names.values())  # whatever some cell has displayed
        return [self.names[name]] if name in self.names else []

    def _nodes(self, sources: Sources, given: Mapping[str, Sources]) -> list[Node]:
        return [node for source in sources for node in self._nodes_of(source.name, given)]

    def _input(self, name: str, node: Node) -> None:
        if node.token is not None:
            self._now.inputs.setdefault(name, node.token)
            if name not in self._now.read:
                self._now.read[name] = node
                if name in self.names and not is_told(node.token):
                    self._now.roots[name] = roots(node)

    def _touch(self, node: Node, *, new: bool = False, reset: bool = False) -> None:
        if new:
            self._now.bindings += 1
            self._now.touched[node] = self._now.bindings
            self._now.fresh.add(node)
        self._now.touched.setdefault(node, 0)
        if reset and node not in self._now.fresh:
            self._now.reset.add(node)
        elif not reset:
            self._now.reset.discard(node)

    def _change(self, node: Node, *, deep: bool) -> None:
        if not node.frozen:
            affected = node.affected(deep=deep)
            self._now.altered |= affected
            for one in affected:
                self._touch(one)

    def _bind(self, step: Step, inner: frozenset[str]) -> None:
        if step.origin is not None:
            self.names[step.name] = self._modules.setdefault(
                step.origin,
                Node(f"module {step.origin}", f"module {step.origin}", origin=step.origin),
            )
            return
        node = Node()
        condition = step.frozen_if
        node.frozen = condition is not None and all(
            name in self.names and self.names[name].frozen for name in condition
        )
        node.volatile = step.volatile
        node.shown = step.shown
        if not (step.maybe or self._uncertain):
            node.constant = step.constant
        if not node.frozen:
            self._link(node, step.sources)
        before = self.names.get(step.name)
        self.names[step.name] = node
        self._touch(node, new=True)
        if step.summary is not None:
            node.code.add(step.summary)
            node.definition = True
            self._has_ends |= any(name == "__del__" for name, _ in step.summary.methods)
            node.classes |= {node} if step.summary.is_class else set()
            if not step.sources and not step.summary.keeps_state:
                node.token = node.base = f"def {hash(step.summary.digest)}"
                del self._now.touched[node]
        if (step.maybe or self._uncertain) and before is not None:
            # the old value may have stayed
            node.token, node.base = before.token, before.base
            node.maker = before.maker
            self._now.touched[node] = self._now.bindings
            self._now.fresh.discard(node)
            frozen, node.frozen = node.frozen and before.frozen, False
            node.share(before)
            if before in self._now.altered:
                self._now.altered.add(node)
            node.frozen = frozen
            node.volatile = max(node.volatile, before.volatile)
            node.code |= before.code

    def _link(self, node: Node, sources: Sources) -> None:
        for name, kind in sources:
            if name in purity.OPAQUE and name not in self.names:
                node.share(self._world[ANYTHING])
            for other in self._nodes_of(name, {}):
                if kind == "same" and not node.volatile:
                    node.share(other)
                elif kind in {"same", "holds"}:
                    node.hold(other)
                elif kind == "elements":
                    node.take_elements(other)
                else:
                    self._link_result(node, other)

    def _take_in(self, node: Node, sources: Sources) -> None:
        """Note that something is put into an object."""
        before = node.volatile
        self._link(node, sources)
        if node.volatile != before:  # by what it has got, not as a whole
            node.volatile = Volatile.GROWS

    def _link_result(self, node: Node, callee: Node) -> None:
        """A result may be anything that its function knows of."""
        node.volatile = max(node.volatile, callee.volatile, returned_from(callee.origin or ""))
        for summary in code_of(callee):
            node.volatile = max(node.volatile, summary.gives_volatile)
            for step in summary.steps:
                node.shown |= step.shown
                if step.name in self.names:
                    node.share(self.names[step.name])
        node.classes |= callee.classes
        if callee.code:
            callee.up.add(node)  # what is changed of a class changes for what it has made
            node.code |= callee.code
            if any(summary.keeps_state for summary in callee.code):
                node.share(callee)
        elif callee.origin is None:
            node.share(callee)

    def _grow(self, step: Step) -> None:
        node = self.names.get(step.name)
        if node is None or node.frozen:
            self._bind(step, frozenset())
            return
        self._link(node, step.sources)
        self._change(node, deep=False)

    def _anything(self) -> None:
        self._now.unsteady = self._now.speaks = True
        self._look()
        for node in (*self.names.values(), *self._world.values()):
            self._touch(node)
        for node in self.names.values():
            self._world[ANYTHING].share(node)
            node.constant = None  # it may have been bound to something else

    def _look(self) -> None:
        """Take all that there is for read."""
        everything = {**self.names, **self._world}
        self._now.inputs[ANYTHING] = hash(
            tuple((name, everything[name].token) for name in sorted(everything))
        )

    def _draw(self) -> None:
        numbers = self._world[RANDOM]
        if numbers.token == _UNSEEDED and numbers not in self._now.touched:
            self._now.unsteady = True
            return
        if numbers not in self._now.fresh:
            self._input(RANDOM, numbers)
        self._touch(numbers)

    def _show(self, shown: Iterable[Shown]) -> None:
        """Note what outputs with an id are changed, or made anew."""
        for one in shown:
            self._now.speaks = True
            if not one.updates:
                self.displays.setdefault(one, Node())
            for other, node in self.displays.items():
                if other == one or (one.updates and one.concerns(other)):
                    self._touch(node, new=True)

    def _note(self, what: str, nodes: Iterable[Node], found: int) -> None:
        """Note what an execution has found out about some objects, by all their names."""
        known = sorted(name for name, node in self.names.items() if node in nodes)
        self._now.inputs.setdefault(f"{what}{', '.join(known)}", found)

    def _note_life(
        self, path: tuple[str, ...], receivers: list[Node], arguments: list[Node]
    ) -> None:
        """Note what functions find out that tell objects apart, or count who has them."""
        if path == ("id",):
            self._note(life.ID, arguments, life.births(arguments))
        elif path == ("__subclasses__",):
            self._note(life.MADE, receivers, life.offspring(receivers))
        elif life.COUNTS.issuperset(path):
            for one in arguments if path else ():
                self._note(life.HAS, [one], life.holders(self.names, one))

    def _recall(self, node: Node, summary: Summary) -> None:
        """Note the call of a function whose results are kept: they are not what it finds now."""
        reads = {step.name for step in summary.steps if step.kind == "read"} & self.names.keys()
        found = {name: self.names[name] for name in sorted(reads)}
        new = any(one in self._now.touched and one.constant is None for one in found.values())
        now = hash(tuple((name, one.constant or one.token) for name, one in found.items()))
        if node.cached is None and not new:
            node.cached = now
        elif node.cached != now or new:
            self._mixtures += 1
            self._now.inputs[f"{CACHED}{node.writer}"] = f"mixture {self._mixtures}"

    def _file(self, *, writes: bool) -> None:
        self._now.unsteady = True
        self._input(FILES, self._world[FILES])
        if writes:
            self._now.speaks = True  # it leaves something
            self._touch(self._world[FILES])

    def _unknown(self, nodes: Iterable[Node]) -> None:
        """Something is called of which nothing is known."""
        self._now.unsteady = True
        for node in nodes:
            self._change(node, deep=True)


def _derived(node: Node, execution: Execution, maker: tuple[int, int]) -> Token:
    """Return a token for what an execution left of an object, by what it has read."""
    if node.constant is not None:
        return node.constant
    if maker[1] and node.maker == maker and node.token is not None:
        return node.token  # bound anew to the same, or left as the same execution had bound it
    before = None if node in execution.fresh else node.token
    if node in execution.reset:
        before = node.base
    node.maker = maker
    return hash((before, *maker))
