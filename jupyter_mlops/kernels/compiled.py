"""Watches compiled classes, which nobody can change; in a kernel as ``_jupyter_mlops_compiled``.

Standard library only. Where one is called by its module's name for it, another class stands there
and makes the same objects. Methods are put into the dictionary of the class, of which Python shows
a view only, and Python is told so; where that fails they are not watched.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_readers = sys.modules["_jupyter_mlops_readers"]


def stand_in(module: Any, name: str, *notes: Any) -> None:
    """Have ``notes`` see what a class of a module is called with."""
    original = getattr(module, name)
    if not isinstance(original, type) or hasattr(original, _readers.MARK):
        return
    make = _readers.watched(original, f"{module.__name__}.{name}", notes)

    class Kind(type(original)):  # type: ignore[misc]
        def __call__(cls, *arguments: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            own = cls is standing
            return make(*arguments, **named) if own else super().__call__(*arguments, **named)

        def __instancecheck__(cls, instance: Any) -> bool:
            own = cls is standing
            return isinstance(instance, original) if own else super().__instancecheck__(instance)

        def __subclasscheck__(cls, kind: Any) -> bool:
            own = cls is standing
            return issubclass(kind, original) if own else super().__subclasscheck__(kind)

    own = {key: getattr(original, key) for key in ("__doc__", "__module__", "__qualname__")}
    standing: Any = Kind(name, (original,), {**own, _readers.MARK: True})
    setattr(module, name, standing)


def watch_methods(kind: type, names: Sequence[str], *notes: Any, **how: Any) -> None:
    """Have ``notes`` see the arguments of methods of a compiled class, the object first."""
    (own,) = (one for one in gc.get_referents(vars(kind)) if isinstance(one, dict))
    for name in names:
        if name in own and not hasattr(own[name], _readers.MARK):
            own[name] = _readers.watched(own[name], f"{kind.__name__}.{name}", notes, **how)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
