"""A day without network, run in a process of its own by `test_offline.py`: ingest, ask, serve, in that order.

Call: python offline_day.py FOLDER [--alone]      --alone: in a network namespace of its own, whose loopback is down
"""

from __future__ import annotations

import fcntl
import json
import signal
import socket
import struct
import subprocess
import sys
import urllib.request
from pathlib import Path

ATTEST = [sys.executable, "-m", "ui.terminal.cli"]
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def bring_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        request = struct.pack("16sh", b"lo", 0)
        (flags,) = struct.unpack("16xh", fcntl.ioctl(asked, SIOCGIFFLAGS, request))
        fcntl.ioctl(asked, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))


def serve_and_fetch(index: Path) -> None:
    command = [*ATTEST, "serve", "--port", "0", "--index", str(index)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        lines: list[str] = []
        for line in server.stdout:
            lines.append(line)
            if line.startswith("attest is ready: "):
                break
        assert lines and lines[-1].startswith("attest is ready: "), lines
        with urllib.request.urlopen(lines[-1].split()[3], timeout=60) as page:
            assert page.status == 200
            assert b"</html>" in page.read()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
    finally:
        server.kill()


def main() -> None:
    folder = Path(sys.argv[1])
    if "--alone" in sys.argv:
        bring_loopback_up()
    index = folder / "index"
    subprocess.run([*ATTEST, "ingest", str(folder / "articles"), "--index", str(index)], check=True)
    question = "When was the lighthouse on Gull Rock lit for the first time?"
    asked = subprocess.run(
        [*ATTEST, "ask", question, "--json", "--index", str(index)], check=True, capture_output=True, text=True
    )
    assert "1861" in json.loads(asked.stdout)["answer"], asked.stdout
    serve_and_fetch(index)


if __name__ == "__main__":
    main()
