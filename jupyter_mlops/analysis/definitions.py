"""What is known of a function or a class from its syntax tree alone, before it is followed."""

from __future__ import annotations

import ast

from . import purity
from .purity import Volatile
from .sharing import path_of, volatile

_EXPLICIT = frozenset({"__init__", "__new__", "__post_init__", "__call__", "__init_subclass__"})
_PLAIN = frozenset({"staticmethod", "classmethod"})


def is_implicit(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Tell whether Python may call a method as an operator, or its decorator does what it likes."""
    if isinstance(node, ast.Lambda):
        return False
    if node.name[:2] == "__" and node.name not in _EXPLICIT:
        return True
    return any(
        path_of(one)[-1:] != () and path_of(one)[-1] not in _PLAIN for one in node.decorator_list
    )


def is_cached(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Tell whether a decorator keeps what a function returned, and returns it again."""
    decorators = () if isinstance(node, ast.Lambda) else node.decorator_list
    return any(
        purity.CACHES.search(part)
        for one in decorators
        for part in path_of(one.func if isinstance(one, ast.Call) else one)
    )


def marks_functions(node: ast.AST) -> bool:
    """Tell whether a function has functions in it that it gives attributes."""
    inner = {
        part.name
        for part in ast.walk(node)
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) and part is not node
    }
    return any(
        isinstance(part, ast.Attribute)
        and not isinstance(part.ctx, ast.Load)
        and path_of(part)[:1] != ()
        and path_of(part)[0] in inner
        for part in ast.walk(node)
    )


def gives_volatile(node: ast.AST) -> Volatile:
    """Tell whether what a function or a class makes may be changed by being read."""
    found = [volatile(node.body) if isinstance(node, ast.Lambda) else Volatile.NOT]
    for part in ast.walk(node):
        if isinstance(part, (ast.Yield, ast.YieldFrom)):
            found.append(Volatile.USED_UP)
        elif isinstance(part, ast.Return):
            found.append(volatile(part.value))
        elif isinstance(part, ast.Assign) and not isinstance(part.targets[0], ast.Name):
            found.append(volatile(part.value))  # a part of something has it
    return max(found)


def captures_state(node: ast.AST) -> bool:
    """Tell whether a function may return functions that change what it has made."""
    called = {id(part.func) for part in ast.walk(node) if isinstance(part, ast.Call)}
    return any(
        isinstance(part, ast.Attribute) and part.attr in purity.STEADY and id(part) not in called
        for part in ast.walk(node)
    ) or any(
        _changes_outer(part)
        for part in ast.walk(node)
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        and part is not node
    )


def _changes_outer(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Tell whether an inner function may change what it finds around it."""
    body = [ast.Expr(node.body)] if isinstance(node, ast.Lambda) else node.body
    own = {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)} | stored(body)
    for part in ast.walk(node):
        if isinstance(part, ast.Nonlocal):
            return True
        changed: list[ast.expr] = []
        if isinstance(part, (ast.Attribute, ast.Subscript)) and not isinstance(part.ctx, ast.Load):
            changed = [part]
        elif isinstance(part, ast.Call):
            path = path_of(part.func)
            if len(path) > 1 and path[-1] not in purity.PURE_METHODS:
                changed = [part.func]
            if path[-1:] == ("next",):
                changed = part.args
        if any(path and path[0] not in own for path in map(path_of, changed)):
            return True
    return False


def digest_of(node: ast.AST) -> str:
    """Return a text that is another one for other code."""
    return f"{hash(ast.dump(node)):x}"


def stored(body: list[ast.stmt] | list[ast.Expr]) -> set[str]:
    """Return the names that a function's body binds, those of inner functions left out."""
    found: set[str] = set()
    rest: list[ast.AST] = list(body)
    while rest:
        node = rest.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        for alias in node.names if isinstance(node, (ast.Import, ast.ImportFrom)) else ():
            found.add((alias.asname or alias.name).partition(".")[0])
        if isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            found.add(node.name)
        rest.extend(ast.iter_child_nodes(node))
    return found
