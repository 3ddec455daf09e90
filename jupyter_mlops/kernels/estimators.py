"""Takes models of scikit-learn and generators apart, for ``walk.py``.

Standard library only; lives in a kernel as ``_jupyter_mlops_estimators``. Only what scikit-learn
itself has as a class, which is told by looking for it there; its attributes are read past all that
a class may do when it is asked for them. Generators of random numbers are numpy's and Python's.
"""

from __future__ import annotations

import random
import sys
from abc import ABCMeta
from types import FunctionType, GetSetDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Parts = Callable[[Any], Iterator[Any]]

_TRUSTED = ("sklearn.", "numpy.", "scipy.")  # whose functions are told by their names
_METACLASSES = (type, ABCMeta)
_PLAIN_SIZE = type("_", (), {}).__basicsize__  # of what has nothing but attributes
_MOST_OBJECTS = 1000  # of an array
# bytes of numbers that are read while an attribute is, and while a tree of a forest is
_EACH, _TREE = 12_000, 150_000
_BITS = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")
_TYPES = (bool, int, float, str, bytes, object)
NEVER = frozenset(map(id, (type, ABCMeta, ModuleType, FunctionType, type(len))))
"""Types of which nothing is read, and which namespaces are full of."""
_names_of: Any = type.__dict__["__dict__"].__get__

_learnt: dict[int, tuple[type, Parts]] = {}  # the classes stay, so their ids do


def learn(kind: type) -> Parts | None:
    """Return how objects of a class are taken apart; None where they cannot be."""
    found = _learnt.get(id(kind))
    if found is None and (kind is random.Random or "numpy" in sys.modules):
        parts = _known(kind)
        if parts is not None:
            found = _learnt[id(kind)] = (kind, parts)
    return found[1] if found else None


def _known(kind: type) -> Parts | None:
    if kind is random.Random:
        return _python_generator
    if type(kind) not in _METACLASSES:
        return None
    module, name = getattr(kind, "__module__", None), kind.__qualname__
    if type(module) is not str or not _has(module, name, kind):
        return None
    if not module.startswith("sklearn"):
        return _NUMPY.get(name) if module.startswith("numpy.random") else None
    is_plain = kind.__basicsize__ == _PLAIN_SIZE and not kind.__itemsize__
    return _estimator if is_plain else _COMPILED.get((module, name if name == "Tree" else ""))


def _has(module: str, name: str, value: Any) -> bool:
    """Tell whether something is what a module has by that name, and nobody's imitation."""
    if not module.startswith(_TRUSTED):
        return False
    found = sys.modules.get(module)
    return type(found) is ModuleType and vars(found).get(name) is value


def attributes(value: Any) -> dict[str, Any]:
    """Return the attributes of an object, without asking the object.

    Raises:
        TypeError: its class hides them.
    """
    for kind in type(value).__mro__:
        getter = _names_of(kind).get("__dict__")
        if getter is not None:
            if type(getter) is not GetSetDescriptorType:
                break
            found: dict[str, Any] = getter.__get__(value)
            return found
    raise TypeError


def size(value: Any) -> int:
    """Return about how many bytes of numbers can be read in the time that a model takes."""
    if learn(type(value)) not in MODELS:
        return _EACH
    array = vars(sys.modules["numpy"])["ndarray"]
    found = _EACH
    for one in attributes(value).values():
        found += _EACH + (one.nbytes if type(one) is array else 0)
        if type(one) is list and one and learn(type(one[0])) is not None:
            found += len(one) * _TREE
    return found


def array_parts(value: Any) -> tuple[bytes, list[Any]]:
    """Return what an array is, and what it has in it: objects, or the array that it is a view of.

    Raises:
        TypeError: it has its numbers from elsewhere, or they are of another kind.
    """
    facts = (value.dtype.str, value.shape, value.strides)
    owner = value.base
    if owner is None and value.dtype.kind == "O" and value.size <= _MOST_OBJECTS:
        return repr(facts).encode(), value.ravel().tolist()
    if type(owner) is not type(value) or owner.base is not None:
        raise TypeError
    start, first = (one.__array_interface__["data"][0] for one in (value, owner))
    return repr((*facts, start - first)).encode(), [owner]


def told(value: Any) -> bytes | None:
    """Return the text of a function or a type that libraries have, None of others."""
    numbers: dict[str, Any] = vars(sys.modules["numpy"])
    if type(value) is type and (value in _TYPES or numbers.get(_name(value)) is value):
        return _name(value).encode()
    if type(value) is slice:
        return repr((value.start, value.stop, value.step)).encode()
    if type(type(value)) is type(numbers["dtype"]) and not value.hasobject:
        return repr(value.descr).encode()
    if type(value) is FunctionType:
        module, name = value.__module__, value.__qualname__
        if type(module) is str and type(name) is str and _has(module, name, value):
            return f"{module}.{name}".encode()
    return None


def _name(kind: Any) -> str:
    return str(kind.__name__)


def _estimator(value: Any) -> Iterator[Any]:
    kind = type(value)
    yield (kind.__module__, kind.__qualname__)
    yield attributes(value)


def _tree(value: Any) -> Iterator[Any]:
    state = value.__getstate__()
    yield (value.n_features, value.n_outputs, state["max_depth"], state["node_count"])
    for name in ("nodes", "values"):
        yield _bytes(state[name])


def _loss(value: Any) -> Iterator[Any]:
    made, given, *_ = value.__reduce__()
    if made is not type(value):
        raise TypeError
    yield (made.__module__, made.__qualname__, repr(given))


def _bytes(array: Any) -> Any:
    return memoryview(array.tobytes())


def _python_generator(value: Any) -> Iterator[Any]:
    if attributes(value).keys() - {"gauss_next"}:
        raise TypeError
    _, numbers, following = value.getstate()
    yield ("Random", following)
    yield numbers


def _generator(value: Any) -> Iterator[Any]:
    yield ("Generator",)
    yield value.bit_generator


def _old_generator(value: Any) -> Iterator[Any]:
    state = value.get_state(legacy=False)
    yield ("RandomState", state["has_gauss"], state["gauss"])
    yield value._bit_generator


def _bits(value: Any) -> Iterator[Any]:
    state = value.state
    yield (type(value).__name__, repr(_plain(state)))
    if value.seed_seq is not None:
        yield value.seed_seq


def _seeds(value: Any) -> Iterator[Any]:
    yield ("SeedSequence", repr(_plain(value.state)))


def _plain(state: Any) -> Any:
    """Return a state without arrays."""
    if type(state) is dict:
        return [(name, _plain(one)) for name, one in state.items()]
    return state.tobytes() if hasattr(state, "tobytes") else state


MODELS = (_estimator, _tree)
"""Those that are read in bulk."""
_COMPILED: dict[tuple[str, str], Parts] = {
    ("sklearn.tree._tree", "Tree"): _tree,
    ("sklearn.linear_model._sgd_fast", ""): _loss,
    ("sklearn._loss._loss", ""): _loss,
}
_NUMPY: dict[str, Parts] = {
    "Generator": _generator,
    "RandomState": _old_generator,
    "SeedSequence": _seeds,
    **dict.fromkeys(_BITS, _bits),
}
