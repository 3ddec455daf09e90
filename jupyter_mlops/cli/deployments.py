"""Commands on deployments."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

import click

from ..core.errors import ServingError
from ..deployments.schemas import Deployment, DeploymentCreate, DeploymentCreated
from .common import author, json_option, opened, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..deployments.manager import DeploymentManager

_REFUSED = 400


@click.command()
@click.argument("name")
@click.option("--version", type=click.IntRange(min=1), help="By default the newest.")
@click.option("--alias", help="The version that this alias points at.")
@click.option(
    "--as", "deployment", metavar="DEPLOYMENT", help="The deployment's name; made from NAME if not."
)
@click.option("--wait", is_flag=True, help="Wait until it runs or has failed.")
@json_option
def deploy(
    name: str,
    version: int | None,
    alias: str | None,
    deployment: str | None,
    wait: bool,
    as_json: bool,
) -> None:
    """Deploy a version of the model NAME.

    A deployment that exists gets a new revision and keeps its URL and token.
    """
    if version is not None and alias is not None:
        raise click.UsageError("Give --version or --alias, not both.")
    request = DeploymentCreate(model_name=name, version=version, alias=alias, name=deployment)
    with opened() as services:
        made = services.deployments.create(request, author=author())
        try:
            if made.token is not None and not as_json:
                click.echo(f"token {made.token}   (shown once)")
            if wait:
                ready = services.deployments.wait(made.name)
                made = DeploymentCreated(**dict(ready), token=made.token)
        finally:  # nothing shows the token again, so not even an interrupt may lose it
            _show(made, as_json)
    _raise_failure(made)


@click.command()
@json_option
def deployments(as_json: bool) -> None:
    """List deployments with their state."""
    with opened() as services:
        found = services.deployments.deployments().items
    if as_json:
        print_json(found)
        return
    print_table(
        ("NAME", "STATE", "MODEL", "VERSION", "URL", "REQUESTS", "ERRORS", "MESSAGE"),
        [
            (
                item.name,
                item.state,
                item.model_name,
                item.version,
                item.url,
                item.requests,
                item.errors,
                item.message,
            )
            for item in found
        ],
        empty="No deployments yet. Make one: jupyter mlops deploy NAME --wait",
    )


@click.command()
@click.argument("deployment")
@click.option(
    "--input",
    "source",
    type=click.File("rb"),
    required=True,
    help="JSON for MLflow's or the Open Inference Protocol; - is standard input.",
)
@json_option
def predict(deployment: str, source: IO[bytes], as_json: bool) -> None:
    """Send a request to DEPLOYMENT and print the answer."""
    try:
        payload = json.loads(source.read())
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="--input") from error
    with opened() as services:
        prediction = services.deployments.predict(deployment, payload)
    if as_json:
        print_json(prediction)
    if prediction.status_code >= _REFUSED:
        raise ServingError(
            f"{deployment} answered {prediction.status_code}: {_reason(prediction.response)}"
        )
    if not as_json:
        click.echo(json.dumps(prediction.response, ensure_ascii=False))


@click.command()
@click.argument("deployment")
@json_option
def rollback(deployment: str, as_json: bool) -> None:
    """Return DEPLOYMENT to the version that ran before."""
    _change(deployment, as_json, lambda manager: manager.roll_back(deployment, author=author()))


@click.command()
@click.argument("deployment")
@json_option
def stop(deployment: str, as_json: bool) -> None:
    """Stop DEPLOYMENT; its URL and token stay."""
    _change(deployment, as_json, lambda manager: manager.stop(deployment))


@click.command()
@click.argument("deployment")
@json_option
def start(deployment: str, as_json: bool) -> None:
    """Start DEPLOYMENT again."""
    _change(deployment, as_json, lambda manager: manager.start(deployment))


@click.command()
@click.argument("deployment")
@json_option
def delete(deployment: str, as_json: bool) -> None:
    """Stop and delete DEPLOYMENT, with its history, token and log."""
    with opened() as services:
        last = services.deployments.deployment(deployment) if as_json else None
        services.deployments.delete(deployment)
    if last is not None:
        print_json(last)
        return
    click.echo(f"Deleted {deployment}", err=True)


def _change(deployment: str, as_json: bool, act: Callable[[DeploymentManager], Deployment]) -> None:
    with opened() as services:
        act(services.deployments)
        changed = services.deployments.wait(deployment)
    _show(changed, as_json)
    _raise_failure(changed)


def _show(deployment: Deployment, as_json: bool) -> None:
    if as_json:
        print_json(deployment)
        return
    served = f"{deployment.model_name} version {deployment.version}"
    click.echo(f"{deployment.name}: {deployment.state}, {served}")
    if deployment.url is not None:
        click.echo(f"url   {deployment.url}")


def _reason(response: Any) -> str:
    """Return what an error answer of MLflow's or of the Open Inference Protocol says."""
    said = response if isinstance(response, dict) else {}
    return str(said.get("message") or said.get("error") or response)


def _raise_failure(deployment: Deployment) -> None:
    if deployment.state == "failed":
        raise ServingError(f"{deployment.name} failed: {deployment.message or 'see its log'}")
