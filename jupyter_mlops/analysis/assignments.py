"""What reading, binding and changing names does, as steps. ``effects.py`` builds the rest on it."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Unpack

from .displays import handles
from .sharing import (
    NOTHING,
    Locals,
    Source,
    Sources,
    as_kind,
    element_volatile,
    frozen_if,
    path_of,
    resolve,
    shares,
    volatile,
)
from .steps import Step

if TYPE_CHECKING:
    from .steps import Facts, Kind, Summary


class Assignments(ast.NodeVisitor, ABC):
    """Collects steps; ``scope`` says what the local names of functions stand for."""

    def __init__(self, scope: Locals, source: str, declared: frozenset[str] = frozenset()) -> None:
        self.steps: list[Step] = []
        self.scope = scope
        self.source = source
        self.declared = declared  # ``global`` names of a function
        self.inside = bool(scope)  # a function or a class, whose names are its own
        self.maybe = self.inside
        self.bound: frozenset[str] = frozenset()

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.visit(statement)

    def add(self, kind: Kind, name: str = "", **facts: Unpack[Facts]) -> None:
        facts.setdefault("maybe", self.maybe)
        self.steps.append(Step(kind, name, inner=self.bound, **facts))

    # --- names ---

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Store):  # whether it can be deleted depends on it
            for name, _ in resolve(node.id, self.scope):
                self.add("read", name)
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id, NOTHING)

    def bind(self, name: str, sources: Sources, /, **facts: Unpack[Facts]) -> None:
        if self.inside and name not in self.declared:
            self.scope[name] = self.scope.get(name, NOTHING) | sources
            return
        facts["sources"] = sources
        self.add("bind", name, **facts)
        if not self.inside:
            self.bound |= {name}

    def change(self, node: ast.expr) -> None:
        path = path_of(node)
        if not path:
            self.visit(node)
            for name, _ in shares(node, self.scope):
                self.add("change", name, deep=True)
            return
        for name, kind in resolve(path[0], self.scope):
            self.add("change", name, deep=len(path) > 2 or kind != "same")  # noqa: PLR2004

    # --- assignments ---

    def assign(self, target: ast.expr, value: ast.expr | None, *, loop: bool = False) -> None:
        sources = shares(value, self.scope)
        if isinstance(target, ast.Name):
            summary = self.function(value) if isinstance(value, ast.Lambda) else None
            self.bind(
                target.id,
                sources,
                frozen_if=_frozen_element(value) if loop else frozen_if(value),
                volatile=element_volatile(value) if loop else volatile(value),
                constant=None if loop else _constant(value),
                summary=summary,
                shown=handles(value),
            )
        elif isinstance(target, (ast.Tuple, ast.List)):
            values: list[ast.expr | None] = [value] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(values):
                values = list(value.elts)
            for part, one in zip(target.elts, values, strict=True):
                self.assign(part, one, loop=loop or one is value)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, loop=True)
        elif (name := _global(target)) and not self.inside:
            self.assign(ast.Name(name, ast.Store()), value, loop=loop)
        else:
            self.visit(target)
            self.change(target)
            self.hold(path_of(target), sources)

    def hold(self, path: tuple[str, ...], sources: Sources) -> None:
        """Note that what a name stands for now holds something else."""
        for name, _ in resolve(path[0], self.scope) if path and sources else ():
            self.add("change", name, sources=as_kind(sources, "holds"))

    def visit_Assign(self, node: ast.Assign) -> None:
        if isinstance(node.value, ast.Lambda):  # it reads nothing before it is called
            self.defaults(node.value.args)
        else:
            self.visit(node.value)
        for target in node.targets:
            self.assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.annotation(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.assign(node.target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.assign(node.target, node.value)

    def perhaps(self, *nodes: ast.expr) -> None:
        """Visit what may not be reached."""
        was, bound = self.maybe, self.bound
        self.maybe = True
        for node in nodes:
            self.visit(node)
        self.maybe, self.bound = was, bound

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self.perhaps(*node.values[1:])

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        self.perhaps(node.body, node.orelse)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            name = node.target.id
            for root, _ in resolve(name, self.scope):
                self.add("read", root)
            if self.inside and name not in self.declared:
                for root, _ in resolve(name, self.scope):
                    self.add("change", root)
                return
            condition = frozen_if(node.value)
            sources = as_kind(shares(node.value, self.scope), "elements")
            self.add("grow", name, sources=sources, frozen_if=condition)
        else:
            self.visit(node.target)
            self.change(node.target)
            self.hold(path_of(node.target), shares(node.value, self.scope))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if alias.name == "__main__":  # has all names of the notebook
                self.add("opaque")
                self.bind(name, frozenset({Source("globals", "callee")}))
            else:
                self.bind(name, NOTHING, origin=alias.name if alias.asname else name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.add("opaque", origin=module)
            else:
                self.bind(alias.asname or alias.name, NOTHING, origin=f"{module}:{alias.name}")

    def defaults(self, arguments: ast.arguments) -> None:
        """Visit the default values of a function's parameters."""
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.visit(default)

    def annotation(self, node: ast.expr) -> None:
        """What a type is said to be has to be there, but does nothing."""
        for part in () if self.inside else ast.walk(node):
            if isinstance(part, ast.Name):
                self.add("ask", part.id)

    @abstractmethod
    def function(self, node: ast.AST) -> Summary:
        """Return what a function or a lambda may do."""


def _global(target: ast.expr) -> str | None:
    """Return the name that ``globals()["name"]`` stands for."""
    if (
        isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Call)
        and path_of(target.value.func) == ("globals",)
        and isinstance(target.slice, ast.Constant)
        and isinstance(target.slice.value, str)
    ):
        return target.slice.value
    return None


def _constant(node: ast.expr | None) -> str | None:
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    return ast.dump(node) if node is not None and isinstance(number, ast.Constant) else None


def _frozen_element(node: ast.expr | None) -> frozenset[str] | None:
    is_range = isinstance(node, ast.Call) and path_of(node.func) == ("range",)
    return frozenset() if is_range else None
