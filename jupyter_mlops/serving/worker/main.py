"""Connects to the gateway and answers until it closes the connection."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import sys
import threading
from typing import Any, BinaryIO

from .frames import PREFIX, encode_frame
from .model import Model


def read_frames(stream: BinaryIO, jobs: queue.SimpleQueue[Any]) -> None:
    """Queue what the gateway sends, and end the process when it is gone."""
    try:
        while len(prefix := stream.read(PREFIX.size)) == PREFIX.size:
            head, body = PREFIX.unpack(prefix)
            jobs.put((json.loads(stream.read(head)), stream.read(body)))
    finally:
        if os.getpgrp() == os.getpid():  # with the processes that the model started
            os.killpg(0, signal.SIGKILL)
        os._exit(0)


def main() -> None:
    """Connect to the gateway and answer until it closes the connection."""
    _, _, address, _, folder = sys.argv  # --socket S --model DIR
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(address)
    jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
    stream = connection.makefile("rb")
    threading.Thread(target=read_frames, args=(stream, jobs), daemon=True).start()
    model = Model(os.path.abspath(folder))
    while True:
        header, body = jobs.get()
        status, reply = model.answer(header, body)
        connection.sendall(encode_frame({"id": header["id"], "status": status}, reply))
