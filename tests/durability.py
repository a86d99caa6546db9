"""An index and a cache made by the real command line, to be broken and asked: what `damage.py` and `kills.py` share.

A `Place` is prepared once and kept as a master copy; `restore` brings it back to the same paths with the same times
of change, so that whatever a program notes about a file (its path, size, time) fits the copy as it fitted the original.

But: nothing here breaks anything, or judges.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

ROOT = Path(__file__).parent.parent
ATTEST = [sys.executable, "-m", "ui.terminal.cli"]
ARTICLE = "origins-of-the-left-opposition.md"
TEXTS = {
    "lighthouse.md": "# Gull Rock\n\n## The light\n\nThe lighthouse on Gull Rock was lit for the first time in 1861. "
    "Marta Oduya kept the light for thirty years.\n\n## The storm\n\nIn the storm of 1879 the tower lost its gallery. "
    "The repairs cost 412 pounds. “Nobody slept that night,” said Oduya.\n",
    "bakery.txt": "The bakery in Mill Lane\n\nAnton Weiss opened the bakery in Mill Lane in 1903. He sold rye bread "
    "to the ferrymen at four in the morning.\n\nHis daughter Klara bought the second oven in 1921, and closed the shop "
    "in 1958.\n",
    "canal.md": "# The canal\n\nThe canal between Orle and Tessin was dug by 900 men in eleven years. It has 26 locks. "
    "Ships of more than 80 tons have to turn back at Tessin.\n",
}
QUESTIONS: list[dict[str, Any]] = [
    {"question": "When was the lighthouse on Gull Rock lit for the first time?"},
    {"question": "What did it lose in the storm?", "history": ["Who kept the light on Gull Rock?"]},
    {"question": "How many locks does the canal have?"},
    {"question": "Who is the mayor of Reykjavik?"},
]
ARTICLE_QUESTIONS: list[dict[str, Any]] = [
    {"question": "Who was Lenin's wife?"},
    {"question": "What came of it?", "history": ["When did the Third International come into being?"]},
    {"question": "Which mill was flooded?"},
    {"question": "Why did the Opposition call the party regime bureaucratic?"},
]
REGISTER = (
    "mill bell ferry quarry orchard chapel granary sluice kiln tannery school bridge harbour forge inn",
    "built sold burnt flooded painted leased mended robbed blessed measured surveyed moved taxed closed",
    "Abel Berta Cyril Dorte Emre Farida Goran Hedda Ivo Jelena Kofi Lena Milan Nadia Otto Petra Ravi",
)
"""Things, what was done to them, and whose they are."""
_servers: dict[Path, subprocess.Popen[str]] = {}
"""The process that runs the commands of a place, by the folder of the place."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `code` is None where it did not end in time, negative where a signal ended it."""

    code: int | None
    out: str
    err: str

    @property
    def crash(self) -> str:
        """Why this is no way to end; empty where it is one."""
        if self.code is None:
            return "hangs"
        if self.code < 0:
            return f"ended by signal {-self.code}"
        return next(
            (f"prints a {word}" for word in ("Traceback", "panicked", "Fatal Python error") if word in self.err), ""
        )

    @property
    def last(self) -> str:
        """The last line that was printed, cut short."""
        lines = self.err.strip().splitlines() or self.out.strip().splitlines() or ["no message"]
        return lines[-1][:240]


@dataclass(frozen=True, slots=True)
class Place:
    """Documents, an index and a cache. `documents` may be shared, the rest lies in `folder`."""

    folder: Path
    documents: Path
    questions: Path

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def master(self) -> Path:
        return self.folder / "master"

    @property
    def ask(self) -> list[str]:
        """The command that asks all questions in one process."""
        output = str(self.folder / "answers.jsonl")
        return ["ask", "--batch", str(self.questions), "--output", output, "--index", str(self.index)]

    @property
    def doctor(self) -> list[str]:
        return ["doctor", "--index", str(self.index)]

    @property
    def environment(self) -> dict[str, str]:
        """No setting of the user's, and a default index elsewhere: advice has to name the index it is about."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTEST_", "XDG_"))}
        here = {name: str(self.folder / name) for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
        own = {"PYTHONPATH": str(ROOT), "ATTEST_CACHE": str(self.cache), "ATTEST_INDEX": str(self.folder / "other")}
        return {**kept, **here, **own}

    def start(self, command: Sequence[str]) -> subprocess.Popen[str]:
        """A command in a process of its own, running, and in a process group of its own."""
        return subprocess.Popen(
            [*ATTEST, *command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def run(self, command: Sequence[str], seconds: float = 300) -> Ended:
        """A command, to its end; or `export DIR`, for `exported`."""
        server = _servers.get(self.folder)
        if server is None:
            program = [sys.executable, "-m", "tests.command_server"]
            server = _servers[self.folder] = subprocess.Popen(
                program, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert server.stdin and server.stdout
        job = {"command": command, "environment": self.environment, "folder": str(self.folder), "seconds": seconds}
        server.stdin.write(json.dumps(job) + "\n")
        server.stdin.flush()
        return Ended(*json.loads(server.stdout.readline()))

    def answers(self) -> str | None:
        """What the last `ask` wrote, without its times; None where it wrote nothing. Read once: it is then gone."""
        file = self.folder / "answers.jsonl"
        if not file.exists():
            return None
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        file.unlink()
        return "\n".join(json.dumps({**row, "seconds": 0}, sort_keys=True) for row in rows)

    def exported(self, ended: Ended) -> dict[str, Any]:
        """The rows of an `export` command, document by document, whatever their order; {} where it failed."""
        documents: dict[str, Any] = {}
        for row in json.loads(ended.out) if ended.code == 0 else ():
            key = row["id"] if row["type"] == "document" else row.get("document_id", "settings")
            documents.setdefault(key, []).append(row)
        return documents

    def keep(self) -> None:
        """Makes the place as it is the master copy."""
        shutil.rmtree(self.master, ignore_errors=True)
        shutil.copytree(self.index, self.master / "index")
        shutil.copytree(self.cache, self.master / "cache", copy_function=_link)

    def restore(self) -> None:
        """The place as it was kept. Networks are links to it: who makes one anew replaces it, and writes into none."""
        for name, copy in (("index", shutil.copy2), ("cache", _link)):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            shutil.copytree(self.master / name, self.folder / name, copy_function=copy)
        (self.folder / "answers.jsonl").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "other", ignore_errors=True)


def _link(source: str, target: str) -> str:
    os.link(source, target) if source.endswith(".onnx") else shutil.copy2(source, target)
    return target


def prepare(folder: Path, number: int = 0, *, large: bool) -> Place:
    """A place in `folder`, made where it is missing: three small documents; where `large`, the bundled article and a
    register of 2,000 entries beside them, so that Chroma's search graphs and the word index are on the disk too.
    Places with other numbers hold the same at other paths."""
    place = Place(folder / f"place-{number}", folder / "documents", folder / "questions.jsonl")
    if place.master.exists():
        place.restore()
        return place
    if number:
        first = prepare(folder, large=large)
        shutil.copytree(first.master, place.folder, dirs_exist_ok=True)
    else:
        _write_documents(place, large)
        _take_networks(place)
        _sound(place.run(["ingest", str(place.documents), "--index", str(place.index)]))
    for command in (place.ask, place.doctor):
        _sound(place.run(command))
    if not number:
        for file in place.cache.iterdir():
            if not file.stat().st_atime_ns:
                file.unlink()
        for command in (place.ask, place.doctor):
            _sound(place.run(command))
    place.answers()
    place.keep()
    return place


def close() -> None:
    """Ends the processes that run commands."""
    while _servers:
        _, server = _servers.popitem()
        server.communicate()


atexit.register(close)


def _take_networks(place: Place) -> None:
    """Copies the user's cache, to save the time of making the networks; marked as never read, so that what another
    version of attest left in it can be told."""
    networks = Path(os.environ.get("ATTEST_CACHE") or platformdirs.user_cache_dir("attest"))
    if networks.is_dir():
        shutil.copytree(networks, place.cache)
        for file in place.cache.iterdir():
            os.utime(file, ns=(0, file.stat().st_mtime_ns))


def _write_documents(place: Place, large: bool) -> None:
    for directory in (place.folder, place.documents):
        directory.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        (place.documents / name).write_text(text, "utf-8")
    if large:
        shutil.copy(ROOT / "ingest" / "articles" / ARTICLE, place.documents)
        (place.documents / "register.md").write_text(_register(2000), "utf-8")
    rows = QUESTIONS + (ARTICLE_QUESTIONS if large else [])
    place.questions.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def _register(size: int) -> str:
    """A document of short entries that are unlike each other, so that no search has to choose among equals."""
    rng = random.Random(0)
    things, acts, names = (line.split() for line in REGISTER)
    entries = [
        f"## Entry {n}\n\nThe {rng.choice(things)} of {rng.choice(names)} was {rng.choice(acts)} in "
        f"{rng.randint(1700, 1999)} for {rng.randint(2, 900)} {rng.choice(['crowns', 'ducats', 'sacks of rye'])}.\n"
        for n in range(1, size + 1)
    ]
    return "# Register\n\n" + "\n".join(entries)


def difference(answers: str | None, others: str | None) -> str:
    """Which answers differ, and in what; empty where none does."""
    if answers is None or others is None:
        return "" if answers == others else "no answers"
    pairs = [(json.loads(a), json.loads(b)) for a, b in zip(answers.split("\n"), others.split("\n"), strict=True)]
    return "; ".join(f"{a['question']} ({', '.join(k for k in a if a[k] != b[k])})" for a, b in pairs if a != b)


def _sound(ended: Ended) -> None:
    if ended.code != 0 or ended.crash:
        raise SystemExit(f"the undamaged index cannot be used: {ended}")


def stamp() -> str:
    return time.strftime("%H:%M:%S")
