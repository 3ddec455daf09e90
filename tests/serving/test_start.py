from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .gateway_process import GatewayProcess

FORBIDDEN = ("numpy", "pandas", "sklearn", "mlflow", "tornado", "jupyter_server", "sqlalchemy")


def test_the_gateway_imports_only_what_it_needs() -> None:
    code = "import json, sys, jupyter_mlops.serving.gateway; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert not set(FORBIDDEN) & set(json.loads(done.stdout))


def test_the_worker_imports_the_standard_library_only() -> None:
    code = "import json, sys, jupyter_mlops.serving.worker.main as _;"
    code += "print(json.dumps(list(sys.modules)))"
    isolated = [sys.executable, "-S", "-c", code]
    done = subprocess.run(isolated, capture_output=True, check=True)
    roots = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert roots - {"__main__", "jupyter_mlops"} <= sys.stdlib_module_names | {"sitecustomize"}


def test_a_port_that_is_taken_is_given_up(gateway: GatewayProcess) -> None:
    port = gateway.address["port"]
    gateway.end()
    with socket.create_server(("127.0.0.1", port)):
        gateway.start()
        assert gateway.address["port"] != port
    assert gateway.request("GET", "/v2/health/ready", None).json() == {"ready": True}
