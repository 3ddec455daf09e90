"""Starts the serving gateway: ``python -m jupyter_mlops.serving.gateway --store <.mlops folder>``.

One a store. It listens on the loopback interface, on the port it had before if that is free, so
that the URLs of deployments stay. It outlives who started it.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import uvicorn

from .app import create_app
from .files import GatewayFiles
from .revision import Limits
from .supervisor import Supervisor

_READY = b"ready"


def main() -> int:
    """Run the gateway; at once 0 if the store has one already."""
    arguments = _parser().parse_args()
    files = GatewayFiles(arguments.store.resolve())
    told = _detach(files.folder / "gateway.log") if arguments.detach else None
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    if not files.acquire():
        logging.getLogger(__name__).info("This store has a gateway already.")
        return 0
    try:
        _serve(files, arguments, told)
    finally:
        files.release()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jupyter_mlops.serving.gateway")
    parser.add_argument("--store", type=Path, required=True, help="the project's .mlops folder")
    parser.add_argument("--port", type=int, help="default: the last one, else a free one")
    parser.add_argument("--max-request-bytes", type=int, default=64 * 2**20)
    parser.add_argument("--load-timeout", type=float, default=Limits.load, help="seconds")
    parser.add_argument("--request-timeout", type=float, default=Limits.predict, help="seconds")
    parser.add_argument(
        "--detach", action="store_true", help="return once it serves, and let it run on"
    )
    return parser


def _serve(files: GatewayFiles, arguments: argparse.Namespace, told: int | None) -> None:
    listener = _listen(arguments.port or files.load_state()["port"])
    port = listener.getsockname()[1]
    limits = Limits(load=arguments.load_timeout, predict=arguments.request_timeout)
    supervisor = Supervisor(files, limits, port)

    def announce() -> None:
        files.write_address(
            {
                "pid": os.getpid(),
                "port": port,
                "url": f"http://127.0.0.1:{port}",
                "version": _version(),
                "started_at": datetime.now(UTC).isoformat(),
            }
        )
        if told is not None:
            os.write(told, _READY)
            os.close(told)

    app = create_app(
        supervisor,
        version=_version(),
        max_request_bytes=arguments.max_request_bytes,
        end=lambda: setattr(server, "should_exit", True),
        on_start=announce,
    )
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, lifespan="on", timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    signal.signal(signal.SIGTERM, _ignore)  # uvicorn raises it once more when it has ended
    server.run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY only where the protocol is named; without it, answers wait 40 ms
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:  # another program has taken the port
        listener.bind(("127.0.0.1", 0))
    listener.listen(2048)
    return listener


def _detach(log: Path) -> int:
    """Go on in a child that belongs to nobody; the parent waits until that one serves.

    Returns:
        where the child says that it is ready.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            ready = pipe.read() == _READY
        os._exit(0 if ready or os.waitpid(child, 0)[1] == 0 else 1)
    os.close(reader)
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.chdir("/")
    return writer


def _ignore(_: int, __: object) -> None:
    pass


def _version() -> str:
    try:
        return metadata.version("jupyter_mlops")
    except metadata.PackageNotFoundError:  # run from a checkout
        return "0"


if __name__ == "__main__":
    sys.exit(main())
