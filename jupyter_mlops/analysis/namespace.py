"""A namespace in which values are tokens: what names stand for, and what an execution touches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .source import SHELL
from .steps import PARAMETER, Step
from .values import Node, Token, code_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .sharing import Sources

RANDOM, FILES, OUTPUTS, ANYTHING = "<random>", "<files>", "<outputs>", "<anything>"
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
    applied: set[str] = field(default_factory=set)


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
        self._now = Execution()
        self._uncertain = False

    def commit(self, execution: Execution, source: str, salt: object, number: int) -> None:
        """Give what an execution has touched its tokens, by what it has read."""
        key = hash((source.strip(), tuple(sorted(execution.inputs.items(), key=repr))))
        if execution.unsteady:
            key = hash((key, salt))
        for node, ordinal in execution.touched.items():
            node.writer = number
            if node.constant is not None:
                node.token = node.base = node.constant
                continue
            maker = (key, ordinal)
            if ordinal and node.maker == maker:
                continue  # bound anew to the same, or left as the same execution had bound it
            before = None if node in execution.fresh else node.token
            if node in execution.reset:
                before = node.base
            node.token, node.maker = hash((before, *maker)), maker
            if node not in execution.reset:
                node.base = node.token
        last = self._world[OUTPUTS]
        last.token = hash((last.token, key))

    def token(self, name: str) -> Token | None:
        """Return the token of a name's value."""
        return self.names[name].token if name in self.names else None

    def writer(self, name: str) -> int | None:
        """Return the number of the execution that last touched a name's value."""
        return self.names[name].writer if name in self.names else None

    def _nodes_of(self, name: str, given: Mapping[str, Sources]) -> list[Node]:
        if name == SHELL:
            self._now.unsteady = True
            return [self._world[FILES]]
        if name.startswith(PARAMETER):
            return [
                node for source in given.get(name, ()) for node in self._nodes_of(source.name, {})
            ]
        return [self.names[name]] if name in self.names else []

    def _nodes(self, sources: Sources, given: Mapping[str, Sources]) -> list[Node]:
        return [node for source in sources for node in self._nodes_of(source.name, given)]

    def _input(self, name: str, node: Node) -> None:
        if node.token is not None:
            self._now.inputs.setdefault(name, node.token)

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
            for one in node.affected(deep=deep):
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
        node.iterator = step.iterator
        if not (step.maybe or self._uncertain):
            node.constant = step.constant
        if not node.frozen:
            self._link(node, step.sources)
        before = self.names.get(step.name)
        self.names[step.name] = node
        self._touch(node, new=True)
        if step.summary is not None:
            node.code.add(step.summary)
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
            node.frozen = frozen
            node.iterator |= before.iterator
            node.code |= before.code

    def _link(self, node: Node, sources: Sources) -> None:
        for name, kind in sources:
            for other in self._nodes_of(name, {}):
                if kind == "same":
                    node.share(other)
                elif kind == "holds":
                    node.hold(other)
                elif kind == "elements":
                    node.take_elements(other)
                else:
                    self._link_result(node, other)

    def _link_result(self, node: Node, callee: Node) -> None:
        """A result may be anything that its function knows of."""
        for summary in code_of(callee):
            node.iterator |= summary.is_generator
            for step in summary.steps:
                if step.name in self.names:
                    node.share(self.names[step.name])
        if callee.code:
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
        now = self._now
        now.unsteady = True
        everything = {**self.names, **self._world}
        now.inputs[ANYTHING] = hash(
            tuple((name, everything[name].token) for name in sorted(everything))
        )
        for node in everything.values():
            self._touch(node)

    def _draw(self) -> None:
        numbers = self._world[RANDOM]
        if numbers.token == _UNSEEDED and numbers not in self._now.touched:
            self._now.unsteady = True
            return
        if numbers not in self._now.fresh:
            self._input(RANDOM, numbers)
        self._touch(numbers)

    def _file(self, *, writes: bool) -> None:
        self._now.unsteady = True
        self._input(FILES, self._world[FILES])
        if writes:
            self._touch(self._world[FILES])

    def _unknown(self, nodes: Iterable[Node]) -> None:
        """Something is called of which nothing is known."""
        self._now.unsteady = True
        for node in nodes:
            self._change(node, deep=True)
