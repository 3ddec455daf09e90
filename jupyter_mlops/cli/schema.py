"""Writes the OpenAPI document, or checks that the committed one is up to date.

``python -m jupyter_mlops.cli.schema [--check] FILE``
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..routes import contract


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail if FILE is out of date.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def main(file: Path, check: bool) -> None:
    """Write the OpenAPI document of all routes to FILE."""
    text = json.dumps(contract(), indent=2, ensure_ascii=False) + "\n"
    if not check:
        file.write_text(text, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        raise click.ClickException(f"{file} is out of date: run `make schema` and commit it.")


if __name__ == "__main__":
    main()
