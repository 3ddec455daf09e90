"""What a user sees of a deployment: what is wanted, merged with what runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from ..core.clock import from_ms
from .history import previous_model
from .schemas import Deployment, DeploymentState, Revision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .gateway_client import GatewayStatus


@dataclass(frozen=True)
class Observed:
    """What runs, by deployment, and why something does not.

    ``problem`` is of the gateway, ``problems`` are of single deployments.
    """

    statuses: Mapping[str, GatewayStatus]
    problem: str | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


def to_deployment(
    row: Mapping[str, Any],
    revisions: Sequence[Mapping[str, Any]],
    observed: Observed,
    base_url: str | None,
) -> Deployment:
    """Return the wire type of a deployment's rows.

    Args:
        row: of the deployment.
        revisions: its revisions, oldest first, at least one.
        observed: what runs.
        base_url: where the gateway listens; None while it does not run.
    """
    name, active = row["name"], revisions[-1]
    state, message = _state(row, observed)
    status = observed.statuses.get(name)
    previous = previous_model(revisions)
    return Deployment(
        name=name,
        target=row["target"],
        state=state,
        message=message,
        model_name=active["model_name"],
        version=active["model_version"],
        revision=row["revision"],
        previous_version=previous[1] if previous else None,
        url=f"{base_url}/v2/models/{name}" if base_url else None,
        invocations_url=f"{base_url}/serve/{name}/invocations" if base_url else None,
        proxy_path=f"mlops/serve/{name}",
        created_at=from_ms(row["created_at"]),
        updated_at=from_ms(row["updated_at"]),
        author=row["author"],
        revisions=[to_revision(revision) for revision in reversed(revisions)],
        requests=status.requests if status else 0,
        errors=status.errors if status else 0,
    )


def _state(row: Mapping[str, Any], observed: Observed) -> tuple[DeploymentState, str | None]:
    if row["desired"] == "stopped":
        return "stopped", None
    problem = observed.problem or observed.problems.get(row["name"])
    if problem is not None:
        return "failed", problem
    status = observed.statuses.get(row["name"])
    if status is None or status.revision != row["revision"] or status.state == "stopped":
        return "pending", "The gateway is starting the deployment."
    return cast("DeploymentState", status.state), status.message


def to_revision(row: Mapping[str, Any]) -> Revision:
    """Return a row of a revision as it is shown."""
    return Revision(
        revision=row["revision"],
        model_name=row["model_name"],
        version=row["model_version"],
        created_at=from_ms(row["created_at"]),
        author=row["author"],
    )
