"""What a cell in R does to names, read off its syntax tree, step by step; ``r_flow.py`` runs them.

Arguments are promises in R: what they assign may never be assigned, which counts as perhaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from . import r_purity as known
from .r_tree import Call, Constant, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .r_tree import Tree

Kind = Literal[
    "read", "value", "dynamic", "call", "bind", "unbind", "clear", "attach", "set", "hide"
]
_ASSIGNS = frozenset({"<-", "=", "%<>%"})


@dataclass(frozen=True)
class Step:
    """One thing that a cell does.

    ``read`` a name; a ``value`` may be a function, which is then called; a ``dynamic`` one is
    called, and may be its name. ``call`` a function with ``text`` saying that it writes to a file;
    ``bind`` a name, to the ``constant`` and to what keeps ``code``; ``unbind`` it, or ``clear``
    all; ``attach`` a package; ``set`` something for all that comes; ``hide`` what it does.
    ``maybe``: it may not come to it. ``own``: the cell itself has bound the name before.
    ``sources`` are the names that what is bound or set is made of.
    """

    kind: Kind
    name: str = ""
    maybe: bool = False
    own: bool = False
    to_file: bool = False
    constant: str | None = None
    code: tuple[Function, ...] = ()
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Function:
    """A function, or other code that is run later."""

    digest: int
    steps: tuple[Step, ...]


class Facts(TypedDict, total=False):
    """What may be said of a step; see ``Step``."""

    to_file: bool
    constant: str | None
    code: tuple[Function, ...]
    sources: frozenset[str]


def steps_of(trees: Iterable[Tree]) -> tuple[Step, ...]:
    """Return what the expressions of a cell do, in their order."""
    walker = _Walker()
    for tree in trees:
        walker.visit(tree)
        if isinstance(tree, Constant):
            walker.steps.append(Step("read"))  # which shows it
    return tuple(walker.steps)


class _Walker:
    def __init__(self, local: frozenset[str] | None = None) -> None:
        self.steps: list[Step] = []
        self._is_function = local is not None
        self._local = local or frozenset()  # names that are surely bound by it
        self._perhaps_only = False

    def _add(self, kind: Kind, name: str = "", **facts: Unpack[Facts]) -> None:
        own = kind in {"read", "value", "dynamic", "call"} and name in self._local
        if not (own and self._is_function):
            maybe = self._perhaps_only or self._is_function
            self.steps.append(Step(kind, name, maybe, own, **facts))

    def visit(self, tree: Tree | None, kind: Kind = "read") -> None:
        """Note what an expression does."""
        if isinstance(tree, Symbol):
            self._add(kind, tree.name)
        elif isinstance(tree, Call):
            name = _name(tree.function)
            handler = _HANDLERS.get(plain(name))
            if tree.function is None:
                self._all(tree.arguments)
            elif handler is not None:
                handler(self, tree)
            else:
                self._called(name, tree)

    def _all(self, parts: Iterable[Tree | None], kind: Kind = "read") -> None:
        for part in parts:
            self.visit(part, kind)

    def _perhaps(self, *parts: Tree | None, kind: Kind = "read") -> None:
        was, local = self._perhaps_only, self._local
        self._perhaps_only = True
        for part in parts:
            self.visit(part, kind)
            self._local = local
        self._perhaps_only = was

    # --- calls ---

    def _called(self, name: str, call: Call) -> None:
        if not name:
            self.visit(call.function, "value")
        if plain(name) in known.FORCING:
            self._all(call.arguments)
        else:
            kind: Kind = "read" if name in known.OPERATORS else "value"
            self._perhaps(*call.arguments, kind=kind)
        if plain(name) in known.BY_NAME:
            self._by_name(name, call)
        if name:
            to_file = plain(name) in known.TO_FILE and bool({"file", "con"} & set(call.names))
            self._add("call", name, to_file=to_file)

    def _by_name(self, name: str, call: Call) -> None:
        for part in call.arguments:
            if isinstance(part, Constant) and part.is_text:
                self._add("value", part.text)
        first = call.arguments[0] if call.arguments else None
        if plain(name) not in {"do.call", "match.fun"} or isinstance(first, Constant):
            return
        if isinstance(first, Symbol):
            self._add("dynamic", first.name)
        elif not isinstance(first, Call) or plain(_name(first.function)) not in {"function", "::"}:
            self._add("hide", "calls a function whose name the code does not tell")

    def visit_member(self, call: Call) -> None:
        """``x$name``: the name is none of R's."""
        self.visit(call.arguments[0])

    def visit_qualified(self, call: Call) -> None:
        """``package::name`` as a value."""
        self._add("value", _qualified(call))

    # --- flow of control ---

    def visit_condition(self, call: Call) -> None:
        """Of what comes second, a branch say, nobody knows whether it is run."""
        self.visit(call.arguments[0])
        self._perhaps(*call.arguments[1:])

    def visit_for(self, call: Call) -> None:
        variable, values, body = call.arguments
        self.visit(values)
        was, local = self._perhaps_only, self._local
        self._perhaps_only = True
        self._bind(_name(variable), None)
        self.visit(body)
        self._perhaps_only, self._local = was, local

    def visit_function(self, call: Call) -> None:
        # where it stands in an expression it may be called at once
        self.steps.extend(self._function(call).steps)

    def _function(self, call: Call) -> Function:
        parameters = call.arguments[0] if _name(call.function) == "function" else None
        own = frozenset(parameters.names) if isinstance(parameters, Call) else frozenset()
        inner = _Walker((self._local if self._is_function else frozenset()) | own)
        inner._all(call.arguments)
        return Function(hash(call), tuple(inner.steps))

    def _code(self, tree: Tree | None) -> Iterator[Function]:
        if isinstance(tree, Call):
            if plain(_name(tree.function)) in known.LATE | {"function"}:
                yield self._function(tree)
            else:
                for part in (tree.function, *tree.arguments):
                    yield from self._code(part)

    # --- names ---

    def visit_assign(self, call: Call) -> None:
        target, value = call.arguments
        if _name(call.function) == "%<>%":
            self.visit(target)
        if not (isinstance(value, Call) and _name(value.function) == "function"):
            self.visit(value, "value")
        if isinstance(target, Call):
            self._replace(target, value)
        else:
            self._bind(_name(target), value)

    def _bind(self, name: str, value: Tree | None) -> None:
        if self._is_function:
            self._local |= {name}
            return
        is_constant = isinstance(value, Constant) and not self._perhaps_only
        self._add(
            "bind",
            name,
            constant=repr(value) if is_constant else None,
            code=tuple(self._code(value)),
            sources=symbols(value),
        )
        self._local |= {name}

    def _replace(self, target: Call, value: Tree | None) -> None:
        """``names(x)[2] <- v`` reads x, calls what gives and replaces parts, and binds x."""
        inner: Tree | None = target
        while isinstance(inner, Call) and inner.arguments:
            name = _name(inner.function)
            self._add("call", f"{name}<-")
            if name not in {"$", "@"}:
                self._add("call", name)
                self._all(inner.arguments[1:])
            inner = inner.arguments[0]
        self._add("read", _name(inner))
        self._bind(_name(inner), Call(Symbol("("), (value, Symbol(_name(inner))), ("", "")))

    def visit_outer(self, call: Call) -> None:
        self.visit(call.arguments[-1])
        self._add("hide", "uses <<-, which binds names out of sight")

    def visit_rm(self, call: Call) -> None:
        named = set(call.names)
        if named <= {""}:
            for part in call.arguments:
                self._add("read", _name(part))
                self._add("unbind", _name(part))
                self._local -= {_name(part)}
        elif named == {"list"} and _is_everything(call.arguments[0]):
            self._add("clear")
            self._local = frozenset()
        else:
            self._add("hide", "removes names that the code does not tell")

    def visit_attach(self, call: Call) -> None:
        first = call.arguments[0] if call.arguments else None
        named = set(call.names) - {"", "quietly", "warn.conflicts"}
        if named or isinstance(first, Call) or first is None:
            self._add("hide", "attaches a package whose name the code does not tell")
        else:
            self._add("attach", _name(first))

    def visit_set(self, call: Call) -> None:
        self._perhaps(*call.arguments)
        self._add("set", repr(call), sources=symbols(Call(None, call.arguments, call.names)))

    def visit_data(self, call: Call) -> None:
        """``data(iris)`` binds a data set of a package."""
        if set(call.names) - {"", "package"}:
            self._add("hide", "calls data(), which may bind names that the code does not tell")
        for name, part in zip(call.names, call.arguments, strict=True):
            if not name:
                self._bind(_name(part), Constant(repr(call), is_text=False))

    def visit_get(self, call: Call) -> None:
        """``get("x")`` reads x; of what is not written out it is not known what it reads."""
        first = call.arguments[0] if len(call.arguments) == 1 else None
        if isinstance(first, Constant):
            self._add("value", first.text)
        else:
            self._all(call.arguments)
            self._add("call", _name(call.function))


def loops(trees: Iterable[Tree | None]) -> Iterator[str]:
    """Give the variables of loops, which are no results."""
    for tree in trees:
        if isinstance(tree, Call):
            if _name(tree.function) == "for":
                yield _name(tree.arguments[0])
            yield from loops((tree.function, *tree.arguments))


def plain(name: str) -> str:
    """Return a name without the package that is told to have it."""
    return name.rpartition("::")[2].lstrip(":") or name


def _is_everything(tree: Tree | None) -> bool:
    return isinstance(tree, Call) and _name(tree.function) in {"ls", "objects"} and tree.names == ()


def _name(tree: Tree | None) -> str:
    """Return the name that an expression is, also as a text or with its package; else nothing."""
    if isinstance(tree, Symbol):
        return tree.name
    if isinstance(tree, Constant) and tree.is_text:
        return tree.text
    if isinstance(tree, Call) and _name(tree.function) in {"::", ":::"}:
        return _qualified(tree)
    return ""


def _qualified(call: Call) -> str:
    return "::".join(map(_name, call.arguments))


def symbols(tree: Tree | None) -> frozenset[str]:
    """Return all names in an expression."""
    if isinstance(tree, Symbol):
        return frozenset({tree.name})
    if isinstance(tree, Call):
        return frozenset().union(*map(symbols, (tree.function, *tree.arguments)))
    return frozenset()


_HANDLERS: dict[str, Callable[[_Walker, Call], None]] = {
    **dict.fromkeys(_ASSIGNS, _Walker.visit_assign),
    "<<-": _Walker.visit_outer,
    **dict.fromkeys(("if", "while", "repeat", "&&", "||"), _Walker.visit_condition),
    "for": _Walker.visit_for,
    **dict.fromkeys(known.LATE | {"function"}, _Walker.visit_function),
    **dict.fromkeys(("$", "@"), _Walker.visit_member),
    **dict.fromkeys(("::", ":::"), _Walker.visit_qualified),
    **dict.fromkeys(("rm", "remove"), _Walker.visit_rm),
    **dict.fromkeys(known.ATTACHES, _Walker.visit_attach),
    **dict.fromkeys(known.SETTINGS, _Walker.visit_set),
    "data": _Walker.visit_data,
    **dict.fromkeys(("get", "get0", "exists"), _Walker.visit_get),
}
