"""PDF, Word and HTML files are converted in a process that can be killed; what it answers is not believed blindly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.convert import confined
from ingest.deadline import Stopped
from vectorstore.errors import InputError

PAGE = b"<html><title>Lamps</title><body><article><h1>Lamps</h1><p>The lamp was lit at six.</p></article></body></html>"
SLOW = b"<html><body><article>" + b"<div><p>Lit at <b>six</b>, out at seven.</p></div>" * 6_000 + b"</article>"
"""A page that takes seconds."""


@pytest.fixture(autouse=True)
def no_process_left() -> Iterator[None]:
    yield
    confined.close()


def waiting() -> list[int]:
    return [process.pid for process in confined._idle]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def refused(data: bytes, kind: str = "html") -> str:
    with pytest.raises(InputError) as caught:
        confined.convert(data, "x.html", kind)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_one_process_converts_file_after_file() -> None:
    first = confined.convert(PAGE, "a.html", "html")
    (pid,) = waiting()
    assert (first.title, first.text) == ("Lamps", "# Lamps\n\nThe lamp was lit at six.")
    assert confined.convert(PAGE, "b.html", "html") == first
    assert waiting() == [pid] and pid != os.getpid()


def test_a_file_that_cannot_be_used_is_one_line_as_ever() -> None:
    assert "x.html is not a PDF" in refused(b"x", "pdf")
    assert "no visible text" in refused(b"<script>1</script>")


def test_a_process_is_killed_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    confined.convert(PAGE, "a.html", "html")
    (pid,) = waiting()
    monkeypatch.setattr(confined, "MAX_SECONDS", 0.5)
    begun = time.monotonic()
    assert "could not be converted within 0 seconds" in refused(SLOW)
    assert time.monotonic() - begun < 1.5
    assert not alive(pid) and waiting() == []
    monkeypatch.undo()
    assert confined.convert(PAGE, "a.html", "html").title == "Lamps"


def test_a_conversion_that_is_no_longer_wanted_is_given_up_within_a_second() -> None:
    begun = time.monotonic()
    with pytest.raises(Stopped):
        confined.convert(SLOW, "x.html", "html", stop=lambda: time.monotonic() > begun + 0.5)
    assert time.monotonic() - begun < 1.5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit needs Linux")
def test_a_file_that_needs_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "MAX_MEMORY", 20 * 2**20)
    message = refused(b"<html><body>" + b"<p>Lit at six.</p>" * 300_000 + b"</body></html>")
    assert "needs too much memory" in message
    monkeypatch.undo()
    assert confined.convert(PAGE, "a.html", "html").title == "Lamps"


def test_a_process_that_dies_costs_one_file_at_most() -> None:
    confined.convert(PAGE, "a.html", "html")
    (pid,) = waiting()
    os.kill(pid, signal.SIGKILL)
    while alive(pid):
        time.sleep(0.01)
    time.sleep(0.2)  # until all its threads have ended, and its pipes with them
    assert confined.convert(PAGE, "a.html", "html").title == "Lamps"
    (pid,) = waiting()
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    assert "its converter broke down (-9)" in refused(SLOW)


def test_conversions_run_beside_one_another() -> None:
    slow = threading.Thread(target=lambda: confined.convert(SLOW, "slow.html", "html"))
    slow.start()
    time.sleep(0.2)
    assert confined.convert(PAGE, "a.html", "html").title == "Lamps"
    assert slow.is_alive(), "the short file did not wait for the long one"
    slow.join()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
def test_a_process_ends_with_the_one_that_started_it() -> None:
    """Also while it is busy, and though its parent was killed without a last word."""
    program = (
        "import threading, time\nfrom ingest.convert import confined\n"
        "from tests.ingest.convert.test_confined import SLOW, PAGE\n"
        "confined.convert(PAGE, 'a', 'html')\nprint(confined._idle[0].pid, flush=True)\n"
        "confined.convert(SLOW * 3, 'x', 'html')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.5)
        assert alive(pid)
        parent.kill()
    until = time.monotonic() + 5
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(pid)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b'{"text": 1, "title": null, "warnings": []}',
        b'{"text": "a", "title": [], "warnings": []}',
        b'{"text": "a", "title": null, "warnings": [1]}',
        b'{"text": "a", "title": null}',
        b"\x80\x04K\x01.",
    ],
)
def test_an_answer_of_the_wrong_kind_is_an_error(answer: bytes) -> None:
    with pytest.raises(InputError, match="no answer that can be read"):
        confined._checked(confined._values(answer), "x.pdf")


def test_an_answer_is_cleaned_like_any_input() -> None:
    answer = json.dumps({"text": "a\ud800\0b", "title": "t", "warnings": ["one\ntwo"]}).encode()
    found = confined._checked(confined._values(answer), "x.pdf")
    assert found.text == "a\ufffd\ufffdb" and found.warnings == ("one two",)
    with pytest.raises(InputError, match=r"^one two$"):
        confined._checked(confined._values(b'{"error": "one\\n\\ntwo"}'), "x.pdf")


@pytest.mark.parametrize("pages", [7, "", "no base 64!", "eJwDAAAAAAE=", ["a"]])
def test_places_that_fit_no_text_are_refused(pages: object) -> None:
    answer = json.dumps({"text": "A text.", "title": None, "warnings": [], "pages": pages}).encode()
    with pytest.raises(InputError, match="no answer that can be read"):
        confined._checked(confined._values(answer), "x.pdf")


def test_no_module_is_taken_from_the_folder_where_attest_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trafilatura.py").write_text("raise SystemExit('mine')")
    (tmp_path / "json.py").write_text("raise SystemExit('mine')")
    monkeypatch.chdir(tmp_path)
    assert confined.convert(PAGE, "a.html", "html").title == "Lamps"
