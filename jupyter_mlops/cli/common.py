"""What the commands share: the store, and how results are printed."""

from __future__ import annotations

import getpass
import json
import os
import unicodedata
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core.errors import MLOpsError, NotFoundError
from ..core.project import Project
from ..core.running import find_project
from ..services import Services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from ..core.schema import Page, Schema

T = TypeVar("T")
_PIPE_WIDTH = 500
# controls, halves of characters, ends of lines and paragraphs
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_SHORT = 20  # a column that is no wider stays whole

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@contextmanager
def opened(
    start: Path | None = None, *, make: bool = False, need: bool = False
) -> Iterator[Services]:
    """Open the store that ``start`` belongs to, by default the working folder.

    Where there is none, it is made for a command that adds to it. Others are given an empty one
    for as long as they run: a question asked in the wrong folder leaves no store there, to which
    all notebooks below would belong from then on.

    Raises:
        NotFoundError: there is no store, and the command says that it needs one.
    """
    project = find_project(start or Path.cwd())
    missing = f"There is no store at or above {project.root}."
    if need and not project.store.is_dir():
        raise NotFoundError(missing)
    with ExitStack() as stack:
        if not make and not project.store.is_dir():
            stack.callback(click.echo, missing, err=True)
            project = Project(Path(stack.enter_context(TemporaryDirectory())).resolve())
        services = Services(project, project.root)
        stack.callback(services.close)
        with suppress(MLOpsError):  # what is wrong with the store, the command itself says
            services.close_vanished()
        yield services


def author() -> str:
    """Return who does it: the name that a server without logins records too."""
    return getpass.getuser()


def everything(page: Callable[[str | None], Page[T]], limit: int | None = None) -> list[T]:
    """Return the items of all pages, at most ``limit``."""
    items: list[T] = []
    token: str | None = None
    while True:
        answer = page(token)
        items += answer.items
        token = answer.next_token
        if token is None or (limit is not None and len(items) >= limit):
            return items[:limit]


def print_json(value: Schema | Sequence[Schema]) -> None:
    """Print a wire type, or an array of them, exactly as the REST API has it."""
    document: Any = (
        [item.model_dump(mode="json") for item in value]
        if isinstance(value, Sequence)
        else value.model_dump(mode="json")
    )
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print a table, or the sentence ``empty`` where there are no rows.

    Nothing is cut off: in a narrow terminal long names go on in the next line, and what is short
    (digests, times) stays in one, for which the lines are as long as they must be.
    """
    from rich.console import Console  # noqa: PLC0415 - help and JSON do without
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    texts = [[Text("" if cell is None else str(cell)) for cell in row] for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, *cells in zip(map(Text, columns), *texts, strict=True):
        widest = max(cell.cell_len for cell in (column, *cells))
        short = widest <= _SHORT
        table.add_column(
            column, overflow="fold", no_wrap=short, min_width=widest if short else _SHORT
        )
    for row_texts in texts:
        table.add_row(*row_texts)
    if not table.row_count:
        click.echo(empty, err=True)
        return
    # a pipe has no width to fit into
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _PIPE_WIDTH
    unlimited = console.options.update(width=_PIPE_WIDTH)
    console.width = max(console.width, console.measure(table, options=unlimited).minimum)
    console.print(table)


def short(moment: datetime) -> str:
    """Return a moment in local time, to the second."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def plain(name: str) -> str:
    """Return a name as one line of text: what would end it or steer a terminal is spelled out."""
    return "".join(
        ascii(letter)[1:-1] if unicodedata.category(letter) in _UNSEEN else letter
        for letter in name
    )


def pairs(values: dict[str, Any]) -> str:
    """Return ``a=1, b=0.5``; floats to four digits."""
    shown = {key: f"{v:.4g}" if isinstance(v, float) else v for key, v in values.items()}
    return ", ".join(f"{key}={value}" for key, value in shown.items())
