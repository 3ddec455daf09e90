"""All deployments of a gateway, kept over its restarts."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import TYPE_CHECKING

from .deployment import ServedDeployment

if TYPE_CHECKING:
    from .files import GatewayFiles
    from .revision import Limits, ModelSpec, ServedRevision


class UnknownDeploymentError(Exception):
    """No deployment has this name."""


class Supervisor:
    """What the gateway serves. All methods run in the event loop's thread."""

    def __init__(self, files: GatewayFiles, limits: Limits, port: int) -> None:
        self._files = files
        self._limits = limits
        self._port = port
        self._control_hash = token_hash(files.control_token())
        self._deployments: dict[str, ServedDeployment] = {}
        self._retiring: set[asyncio.Task[None]] = set()

    def restore(self) -> None:
        """Serve what the last gateway served."""
        for name, state in self._files.load_state()["deployments"].items():
            self._deployments[name] = self._new(name)
            self._deployments[name].restore(state)
        self._save()

    def deployments(self) -> list[ServedDeployment]:
        """Return all deployments, by name."""
        return [deployment for _, deployment in sorted(self._deployments.items())]

    def deployment(self, name: str) -> ServedDeployment:
        """Return a deployment.

        Raises:
            UnknownDeploymentError: there is none of this name.
        """
        if name not in self._deployments:
            raise UnknownDeploymentError(name)
        return self._deployments[name]

    def activate(self, name: str, revision: int, spec: ModelSpec, token: str) -> ServedDeployment:
        """Make a revision the active one of a new or known deployment."""
        deployment = self._deployments.get(name) or self._new(name)
        deployment.token_hash = token
        self._deployments[name] = deployment
        deployment.activate(revision, spec)
        return deployment

    def delete(self, name: str) -> None:
        """End a deployment and forget it, with its logs."""
        deployment = self.deployment(name)
        deployment.stop()
        del self._deployments[name]
        self._save()
        self._files.delete_logs(name)

    def is_control_token(self, token: str) -> bool:
        """Tell whether a bearer token opens everything."""
        return hmac.compare_digest(token_hash(token), self._control_hash)

    def opened_by(self, token: str) -> set[str]:
        """Return the names of the deployments that a bearer token opens."""
        if self.is_control_token(token):
            return set(self._deployments)
        digest = token_hash(token)
        return {
            name
            for name, deployment in self._deployments.items()
            if hmac.compare_digest(digest, deployment.token_hash)
        }

    async def close(self) -> None:
        """End all workers; what is served stays written down for the next gateway."""
        revisions = [r for d in self._deployments.values() for r in d.revisions()]
        await asyncio.gather(*(revision.stop() for revision in revisions), *self._retiring)

    def _new(self, name: str) -> ServedDeployment:
        return ServedDeployment(name, self._files, self._limits, self._retire, self._save)

    def _retire(self, revision: ServedRevision) -> None:
        task = asyncio.create_task(revision.stop())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _save(self) -> None:
        deployments = {name: d.to_state() for name, d in self._deployments.items()}
        self._files.save_state({"port": self._port, "deployments": deployments})


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
