"""`attest serve` in a process of its own, for tests and measurements from the outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

READY = "attest is ready: "
SERVE = "from assistant.cli import main; main(['serve', '--port', '{port}', '--index', {index!r}])"


@dataclass
class Server:
    """`attest serve` in a process of its own; `url` is the address that it printed."""

    process: subprocess.Popen[str]
    url: str = ""
    output: list[str] = field(default_factory=list)
    reader: threading.Thread = field(default_factory=threading.Thread)

    @classmethod
    def start(cls, index: Path, port: int = 0, *, before: str = "", **variables: str) -> Server:
        """Returns when the address is printed, or the process has ended. `before`: Python that its process runs first;
        `variables`: of its environment."""
        command = [sys.executable, "-c", before + SERVE.format(port=port, index=str(index))]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **variables}
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
