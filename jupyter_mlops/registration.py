"""Registering what MLflow's clients name by a URI: the work of several managers."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .core.errors import InvalidInputError, NotFoundError
from .registry.schemas import VersionSource
from .tracking.artifacts import SCHEME, location
from .tracking.entities import INTERPRETER_TAG

if TYPE_CHECKING:
    from .registry.schemas import ModelVersion
    from .services import Services

_LOGGED_MODEL = re.compile(r"models:/+(m-[0-9a-f]{32})")
_VERSION = re.compile(r"models:/+([^/@]+)(?:/(\d+)|@([\w\-]+))")
_RUN = re.compile(r"runs:/+(\w+)/(.*)")


def register_uri(
    services: Services,
    name: str,
    uri: str,
    *,
    author: str,
    run_id: str | None = None,
    run_link: str | None = None,
    model_id: str | None = None,
    description: str = "",
) -> ModelVersion:
    """Register what ``uri`` names as the next version of ``name``.

    Files of ours in MLflow's format are kept with the version; of others, and of those that are
    elsewhere, only the URI is.

    Args:
        services: the managers of the store.
        name: of a registered model.
        uri: ``models:/…``, ``runs:/…``, ``mlflow-artifacts:/…``, or one of another system.
        author: who registers.
        run_id: the run that made the model; of a logged model it is known.
        run_link: where that run is, if it is elsewhere.
        model_id: the logged model, if it is one.
        description: of the version.

    Raises:
        InvalidInputError: a path of this machine, which is not for a client to name.
        NotFoundError: there is no such registered model, run, logged model or version.
    """
    services.catalog.get(name)
    named = _named(services, uri, run_id, model_id)
    source = VersionSource(
        run_id=named.run_id,
        source=uri,
        run_link=run_link,
        model_id=named.model_id,
        executable=_interpreter(services, named),
    )
    return _register(services, name, named, author=author, source=source, description=description)


@dataclass
class _Named:
    """What a URI names: where its files are, and what they are known as here."""

    place: str
    run_id: str | None
    model_id: str | None
    version: ModelVersion | None = None


def _register(services: Services, name: str, named: _Named, **facts: Any) -> ModelVersion:
    """Register the files that are named, as far as they are here; see the registry for facts."""
    registry, known = services.registry, named.version
    if known is not None and known.object_id is not None:
        return registry.register_tree(name, known.object_id, **facts)
    ours = named.place.startswith(SCHEME)
    with services.artifacts.folder(location(named.place)) if ours else nullcontext() as folder:
        if folder is None or not (folder / "MLmodel").is_file():
            return registry.register_reference(name, **facts)
        return registry.register_folder(name, folder, **facts)


def _named(services: Services, uri: str, run_id: str | None, model_id: str | None) -> _Named:
    named = _Named(uri, run_id, model_id)
    if found := _LOGGED_MODEL.fullmatch(uri):
        named.model_id = found.group(1)
    elif found := _VERSION.fullmatch(uri):
        model, version, alias = found.groups()
        number = int(version) if version else None
        named.version = services.registry.resolve(model, version=number, alias=alias)
    elif found := _RUN.fullmatch(uri):
        named.run_id = run_id or found.group(1)
        named.place = f"{services.runs.get(found.group(1)).info.artifact_uri}/{found.group(2)}"
    elif uri.startswith(("/", ".", "file:", "~")) or ":" not in uri:
        raise InvalidInputError(
            f"{uri[:200]!r} is a path of one machine. Log the model to a run, and register that."
        )
    if named.model_id is not None:
        logged = services.logged_models.get(named.model_id)
        named.run_id = named.run_id or logged.source_run_id
        named.place = logged.artifact_uri if named.place == uri else named.place
    return named


def _interpreter(services: Services, named: _Named) -> str | None:
    """Return the interpreter of the version, or of our kernel from which the run was logged."""
    if named.version is not None:
        return named.version.executable
    try:
        return services.runs.get(named.run_id).tags.get(INTERPRETER_TAG) if named.run_id else None
    except NotFoundError:  # a run of another server
        return None


def rename_model(services: Services, name: str, new_name: str) -> None:
    """Rename a registered model, also in what is deployed of it."""
    with services.database.write() as connection:
        services.catalog.rename(connection, name, new_name)
        services.deployments.rename_model(connection, name, new_name)
