"""What is known of a function or a class from its syntax tree alone, before it is followed."""

from __future__ import annotations

import ast

from .sharing import path_of

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
