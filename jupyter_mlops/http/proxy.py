"""Serving through Jupyter's own port and login, so that it works behind JupyterHub."""

from __future__ import annotations

from tornado import web

from .handler import ErrorHandler
from .threads import in_thread

_PASSED = ("Accept", "Content-Type")


class ServingProxyHandler(ErrorHandler):
    """Passes a request for a deployment on to the gateway."""

    @web.authenticated
    async def get(self, deployment: str, path: str) -> None:
        """Pass a GET request on."""
        await self._forward(deployment, path)

    @web.authenticated
    async def post(self, deployment: str, path: str) -> None:
        """Pass a POST request on."""
        await self._forward(deployment, path)

    async def _forward(self, deployment: str, path: str) -> None:
        await self.authorize("execute")
        headers = {
            name: self.request.headers[name] for name in _PASSED if name in self.request.headers
        }
        status, answered, body = await in_thread(self._send, deployment, path, headers)
        self.set_status(status)
        for name, value in answered.items():
            self.set_header(name, value)
        await self.finish(body)

    def _send(
        self, deployment: str, path: str, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        return self.services.deployments.forward(
            deployment, self.request.method or "GET", path, headers, self.request.body
        )
