"""``jupyter mlops compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..core.errors import NotFoundError
from ..notebooks import apart
from .common import author, json_option, opened, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..comparison.schemas import (
        ComparedRun,
        Comparison,
        DataState,
        FigureRow,
        MetricRow,
        ModuleRow,
        ValueRow,
    )
    from ..services import Services

    _Row = MetricRow | ValueRow

_SHORT = 12
_Texts = list[str | None]


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID [ID]…")
@click.option("--now", is_flag=True, help="Compare the first one's notebook as it is now, too.")
@json_option
def compare(ids: tuple[str, ...], now: bool, as_json: bool) -> None:
    """Compare the runs or snapshots ID, the first as the baseline.

    An id may be shortened to six digits. What is the same in all of them is left out.
    """
    with opened() as services:
        present = [_look(services, ids[0])] if now else []
        found = services.comparisons.compare([*ids, *present])
    if found.missing:
        raise NotFoundError(f"There is no run or snapshot {', '.join(found.missing)}.")
    if as_json:
        print_json(found)
        return
    heads = [_head(item) for item in found.items]
    print_table(
        ("", "", *heads),
        [
            (kind, name, *("-" if text is None else text for text in texts))
            for kind, name, texts in _differences(found)
        ],
        empty="They differ in nothing that is recorded of them.",
    )


def _look(services: Services, name: str) -> str:
    path = services.project.resolve(services.comparisons.notebook_path(name))
    return apart.look(services, path, None, author=author())


def _head(item: ComparedRun) -> str:
    name = item.snapshot_id or item.run.run_id
    return f"{item.run.name} {'now' if item.present else name[:_SHORT]}"


def _differences(found: Comparison) -> Iterator[tuple[str, str, _Texts]]:
    grades: _Texts = [item.grade for item in found.items]
    yield from [("grade", "", grades)] if len(set(grades)) > 1 else []
    rows: tuple[tuple[str, Iterable[_Row], Callable[[Any], str | None]], ...] = (
        ("metric", found.metrics, "{:.6g}".format),
        ("parameter", found.parameters, str),
        ("environment", found.environment.facts, str),
        ("package", found.environment.packages, str),
        ("code", found.code.facts, str),
    )
    for kind, values, told in rows:
        for row in values:
            if row.differs:
                texts = [None if value is None else told(value) for value in row.values]
                yield kind, row.name, texts
    for use in found.data:
        if use.differs:
            yield "data", use.path, [_data(state) for state in use.states]
    yield from _places(found)


def _places(found: Comparison) -> Iterator[tuple[str, str, _Texts]]:
    named: list[tuple[str, str, ModuleRow | FigureRow]] = [
        *(("module", module.path, module) for module in found.code.modules),
        *(("figure", figure.cell_id or "", figure) for figure in found.figures),
    ]
    for kind, name, row in named:
        if row.differs:
            yield kind, name, [None if at is None else "differs" for at in row.indexes]


def _data(state: DataState | None) -> str | None:
    if state is None or state.change == "removed":
        return None
    deltas = {"rows": state.row_delta, "files": state.count_delta, "bytes": state.size_delta}
    told = next((f" ({delta:+,} {of})" for of, delta in deltas.items() if delta), "")
    return f"{state.change}{told}"
