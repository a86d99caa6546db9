"""The process in which documents are converted: jobs on its standard input, answers on its output.

It is started by ingest.convert.confined, as `python -m ingest.convert.converting`; it ends when its input is closed,
also because who started it is gone, and limits its own memory. All numbers of a frame's length are 8 bytes, big-endian:

    job      length, JSON of a Job      length, bytes of the file
    answer   length, JSON: {"text": ..., "title": ..., "warnings": [...], "pages": base64 of packed Pages or null, ...}
                                         or {"image": base64, "pages": ..., "width": ..., "height": ...}
                                         or {"error": "one line", "pictures": ...}

But: it opens no files and does not reach the network; the process that started it watches the time.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import select
import signal
import struct
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import BinaryIO

from ingest.convert.textfile import Converted
from vectorstore.errors import AttestError, InputError

LENGTH = struct.Struct(">Q")
_SELDOM = (200_000, 20, 100)
"""How often Python looks for rings of garbage. Trees of hundreds of thousands of elements grow here and hold few;
looking through them again and again took a quarter of the time of a large Word file."""
_GRACE = 5.0
"""Seconds behind the time limit after which the process ends itself, should nobody have ended it."""


@dataclass(frozen=True)
class Job:
    """What to convert: `kind` "pdf", "docx", "xlsx", "epub", "mail" or "html"; `name` for messages; `charset` as a
    server states it; the most bytes of memory beyond what the process has at rest; seconds after which nobody waits any
    more, and how many of them text recognition may take; with a `page` of a PDF, counted from 1, that is drawn
    instead."""

    kind: str
    name: str
    charset: str | None
    memory: int
    seconds: float
    recognise_for: float = 0.0
    page: int = 0

    def frame(self, data: bytes) -> list[bytes]:
        """The bytes that ask for this job, in parts."""
        header = json.dumps(asdict(self)).encode("ascii")
        return [LENGTH.pack(len(header)) + header + LENGTH.pack(len(data)), data]


def convert(data: bytes, name: str, kind: str, charset: str | None = None, *, recognise_for: float = 0.0) -> Converted:
    """Converts in this process. Raises InputError, one line naming `name`, for a file that cannot be used."""
    try:
        if kind == "pdf":
            from ingest.convert.pdf import convert_pdf

            return convert_pdf(data, name, recognise_for=recognise_for)
        if kind == "docx":
            from ingest.convert.docx import convert_docx

            return convert_docx(data, name)
        if kind == "epub":
            from ingest.convert.epub import convert_epub

            return convert_epub(data, name)
        if kind == "xlsx":
            from ingest.convert.sheets.workbook import convert_workbook

            return convert_workbook(data, name)
        if kind == "mail":
            from ingest.convert.mail import convert_mail

            return convert_mail(data, name)
        from ingest.convert.html import convert_html

        return convert_html(data, name, declared=charset)
    except AttestError:
        raise
    except MemoryError as error:
        raise InputError(f"{name} needs too much memory to be converted. {EXPORT}") from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply. {EXPORT}") from error
    except Exception as error:  # libraries let every kind through; one bad file must not end a run
        raise InputError(f"{name} could not be converted ({type(error).__name__}). {EXPORT}") from error


EXPORT = "Export its text as .txt or .md"
"""What to do with a file whose converter fails."""


def main() -> None:
    """Works through the jobs."""
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(*_SELDOM)
    while header := _frame(jobs):
        job = Job(**json.loads(header))
        data = _frame(jobs)
        _limit_time(job.seconds + _GRACE)
        _import(job)
        _limit_memory(job.memory)
        answer = json.dumps(_answer(job, data), ensure_ascii=False).encode("utf-8", "replace")
        del data
        answers.write(LENGTH.pack(len(answer)))
        answers.write(answer)
        answers.flush()
        _limit_time(0.0)


def _answer(job: Job, data: bytes) -> Mapping[str, object]:
    try:
        if job.page:
            return _drawn(job, data)
        found = convert(data, job.name, job.kind, job.charset, recognise_for=job.recognise_for)
        packed = None if found.pages is None else base64.b64encode(found.pages.packed).decode("ascii")
        return {
            "text": found.text,
            "title": found.title,
            "warnings": found.warnings,
            "pages": packed,
            "stated": found.stated,
            "pictures": found.pictures,
            "format": found.format,
        }
    except AttestError as error:
        return {"error": str(error), "pictures": getattr(error, "pictures", 0)}


def _drawn(job: Job, data: bytes) -> Mapping[str, object]:
    from ingest.convert.pdf.picture import draw

    try:
        drawn = draw(data, job.page, job.name)
    except AttestError:
        raise
    except Exception as error:  # as in `convert`
        raise InputError(f"page {job.page} of {job.name} cannot be drawn ({type(error).__name__})") from error
    image = base64.b64encode(drawn.image).decode("ascii")
    return {"image": image, "pages": drawn.pages, "width": drawn.width, "height": drawn.height}


def _frame(stream: BinaryIO) -> bytes:
    """The next frame, empty at the end of the stream."""
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _import(job: Job) -> None:
    """Imports what a conversion needs, so that its memory is not counted as the file's."""
    if job.kind == "pdf":
        import pypdfium2.raw  # type: ignore[import-untyped]  # noqa: F401

        if job.page:
            import PIL.JpegImagePlugin
            import PIL.PngImagePlugin  # noqa: F401
        if job.recognise_for:
            from ingest.convert.pdf.recognition import engine

            engine()
    elif job.kind == "docx":
        import mammoth  # type: ignore[import-untyped]  # noqa: F401
    elif job.kind == "xlsx":
        import openpyxl  # type: ignore[import-untyped]  # noqa: F401
    else:
        import trafilatura  # noqa: F401


def _limit_memory(more: int) -> None:
    """Lets the process have `more` bytes than it has now, where the system can limit that."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = now + more
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    except (ImportError, OSError, ValueError):
        pass  # another system: the time limit and the limits on what is in a file remain


def _limit_time(seconds: float) -> None:
    """Ends the process by the system's own clock, whatever it is busy with; 0 takes that back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _end_with_parent() -> None:
    """Waits until the other end of the input is closed, also while a job is being done, and ends the process."""
    if hasattr(select, "poll"):
        waiting = select.poll()
        waiting.register(0, 0)
        waiting.poll()  # asked for nothing, it reports the end alone
        os._exit(0)


if __name__ == "__main__":
    main()
