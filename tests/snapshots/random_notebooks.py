"""Small random notebooks, and what comes of them when they are really run."""

from __future__ import annotations

import builtins
import contextlib
import io
import random
import re
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from jupyter_mlops.kernels.fingerprints import changes
from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.notebook import CodeCell

from .notebook_templates import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Sequence

SETUP = "a = 1\nb = 2\np = [1, 2]\nq = [3]\nd = {}\nimport random\nrandom.seed(0)"


class UnsteadyError(Exception):
    """Random numbers were drawn without a seed: nothing can be compared."""


@dataclass
class Played:
    """A notebook after someone worked with it, and its kernel's history."""

    cells: list[CodeCell]
    history: list[CellRun]
    outputs: dict[str, str]
    namespace: dict[str, Any]


def lines(template: str) -> st.SearchStrategy[str]:
    """Fill a template as hypothesis likes."""
    return st.randoms(use_true_random=False).map(lambda chosen: line(chosen, [template]))


def line(chosen: random.Random, kinds: Sequence[str]) -> str:
    """Fill one of some templates with names and numbers."""
    names = {"n": "ab", "m": "ab", "p": "pq", "q": "pq"}
    filled = {name: chosen.choice(which) for name, which in names.items()}
    return chosen.choice(kinds).format(**filled, i=chosen.randint(0, 3)).replace("|", "\n")


def played(number: int) -> Played:
    """Write a few cells, run them, then run, edit, delete and move some of them again.

    Raises:
        UnsteadyError: it draws random numbers without a seed.
    """
    chosen = random.Random(number)  # noqa: S311 - not for secrets
    # few kinds of lines in one notebook, so that they meet
    kinds = chosen.choices(TEMPLATES, k=chosen.randint(1, 5))

    def source() -> str:
        return "\n".join(line(chosen, kinds) for _ in range(chosen.randint(1, 2)))

    texts = [SETUP, *(source() for _ in range(chosen.randint(1, 5)))]
    cells = [[f"c{index}", text] for index, text in enumerate(texts)]
    kernel = Kernel()
    if chosen.randint(0, 3):
        for cell in cells:
            kernel.run(*cell)
    for _ in range(chosen.randint(0, 4)):
        cell = chosen.choice(cells)
        action = chosen.choice(["run"] * 9 + ["edit", "delete", "swap"])
        if action == "edit":
            cell[1] = source()
        elif action == "delete" and len(cells) > 2:
            cells.remove(cell)
            continue
        elif action == "swap":
            other = chosen.choice(cells)
            cell[:], other[:] = list(other), list(cell)
            continue
        kernel.run(*cell)
    for cell in cells:
        if kernel.sources.get(cell[0]) != cell[1]:
            kernel.run(*cell)
    code = [CodeCell(index, cell[0], cell[1], (), []) for index, cell in enumerate(cells)]
    return Played(code, kernel.history, kernel.outputs, kernel.namespace)


class Kernel:
    """Runs cells as a kernel does, and keeps what each printed last."""

    def __init__(self) -> None:
        self.history: list[CellRun] = []
        self.outputs: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._random = _random_module()
        self.namespace: dict[str, Any] = {
            "__builtins__": {**vars(builtins), "__import__": self._import}
        }

    def _import(self, name: str, *rest: Any) -> Any:
        return self._random if name == "random" else builtins.__import__(name, *rest)

    def run(self, cell_id: str, source: str) -> bool:
        printed = io.StringIO()
        line = None
        try:
            with contextlib.redirect_stdout(printed):
                code = compile(source, "<cell>", "exec", dont_inherit=True)
                exec(code, self.namespace)  # noqa: S102 - our own code
            failure = ""
        except UnsteadyError:
            raise
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
            trace = error.__traceback__
            line = trace.tb_next.tb_lineno if trace and trace.tb_next else None
        # addresses of objects differ from run to run
        self.outputs[cell_id] = re.sub("0x[0-9a-f]+", "0x", printed.getvalue() + failure)
        self.sources[cell_id] = source
        self.history.append(
            CellRun(
                execution_count=len(self.history) + 1,
                cell_id=cell_id,
                source=source,
                status="error" if failure else "ok",
                failed_line=line,
                values=changes(self.namespace, {"__builtins__"}, (), 60, self._digests, 60),
            )
        )
        return not failure


def from_top_to_bottom(cells: Sequence[CodeCell]) -> Kernel:
    """Run the cells in a fresh kernel, up to the first that fails."""
    kernel = Kernel()
    for cell in cells:
        if not kernel.run(str(cell.cell_id), cell.source):
            break
    return kernel


def _random_module() -> types.ModuleType:
    """Random numbers that know whether they were seeded."""
    module = types.ModuleType("random")
    own = random.Random()  # noqa: S311 - not for secrets
    seeded = False

    def seed(value: int) -> None:
        nonlocal seeded
        seeded = True
        own.seed(value)

    def steady(function: Any) -> Any:
        def call(*args: Any) -> Any:
            if not seeded:
                raise UnsteadyError
            return function(*args)

        return call

    vars(module).update(
        seed=seed, randint=steady(own.randint), shuffle=steady(own.shuffle), Random=random.Random
    )
    return module


def values(namespace: dict[str, Any]) -> dict[str, str]:
    """Return the plain values of a namespace, as text."""
    plain = (int, str, list, dict, tuple)
    return {
        name: re.sub("0x[0-9a-f]+", "0x", repr(value))
        for name, value in namespace.items()
        if isinstance(value, plain) and not name.startswith("_")
    }


LOOPS = {"x", "k2"}  # variables of loops are no results


def is_honest(made: Played) -> bool:
    """Tell whether a run from top to bottom prints and leaves the same."""
    fresh = from_top_to_bottom(made.cells)
    real, ideal = values(made.namespace), values(fresh.namespace)
    printed = all(
        made.outputs[str(cell.cell_id)] == fresh.outputs.get(str(cell.cell_id))
        for cell in made.cells
    )
    return printed and all(real.get(name) == ideal[name] for name in ideal.keys() - LOOPS)


def play(sources: list[str], order: str) -> Played:
    kernel = Kernel()
    for digit in order:
        kernel.run(f"c{digit}", sources[int(digit)])
    cells = [CodeCell(i, f"c{i}", source, (), []) for i, source in enumerate(sources)]
    return Played(cells, kernel.history, kernel.outputs, kernel.namespace)
