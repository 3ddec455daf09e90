"""Which seeds code sets, told from its syntax tree, cell by cell in the order they ran.

Loops over known values, and calls of the notebook's own functions with them, are followed, as far
as a reader of the code would: nothing in a kernel is replaced for it. A seed that the code does not
tell is ``UNKNOWN``, and not left out.
"""

from __future__ import annotations

import ast
import operator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .setters import SEEDS, Setters
from .sharing import path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

UNKNOWN = "unknown"
"""Stands for the value of a seed that was set, of which the code does not tell the number."""

_MOST = 10_000  # values of a loop that are looked at
_DEEPEST = 4  # calls within calls that are looked into
_MOST_CALLS = 1000  # of functions in a cell
_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


class Finder(ast.NodeVisitor):
    """Follows what names stand for, as far as the code tells, and notes the seeds.

    Args:
        scalars: numbers in the namespace at the end, for names that nothing else tells.
    """

    def __init__(self, scalars: Mapping[str, Any]) -> None:
        self._scalars = scalars
        self._setters = Setters()
        self._names: dict[str, list[Any]] = {}  # the values that a name stands for, one by one
        self._functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self._found: dict[tuple[str | None, str], dict[Any, None]] = {}
        # what functions would set that nobody has been seen to call
        self._uncalled: dict[str, list[tuple[str | None, str, Any]]] = {}
        self._cell_id: str | None = None
        self._is_whole = True
        self._loops = 0
        self._inside: list[tuple[str | None, str, Any]] | None = None
        self._depth = self._calls = 0

    def cell(self, tree: ast.Module, cell_id: str | None, *, failed: bool = False) -> None:
        """Look at a cell that ran, after those before it; ``failed``: nobody knows how far."""
        self._cell_id, self._is_whole, self._calls = cell_id, not failed, 0
        with suppress(RecursionError):  # code that is nested deeper than Python calls itself
            self.visit(tree)

    def found(self) -> dict[tuple[str | None, str], list[Any]]:
        """Return the different values in their order, by cell and by what set them."""
        for cell_id, name, value in [fact for facts in self._uncalled.values() for fact in facts]:
            self._found.setdefault((cell_id, name), {})[value] = None
        self._uncalled.clear()
        return {key: list(values) for key, values in self._found.items()}

    def _note(self, name: str, values: Iterable[Any]) -> None:
        for value in values:
            if value is None:  # no seed to numpy and scikit-learn
                continue
            if self._inside is not None:
                self._inside.append((self._cell_id, name, value))
            else:
                self._found.setdefault((self._cell_id, name), {})[value] = None

    def _values(self, node: ast.expr) -> list[Any]:
        """Return the values that an expression has, one after the other."""
        if isinstance(node, ast.Name):
            known = self._names.get(node.id)
            return known if known is not None else [self._scalars.get(node.id, UNKNOWN)]
        if isinstance(node, ast.Call) and self._setters.name(node) and (node.args or node.keywords):
            return []  # a generator: its own seed is noted where it is made
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
            left, right = self._values(node.left), self._values(node.right)
            if min(len(left), len(right)) == 1 and all(type(v) is int for v in left + right):
                return [_OPERATIONS[type(node.op)](a, b) for a in left for b in right]
        try:
            value = ast.literal_eval(node)
        except (ValueError, TypeError, MemoryError, RecursionError):
            return [UNKNOWN]
        return [value if isinstance(value, (int, str)) or value is None else UNKNOWN]

    def _elements(self, node: ast.expr) -> list[Any]:
        """Return what a loop goes over."""
        if isinstance(node, ast.Name):
            return self._names.get(f"*{node.id}", [UNKNOWN])
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return [value for part in node.elts for value in self._values(part)]
        if isinstance(node, ast.Call) and path_of(node.func) == ("range",) and not node.keywords:
            bounds = [self._values(argument) for argument in node.args]
            if all(len(one) == 1 and type(one[0]) is int for one in bounds):
                try:
                    found = range(*(one[0] for one in bounds))
                except (TypeError, ValueError):
                    return [UNKNOWN]
                return list(found) if len(found) <= _MOST else [UNKNOWN]
        return [UNKNOWN]

    # --- names ---

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self._setters.imported(node)

    visit_ImportFrom = visit_Import

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._note_part(target, node.value)
        if len(node.targets) == 1:
            self._assign(node.targets[0], node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        if node.value:
            self._note_part(node.target, node.value)
            self._assign(node.target, node.value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            values, elements = self._values(value), self._elements(value)
            self._bind(target.id, None if UNKNOWN in values else values)
            self._bind(f"*{target.id}", None if UNKNOWN in elements else elements)

    def _note_part(self, target: ast.expr, value: ast.expr) -> None:
        """Note ``model.random_state = 1`` and ``settings["seed"] = 1``."""
        if isinstance(target, ast.Attribute):
            self._note_entry(target.attr, value)
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            self._note_entry(target.slice.value, value)

    def _note_entry(self, name: Any, value: ast.expr) -> None:
        """Note a seed that is kept under its name: only a number tells that it is one."""
        if name in SEEDS:
            self._note(name, [known for known in self._values(value) if known != UNKNOWN])

    def visit_Dict(self, node: ast.Dict) -> None:
        self.generic_visit(node)
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                self._note_entry(key.value, value)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._bind(node.id, None)
            self._bind(f"*{node.id}", None)

    def _bind(self, name: str, values: list[Any] | None) -> None:
        if values is not None:
            self._names[name] = values
        else:
            self._names.pop(name, None)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            name = node.target.id
            values = self._values(ast.BinOp(ast.Name(name, ast.Load()), node.op, node.value))
            self.visit(node.target)
            if self._loops:
                self._bind(name, [UNKNOWN])
            elif UNKNOWN not in values:
                self._bind(name, values)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        values = self._elements(node.iter)
        self.visit(node.target)
        bound = {}
        if isinstance(node.target, ast.Name):
            name = node.target.id
            bound[name] = self._as_far_as_it_came(node, name, values)
        self._loop([*node.body, *node.orelse], bound)
        self.visit(node.target)  # afterwards it is one of them

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self._loop([ast.Expr(node.test), *node.body, *node.orelse], {})

    def _loop(self, body: list[ast.stmt], bound: dict[str, list[Any]]) -> None:
        """Visit what is done several times, each time with other values of the names it binds."""
        stored = {
            part.id
            for statement in body
            for part in ast.walk(statement)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        }
        self._names |= {name: [UNKNOWN] for name in stored} | bound
        self._loops += 1
        for statement in body:
            self.visit(statement)
        self._loops -= 1
        for name in stored - bound.keys():
            if self._names.get(name) == [UNKNOWN]:
                self._bind(name, None)

    def _as_far_as_it_came(
        self, node: ast.For | ast.AsyncFor, name: str, values: list[Any]
    ) -> list[Any]:
        """Return the values that a loop has gone over: it may not have come to the last."""
        breaks = any(isinstance(part, (ast.Break, ast.Return)) for part in ast.walk(node))
        if self._is_whole and not breaks:
            return values
        last = self._scalars.get(name)
        return values[: values.index(last) + 1] if last in values else [*values[:1], UNKNOWN]

    def visit_ListComp(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        outer = dict(self._names)
        for generator in node.generators:
            values = self._elements(generator.iter)
            for target in ast.walk(generator.target):
                if isinstance(target, ast.Name):
                    is_it = target is generator.target
                    self._names[target.id] = values if is_it else [UNKNOWN]
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for part in (*parts, *(test for generator in node.generators for test in generator.ifs)):
            self.visit(part)
        self._names = outer

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp

    # --- functions ---

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._functions[node.name] = node
        was, self._inside = self._inside, []
        self._run(node, self._defaults(node))
        self._uncalled[node.name], self._inside = self._inside, was

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._run(node, self._defaults(node))

    def _run(self, node: Function, given: Mapping[str, list[Any]]) -> None:
        """Visit the body of a function that is called with ``given``."""
        outer = dict(self._names)
        for name in _parameters(node):
            self._names[name] = given.get(name, [UNKNOWN])
            self._bind(f"*{name}", given.get(f"*{name}"))
        self._depth += 1
        self._calls += 1
        if self._depth <= _DEEPEST and self._calls <= _MOST_CALLS:
            for part in [node.body] if isinstance(node, ast.Lambda) else node.body:
                self.visit(part)
        else:
            for call in ast.walk(node):
                self._note_call(call, unknown=True)
        self._depth -= 1
        self._names = outer

    def _defaults(self, node: Function) -> dict[str, list[Any]]:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(positional[::-1], arguments.defaults[::-1], strict=False))
        pairs += [
            (parameter, default)
            for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is not None
        ]
        return self._arguments((parameter.arg, default) for parameter, default in pairs)

    def _arguments(self, pairs: Iterable[tuple[str, ast.expr]]) -> dict[str, list[Any]]:
        found = {}
        for name, value in pairs:
            found[name], found[f"*{name}"] = self._values(value), self._elements(value)
        return found

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        path = path_of(node.func)
        function = self._functions.get(path[0]) if len(path) == 1 else None
        if function is not None:
            self._uncalled.pop(function.name, None)
            names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
            given = [*zip(names, node.args, strict=False)]
            given += [(one.arg, one.value) for one in node.keywords if one.arg]
            self._run(function, self._defaults(function) | self._arguments(given))
        else:
            self._note_call(node)

    def _note_call(self, node: ast.AST, *, unknown: bool = False) -> None:
        if not isinstance(node, ast.Call):
            return
        setter = self._setters.name(node)
        if setter and node.args:
            self._note(setter, [UNKNOWN] if unknown else self._values(node.args[0]))
        for keyword in node.keywords:
            if keyword.arg in SEEDS:
                values = [UNKNOWN] if unknown else self._values(keyword.value)
                self._note(setter or keyword.arg, values)


def _parameters(node: Function) -> list[str]:
    arguments = node.args
    own = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    own += [one for one in (arguments.vararg, arguments.kwarg) if one]
    return [one.arg for one in own]
