"""With the network cut off and empty caches, everything works, and nothing even tries to reach beyond this machine."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

LIGHTHOUSE = """The lighthouse on Gull Rock was lit for the first time in 1861. Marta Oduya kept the light for thirty
years. In the storm of 1879 the tower lost its gallery, and the repairs cost 412 pounds."""

GUARD = """
import ipaddress, os, socket

def _check(host):
    if isinstance(host, bytes):
        host = host.decode()
    try:
        inside = host in (None, "", "localhost", socket.gethostname()) or ipaddress.ip_address(host).is_loopback \\
            or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        inside = False
    if not inside:
        with open(os.environ["ATTEMPTS"], "a") as file:
            file.write(f"{host}\\n")
        raise OSError(f"the network is cut off: {host}")

def _guarded(name):
    original = getattr(socket.socket, name)
    def call(self, *arguments):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(arguments[-1][0])
        return original(self, *arguments)
    setattr(socket.socket, name, call)

for name in ("connect", "connect_ex", "sendto"):
    _guarded(name)

_getaddrinfo = socket.getaddrinfo
def getaddrinfo(host, *arguments, **named):
    _check(host)
    return _getaddrinfo(host, *arguments, **named)
socket.getaddrinfo = getaddrinfo
"""


def own_network() -> list[str]:
    """A prefix that runs a command without any network; empty where this machine does not allow it."""
    if shutil.which("unshare") is None:
        return []
    prefix = ["unshare", "--map-root-user", "--net"]
    allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    return prefix if allowed else []


def test_ingest_ask_and_serve_work_with_the_network_cut_off_and_empty_caches(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "lighthouse.txt").write_text(LIGHTHOUSE)
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    attempts = tmp_path / "attempts"
    attempts.touch()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTEST_", "HF_", "XDG_"))}
    for name in ("TRANSFORMERS_OFFLINE", "ANONYMIZED_TELEMETRY", "GRADIO_ANALYTICS_ENABLED"):
        kept.pop(name, None)
    places = {name: str(tmp_path / name) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    paths = os.pathsep.join([str(tmp_path / "guard"), str(ROOT)])
    prefix = own_network()
    command = [
        *prefix,
        sys.executable,
        str(ROOT / "tests" / "offline_day.py"),
        str(tmp_path),
        *(["--alone"] * bool(prefix)),
    ]
    ended = subprocess.run(
        command,
        env={**kept, **places, "PYTHONPATH": paths, "ATTEMPTS": str(attempts), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert attempts.read_text() == "", "something tried to reach beyond this machine"
    assert "Warning" not in ended.stderr
    assert os.listdir(tmp_path / "XDG_CACHE_HOME") == ["attest"], "nobody else keeps a device id or reports to send"
    left = {path.name for path in tmp_path.iterdir()} - {"XDG_CACHE_HOME", "articles", "attempts", "guard", "index"}
    assert left <= {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", f"torchinductor_{getpass.getuser()}"}


def test_no_library_may_report_to_its_maker() -> None:
    script = "import os, sys, vectorstore; sys.exit(os.environ.get('ORT_DISABLE_TELEMETRY') != '1')"
    kept = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
    assert subprocess.run([sys.executable, "-c", script], env=kept, cwd=ROOT, check=False).returncode == 0
