"""Requests to kernels as JupyterLab sends them: with the id of the cell."""

from __future__ import annotations

from typing import Any


def send_cell(client: Any, source: str, cell_id: str, **options: Any) -> dict[str, Any]:
    """Have a kernel run a cell, and return the request, whose id the reply names.

    Args:
        client: of the kernel, with its channels started.
        source: of the cell.
        cell_id: of the cell.
        options: other fields of an ``execute_request``, or other values of the usual ones.
    """
    content = {
        "code": source,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
        **options,
    }
    message: dict[str, Any] = client.session.msg(
        "execute_request", content, metadata={"cellId": cell_id}
    )
    client.shell_channel.send(message)
    return message
