"""A real server in its own process and real browsers; skipped, with the reason, where there is no Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

READY = "attest is ready: "
SERVE = "from assistant.cli import main; main(['serve', '--port', '{port}', '--index', {index!r}])"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Server:
    """`attest serve` in a process of its own; `url` is the address that it printed."""

    process: subprocess.Popen[str]
    url: str = ""
    output: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, index: Path, port: int = 0) -> Server:
        """Returns when the address is printed, or the process has ended."""
        command = [sys.executable, "-c", SERVE.format(port=port, index=str(index))]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        server = cls(process)
        ready = threading.Event()
        threading.Thread(target=server._read, args=(ready,), daemon=True).start()
        ready.wait(120)
        return server

    def _read(self, ready: threading.Event) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))
            if line.startswith(READY):
                self.url = line.removeprefix(READY).split()[0]
                ready.set()
        ready.set()

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ends the server as a user does; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over an index of its own, which it gives the bundled article."""
    server = Server.start(tmp_path_factory.mktemp("served") / "index")
    assert server.url, "\n".join(server.output)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def open_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Chrome]]:
    """Opens a browser with a profile of its own, so that two of them are two people."""
    binary, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or chromedriver is None:
        pytest.skip("no chromium and chromedriver here: install Debian's packages chromium and chromium-driver")
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    opened: list[Chrome] = []

    def start(width: int = 1280, height: int = 800) -> Chrome:
        options = ChromeOptions()
        options.binary_location = binary
        for flag in (
            *FLAGS,
            f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
            f"--window-size={width},{height}",
        ):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        browser = Chrome(options=options, service=ChromeService(chromedriver))
        opened.append(browser)
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        return browser

    yield start
    for browser in opened:
        browser.quit()
