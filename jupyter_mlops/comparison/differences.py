"""What differs between experiments, worked out from their manifests. Nothing is read here."""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import blake3

from . import columns
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
    from collections.abc import Iterable, Mapping, Sequence

    from ..kernels.schemas import Environment
    from ..snapshots.schemas import FileUse, Manifest
    from ..tracking.schemas import Run
    from .columns import Table
    from .schemas import DataChange

_SEED = re.compile(r"seed|random_state", re.IGNORECASE)
_SEED_VALUE = re.compile(r"(\w*(?:seed|random_state)\w*\W{1,4})\d+", re.IGNORECASE)
_SHORT_DIGEST = 12


@dataclass(frozen=True)
class Subject:
    """One column: a run, and its manifest where there is a snapshot."""

    run: Run
    snapshot_id: str | None
    manifest: Manifest | None

    @property
    def environment(self) -> Environment | None:
        """The environment, where it is known."""
        return self.manifest.environment if self.manifest else None

    @property
    def files(self) -> list[FileUse]:
        """What was read and written."""
        return self.manifest.files if self.manifest else []


def parameters(subjects: Sequence[Subject]) -> list[ValueRow]:
    """Return all parameters by name."""
    return _rows([subject.run.params for subject in subjects])


def metrics(subjects: Sequence[Subject]) -> list[MetricRow]:
    """Return all metrics by name, with the noise between runs that differ in their seeds only."""
    columns = [subject.run.metrics for subject in subjects]
    alike = _alike(subjects)
    found = []
    for name in _names(columns):
        values = [column.get(name) for column in columns]
        known = [(name in column, value) for column, value in zip(columns, values, strict=True)]
        spreads = [_spread([values[at] for at in group]) for group in alike]
        noise = max((spread for spread in spreads if spread is not None), default=None)
        found.append(MetricRow(name=name, values=values, differs=len(set(known)) > 1, noise=noise))
    return found


def environment(subjects: Sequence[Subject]) -> EnvironmentDifference:
    """Return facts and packages; runs whose environment is unknown are left out of the verdict."""
    known = [subject.environment is not None for subject in subjects]
    packages = [_packages(subject.environment) for subject in subjects]
    rows = _rows(packages, known)
    different = [row for row in rows if row.differs]
    return EnvironmentDifference(
        facts=_in_given_order([_facts(subject.environment) for subject in subjects], known),
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
            _state(cell, cells[0], tables, is_baseline=at == 0) for at, cell in enumerate(cells)
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
    """Return figures matched by their cell, the first of each with the first, and so on."""
    columns = [_figures(subject.manifest) for subject in subjects]
    found = []
    for key in _in_order_of_appearance(columns):
        figure = [column.get(key) for column in columns]
        found.append(
            FigureRow(
                cell_id=key[0],
                indexes=[item and item[0] for item in figure],
                differs=len({item and item[1] for item in figure}) > 1,
            )
        )
    return found


def code(subjects: Sequence[Subject]) -> CodeDifference:
    """Return git state, seeds and modules; the notebook's cells are compared apart from it."""
    manifests = [subject.manifest for subject in subjects]
    known = [manifest is not None for manifest in manifests]
    modules = [_modules(manifest) for manifest in manifests]
    return CodeDifference(
        facts=_in_given_order([_code(manifest) for manifest in manifests], known),
        modules=[
            _module(path, [column.get(path) for column in modules], known)
            for path in _names(modules)
        ],
    )


def _rows(
    columns: Sequence[Mapping[str, str]], known: Sequence[bool] | None = None
) -> list[ValueRow]:
    return [_row(name, columns, known) for name in _names(columns)]


def _in_given_order(columns: Sequence[Mapping[str, str]], known: Sequence[bool]) -> list[ValueRow]:
    return [_row(name, columns, known) for name in _in_order_of_appearance(columns)]


def _row(name: str, columns: Sequence[Mapping[str, str]], known: Sequence[bool] | None) -> ValueRow:
    values = [column.get(name) for column in columns]
    return ValueRow(
        name=name, values=values, differs=_differ(values, known or [True] * len(values))
    )


def _differ(values: Sequence[Any], known: Sequence[bool]) -> bool:
    return len({value for value, is_known in zip(values, known, strict=True) if is_known}) > 1


def _names(columns: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted({name for column in columns for name in column})


def _in_order_of_appearance(columns: Iterable[Mapping[Any, Any]]) -> list[Any]:
    return list(dict.fromkeys(key for column in columns for key in column))


def _facts(environment: Environment | None) -> dict[str, str]:
    if environment is None:
        return {}
    hardware = environment.hardware
    facts = {
        "language": f"{environment.language} {environment.language_version}",
        "implementation": environment.implementation,
        "platform": environment.platform,
        "machine": hardware.machine,
        "cpu_count": hardware.cpu_count,
        "memory_bytes": hardware.memory_bytes,
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
        "seeds": ", ".join(f"{name} {value}" for name, value in sorted(manifest.seeds.items())),
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
        differs=_differ(ids, known),
    )


def _figures(manifest: Manifest | None) -> dict[tuple[str | None, int], tuple[int, str]]:
    counts: Counter[str | None] = Counter()
    found = {}
    for index, figure in enumerate(manifest.figures if manifest else []):
        found[figure.cell_id, counts[figure.cell_id]] = index, figure.object_id
        counts[figure.cell_id] += 1
    return found


def _state(
    use: FileUse | None, base: FileUse | None, tables: Mapping[str, Table], *, is_baseline: bool
) -> DataState | None:
    if use is None:
        return DataState(change="removed", columns=[]) if base is not None else None
    table, base_table = _table(use, tables), _table(base, tables)
    rows, base_rows = table.rows if table else None, base_table.rows if base_table else None
    return DataState(
        change="baseline" if is_baseline else _change(use, base),
        digest=use.digest,
        size=use.size,
        count=use.count,
        rows=rows,
        size_delta=_delta(use.size, base.size if base else None),
        count_delta=_delta(use.count, base.count if base else None),
        row_delta=_delta(rows, base_rows),
        columns=columns.changes(table, base_table),
    )


def _change(use: FileUse, base: FileUse | None) -> DataChange:
    if base is None:
        return "added"
    if use.digest is None or base.digest is None:
        return "unknown"
    return "same" if use.digest == base.digest else "changed"


def _table(use: FileUse | None, tables: Mapping[str, Table]) -> Table | None:
    return tables.get(use.digest) if use and use.digest else None


def _delta(value: int | None, base: int | None) -> int | None:
    return None if value is None or base is None else value - base


def _alike(subjects: Sequence[Subject]) -> list[list[int]]:
    """Return groups of columns that differ in nothing but their seeds."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, subject in enumerate(subjects):
        if subject.manifest is not None and _is_known(subject.manifest):
            groups[_without_seeds(subject.run.params, subject.manifest)].append(at)
    return [group for group in groups.values() if len(group) > 1]


def _is_known(manifest: Manifest) -> bool:
    """Tell whether code and data are known to the last byte."""
    return (
        bool(manifest.cells)
        and all(use.digest for use in manifest.files if use.mode == "read")
        and all(use.object_id for use in manifest.modules)
    )


def _without_seeds(params: Mapping[str, str], manifest: Manifest) -> str:
    return json.dumps(
        [
            sorted(pair for pair in params.items() if not _SEED.search(pair[0])),
            [_SEED_VALUE.sub(r"\1", cell.source) for cell in manifest.cells],
            sorted((use.path, use.digest or "") for use in manifest.files if use.mode == "read"),
            _packages(manifest.environment),
            [(use.path, use.object_id) for use in manifest.modules],
        ]
    )


def _spread(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None and math.isfinite(value)]
    return max(known) - min(known) if len(known) > 1 else None
