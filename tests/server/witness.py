"""A server extension for tests: tells what the server process imported and unpickled."""

from __future__ import annotations

import json
import sys
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado import web

unpickled: list[str] = []


class WitnessHandler(APIHandler):
    @web.authenticated
    def get(self) -> None:
        self.finish(json.dumps({"modules": sorted(sys.modules), "unpickled": unpickled}))


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "pickle.find_class":
        unpickled.append(".".join(map(str, arguments)))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "tests.server.witness"}]


def _load_jupyter_server_extension(app: Any) -> None:
    sys.addaudithook(_audit)
    base = app.web_app.settings["base_url"]
    app.web_app.add_handlers(".*", [(f"{base}witness", WitnessHandler)])
