"""`attest serve` in a process of its own, for tests and measurements from the outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

READY = "attest is ready: "
SERVE = "import sys; from ui.terminal.cli import main; main(['serve', *sys.argv[1:]])"


@dataclass
class Server:
    """`attest serve` in a process of its own; `url` is the address that it printed."""

    process: subprocess.Popen[str]
    url: str = ""
    output: list[str] = field(default_factory=list)
    reader: threading.Thread = field(default_factory=threading.Thread)

    @classmethod
    def start(cls, index: Path, *flags: str, before: str = "", environment: Mapping[str, str] | None = None) -> Server:
        """Returns when the address is printed, or the process has ended. `before`: Python that its process runs
        first."""
        command = [sys.executable, "-c", before + SERVE, "--port", "0", "--index", str(index), *flags]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        server = cls(process)
        ready = threading.Event()
        server.reader = threading.Thread(target=server._read, args=(ready,), daemon=True)
        server.reader.start()
        ready.wait(240)
        return server

    def _read(self, ready: threading.Event) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.output.append(line.rstrip("\n"))
                if line.startswith(READY):
                    self.url = line.removeprefix(READY).split()[0]
                    ready.set()
        ready.set()

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ends the server as a user does; returns its exit code. May be called again."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.reader.join(5)
        return code


def connect(url: str, seconds: float = 60) -> socket.socket:
    """A connection to a server, to send what no client would."""
    host, _, port = url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=seconds)


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    parts = []
    with suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)
