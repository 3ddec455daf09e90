"""What calls do, as steps; which functions they are is found out where the steps are run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from . import purity
from .assignments import Assignments
from .displays import shown_by
from .sharing import code_given, path_of, shares
from .source import OPAQUE, QUIET, SHELL
from .steps import changes_parameters

if TYPE_CHECKING:
    from typing import TypeGuard


_SHELL = ("get_ipython",)
_NAMESPACES = {("globals",), ("locals",), ("vars",), ("dir",)}


class Calls(Assignments):
    """Adds to the steps what is called with what."""

    def visit_Call(self, node: ast.Call) -> None:
        path = path_of(node.func)
        for part in (*node.args, *(keyword.value for keyword in node.keywords)):
            self._give(part, path)
        if path[:1] == (QUIET,):
            return
        if path in {("exec",), ("eval",)} and not self.inside and self._execute(node):
            return
        if path == ("setattr",) and self._set(node):
            return
        if path[:1] == (OPAQUE,) or (len(path) == 1 and self._is_opaque(path[0], node)):
            self.add("opaque")
            return
        if path == ("dir",) and not node.args and not self.inside:
            self.add("look")
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
            shown=frozenset(filter(None, [shown_by(node)])),
        )
        self._passed(node)
        if len(path) == 1 and path[0] == SHELL:
            self.add("change", SHELL)

    def _give(self, part: ast.expr, path: tuple[str, ...]) -> None:
        """Visit what a function is given."""
        if path == ("property",) and isinstance(part, ast.Lambda):  # not called yet
            self.defaults(part.args)
        # str(get_ipython()) tells which of Jupyter, Colab and others it is
        elif path != ("str",) or not _is_bare_call(part) or path_of(part.func) != _SHELL:
            self.visit(part)

    def _is_opaque(self, function: str, node: ast.Call) -> bool:
        if function in purity.NAMESPACES:  # of a function they have its own names
            return not (node.args or node.keywords or self.inside)
        return function in purity.OPAQUE

    def _set(self, node: ast.Call) -> bool:
        """Note that an attribute is set, if it is seen of what."""
        if len(node.args) != 3 or not path_of(node.args[0]):  # noqa: PLR2004
            return False
        target, _, value = node.args
        self.change(target)
        self.hold(path_of(target), shares(value, self.scope))
        return True

    def _execute(self, node: ast.Call) -> bool:
        """Visit code that is given as a text, if that is all that is given."""
        tree = code_given(node)
        if tree is not None:
            self.block(tree.body)
        return tree is not None

    def visit_Compare(self, node: ast.Compare) -> None:
        """``"a" in globals()`` asks for no more than one name."""
        name = node.left.value if isinstance(node.left, ast.Constant) else None
        where = path_of(node.comparators[0].func) if _is_bare_call(node.comparators[0]) else ()
        if self.inside or not isinstance(name, str) or where not in _NAMESPACES:
            self.generic_visit(node)
        else:
            self.visit(ast.Name(name, ast.Load()))

    def _passed(self, node: ast.Call) -> None:
        """A function given to another may be called with what else that was given."""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if any(
            isinstance(part, ast.Lambda) and changes_parameters(self.function(part))
            for part in given
        ):
            for name, _ in shares(node, self.scope):
                self.add("change", name, deep=True)


def _is_bare_call(node: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and not node.args and not node.keywords
