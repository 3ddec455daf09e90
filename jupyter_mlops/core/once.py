"""What is made when it is first asked for, and once."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

from .installed import check_installed

T = TypeVar("T")


class once(cached_property[T]):  # noqa: N801 - reads as a decorator
    """A cached property that two threads do not make twice.

    The class has a ``once_lock``, an ``RLock``, which one that needs another may take again. What
    is not made yet is not made of a package that was replaced meanwhile: see ``installed``.
    """

    def __get__(self, instance: Any, owner: type | None = None) -> T:  # type: ignore[override]
        with instance.once_lock:
            if self.attrname not in instance.__dict__:
                check_installed()
            made: T = super().__get__(instance, owner)
        return made
