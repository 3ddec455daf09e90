"""Puts an experiment's parts into the object store and assembles its manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..kernels.schemas import FileAccess
from .cells import storable
from .code import code_state
from .figures import figures, left_out
from .grade import grade, top_level
from .keeping import DataKeeper
from .locks import lock
from .masking import Masker, env_values
from .matching import Live
from .printed import numbers
from .results import metrics, with_pinned
from .schemas import (
    Figure,
    FileUse,
    LockRef,
    Manifest,
    ModuleUse,
    NotebookRef,
    SeedUse,
    SnapshotEnvironment,
    SnapshotModel,
)
from .seeds import by_setter, seeds
from .unwatched import completed, is_watched, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ..core.project import Project
    from ..kernels.schemas import CellRun, Environment, KernelState
    from ..tracking.schemas import RunError
    from .grade import Verdict
    from .notebook import Notebook
    from .parts import Parts
    from .schemas import Origin
    from .subject import Subject


@dataclass(frozen=True)
class Circumstances:
    """Who takes the snapshot, when, of which run, after which one."""

    run_id: str
    created_at: datetime
    author: str
    message: str | None
    parent_id: str | None
    origin: Origin


class _Module(NamedTuple):
    """A module that is to be kept; ``text`` is None where it cannot be read."""

    name: str
    path: Path
    text: str | None


class Capture:
    """One snapshot in the making; everything goes into one batch of objects."""

    def __init__(self, project: Project, batch: Parts, keep_limit: int) -> None:
        self._project = project
        self._batch = batch
        self._keep_limit = keep_limit
        self._masker = Masker()
        self._notes: list[str] = []

    @property
    def masker(self) -> Masker:
        """What masks, and knows the secrets of what was captured."""
        return self._masker

    def manifest(self, subject: Subject, when: Circumstances) -> Manifest:
        """Return the manifest of ``subject``, whose parts are then in the batch."""
        state = self._completed(subject)
        status, error = subject.outcome
        modules = self._read_modules(state) if state else []
        self._learn_secrets(subject, (module.text for module in modules if module.text))
        verdict, reasons = _graded(subject, state)
        parameters = self._parameters(subject)
        seed_uses = self._seed_uses(subject, state) if state else []
        files = self._files(subject, state)
        unkept = left_out(subject.notebook.code_cells)
        notes = [self._masker.text(note, "notes") for note in (*self._notes, *subject.notes)]
        return Manifest(
            run_id=when.run_id,
            created_at=when.created_at,
            author=when.author,
            message=self._masker.text(when.message, "message") if when.message else None,
            parent_id=when.parent_id,
            origin=when.origin,
            notebook=self._notebook(subject),
            status=status,
            error=self._error(error),
            grade=verdict,
            reasons=reasons,
            cells=self._cells(state.cells) if state else [],
            parameters=parameters,
            metrics=self._metrics(subject.notebook, state, parameters),
            variables=state.variables if state else {},
            models=self._models(subject),
            environment=self._environment(state.environment) if state else None,
            code=code_state(subject.path.parent, self._masker, self._data_paths(files)),
            modules=[self._module(module) for module in modules],
            files=files,
            figures=self._figures(subject.notebook),
            seeds=self._seeds(by_setter(seed_uses) | (state.seeds if state else {})),
            seed_uses=seed_uses,
            masked=self._masker.report(),
            notes=[*notes, *unkept],
        )

    def _completed(self, subject: Subject) -> KernelState | None:
        """Return the kernel's answer, with what is known of what it did not see."""
        if subject.state is None:
            return None
        state = completed(subject.state, subject.notebook)
        if not state.complete:
            self._notes.append(
                "The kernel was started before jupyter-mlops could watch it: data that earlier "
                "cells used is not listed."
            )
        return state

    def _learn_secrets(self, subject: Subject, texts: Iterable[str]) -> None:
        """Learn first what is a secret, so that it is found wherever it is shown."""
        state = subject.state
        self._masker.learn(env_values(subject.path.parent, self._project.root))
        self._masker.learn(subject.secrets)
        self._masker.learn_from(cell.source for cell in subject.notebook.code_cells)
        self._masker.learn_from(cell.source for cell in (state.cells if state else ()))
        self._masker.learn_from(texts)

    def _notebook(self, subject: Subject) -> NotebookRef:
        content = self._masker.notebook(subject.notebook.content)
        data = subject.data
        if content != subject.notebook.content:
            data = json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        return NotebookRef(
            path=self._project.relative(subject.path),
            object_id=self._batch.add_bytes(data),
            size=len(subject.data),
            kernel_name=subject.notebook.kernel_name,
            language=subject.notebook.language,
        )

    def _parameters(self, subject: Subject) -> dict[str, Any]:
        found = subject.notebook.parameters()
        scalars = subject.state.scalars if subject.state else {}
        # the kernel knows a parameter's value as it ran; the file only as it stands now
        current = {name: scalars.get(name, value) for name, value in found.items()}
        return {
            name: self._masker.value(name, value, "parameters") for name, value in current.items()
        }

    def _metrics(
        self, notebook: Notebook, state: KernelState | None, parameters: Mapping[str, Any]
    ) -> dict[str, float]:
        scalars, cells = (state.scalars, state.cells) if state else ({}, [])
        pinned = notebook.pinned_metrics
        printed = numbers(notebook.code_cells) if pinned else {}
        return with_pinned(metrics(scalars, cells, parameters), pinned, scalars, printed)

    def _cells(self, cells: list[CellRun]) -> list[CellRun]:
        return [
            cell.model_copy(update={"source": self._masker.text(storable(cell.source), "cells")})
            for cell in cells
        ]

    def _environment(self, environment: Environment) -> SnapshotEnvironment:
        made = lock(environment)
        text = self._masker.text(made.text, "environment")
        reference = LockRef(format=made.format, object_id=self._batch.add_bytes(text.encode()))
        packages = [
            package.model_copy(update={"source": self._masker.text(package.source, "environment")})
            if package.source
            else package
            for package in environment.packages
        ]
        facts = environment.model_copy(update={"packages": packages}).model_dump()
        return SnapshotEnvironment(**facts, lock=reference)

    def _error(self, error: RunError | None) -> RunError | None:
        if error is None:
            return None
        return error.model_copy(update={"message": self._masker.text(error.message, "error")})

    def _models(self, subject: Subject) -> list[SnapshotModel]:
        models = []
        for model in subject.state.models if subject.state else []:
            saved, folder = subject.kept.get(model.variable, (None, None))
            models.append(
                SnapshotModel(
                    **model.model_dump(),
                    object_id=self._batch.add_tree(folder).object_id if folder else None,
                    saved=saved.model_dump() if saved else None,
                )
            )
        return models

    def _seed_uses(self, subject: Subject, state: KernelState) -> list[SeedUse]:
        found = seeds(state.cells, state.scalars, subject.notebook.code_cells)
        return [use.model_copy(update=self._seeds(use.model_dump())) for use in found]

    def _seeds(self, found: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._masker.value("", value, "seeds") for name, value in found.items()}

    def _read_modules(self, state: KernelState) -> list[_Module]:
        """Read the modules of the project and of the kernel's working folder."""
        places = (self._project.root, Path(state.working_directory))
        found = []
        for module in state.modules:
            path = Path(module.path)
            if not any(path.is_relative_to(place) for place in places):
                continue
            if module.changed:
                self._notes.append(
                    f"The module {module.name} was changed after it was loaded: what is kept is "
                    "its file, not what ran."
                )
            try:
                text = path.read_bytes().decode()
            except (OSError, UnicodeDecodeError) as error:
                self._notes.append(f"The module {module.name} could not be kept: {error}.")
                text = None
            found.append(_Module(module.name, path, text))
        return found

    def _module(self, module: _Module) -> ModuleUse:
        object_id = None
        if module.text is not None:
            masked = self._masker.text(module.text, f"module {module.name}")
            object_id = self._batch.add_bytes(masked.encode())
        path = self._project.relative(module.path)
        return ModuleUse(name=module.name, path=path, object_id=object_id)

    def _files(self, subject: Subject, state: KernelState | None) -> list[FileUse]:
        keeper = DataKeeper(self._project, self._batch, self._keep_limit, self._masker)
        uses = keeper.keep([*(state.files if state else []), *map(_opened, subject.also)])
        if state is not None:
            self._notes += state.notes
            unseen = sentences(state.unseen, subject.notebook.code_cells)
            self._notes += [self._masker.text(sentence, "data") for sentence in unseen]
        self._notes += keeper.notes
        return uses

    def _data_paths(self, files: Iterable[FileUse]) -> list[Path]:
        return [self._project.root / use.path for use in files if use.digest]

    def _figure(self, mime_type: str, data: bytes) -> bytes:
        if mime_type != "image/svg+xml":
            return data
        return self._masker.text(data.decode("utf-8", "replace"), "figures").encode()

    def _figures(self, notebook: Notebook) -> list[Figure]:
        return [
            Figure(
                cell_id=cell_id,
                mime_type=mime_type,
                object_id=self._batch.add_bytes(self._figure(mime_type, data)),
            )
            for cell_id, mime_type, data in figures(notebook.code_cells)
        ]


def _graded(subject: Subject, state: KernelState | None) -> Verdict:
    return grade(
        subject.notebook.code_cells,
        state.cells if state and is_watched(state) else None,
        top_level(module.name for module in state.modules) if state else (),
        state.r_code if state else None,
        Live(subject.saved_at) if subject.executed is None else None,
    )


def _opened(path: Path) -> FileAccess:
    return FileAccess(path=str(path), mode="read")
