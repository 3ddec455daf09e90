"""Which objects the value of an expression may share with the names that the expression uses."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal, NamedTuple

from . import purity
from .purity import Volatile, returned_by
from .source import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["same", "holds", "elements", "callee"]


class Source(NamedTuple):
    """A name, and how a value shares with it.

    ``same``: the value may be its object, or a view of it; ``holds``: a container of it;
    ``elements``: a new container of its elements; ``callee``: the value is what its call returned.
    """

    name: str
    kind: Kind


Sources = frozenset[Source]
Locals = dict[str, Sources]
NOTHING: Sources = frozenset()

_IMMUTABLE_RESULTS = frozenset(
    """
    len int float str bool repr hash id ord chr bin hex format isinstance any all
    """.split()  # noqa: SIM905 - to be read
)
_CONTAINERS = (ast.List, ast.Tuple, ast.Set)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)


def path_of(node: ast.expr) -> tuple[str, ...]:
    """Return ``("a", "b", "c")`` for ``a.b[i].c``; empty where it starts at no name."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Name):
            return (node.id, *reversed(parts))
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            parts.append("[]")
            node = node.value
        else:
            return ()


def resolve(name: str, scope: Mapping[str, Sources]) -> Sources:
    """Return the global names and parameters that a name stands for."""
    return scope[name] if name in scope else frozenset({Source(name, "same")})


def shares(  # noqa: C901, PLR0911 - one line for each kind of expression
    node: ast.expr | None, scope: Mapping[str, Sources]
) -> Sources:
    """Return what the value of an expression may share with names of the module."""
    if node is None or isinstance(node, (ast.Constant, ast.JoinedStr, ast.Compare)):
        return NOTHING
    if isinstance(node, ast.Name):
        return resolve(node.id, scope)
    if isinstance(node, _CONTAINERS):
        return held(node.elts, scope)
    if isinstance(node, ast.Dict):
        return held([part for part in (*node.keys, *node.values) if part], scope)
    if isinstance(node, (*_COMPREHENSIONS, ast.DictComp)):
        return _comprehended(node, scope)
    if isinstance(node, ast.BinOp):
        return _combined(node, scope)
    if isinstance(node, ast.Call):
        return _called(node, scope)
    if isinstance(node, ast.Lambda):
        return NOTHING  # what it captures is in its code
    if isinstance(node, ast.IfExp):
        return shares(node.body, scope) | shares(node.orelse, scope)
    parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    if isinstance(node, ast.Subscript):
        parts = [node.value]
    return shares_all(parts, scope)


def held(parts: Iterable[ast.expr], scope: Mapping[str, Sources]) -> Sources:
    """Return the sources of a container of the values of ``parts``."""
    return as_kind(shares_all(parts, scope), "holds")


def shares_all(parts: Iterable[ast.expr], scope: Mapping[str, Sources]) -> Sources:
    """Return what any of some expressions may share with names of the module."""
    return frozenset().union(*(shares(part, scope) for part in parts))


def as_kind(sources: Sources, kind: Kind) -> Sources:
    """Weaken sources from ``same``; the rest stays what it is."""
    return frozenset(Source(name, kind if found == "same" else found) for name, found in sources)


def _comprehended(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
    scope: Mapping[str, Sources],
) -> Sources:
    inner = comprehension_scope(node.generators, scope)
    parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    # a generator reads its source only when it is used
    late = shares(node.generators[0].iter, scope) if isinstance(node, ast.GeneratorExp) else NOTHING
    return held(parts, inner) | as_kind(late, "holds")


def comprehension_scope(
    generators: Iterable[ast.comprehension], scope: Mapping[str, Sources]
) -> Locals:
    """Return ``scope`` with the variables of a comprehension."""
    inner = dict(scope)
    for generator in generators:
        found = shares(generator.iter, inner)
        for target in ast.walk(generator.target):
            if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store):
                inner[target.id] = found
    return inner


def _combined(node: ast.BinOp, scope: Mapping[str, Sources]) -> Sources:
    if not isinstance(node.op, (ast.Add, ast.Mult, ast.BitOr, ast.BitAnd, ast.Sub, ast.Mod)):
        return NOTHING
    if any(isinstance(part, (ast.Constant, ast.JoinedStr)) for part in (node.left, node.right)):
        plain = isinstance(node.op, ast.Mult)  # [a] * 2 holds a twice
        if not plain:
            return NOTHING
    return as_kind(shares(node.left, scope) | shares(node.right, scope), "elements")


def _called(  # noqa: PLR0911 - one for each kind of function
    node: ast.Call, scope: Mapping[str, Sources]
) -> Sources:
    path = path_of(node.func)
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    arguments = shares_all(given, scope)
    function = path[-1] if path else ""
    code = code_given(node) if function == "eval" else None
    if code is not None:
        return shares_all([part.value for part in code.body if isinstance(part, ast.Expr)], scope)
    if len(path) == 1 and path[0] not in scope:
        if function == "type" and len(given) > 1:  # makes a class
            return as_kind(arguments, "holds")
        if function in purity.SCALARS:
            return NOTHING
        if function in purity.COPIES:
            return as_kind(arguments, "elements")
        if function in purity.PASSING:
            return arguments | as_kind(arguments, "holds")
        return arguments | {Source(function, "callee")}
    if function == "deepcopy":
        return NOTHING
    if function == "copy" and not given:
        return as_kind(_root(node.func, scope), "elements")
    return arguments | as_kind(_root(node.func, scope), "callee")


def code_given(node: ast.Call) -> ast.Module | None:
    """Return the code that ``exec`` or ``eval`` is given as a text, if that is all it is given."""
    code = node.args[0] if len(node.args) == 1 and not node.keywords else None
    text = code.value if isinstance(code, ast.Constant) else None
    return parse(text) if isinstance(text, str) else None


def _root(node: ast.expr, scope: Mapping[str, Sources]) -> Sources:
    return shares(node.value if isinstance(node, ast.Attribute) else node, scope)


def frozen_if(  # noqa: PLR0911 - one for each kind of expression
    node: ast.expr | None,
) -> frozenset[str] | None:
    """Name those that must be immutable so that the value is; None: it may not be."""
    if node is None:
        return None
    if isinstance(node, (ast.Constant, ast.JoinedStr)):
        return frozenset()
    if isinstance(node, ast.Name):
        return frozenset({node.id})
    if isinstance(node, ast.Call):
        path = path_of(node.func)
        return frozenset() if len(path) == 1 and path[0] in _IMMUTABLE_RESULTS else None
    if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp)):
        parts = [
            frozen_if(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)
        ]
        if any(part is None for part in parts):
            return None
        return frozenset().union(*(part for part in parts if part is not None))
    return None


def volatile(node: ast.expr | None) -> Volatile:
    """Tell whether reading the value changes it, or what it holds, as far as the syntax shows."""
    if isinstance(node, ast.GeneratorExp):
        return Volatile.USED_UP
    if isinstance(node, ast.Call):
        return returned_by(path_of(node.func))
    if isinstance(node, ast.Attribute):  # another name for defaultdict
        return Volatile.GROWS if returned_by((node.attr,)) == Volatile.GROWS else Volatile.NOT
    if isinstance(node, ast.NamedExpr):
        return volatile(node.value)
    parts: Iterable[ast.AST] = ()
    if isinstance(node, (ast.ListComp, ast.SetComp)):
        parts = [node.elt]
    elif isinstance(node, (*_CONTAINERS, ast.Dict, ast.DictComp, ast.IfExp)):
        parts = ast.iter_child_nodes(node)
    found = any(volatile(part) for part in parts if isinstance(part, ast.expr))
    return Volatile.GROWS if found else Volatile.NOT


def element_volatile(node: ast.expr | None) -> Volatile:
    """Tell the same of what a value is made of."""
    if isinstance(node, ast.Call):
        return Volatile.USED_UP if path_of(node.func)[-1:] == ("tee",) else Volatile.NOT
    return volatile(node.elt if isinstance(node, ast.GeneratorExp) else node)
