"""A store in which things happen, and a model of it that is as plain as can be.

The model keeps all texts, and follows everything from the beginning each time.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .conftest import Workshop, aged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.registry.schemas import ModelVersion
    from jupyter_mlops.services import Services

FOLDER = "dir 폴더"
FILES = ("raw.csv", "a.csv", f"{FOLDER}/b.csv", f"{FOLDER}/c.csv", "moved.csv")
MODULE = "helper.py"
Content = str | dict[str, str]


@dataclass(eq=False)
class Taken:
    """What a snapshot saw."""

    id: str
    at: int
    notebook: Notebook = field(repr=False)
    reads: dict[str, Content]
    writes: dict[str, str]
    code: tuple[str, str | None]
    version: ModelVersion | None = None
    is_deleted: bool = False

    @property
    def inputs(self) -> dict[str, Content]:
        return {path: held for path, held in self.reads.items() if path not in self.writes}


@dataclass(eq=False)
class Notebook:
    """A notebook that always reads and writes the same files."""

    path: str
    reads: list[str]
    writes: list[str]
    has_module: bool
    code: int = 0
    is_there: bool = True
    taken: list[Taken] = field(default_factory=list, repr=False)

    @property
    def head(self) -> Taken | None:
        return next((one for one in reversed(self.taken) if not one.is_deleted), None)


class World:
    """Does one thing after the other, to a real store and to the model."""

    def __init__(self, services: Services, notebooks: list[Notebook]) -> None:
        self.workshop = Workshop(services, services.project.root.parent / "models")
        self.root = services.project.root
        self.notebooks = notebooks
        self.serving: dict[str, Taken] = {}
        self._renamed = 0
        self.write(MODULE, 0)
        for path in FILES[:-1]:
            self.write(path, 0)
        for notebook in notebooks:
            self.edit(notebook, notebook.code)

    def write(self, path: str, number: int) -> None:
        self.workshop.write(path, f"{path}\n{number}\n")

    def touch(self, path: str) -> None:
        if (self.root / path).exists():
            (self.root / path).touch()
            aged(self.root / path)

    def delete(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    def move(self, path: str) -> None:
        if (self.root / path).exists():
            (self.root / path).replace(self.root / "moved.csv")

    def run(self, notebook: Notebook) -> None:
        read = {path: self.now(path) for path in notebook.reads}
        if not all(read.values()):
            return
        if not notebook.is_there:
            self.edit(notebook, notebook.code)
        told = zlib.crc32(f"{sorted(read.items(), key=str)} {notebook.code}".encode())
        for path in notebook.writes:
            self.write(path, 10 + told % 2)
        self._take(notebook)

    def _take(self, notebook: Notebook) -> None:
        made = self.workshop.snapshot(
            notebook.path,
            [path for path in notebook.reads if path != FOLDER],
            notebook.writes,
            modules=[MODULE] * notebook.has_module,
            folders={FOLDER: []} if FOLDER in notebook.reads else {},
        )
        reads = {path: self.now(path) or "" for path in notebook.reads}
        writes = {path: (self.root / path).read_text() for path in notebook.writes}
        at = len(self.all())
        taken = Taken(made.id, at, notebook, reads, writes, self.code(notebook))
        notebook.taken.append(taken)

    def edit(self, notebook: Notebook, number: int) -> None:
        notebook.code, notebook.is_there = number, True
        self.workshop.notebook(notebook.path, f"pass  # {number}")

    def rename(self, notebook: Notebook) -> None:
        if notebook.is_there and notebook.taken:
            self._renamed += 1
            old, notebook.path = notebook.path, f"renamed {self._renamed}.ipynb"
            self.workshop.rename(old, notebook.path)

    def remove(self, notebook: Notebook) -> None:
        (self.root / notebook.path).unlink(missing_ok=True)
        notebook.is_there = False

    def forget(self, notebook: Notebook) -> None:
        head = notebook.head
        if head is not None and head.version is None:
            self.workshop.services.history.delete(head.id)
            head.is_deleted = True

    def register(self, notebook: Notebook) -> None:
        head = notebook.head
        if head is not None and head.version is None:
            snapshot = self.workshop.services.snapshots.snapshot(head.id)
            head.version = self.workshop.register("churn", snapshot)

    def deploy(self, notebook: Notebook) -> None:
        head = notebook.head
        if head is not None and head.version is not None:
            self.workshop.deploy("live", head.version)
            self.serving["live"] = head

    def now(self, path: str) -> Content | None:
        here = self.root / path
        if here.is_dir():
            return {str(one.relative_to(here)): one.read_text() for one in here.iterdir()}
        return here.read_text() if here.exists() else None

    def code(self, notebook: Notebook) -> tuple[str, str | None]:
        module = (self.root / MODULE).read_text() if notebook.has_module else None
        return f"{notebook.code}", module

    def all(self) -> list[Taken]:
        return [one for notebook in self.notebooks for one in notebook.taken]


class Model:
    """What should be found."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.heads = [one.head for one in world.notebooks if one.head is not None]
        self.gone = {one.notebook.path for one in self.heads if not one.notebook.is_there}
        there = [one for one in self.heads if one.notebook.is_there]
        self.needs = {one.notebook.path: self.makers(one) - self.gone for one in there}
        self.stale = {one.notebook.path for one in there if self.changes(one)}
        for _ in there:
            self.stale |= {path for path, makers in self.needs.items() if makers & self.stale}

    def changes(self, taken: Taken) -> set[tuple[str, str]]:
        """What itself has changed."""
        found = set()
        for path, held in taken.inputs.items():
            now = self.world.now(path)
            if now != held:
                found.add(("missing" if now is None else "data", path))
        notebook = taken.notebook
        code, module = self.world.code(notebook)
        if not notebook.is_there:
            found.add(("missing", notebook.path))
        elif code != taken.code[0]:
            found.add(("notebook", notebook.path))
        if module != taken.code[1]:
            found.add(("module", MODULE))
        return found

    def all_changes(self, taken: Taken) -> set[tuple[str, str]]:
        return self.changes(taken) | {
            ("upstream", path) for path in self.makers(taken) & self.stale
        }

    def makers(self, taken: Taken) -> set[str]:
        found: set[str] = set()
        for path, held in taken.inputs.items():
            named = {
                head.notebook.path
                for head in self.heads
                for written in head.writes
                if written == path or written.startswith(f"{path}/")
            }
            found |= named or {
                head.notebook.path
                for head in self.heads
                for written, text in head.writes.items()
                if text == held and path not in head.reads and self.is_before(written, path, text)
            }
        return found - {taken.notebook.path}

    def is_before(self, written: str, path: str, text: str) -> bool:
        first, second = (
            min(
                one.at
                for one in self.world.all()
                if text in (one.reads.get(at), one.writes.get(at))
            )
            for at in (written, path)
        )
        return first < second

    def versions(self) -> dict[str, Taken]:
        made = {one.version.version: one for one in self.world.all() if one.version is not None}
        live = {one.version.version for one in self.world.serving.values() if one.version}
        live |= {max(made)} if made else set()
        return {f"version:churn/{number}": made[number] for number in live}

    def found(self) -> dict[str, set[tuple[str, str]]]:
        """What is stale, and why."""
        things = {
            f"notebook:{one.notebook.path}": one
            for one in self.heads
            if one.notebook.path in self.stale
        }
        things |= self.versions()
        things |= {f"deployment:{name}": one for name, one in self.world.serving.items()}
        all_changes = {key: self.all_changes(one) for key, one in things.items()}
        return {key: changes for key, changes in all_changes.items() if changes}

    def has_circle(self) -> bool:
        left = {path: self.needs[path] & self.stale for path in self.stale}
        while ready := {path for path, needed in left.items() if not needed & left.keys()}:
            left = {path: needed for path, needed in left.items() if path not in ready}
        return bool(left)

    def below(self, path: str) -> set[str]:
        """What certainly comes of a file: through what was written, as it was read."""
        found: set[str] = set()
        there = [one for one in self.world.all() if not one.is_deleted]
        waiting = [one for one in there if path in one.inputs]
        while waiting:
            one = waiting.pop()
            key = f"snapshot:{one.id}"
            if key not in found:
                found |= {key, f"notebook:{one.notebook.path}"}
                found |= {f"data:{written}" for written in one.writes}
                if one.version is not None:
                    found.add(f"version:churn/{one.version.version}")
                    served = [name for name, by in self.world.serving.items() if by is one]
                    found |= {f"deployment:{name}" for name in served}
                waiting += [
                    other
                    for other in there
                    if any(other.inputs.get(at) == text for at, text in one.writes.items())
                ]
        return found

    def edges(self) -> Iterator[tuple[str, str]]:
        """All that may be linked, but for copies and parts."""
        for one in self.world.all():
            notebook, snapshot = f"notebook:{one.notebook.path}", f"snapshot:{one.id}"
            yield notebook, snapshot
            yield from ((f"data:{path}", notebook) for path in one.inputs)
            yield from ((snapshot, f"data:{path}") for path in one.writes)
            if one.version is not None:
                version = f"version:churn/{one.version.version}"
                yield snapshot, version
                served = [name for name, by in self.world.serving.items() if by is one]
                yield from ((version, f"deployment:{name}") for name in served)
