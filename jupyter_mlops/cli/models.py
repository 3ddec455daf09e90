"""Commands on registered models."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from ..registry.schemas import ModelVersionCreate, RegisteredModelDetail, VersionSource
from .common import author, everything, json_option, opened, print_json, print_table, short


@click.command()
@click.argument("name", required=False)
@json_option
def models(name: str | None, as_json: bool) -> None:
    """List registered models, or the versions of the model NAME."""
    with opened() as services:
        if name is not None:
            _show(services.registry.model(name), as_json)
            return
        found = everything(lambda token: services.registry.models(limit=1000, page_token=token))
    if as_json:
        print_json(found)
        return
    print_table(
        ("NAME", "NEWEST", "ALIASES", "CHANGED"),
        [
            (model.name, model.latest_version, _aliases(model.aliases), short(model.updated_at))
            for model in found
        ],
        empty="No models yet. Register one: jupyter mlops register NAME --snapshot ID --variable V",
    )


@click.command()
@click.argument("name")
@click.option("--snapshot", "snapshot_id", help="The snapshot of a headless run; with --variable.")
@click.option("--variable", help="The variable that held the model at the end of the run.")
@click.option(
    "--path",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder in MLflow's model format.",
)
@click.option("--description", default="", help="A note on this version.")
@json_option
def register(
    name: str,
    snapshot_id: str | None,
    variable: str | None,
    path: Path | None,
    description: str,
    as_json: bool,
) -> None:
    """Register a model as the next version of NAME."""
    if (snapshot_id is None) == (path is None) or (snapshot_id is None) != (variable is None):
        raise click.UsageError("Give --snapshot ID with --variable V, or --path FOLDER.")
    with opened(make=True) as services:
        if path is not None:
            made = services.registry.register_folder(
                name,
                path.resolve(),
                author=author(),
                source=VersionSource(),
                description=description,
            )
        else:
            request = ModelVersionCreate(
                snapshot_id=snapshot_id, variable=variable, description=description
            )
            made = asyncio.run(services.notebooks.register(name, request, author=author()))
    if as_json:
        print_json(made)
    else:
        click.echo(f"{made.name} version {made.version} ({made.class_name or made.flavor})")


@click.command()
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.argument("alias")
@json_option
def promote(name: str, version: int, alias: str, as_json: bool) -> None:
    """Point ALIAS at VERSION of the model NAME."""
    with opened() as services:
        model = services.registry.set_alias(name, alias, version, author=author())
    if as_json:
        print_json(model)
    else:
        click.echo(f"{alias} of {name} is version {version}")


def _show(model: RegisteredModelDetail, as_json: bool) -> None:
    if as_json:
        print_json(model)
        return
    print_table(
        ("VERSION", "ALIASES", "CLASS", "FRAMEWORK", "TIME", "AUTHOR", "NOTEBOOK"),
        [
            (
                version.version,
                ", ".join(version.aliases),
                version.class_name,
                version.framework,
                short(version.created_at),
                version.author,
                version.notebook_path,
            )
            for version in model.versions
        ],
        empty=f"{model.name} has no versions.",
    )


def _aliases(aliases: dict[str, int]) -> str:
    return ", ".join(f"{alias} → {version}" for alias, version in aliases.items())
