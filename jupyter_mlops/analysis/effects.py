"""What a cell does to the names of its module, read off its syntax tree, step by step.

``flow.py`` runs these steps in the order in which a kernel ran the cells, and in the order in
which they stand in the notebook.
"""

from __future__ import annotations

import ast
import copy
from functools import lru_cache

from . import purity
from .assignments import Assignments
from .definitions import digest_of, is_implicit, marks_functions, stored
from .sharing import (
    NOTHING,
    Locals,
    Source,
    as_kind,
    comprehension_scope,
    path_of,
    shares,
)
from .source import OPAQUE, QUIET, SHELL, keeps_lines, parse
from .steps import PARAMETER, Step, Summary, changes_parameters


@lru_cache(maxsize=2048)
def steps_of(source: str) -> tuple[Step, ...] | None:
    """Return what a cell does, or None where it is not Python, or goes too deep to be followed."""
    tree = parse(source)
    if tree is None:
        return None
    visitor = _Visitor({}, source)
    try:
        visitor.block(tree.body)
        if any(map(_displays, tree.body)):
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


class _Visitor(Assignments):
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
        self._use(node.iter)
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

    # --- calls ---

    def visit_Call(self, node: ast.Call) -> None:
        for part in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.visit(part)
        path = path_of(node.func)
        if path[:1] == (QUIET,):
            return
        if path == ("exec",) and not self.inside and self._execute(node):
            return
        if path[:1] == (OPAQUE,) or (len(path) == 1 and path[0] in purity.OPAQUE):
            self.add("opaque")
            return
        is_fit = len(path) == 2 and path[1] in purity.RESETS  # noqa: PLR2004
        if not is_fit:  # which reads its object only as far as flow.py finds
            self.visit(node.func)
        given = [("", part) for part in node.args]
        given += [(keyword.arg or "", keyword.value) for keyword in node.keywords]
        owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        self.add(
            "call",
            path=path if path or not isinstance(node.func, ast.Attribute) else ("", node.func.attr),
            deep=len(path) > 2,  # noqa: PLR2004 - something within the object
            receiver=shares(owner, self.scope),
            arguments=tuple((name, shares(part, self.scope)) for name, part in given),
            summary=self.function(node.func) if isinstance(node.func, ast.Lambda) else None,
        )
        self._passed(node)
        if path and path[-1] in purity.CONSUMES | {"extend", "update", "join"}:
            for part in node.args:
                self._use(part)
        if len(path) == 1 and path[0] == SHELL:
            self.add("change", SHELL)

    def _execute(self, node: ast.Call) -> bool:
        """Visit code that is given as a text, if that is all that is given."""
        code = node.args[0] if len(node.args) == 1 and not node.keywords else None
        text = code.value if isinstance(code, ast.Constant) else None
        tree = parse(text) if isinstance(text, str) else None
        if tree is not None:
            self.block(tree.body)
        return tree is not None

    def _passed(self, node: ast.Call) -> None:
        """A function given to another may be called with what else that was given."""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if any(
            isinstance(part, ast.Lambda) and changes_parameters(self.function(part))
            for part in given
        ):
            for name, _ in shares(node, self.scope):
                self.add("change", name, deep=True)

    def _use(self, node: ast.expr) -> None:
        for name, _ in shares(node, self.scope):
            self.add("use", name)

    def visit_Starred(self, node: ast.Starred) -> None:
        self.visit(node.value)
        self._use(node.value)

    # --- scopes ---

    def visit_ListComp(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        outer = self.scope
        for generator in node.generators:
            self.visit(generator.iter)
            self._use(generator.iter)
            self.scope = comprehension_scope([generator], self.scope)
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
            self.visit(decorator)
        self.defaults(node.args)
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
        yields = [part for part in ast.walk(node) if isinstance(part, (ast.Yield, ast.YieldFrom))]
        defaults = [one for one in (*arguments.defaults, *arguments.kw_defaults) if one]
        return Summary(
            tuple(inner.steps),
            parameters,
            digest_of(node),
            is_generator=bool(yields),
            keeps_state=not all(isinstance(one, ast.Constant) for one in defaults)
            or marks_functions(node),
            implicit=is_implicit(node),
        )

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        bases = frozenset().union(*(shares(base, self.scope) for base in node.bases))
        methods = []
        outer, self.scope = (self.scope, self.inside), dict(self.scope)
        self.inside = True
        for name in stored(node.body):
            self.scope.setdefault(name, NOTHING)
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                methods.append((statement.name, self.function(statement)))
            else:
                self.visit(statement)
        shared = any(
            isinstance(part, (ast.Assign, ast.AnnAssign))
            and part.value is not None
            and not isinstance(part.value, ast.Constant)
            for part in node.body
        )
        self.scope, self.inside = outer
        steps = tuple(step for _, method in methods for step in method.steps)
        summary = Summary(steps, (), digest_of(node), methods=tuple(methods), keeps_state=shared)
        self.bind(node.name, as_kind(bases, "callee"), summary=summary)


def _takes_all(case: ast.match_case) -> bool:
    pattern = case.pattern
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None and case.guard is None
