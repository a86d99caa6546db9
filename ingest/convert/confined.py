"""Converts documents other than text files, and draws pages, in another process with a limit on its time and memory.

The converters are large libraries that read files of strangers. Where one crashes or hangs, that file fails with a
message of one line and the program goes on. A process is kept for the next file, to save the time of starting one; its
answers are checked like any other input.

But: the conversion itself is in ingest.convert.converting, and text files need no such process.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import json
import math
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ingest.convert.converting import EXPORT, LENGTH, Job
from ingest.convert.ocr import is_installed
from ingest.convert.textfile import Converted, Picture, clean
from ingest.deadline import POLL_SECONDS, Deadline, Stop, Stopped, never
from vectorstore.documents.pages import Pages
from vectorstore.errors import InputError
from vectorstore.printable import printable
from vectorstore.types import FactName, Format

MAX_SECONDS = 60.0
"""For one file."""
MAX_MEMORY = 2 * 2**30
"""Bytes that a conversion may take, beyond what its process has at rest."""
PAGE_SECONDS = 30.0
"""For recognising the text of one page, on top; it takes about 3 on two cores."""
MAX_RECOGNITION = 1_800.0
"""Seconds for all such pages of a file; those that are left then are named in its report."""
DRAWING_SECONDS = 20.0
"""For one page that is drawn."""
MAX_ANSWER = 200 * 2**20
"""Bytes of the longest answer that is read."""
MOST_PROCESSES = 8
"""How many conversions run at a time; others wait for their turn, outside their own time limit."""
MOST_DRAWING = 2
"""How many of them draw pages, beside the conversions."""
MOST_IMAGE = 10 * 2**20
"""Bytes of the picture of a page."""
_IMAGES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_LARGE = 4 * 2**20
"""Bytes of a file or its text after which the process is not used again: it would keep the memory."""
_CHUNK = 2**18
_STATED: dict[str, FactName] = {"title": "title", "author": "author", "date": "date"}
_LONGEST_LINE = 2_000

_Process = subprocess.Popen[bytes]
_turns = threading.BoundedSemaphore(MOST_PROCESSES)
_drawing = threading.BoundedSemaphore(MOST_DRAWING)
_idle: list[_Process] = []
_lock = threading.Lock()


def convert(data: bytes, name: str, kind: str, *, charset: str | None = None, stop: Stop = never) -> Converted:
    """The text of a file of the kind "pdf", "docx", "xlsx", "epub", "mail" or "html". Raises InputError, naming `name`,
    where the file cannot be used, takes longer than 60 seconds (recognising text aside) or needs more than 2 GB of
    memory; Stopped where it was interrupted."""
    job = Job(kind, name, charset, MAX_MEMORY, MAX_SECONDS)
    with _turn(_turns, name, stop):
        found = _answered(job, data, stop)
        pictures = found.get("pictures")
        if isinstance(pictures, int) and pictures > 0 and is_installed():
            seconds = min(pictures * PAGE_SECONDS, MAX_RECOGNITION)
            again = replace(job, seconds=job.seconds + seconds, recognise_for=seconds)
            return _recognised(again, data, stop, found)
    return _checked(found, name)


def draw(data: bytes, name: str, page: int, *, stop: Stop = never) -> Picture:
    """The picture of a page, counted from 1, of a PDF. Raises InputError, naming `name`, where there is no such page,
    it cannot be drawn, or that takes longer than 20 seconds or more than 2 GB of memory; Stopped where it was
    interrupted."""
    job = Job("pdf", name, None, MAX_MEMORY, DRAWING_SECONDS, page=page)
    with _turn(_drawing, name, stop):
        found = _answered(job, data, stop)
    return _checked_picture(found, name, page)


def _recognised(job: Job, data: bytes, stop: Stop, before: dict[str, Any]) -> Converted:
    """The text with what is recognised in the pages that are pictures; where that fails, without."""
    try:
        return _checked(_answered(job, data, stop), job.name)
    except Stopped:
        raise
    except InputError as error:
        if "error" in before:
            raise
        converted = _checked(before, job.name)
        return replace(converted, warnings=(*converted.warnings, f"text recognition failed: {error}"))


def _answered(job: Job, data: bytes, stop: Stop) -> dict[str, Any]:
    """The answer of a process to a job, whatever it holds; empty where it cannot be read."""
    process = _waiting() or _start()
    kept = False
    try:
        answer = _exchange(process, job, data, Deadline.after(job.seconds, stop))
        kept = len(data) + len(answer) < _LARGE and not job.recognise_for
    finally:
        if kept:
            with _lock:
                _idle.append(process)
        else:
            _end(process)
    return _values(answer)


def close() -> None:
    """Ends the processes that wait for a next file."""
    while process := _waiting():
        _end(process)


atexit.register(close)


@contextmanager
def _turn(turns: threading.Semaphore, name: str, stop: Stop) -> Iterator[None]:
    """Waits until one of the few processes may be used."""
    while not turns.acquire(timeout=POLL_SECONDS):
        if stop():
            raise Stopped(f"{name} was given up, because attest is ending. Add it again later")
    try:
        yield
    finally:
        turns.release()


def _waiting() -> _Process | None:
    """A process that is ready for a job; those that the system ended meanwhile are passed over."""
    while True:
        with _lock:
            if not _idle:
                return None
            process = _idle.pop()
        if process.poll() is None and not _has_ended_or_said_anything(process):
            return process
        _end(process)


def _has_ended_or_said_anything(process: _Process) -> bool:
    """Whether its answers end, or hold what nobody asked for: neither is fit for a job."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return bool(selector.select(0))


def _start() -> _Process:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    # -P: no module is taken from the folder in which attest happens to run.
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "ingest.convert.converting"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    assert process.stdin is not None and process.stdout is not None
    os.set_blocking(process.stdin.fileno(), False)
    os.set_blocking(process.stdout.fileno(), False)
    return process


def _end(process: _Process) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def _exchange(process: _Process, job: Job, data: bytes, deadline: Deadline) -> bytes:
    """Sends a job and reads the answer to it, never waiting for longer than the deadline allows."""
    assert process.stdin is not None and process.stdout is not None
    jobs, answers = process.stdin.fileno(), process.stdout.fileno()
    late = f"{job.name} could not be converted within {job.seconds:.0f} seconds. {EXPORT}, or split it"
    if job.page:
        late = f"page {job.page} of {job.name} could not be drawn within {job.seconds:.0f} seconds"
    unsent = [memoryview(part) for part in job.frame(data) if part]
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(jobs, selectors.EVENT_WRITE)
        selector.register(answers, selectors.EVENT_READ)
        while True:
            deadline.check(job.name, late)
            for key, _ in selector.select(deadline.pause()):
                if key.fd == answers:
                    chunk = os.read(answers, _CHUNK)
                    if not chunk:
                        raise _broken(process, job)
                    received += chunk
                elif not _send(jobs, unsent):
                    selector.unregister(jobs)
            if len(received) >= LENGTH.size:
                size = LENGTH.unpack_from(received)[0]
                if size > MAX_ANSWER:
                    raise InputError(f"{job.name} became too large when it was converted. Split it into smaller files")
                if len(received) >= LENGTH.size + size:
                    return bytes(received[LENGTH.size : LENGTH.size + size])


def _send(descriptor: int, unsent: list[memoryview]) -> bool:
    """Sends the next bytes; False where none are left, or where nobody reads them (which then shows in the answer)."""
    try:
        sent = os.write(descriptor, unsent[0][:_CHUNK])
    except BrokenPipeError:
        return False
    unsent[0] = unsent[0][sent:]
    if not unsent[0]:
        del unsent[0]
    return bool(unsent)


def _broken(process: _Process, job: Job) -> InputError:
    """The error of a process that ended instead of answering."""
    process.wait()
    if job.page:
        return InputError(f"page {job.page} of {job.name} could not be drawn: PDFium broke down ({process.returncode})")
    return InputError(f"{job.name} could not be converted: its converter broke down ({process.returncode}). {EXPORT}")


def _values(answer: bytes) -> dict[str, Any]:
    """The JSON object of an answer; empty where it is none."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _checked(found: dict[str, Any], name: str) -> Converted:
    """The answer as a value. The process has read a stranger's bytes: nothing is taken for granted."""
    match found:
        case {"error": str(message)}:
            raise InputError(" ".join(printable(message[:_LONGEST_LINE]).split()))
        case {"text": str(text), "title": (str() | None) as title, "warnings": [*warnings]} if all(
            isinstance(warning, str) for warning in warnings
        ):
            remarks = tuple(" ".join(printable(warning[:_LONGEST_LINE]).split()) for warning in warnings[:10])
            with contextlib.suppress(ValueError, TypeError):
                packed = found.get("pages")
                pages = None if packed is None else Pages.checked(base64.b64decode(packed), len(text))
                stated = _stated(found.get("stated") or [])
                kind: Format = "plain" if found.get("format") == "plain" else "markdown"
                return Converted(clean(text).text, title, remarks, pages, stated, format=kind)
    raise InputError(f"{name} could not be converted: its converter gave no answer that can be read. {EXPORT}")


def _checked_picture(found: dict[str, Any], name: str, page: int) -> Picture:
    """The same for the picture of a page."""
    match found:
        case {"error": str(message)}:
            raise InputError(" ".join(printable(message[:_LONGEST_LINE]).split()))
        case {"image": str(packed), "pages": int(pages), "width": float(width), "height": float(height)}:
            with contextlib.suppress(ValueError):
                image = base64.b64decode(packed, validate=True)
                sized = 0 < width < math.inf and 0 < height < math.inf and len(image) <= MOST_IMAGE
                if sized and page <= pages and image_type(image) is not None:
                    return Picture(image, page, pages, width, height)
    raise InputError(f"page {page} of {name} could not be drawn: what draws it gave no answer that can be read")


def image_type(image: bytes) -> str | None:
    """The media type of a picture, None where it is not of a kind that pages are drawn as."""
    return next((kind for start, kind in _IMAGES.items() if image.startswith(start)), None)


def _stated(found: object) -> tuple[tuple[FactName, str], ...]:
    """What a file's properties state, as Converted.stated has it. Raises ValueError for something else."""
    stated: list[tuple[FactName, str]] = []
    for pair in found if isinstance(found, list) else [found]:
        match pair:
            case [str(name), str(value)] if name in _STATED:
                words = " ".join(printable(clean(value[:_LONGEST_LINE]).text).split())
                stated.append((_STATED[name], words))
            case _:
                raise ValueError
    return tuple(stated[:50])
