"""What differs between experiments, worked out from their manifests. Nothing is read here."""

from __future__ import annotations

from collections import ChainMap, Counter
from typing import TYPE_CHECKING

import blake3

from . import columns, noise
from .rows import differ, in_order_of_appearance, names, row
from .schemas import (
    CodeDifference,
    DataRow,
    DataState,
    EnvironmentDifference,
    FigureRow,
    MetricRow,
    ModuleRow,
    ValueRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..kernels.schemas import Environment
    from ..snapshots.schemas import FileUse, Manifest
    from .columns import Table
    from .schemas import DataChange
    from .subjects import Subject

_SHORT_DIGEST = 12
_SEEDS = "seeds"


def parameters(subjects: Sequence[Subject]) -> list[ValueRow]:
    """Return all parameters by name."""
    columns = [subject.run.params for subject in subjects]
    kept = ChainMap(*(one.manifest.parameters for one in subjects if one.manifest))
    return [
        row(
            name,
            columns,
            [one.knows(name, column, kept) for one, column in zip(subjects, columns, strict=True)],
        )
        for name in names(columns)
    ]


def metrics(subjects: Sequence[Subject]) -> list[MetricRow]:
    """Return all metrics by name, with the noise between runs that differ in their seeds only."""
    columns = [subject.run.metrics for subject in subjects]
    kept = ChainMap(*(one.manifest.metrics for one in subjects if one.manifest))
    groups = noise.alike(subjects)
    found = []
    for name in names(columns):
        values = [column.get(name) for column in columns]
        # a value that is NaN is there, and none
        told = {
            (name in column, value)
            for subject, column, value in zip(subjects, columns, values, strict=True)
            if subject.knows(name, column, kept if subject.has_run else {})
        }
        spreads = [noise.spread([values[at] for at in group]) for group in groups]
        widest = max((spread for spread in spreads if spread is not None), default=None)
        found.append(MetricRow(name=name, values=values, differs=len(told) > 1, noise=widest))
    return found


def environment(subjects: Sequence[Subject]) -> EnvironmentDifference:
    """Return facts and packages; runs whose environment is unknown are left out of the verdict."""
    known = [subject.environment is not None for subject in subjects]
    facts = [_facts(subject.environment) for subject in subjects]
    packages = [_packages(subject.environment) for subject in subjects]
    rows = [row(name, packages, known) for name in names(packages)]
    different = [one for one in rows if one.differs]
    return EnvironmentDifference(
        facts=[row(name, facts, known) for name in in_order_of_appearance(facts)],
        packages=different,
        same_packages=len(rows) - len(different),
    )


def data(subjects: Sequence[Subject], tables: Mapping[str, Table]) -> list[DataRow]:
    """Return what was read and written, what differs first, then by path.

    Args:
        subjects: the columns.
        tables: what their profiles tell of tables, by digest.
    """
    uses = [{(use.path, use.mode): use for use in subject.files} for subject in subjects]
    found = []
    for path, mode in sorted({key for column in uses for key in column}):
        cells = [column.get((path, mode)) for column in uses]
        states = [
            _state(subject, cell, subjects[0], cells[0], tables)
            for subject, cell in zip(subjects, cells, strict=True)
        ]
        found.append(
            DataRow(
                path=path,
                mode=mode,
                kind=next(cell.kind for cell in cells if cell),
                states=states,
                differs=any(
                    state is not None and state.change in {"changed", "added", "removed"}
                    for state in states
                ),
            )
        )
    return sorted(found, key=lambda row: not row.differs)


def figures(subjects: Sequence[Subject]) -> list[FigureRow]:
    """Return figures matched by their cell, the first of each with the first, and so on.

    Runs without a snapshot are left out of the verdict.
    """
    columns = [_figures(subject.manifest) for subject in subjects]
    known = [subject.manifest is not None for subject in subjects]
    found = []
    for key in in_order_of_appearance(columns):
        figure = [column.get(key) for column in columns]
        found.append(
            FigureRow(
                cell_id=key[0],
                indexes=[item and item[0] for item in figure],
                differs=differ([item and item[1] for item in figure], known),
            )
        )
    return found


def code(subjects: Sequence[Subject]) -> CodeDifference:
    """Return git state, seeds and modules; the notebook's cells are compared apart from it."""
    facts = [_code(subject.manifest) for subject in subjects]
    modules = [_modules(subject.manifest) for subject in subjects]
    has_snapshot = [subject.manifest is not None for subject in subjects]
    has_run = [subject.has_run for subject in subjects]
    knows_uses = [subject.knows_uses for subject in subjects]
    return CodeDifference(
        facts=[
            row(name, facts, has_run if name == _SEEDS else has_snapshot)
            for name in in_order_of_appearance(facts)
        ],
        modules=[
            _module(path, [column.get(path) for column in modules], knows_uses)
            for path in names(modules)
        ],
    )


def _facts(environment: Environment | None) -> dict[str, str]:
    if environment is None:
        return {}
    hardware = environment.hardware
    facts = {
        "language": f"{environment.language} {environment.language_version}",
        "implementation": environment.implementation,
        "platform": environment.platform,
        "machine": hardware.machine,
        "cpu_model": hardware.cpu_model,
        "cpu_count": hardware.cpu_count,
        "memory_bytes": hardware.memory_bytes,
        "gpus": ", ".join(hardware.gpus) or None,
        "executable": environment.executable,
    }
    return {name: str(value) for name, value in facts.items() if value is not None}


def _packages(environment: Environment | None) -> dict[str, str]:
    return {
        package.name: f"{package.version} ({package.source})" if package.source else package.version
        for package in (environment.packages if environment else [])
    }


def _code(manifest: Manifest | None) -> dict[str, str]:
    if manifest is None:
        return {}
    state = manifest.code
    diff = state.diff and blake3.blake3(state.diff.encode("utf-8", "replace")).hexdigest()
    facts = {
        "commit": state.commit,
        "branch": state.branch,
        "diff": diff and diff[:_SHORT_DIGEST],
        _SEEDS: ", ".join(f"{name} {value}" for name, value in sorted(manifest.seeds.items())),
    }
    return {name: value for name, value in facts.items() if value}


def _modules(manifest: Manifest | None) -> dict[str, tuple[int, str | None]]:
    uses = manifest.modules if manifest else []
    return {use.path: (at, use.object_id) for at, use in enumerate(uses)}


def _module(
    path: str, found: Sequence[tuple[int, str | None] | None], known: Sequence[bool]
) -> ModuleRow:
    ids = [module and (module[1] or "not kept") for module in found]
    return ModuleRow(
        path=path,
        indexes=[module and module[0] for module in found],
        digests=[module[1][:_SHORT_DIGEST] if module and module[1] else None for module in found],
        differs=differ(ids, known),
    )


def _figures(manifest: Manifest | None) -> dict[tuple[str | None, int], tuple[int, str]]:
    counts: Counter[str | None] = Counter()
    found = {}
    for index, figure in enumerate(manifest.figures if manifest else []):
        found[figure.cell_id, counts[figure.cell_id]] = index, figure.object_id
        counts[figure.cell_id] += 1
    return found


def _state(
    subject: Subject,
    use: FileUse | None,
    baseline: Subject,
    base: FileUse | None,
    tables: Mapping[str, Table],
) -> DataState | None:
    if use is None:
        is_gone = base is not None and subject.knows_uses
        return DataState(change="removed", columns=[]) if is_gone else None
    table, base_table = _table(use, tables), _table(base, tables)
    rows, base_rows = table.rows if table else None, base_table.rows if base_table else None
    return DataState(
        change="baseline" if subject is baseline else _change(use, base, baseline),
        digest=use.digest,
        size=use.size,
        count=use.count,
        rows=rows,
        size_delta=_delta(use.size, base.size if base else None),
        count_delta=_delta(use.count, base.count if base else None),
        row_delta=_delta(rows, base_rows),
        columns=columns.changes(table, base_table),
    )


def _change(use: FileUse, base: FileUse | None, baseline: Subject) -> DataChange:
    if base is None:
        return "added" if baseline.knows_uses else "unknown"
    if use.digest is None or base.digest is None:
        # of a file that could not be read, the size may still tell that it is another one
        delta = _delta(use.size, base.size) if use.kind == "file" else None
        return "changed" if delta else "unknown"
    return "same" if use.digest == base.digest else "changed"


def _table(use: FileUse | None, tables: Mapping[str, Table]) -> Table | None:
    return tables.get(use.digest) if use and use.digest else None


def _delta(value: int | None, base: int | None) -> int | None:
    return None if value is None or base is None else value - base
