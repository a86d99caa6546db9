"""Attacks over real HTTP: no call makes the server open, fetch or show what is not the visitor's, or stop.

The server runs with an audit hook that writes down every file it opens, every connection and every process it starts.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI

from tests.ui.served import Server

ROOT = Path(__file__).parents[3]
SECRET = "The canary sings at midnight behind the boiler."
AUDIT = """
import os, sys
_log = os.open(os.environ["AUDIT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def _hook(event, arguments):
    if event in ("open", "os.listdir", "os.scandir", "socket.connect", "subprocess.Popen", "os.system", "os.exec"):
        os.write(_log, (event + " " + repr(arguments[:2]).replace("\\n", " ") + "\\n").encode("utf-8", "replace"))
sys.addaudithook(_hook)
"""
SECONDS = 5.0


@dataclass
class Trap:
    """A server that nobody should connect to."""

    socket: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    visits: int = 0

    def __post_init__(self) -> None:
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/x"


@dataclass
class Target:
    server: Server
    secret: Path
    trap: Trap
    audit: Path
    folders: list[str]

    def opened_elsewhere(self) -> list[str]:
        """What the server has opened, reached or started since it was ready that it has no business with."""
        own = [*self.folders, str(ROOT), sysconfig.get_paths()["stdlib"], sys.prefix, sys.base_prefix]
        wrong = []
        for line in self.audit.read_text(encoding="utf-8", errors="replace").splitlines():
            event, _, what = line.partition(" ")
            path = what.lstrip("(").split(",")[0].strip("'\"")
            if event in ("open", "os.listdir", "os.scandir"):
                relative_or_number = not path.startswith("/")
                if not relative_or_number and not path.startswith(
                    (*own, "/proc/", "/sys/", "/dev/null", "/dev/urandom")
                ):
                    wrong.append(line)
            else:
                wrong.append(line)
        return wrong


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("attacked")
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text(SECRET)
    audit = folder / "audit.log"
    (folder / "tmp").mkdir()
    server = Server.start(
        folder / "index", before=AUDIT, environment={"AUDIT_LOG": str(audit), "TMPDIR": str(folder / "tmp")}
    )
    assert server.url, "\n".join(server.output)
    trap = Trap()
    with httpx.Client(base_url=server.url, timeout=60) as client:  # what is loaded once is loaded now
        call(client, 0, ["When did Lenin die?", None, "all"])
        call(client, CHECK, ["Lenin died in 1924.", "all"])
        for path in ("/", "/attest/source/nothing", "/theme.css"):
            client.get(path)
        ticket = client.post("/attest/upload", params={"name": "a.txt"}, content=b"The mill burned in 1931.").json()
        call(client, ADD_FILE, [ticket["ticket"]])
    audit.write_text("")
    from vectorstore.embedding.derived import cache_directories

    yield Target(server, secret, trap, audit, [str(folder), *map(str, cache_directories())])
    trap.socket.close()
    server.stop()


ADD_FILE, ADD_ADDRESS, CHECK, FUNCTIONS = 2, 3, 7, range(-1, 12)
_sessions = iter(range(10**6))


def call(client: httpx.Client, number: int, data: Any) -> tuple[int, str]:
    """A raw call as the page makes it: the status, and all that is answered."""
    session = f"raw{next(_sessions)}"
    body = json.dumps({"fn_index": number, "session_hash": session, "data": data})
    joined = client.post("/gradio_api/queue/join", content=body)
    while joined.status_code == 429:
        time.sleep(0.2)
        joined = client.post("/gradio_api/queue/join", content=body)
    if joined.status_code != 200:
        return joined.status_code, joined.text
    text = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            text += line + "\n"
            if '"process_completed"' in line or '"close_stream"' in line:
                break
    return 200, text


def hostile(target: Target) -> list[Any]:
    path, url = str(target.secret), target.trap.url
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    device = {"path": "/dev/zero", "meta": {"_type": "gradio.FileData"}}
    page = {"path": url, "url": url, "meta": {"_type": "gradio.FileData"}, "orig_name": "../../x"}
    texts = [
        path,
        f"file://{path}",
        f"../../../../{path}",
        url,
        f"upload:{path}",
        "\0",
        "\ud800",
        "{{7*7}}",
        "x" * 19_000,
    ]
    return [
        file,
        device,
        page,
        [file],
        {"value": file},
        {"__type__": "update", "value": file},
        [[page]],
        *texts,
        0,
        -1,
        True,
        10**30,
    ]


def test_a_call_that_names_a_file_does_not_make_the_server_read_it(target: Target) -> None:
    file = {"path": str(target.secret), "meta": {"_type": "gradio.FileData"}}
    with httpx.Client(base_url=target.server.url, timeout=30) as client:
        status, text = call(client, ADD_FILE, [file])
        assert status == 400
        status, text = call(client, ADD_FILE, [str(target.secret)])
        assert "no longer here" in text
        for name in ("secret", "upload"):
            assert SECRET not in client.get(f"/attest/source/{name}").text
    assert "secret.txt" not in target.audit.read_text()


def test_a_call_that_names_a_device_does_not_stop_the_server(target: Target) -> None:
    device = {"path": "/dev/zero", "meta": {"_type": "gradio.FileData"}}
    with httpx.Client(base_url=target.server.url, timeout=SECONDS) as client:
        for number in FUNCTIONS:
            assert call(client, number, [device])[0] == 400
        assert client.get("/").status_code == 200


def test_no_function_opens_fetches_or_tells_anything_whatever_it_is_called_with(target: Target) -> None:
    accepted = 0
    with httpx.Client(base_url=target.server.url, timeout=SECONDS) as client:
        for number in FUNCTIONS:
            for value in hostile(target):
                for data in (
                    [value],
                    [value, None],
                    [value, "all"],
                    [value, None, "all"],
                    [None, None, value],
                    [value, value, value],
                ):
                    status, text = call(client, number, data)
                    assert status in (200, 400), text
                    accepted += status == 200
                    check(target, text)
    assert accepted > 50
    assert target.trap.visits == 0
    assert target.opened_elsewhere() == []


def check(target: Target, text: str) -> None:
    """Nothing that a visitor is told is the owner's."""
    for word in ("Traceback", SECRET, str(ROOT), *target.folders, "doctor", "site-packages"):
        assert word not in text, text[:2000]


def routes() -> list[str]:
    """The paths of every route of Gradio and of the page, their parameters unfilled."""

    def below(router: Any) -> Iterator[str]:
        for route in getattr(router, "routes", []):
            inner = getattr(route, "original_router", None) or getattr(route, "app", None)
            yield from [route.path] if getattr(route, "path", "") else []
            yield from below(inner)

    async def found() -> set[str]:
        with gr.Blocks(analytics_enabled=False) as blocks:
            gr.Textbox()
        return set(below(gr.mount_gradio_app(FastAPI(), blocks, path="/", ssr_mode=False)))

    own = {
        "/attest/source/{id}",
        "/attest/page/{id}/{original}/{number}",
        "/attest/upload",
        "/attest/{name}",
        "/login",
        "/logout",
    }
    return sorted(asyncio.run(found()) | own)


def test_no_route_opens_fetches_or_tells_anything(target: Target) -> None:
    paths = routes()
    assert len(paths) > 60
    texts = ["..%2f..%2f..%2fetc%2fpasswd", str(target.secret), target.trap.url, "%00" + "a" * 3000]
    with httpx.Client(base_url=target.server.url, timeout=SECONDS) as client:
        for path in paths:
            for text in texts:
                url = path.replace("{", "\0{").replace("}", "}\0")
                url = "".join(text if part.startswith("{") else part for part in url.split("\0"))
                query = {"session_hash": text, "deep_link": text, "name": text, "upload_id": text}
                for method in ("GET", "POST", "PUT", "HEAD", "OPTIONS"):
                    content = json.dumps({"data": [text]}) if method == "POST" else None
                    with client.stream(method, url, params=query, content=content) as reply:
                        answer = next(reply.iter_text(), "")
                    assert reply.status_code < 500, (method, url, reply.status_code)
                    check(target, answer)
    assert target.trap.visits == 0
    assert target.opened_elsewhere() == []


def test_one_visitor_does_not_fill_the_line_for_others(target: Target) -> None:
    with httpx.Client(base_url=target.server.url, timeout=60) as client:
        for n in range(300):
            many = {"fn_index": 0, "session_hash": "greedy", "data": [f"What happened in {1600 + n}?", None, "all"]}
            client.post("/gradio_api/queue/join", json=many)
        begun = time.monotonic()
        _, text = call(client, 0, ["When did Trotsky die?", None, "all"])
        assert "turn done" in text and 'class=\\"failed' not in text
        assert time.monotonic() - begun < 2 * SECONDS


def test_texts_that_are_checked_leave_the_line_to_questions(target: Target) -> None:
    """Whoever leaves has nothing checked any more, and long checks take no worker from those who ask."""
    text = " ".join(f"In {1000 + n} Trotsky wrote a letter about the number {n} to Zinoviev." for n in range(280))
    with httpx.Client(base_url=target.server.url, timeout=60) as client:
        for n in range(20):
            body = {"fn_index": CHECK, "session_hash": f"checks{n % 10}", "data": [text[n:], "all"]}
            assert client.post("/gradio_api/queue/join", json=body).status_code == 200
        begun = time.monotonic()
        _, answer = call(client, 0, ["When was Trotsky expelled from the party?", None, "all"])
        assert "turn done" in answer and 'class=\\"failed' not in answer
        assert time.monotonic() - begun < 2 * SECONDS
        for n in range(10):  # each of them comes to look once, and leaves
            with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": f"checks{n}"}) as stream:
                next(stream.iter_lines())
        begun = time.monotonic()
        _, answer = call(client, CHECK, ["Lenin died on 21 January 1924.", "all"])
        assert "1 sentence: " in answer
        assert time.monotonic() - begun < 4 * SECONDS


def test_no_text_that_is_checked_becomes_html(target: Target) -> None:
    text = "<script>alert(1)</script> Lenin <img src=x onerror=alert(1)> died in 1925 </li></ol><a href='//x'>x</a>."
    with httpx.Client(base_url=target.server.url, timeout=60) as client:
        _, answer = call(client, CHECK, [text, "all"])
    assert "&lt;script&gt;" in answer
    for tag in ("<script", "<img", "<a href='", "</li></ol><a"):
        assert tag not in answer


@pytest.mark.parametrize("text", ["", " \n", None])
def test_no_text_to_check_is_one_line_of_error(target: Target, text: str | None) -> None:
    with httpx.Client(base_url=target.server.url, timeout=60) as client:
        assert "There is no text to check" in call(client, CHECK, [text, "all"])[1]


def large_uploads(target: Target) -> list[Path]:
    files = (Path(target.folders[0]) / "tmp").rglob("*")
    return [path for path in files if path.is_file() and path.stat().st_size > 10**5]


def test_an_upload_that_is_broken_off_leaves_nothing(target: Target) -> None:
    host, port = target.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        head = f"POST /attest/upload?name=a.txt HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 9000000\r\n\r\n"
        raw.sendall(head.encode() + b"x" * 3_000_000)
        end = time.monotonic() + SECONDS
        while not large_uploads(target) and time.monotonic() < end:
            time.sleep(0.05)
        assert large_uploads(target)
    end = time.monotonic() + SECONDS
    while large_uploads(target) and time.monotonic() < end:
        time.sleep(0.05)
    assert not large_uploads(target)


def test_nothing_of_all_that_is_a_traceback_in_the_log(target: Target) -> None:
    assert [line for line in target.server.output if "Traceback" in line] == [], "\n".join(target.server.output)
