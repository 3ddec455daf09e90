"""What a cell does to the names of its module, read off its syntax tree, step by step.

``flow.py`` runs these steps in the order in which a kernel ran the cells, and in the order in
which they stand in the notebook.
"""

from __future__ import annotations

import ast
import builtins
import copy
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from . import purity
from .calls import Calls
from .definitions import (
    captures_state,
    digest_of,
    gives_volatile,
    is_cached,
    is_implicit,
    marks_functions,
    stored,
)
from .sharing import (
    NOTHING,
    Locals,
    Source,
    as_kind,
    comprehension_scope,
    held,
    path_of,
    shares,
    shares_all,
)
from .source import keeps_lines, parse
from .steps import PARAMETER, Step, Summary

if TYPE_CHECKING:
    from collections.abc import Iterator


@lru_cache(maxsize=2048)
def steps_of(source: str) -> tuple[Step, ...] | None:
    """Return what a cell does, or None where it is not Python, or goes too deep to be followed."""
    tree = parse(source)
    if tree is None:
        return None
    visitor = _Visitor({}, source)
    try:
        visitor.block(tree.body)
        # IPython shows no values of a cell that ends so
        if not source.rstrip().endswith(";") and any(map(_displays, tree.body)):
            visitor.add("display")
    except RecursionError:  # a sum of a thousand terms, say
        return None
    return tuple(visitor.steps)


@lru_cache(maxsize=512)
def steps_until(source: str, line: int) -> tuple[Step, ...] | None:
    """Return what a cell did that failed at a line, or None where that line is not found."""
    tree = parse(source) if keeps_lines(source) else None
    body = tree.body if tree is not None else []
    failed = [one for one in body if _first_line(one) <= line <= (one.end_lineno or 0)]
    if not failed:
        return None
    visitor = _Visitor({}, source)
    try:
        visitor.block([one for one in body if (one.end_lineno or 0) < line])
        visitor.maybe = True
        # of several on one line nobody knows which it was
        visitor.block(_attempted(failed[0]) if len(failed) == 1 else failed)
    except RecursionError:
        return None
    return tuple(visitor.steps)


def _displays(statement: ast.stmt) -> bool:
    """Tell whether IPython may show the value of a statement, as it can be told to for each."""
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    path = path_of(value.func) if isinstance(value, ast.Call) else ()
    return len(path) < 2 or path[-1] not in purity.GIVE_NOTHING  # noqa: PLR2004


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _attempted(statement: ast.stmt) -> list[ast.stmt]:
    """Return what may have come of a statement that failed: it has not bound the last name."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)) and statement.names[0].name != "*":
        shorter = copy.copy(statement)
        shorter.names = statement.names[:-1]
        return [shorter]
    if isinstance(statement, ast.Assign):
        if all(isinstance(target, ast.Name) for target in statement.targets):
            return [ast.Expr(statement.value)]
    elif isinstance(statement, ast.Delete):
        *others, last = statement.targets
        if isinstance(last, ast.Name):
            return [ast.Delete(others), ast.Expr(ast.Name(last.id, ast.Load()))]
    return [statement]


class _Visitor(Calls):
    # --- flow of control ---

    def branches(self, *bodies: list[ast.stmt]) -> None:
        """Visit bodies of which one is run; what all of them bind is bound afterwards."""
        was, bound = self.maybe, self.bound
        self.maybe = True
        ends = []
        for body in bodies:
            self.bound = bound
            self.block(body)
            ends.append(self.bound)
        self.maybe, self.bound = was, bound
        for name in sorted(frozenset.intersection(*ends) - bound):
            self.add("bind", name, sources=frozenset({Source(name, "same")}))
            self.bound |= {name}

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self.branches(node.body, node.orelse)

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self.branches(node.body, [])
        self.branches(node.orelse, [])

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        was, bound = self.maybe, self.bound
        self.maybe = True
        self.assign(node.target, node.iter, loop=True)
        self.block(node.body)
        self.maybe, self.bound = was, bound
        self.branches(node.orelse, [])

    visit_AsyncFor = visit_For

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        handlers: list[list[ast.stmt]] = []
        for handler in node.handlers:
            if handler.type is not None:
                self.visit(handler.type)
            name = handler.name
            caught = [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None))] if name else []
            forgotten = [ast.Delete([ast.Name(name, ast.Del())])] if name else []
            handlers.append([*caught, *handler.body, *forgotten])
        self.branches([*node.body, *node.orelse], *handlers)
        self.block(node.finalbody)

    visit_TryStar = visit_Try

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        bodies: list[list[ast.stmt]] = []
        for case in node.cases:
            for part in ast.walk(case.pattern):
                if isinstance(part, ast.expr):
                    self.visit(part)
            names = [
                name
                for part in ast.walk(case.pattern)
                for name in (getattr(part, "name", None), getattr(part, "rest", None))
                if isinstance(name, str)
            ]
            taken: list[ast.stmt] = [
                ast.Assign([ast.Name(name, ast.Store())], node.subject) for name in names
            ]
            guard: list[ast.stmt] = [ast.Expr(case.guard)] if case.guard else []
            bodies.append([*taken, *guard, *case.body])
        if not _takes_all(node.cases[-1]):
            bodies.append([])
        self.branches(*bodies)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if path_of(item.context_expr):
                self.change(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, item.context_expr)
        self.block(node.body)

    visit_AsyncWith = visit_With

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.visit(target)
            if isinstance(target, (ast.Attribute, ast.Subscript)):
                self.change(target)

    # --- scopes ---

    def visit_ListComp(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        outer = self.scope
        for generator in node.generators:
            self.visit(generator.iter)
            self.scope = comprehension_scope([generator], self.scope)
            for target in ast.walk(generator.target):
                if isinstance(target, (ast.Attribute, ast.Subscript)):
                    self.change(target)
            self.perhaps(*generator.ifs)
        self.perhaps(*([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]))
        self.scope = outer

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp

    def visit_Lambda(self, node: ast.Lambda) -> None:
        # where it stands in an expression it may be called at once
        self.defaults(node.args)
        for step in self.function(node).steps:
            if not step.name.startswith(PARAMETER):
                self.steps.append(step)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            # f.register may change f
            is_method = isinstance(decorator, ast.Attribute)
            self.visit(ast.Call(decorator, [], []) if is_method else decorator)
        self.defaults(node.args)
        types = [part.annotation for part in ast.walk(node.args) if isinstance(part, ast.arg)]
        for note in filter(None, (*types, node.returns)):
            # decorators may make use of it
            (self.visit if node.decorator_list else self.annotation)(note)
        sources = frozenset(
            Source(name, "callee")
            for decorator in node.decorator_list
            for name, _ in shares(decorator, self.scope)
        )
        summary = self.function(node)
        if self.inside:
            self.steps.extend(step for step in summary.steps if step.name[:1] != PARAMETER)
        self.bind(node.name, sources, summary=summary)

    visit_AsyncFunctionDef = visit_FunctionDef

    def function(self, node: ast.AST) -> Summary:
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))  # noqa: S101
        body = [ast.Expr(node.body)] if isinstance(node, ast.Lambda) else node.body
        arguments = node.args
        own = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        own += [one for one in (arguments.vararg, arguments.kwarg) if one]
        parameters = tuple(argument.arg for argument in own)
        declared = frozenset(
            name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names
        )
        scope: Locals = dict(self.scope)
        scope |= {name: frozenset({Source(PARAMETER + name, "same")}) for name in parameters}
        for name in stored(body) - declared - set(parameters):
            scope[name] = NOTHING
        scope.setdefault("", NOTHING)  # not the module's, even without names
        inner = _Visitor(scope, self.source, declared)
        for _ in range(2):  # the second time it is known what local names may stand for
            inner.steps = []
            inner.block(list(body))
        defaults = [one for one in (*arguments.defaults, *arguments.kw_defaults) if one]
        return Summary(
            tuple(inner.steps),
            parameters,
            digest_of(node),
            gives_volatile=gives_volatile(node),
            keeps_state=not all(isinstance(one, ast.Constant) for one in defaults)
            or marks_functions(node)
            or captures_state(node),
            implicit=is_implicit(node),
            cached=is_cached(node),
        )

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        makers = [*node.decorator_list, *node.bases, *(one.value for one in node.keywords)]
        for part in makers:
            self.visit(part)
        before = self.scope, self.inside, self.declared
        outer = {**self.scope, "": NOTHING}
        self.scope, self.inside = dict(outer), True
        self.declared |= {
            name for part in node.body if isinstance(part, ast.Global) for name in part.names
        }
        methods: list[tuple[str, Summary]] = []
        values: list[ast.expr] = []
        types: list[ast.Name] = []
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                values += statement.decorator_list
                inner, self.scope = self.scope, outer  # methods do not see the names of the class
                methods.append((statement.name, self.function(statement)))
                self.scope = inner
            else:
                self.visit(statement)
                methods += self._within(statement)
                if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value:
                    values.append(statement.value)
                if isinstance(statement, ast.AnnAssign):
                    types += _named(statement.annotation)
        for name in types:
            self.visit(name)
        sources = as_kind(shares_all(makers, self.scope), "callee")
        sources |= held([*values, *types], self.scope)
        self.scope, self.inside, self.declared = before
        summary = Summary(
            tuple(step for _, method in methods for step in method.steps),
            (),
            digest_of(node),
            methods=tuple(methods),
            gives_volatile=gives_volatile(node),
            keeps_state=not all(isinstance(value, ast.Constant) for value in values),
            is_class=True,
        )
        self.bind(node.name, sources, summary=summary)

    def _within(self, statement: ast.stmt) -> Iterator[tuple[str, Summary]]:
        """Give what functions a class has beside its methods: who reads its names may call them."""
        for part in ast.walk(statement):
            if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                yield getattr(part, "name", ""), replace(self.function(part), implicit=True)


def _named(node: ast.expr) -> list[ast.Name]:
    """Return the types of one's own that an annotation names."""
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    return [name for name in names if not hasattr(builtins, name.id)]


def _takes_all(case: ast.match_case) -> bool:
    pattern = case.pattern
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None and case.guard is None
