"""Which names a cell defines and uses, read off its syntax tree."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BUILTINS = frozenset(dir(builtins)) | {"get_ipython", "display"}


@dataclass
class Names:
    """The global names that a cell binds or changes, and those it reads.

    ``literal`` are bound to a literal only, ``loop`` by a ``for``. Changes in place are seen
    where the syntax shows them: ``x[k] = v``, ``x.a = v``, ``x += v``, a bare ``x.method()``.
    """

    defines: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    literal: set[str] = field(default_factory=set)
    loop: set[str] = field(default_factory=set)


@lru_cache(maxsize=4096)
def of(source: str) -> Names | None:
    """Return the names of a cell, or None where it is not Python."""
    lines = ["" if line.lstrip()[:1] in {"%", "!"} else line for line in source.splitlines()]
    visitor = _Visitor()
    try:
        visitor.visit(ast.parse("\n".join(lines)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    visitor.names.uses -= _BUILTINS
    return visitor.names


class _Visitor(ast.NodeVisitor):
    def __init__(self) -> None:
        self.names = Names()
        self._bound: set[str] = set()  # by the cell itself, before the present statement

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            if node.id not in self._bound:
                self.names.uses.add(node.id)
        else:
            self._define(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self._assign(node.target, node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        self._change(node.target)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        for name in ast.walk(node.target):
            if isinstance(name, ast.Name):
                self.names.loop.add(name.id)
        self.visit(node.target)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)

    def visit_Expr(self, node: ast.Expr) -> None:
        self.visit(node.value)
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            self._change(call.func.value)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._define((alias.asname or alias.name).split(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._define(alias.asname or alias.name)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)
        own = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
        self._scope(node.body, own)
        self._define(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        own = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
        self._scope([ast.Expr(node.body)], own)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.bases, *node.keywords, *node.decorator_list):
            self.visit(part)
        self._scope(node.body, set())
        self._define(node.name)

    def visit_ListComp(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        own = {
            name.id
            for generator in node.generators
            for name in ast.walk(generator.target)
            if isinstance(name, ast.Name)
        }
        parts = list(ast.iter_child_nodes(node))
        self._scope(parts, own)

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp

    def _scope(self, body: Sequence[ast.AST], own: set[str]) -> None:
        inner = _Visitor()
        inner._bound = self._bound | own
        for part in body:
            inner.visit(part)
        self.names.uses |= inner.names.uses

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._define(target.id)
            literal = _is_literal(value)
            (self.names.literal.add if literal else self.names.literal.discard)(target.id)
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            self._change(target)
        else:
            self.visit(target)

    def _change(self, target: ast.expr) -> None:
        while isinstance(target, (ast.Attribute, ast.Subscript)):
            if isinstance(target, ast.Subscript):
                self.visit(target.slice)
            target = target.value
        if isinstance(target, ast.Name):
            if target.id not in self._bound:
                self.names.uses.add(target.id)
            self._define(target.id)
            self.names.literal.discard(target.id)

    def _define(self, name: str) -> None:
        self._bound.add(name)
        self.names.defines.add(name)


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, MemoryError):
        return False
    return True
