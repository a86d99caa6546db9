"""Runs attest's commands, each in a fork of a process that has imported all modules: a quarter of a new process's time.

Reads a JSON object a line from standard input: `command` (as after `attest`; also `export DIR`, which prints the rows
of an index as JSON), `environment`, `folder` and `seconds`; answers [exit code, output, messages] a line. The code is
null for a command that did not end in time, and negative where a signal ended it.

But: a process forked and killed half-way is no `attest` that was killed; `kills.py` starts those itself.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

IMPORTED = (
    "ui.terminal.batch",
    "ui.terminal.cli",
    "ui.terminal.ask",
    "ui.terminal.doctor",
    "ui.terminal.ingest",
    "assistant.engine",
    "assistant.reader.runtime",
    "bm25s",
    "chromadb",
    "chromadb.api.rust",
    "chromadb.telemetry.product.posthog",
    "chromadb_rust_bindings",
    "ingest.passages",
    "ingest.pipeline",
    "multiprocessing.synchronize",
    "numpy",
    "onnxruntime",
    "tests.contents",
    "tokenizers",
    "typer._adapters",
    "vectorstore.index",
    "vectorstore.embedding.pooled",
    "vectorstore.embedding.models",
    "vectorstore.rebuild",
)
POLL = 0.005


def run(job: dict[str, Any]) -> tuple[int | None, str, str]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            os.setsid()
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.environ.clear()
            os.environ.update(job["environment"])
            os.chdir(job["folder"])
            work(job["command"])
            sys.exit(0)
        code = wait(child, job["seconds"])
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    return code, texts[0], texts[1]


def work(command: list[str]) -> None:
    if command[0] != "export":
        from ui.terminal.cli import main

        main(command)
        return
    from ingest.passages import SPLITTER_VERSION
    from tests.contents import contents
    from vectorstore.embedding.models import load_embedder
    from vectorstore.index import Index

    with Index.open(Path(command[1]), load_embedder(), splitter=SPLITTER_VERSION) as index:
        print(json.dumps(contents(index)))


def wait(child: int, seconds: float) -> int | None:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(POLL)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def main() -> None:
    for name in IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # or each fork would look through, and so copy, all that was imported
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
