"""Where events go: a file, and over HTTP to an endpoint if one is set."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.lineage import outbox, sending
from jupyter_mlops.lineage.outbox import Outbox
from jupyter_mlops.services import Services

from .conftest import wait_for
from .openlineage_schema import events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Workshop


def test_the_file_is_bounded(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_LARGEST", 1_000)
    workshop.services.project.prepare()
    box = Outbox(workshop.services.project.store, None)
    for number in range(200):
        box.put({"number": number, "text": "x" * 80})
    found = workshop.services.project.store.glob(f"{outbox.FILE}*")
    files = [file for file in found if file.suffix != ".lock"]
    assert len(files) == 5
    assert sum(file.stat().st_size for file in files) < 6_000
    last = (workshop.services.project.store / outbox.FILE).read_text().splitlines()[-1]
    assert json.loads(last)["number"] == 199


def test_a_line_that_was_cut_short_spoils_no_other(tmp_path: Path) -> None:
    file, box = tmp_path / outbox.FILE, Outbox(tmp_path, None)
    box.put({"text": "한글"})
    whole = file.read_bytes()
    for end in range(len(whole) + 1):
        file.write_bytes(whole[:end])
        box.put({"number": end})
        *cut, last = file.read_bytes().split(b"\n")[:-1]
        assert json.loads(last) == {"number": end}
        assert cut in ([], [whole[:end].rstrip(b"\n")])


def test_two_processes_write_whole_lines(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from jupyter_mlops.lineage.outbox import Outbox\n"
        "box = Outbox(Path(sys.argv[1]), None)\n"
        "by = sys.argv[2]\n"
        "for number in range(100):\n"
        "    box.put({'by': by, 'at': number, 'text': 'x' * 50_000}, {'by': by})\n"
    )
    each = [subprocess.Popen([sys.executable, "-c", program, tmp_path, by]) for by in "ab"]
    assert [process.wait() for process in each] == [0, 0]
    lines = (tmp_path / outbox.FILE).read_text().splitlines()
    found = [json.loads(line) for line in lines]
    for by in "ab":
        assert [one["at"] for one in found if one["by"] == by and "at" in one] == list(range(100))
    # what is put together stays together
    assert all(
        "at" in one and one["by"] == other["by"]
        for one, other in zip(found[::2], found[1::2], strict=True)
    )


def waiting(store: Path) -> list[Path]:
    return sending.Queue(store).waiting()


@contextmanager
def endpoint(
    statuses: list[int],
    may_answer: threading.Event | None = None,
    fails_at: int | None = None,
    content: Callable[[], Iterator[bytes]] = lambda: iter(()),
) -> Iterator[tuple[str, list[Any]]]:
    """An HTTP endpoint that answers with ``statuses``, then with 200; 500 to one number."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = statuses.pop(0) if statuses else 200
            if fails_at is not None and body["number"] == fails_at:
                status = 500
            got.append((self.path, self.headers.get("Authorization"), status, body))
            if may_answer is not None:
                may_answer.wait(60)
            with suppress(OSError):  # who asked has ended
                self.send_response(status)
                self.end_headers()
                for part in content():
                    self.wfile.write(part)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_events_are_sent_again_until_they_arrive(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_PAUSES", (0.05,))
    monkeypatch.setenv(sending.TOKEN, "very-secret")
    project = workshop.services.project
    with endpoint([503, 429, 401, 404, 302]) as (url, got):
        monkeypatch.setenv("MLOPS_OPENLINEAGE_URL", url)
        services = Services(project, project.root)
        path = workshop.notebook("use.ipynb")
        services.snapshots.create(path, None, author="me")
        wait_for(lambda: len(got) == 7)
        services.close()
    assert {(path, token) for path, token, *_ in got} == {("/api/v1/lineage", "Bearer very-secret")}
    # a token or an address may be mended, and the event still be of use
    assert [status for _, _, status, _ in got] == [503, 429, 401, 404, 302, 200, 200]
    arrived = [body for *_, status, body in got if status == 200]
    assert arrived == events(project.root)
    assert not waiting(project.store)
    for file in project.store.rglob("*"):
        assert not file.is_file() or b"very-secret" not in file.read_bytes()


def test_what_could_not_be_sent_is_sent_by_the_next_process(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = workshop.services.project
    monkeypatch.setenv("MLOPS_OPENLINEAGE_URL", "http://127.0.0.1:9/lineage")
    services = Services(project, project.root)
    made = services.snapshots.create(workshop.notebook("use.ipynb"), None, author="me")
    services.close()
    assert len(waiting(project.store)) == 2
    assert workshop.services.snapshots.snapshots().items[0].id == made.id
    with endpoint([]) as (url, got):
        monkeypatch.setenv("MLOPS_OPENLINEAGE_URL", f"{url}/mine")
        later = Services(project, project.root)
        later.outbox.wake()
        wait_for(lambda: not waiting(project.store))
        later.close()
    assert [path for path, *_ in got] == ["/mine", "/mine"]
    assert [body["eventType"] for *_, body in got] == ["START", "COMPLETE"]


def test_nobody_waits_for_an_endpoint_that_does_not_answer(workshop: Workshop) -> None:
    store = workshop.services.project.store
    workshop.services.project.prepare()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        box = Outbox(store, f"http://127.0.0.1:{silent.getsockname()[1]}")
        box.put({"number": 1}, {"number": 2})
        asked, _ = silent.accept()
        with asked:
            box.put({"number": 3})
            box.close()
        again, _ = silent.accept()  # the process that is left behind asks anew
        again.close()
    assert [json.loads(file.read_text())["number"] for file in waiting(store)] == [1, 2, 3]


def test_a_process_that_ends_leaves_what_is_left_to_one_of_its_own(tmp_path: Path) -> None:
    answer = threading.Event()
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from jupyter_mlops.lineage.outbox import Outbox\n"
        "box = Outbox(Path(sys.argv[1]), sys.argv[2])\n"
        "box.put(*({'number': number} for number in range(3)))\n"
        "box.close()\n"
    )
    with endpoint([], answer) as (url, got):
        for number in range(4):
            if number == 3:  # so far, more of them than may wait for each other
                assert len(waiting(tmp_path)) == 9
                answer.set()
            subprocess.run([sys.executable, "-c", program, tmp_path, url], check=True)
        wait_for(lambda: not waiting(tmp_path))
    numbers = [body["number"] for *_, body in got]
    assert [numbers.count(number) >= 4 for number in range(3)] == [True] * 3


def test_nobody_waits_for_an_endpoint_that_is_down(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.services.project.prepare()
    box = Outbox(workshop.services.project.store, "http://127.0.0.1:9")
    box.put({"number": 1})
    wait_for(box._failing.is_set)
    monkeypatch.setattr(subprocess, "Popen", None)  # it would ask in vain
    box.close()
    assert len(waiting(workshop.services.project.store)) == 1


def test_a_refused_event_does_not_hold_up_the_others(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = workshop.services.project.store
    workshop.services.project.prepare()
    monkeypatch.delenv(sending.TOKEN, raising=False)
    with endpoint([400]) as (url, got):
        box = Outbox(store, url)
        box.put({"number": 1}, {"number": 2})
        wait_for(lambda: not waiting(store))
        box.close()
    assert [(token, status, body["number"]) for _, token, status, body in got] == [
        (None, 400, 1),
        (None, 200, 2),
    ]


def test_an_event_at_which_an_endpoint_fails_does_not_hold_up_the_others(tmp_path: Path) -> None:
    queue = sending.Queue(tmp_path)
    with endpoint([], fails_at=1) as (url, got):
        for number in (1, 2, 3):
            queue.add([json.dumps({"number": number})])
        for added in (4, 5):
            assert queue.send(url, lambda: False)
            queue.add([json.dumps({"number": added})])
    assert [body["number"] for *_, body in got] == [1, 2, 3, 1, 4]
    assert [json.loads(file.read_text())["number"] for file in queue.waiting()] == [1, 5]


def test_of_an_endpoint_that_fails_at_all_little_is_asked_and_nothing_lost(tmp_path: Path) -> None:
    queue = sending.Queue(tmp_path)
    queue.add(json.dumps({"number": number}) for number in range(9))
    with endpoint([500] * 15) as (url, got):
        for asked in (3, 6, 9, 12, 15):
            assert not queue.send(url, lambda: False)
            assert len(got) == asked
        assert queue.send(url, lambda: False)
    assert queue.waiting() == []
    arrived = [body["number"] for *_, status, body in got if status == 200]
    assert sorted(arrived) == list(range(9))


def test_an_endless_answer_is_not_read(tmp_path: Path) -> None:
    ended = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 65536
        finally:
            ended.set()

    queue = sending.Queue(tmp_path)
    queue.add(['{"number": 1}'])
    with endpoint([], content=endless) as (url, _):
        assert queue.send(url, lambda: False)
        assert ended.wait(60)
    assert queue.waiting() == []


@pytest.mark.parametrize("url", ["ftp://a/b", "http://me:pass@host/", "nonsense", "http://"])
def test_an_address_that_cannot_be_is_not_used(workshop: Workshop, url: str) -> None:
    workshop.services.project.prepare()
    store = workshop.services.project.store
    box = Outbox(store, url)
    box.put({"number": 1})
    box.close()
    assert not (store / sending.FOLDER).exists()
    assert "pass" not in (store / outbox.FILE).read_text()


def test_a_full_disk_costs_no_snapshot(workshop: Workshop) -> None:
    workshop.services.project.prepare()
    (workshop.services.project.store / outbox.FILE).mkdir()  # nothing can be written there
    made = workshop.snapshot("use.ipynb")
    workshop.services.announcer.close()
    assert workshop.services.snapshots.snapshots().items[0].id == made.id


def test_nothing_is_sent_unless_an_address_is_set(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sending.TOKEN, "very-secret")
    monkeypatch.delenv("MLOPS_OPENLINEAGE_URL", raising=False)
    monkeypatch.setenv("OPENLINEAGE_URL", "http://127.0.0.1:9")  # of OpenLineage's own client
    monkeypatch.setattr("socket.socket.connect", None)
    workshop.snapshot("use.ipynb")
    workshop.services.announcer.close()
    store = workshop.services.project.store
    assert len(events(workshop.root)) == 2
    assert not (store / sending.FOLDER).exists()
    assert not [one for one in threading.enumerate() if "openlineage-sender" in one.name]


@pytest.mark.parametrize("answers", [[], [503], [400]], ids=["taken", "later", "refused"])
def test_what_is_secret_in_an_address_is_never_logged(
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    answers: list[int],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(outbox, "_PAUSES", (0.05,))
    monkeypatch.setenv(sending.TOKEN, "very-secret")
    workshop.services.project.prepare()
    with endpoint(list(answers)) as (url, got):
        box = Outbox(workshop.services.project.store, f"{url}/in?api_key=hunter2")
        box.put({"number": 1})
        wait_for(lambda: not waiting(workshop.services.project.store))
        box.close()
    assert got[-1][0] == "/in?api_key=hunter2"
    gone = Outbox(workshop.services.project.store, "http://127.0.0.1:9/in?api_key=hunter2")
    gone.put({"number": 2})
    wait_for(lambda: "the endpoint does not answer" in caplog.text)
    gone.close()
    assert "hunter2" not in caplog.text
    assert "very-secret" not in caplog.text
