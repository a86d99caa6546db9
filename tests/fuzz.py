"""Damages files of every kind and ingests them: python -m tests.fuzz --count 2000 --seed 1

Each file is a valid one (`fuzz_files.py`), then bytes are flipped, cut, doubled, moved or blanked, tags and XML torn,
members of archives swapped or lost, numbers blown up. It is ingested into an index by `ingest.pipeline.ingest`, in a
process that is watched. What may come of it:

    READ      a document, all of whose text that is shown lies in passages      REFUSED   one line that names the file

Everything else is a failure: a traceback, a message of several lines, more than 20 seconds of a processor (or
200 by the clock), more than 1 GB of memory. At the end the slowest files and those that took most memory are named.
The same seed makes the same files; one that failed is kept in the folder that is printed.

But: whether the text that was read is the right one is not judged; a damaged file has none.
"""

from __future__ import annotations

import argparse
import collections
import io
import json
import os
import random
import re
import selectors
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz_files import KINDS, make

SECONDS = 20.0
"""Of a processor: by the clock, a busy machine takes any time."""
PATIENCE = 10
"""So many times as long by the clock."""
MEMORY = 2**30
"""Bytes more than the process and its children had at rest."""
ARCHIVES = ("docx", "xlsx", "epub")
MARKED_UP = ("html", "md", "vtt")
_ROOT = Path(__file__).parent.parent
_POLL = 0.02
_NAMED = 3
_TAG = re.compile(rb"<[^<>]{1,200}>")
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one damaged file: "READ", "REFUSED" or "FAILED", and what was said; the seconds of a processor and
    the bytes that it took."""

    number: int
    kind: str
    damage: str
    outcome: str
    said: str
    seconds: float = 0.0
    memory: int = 0


def flipped(data: bytes, rng: random.Random) -> bytes:
    """Bits of up to 20 bytes changed."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 3, 20])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(1, len(data))]


def _stretch(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.choice([1, 10, 100, 1000]))


def doubled(data: bytes, rng: random.Random) -> bytes:
    start, end = _stretch(data, rng)
    return data[:end] + data[start:end] * rng.choice([1, 2, 50]) + data[end:]


def left_out(data: bytes, rng: random.Random) -> bytes:
    start, end = _stretch(data, rng)
    return data[:start] + data[end:] or b"\n"


def moved(data: bytes, rng: random.Random) -> bytes:
    start, end = _stretch(data, rng)
    rest = data[:start] + data[end:]
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + data[start:end] + rest[at:]


def blanked(data: bytes, rng: random.Random) -> bytes:
    start, end = _stretch(data, rng)
    return data[:start] + rng.choice([b"\0", b" ", b"\xff", b"\n", b">"]) * (end - start) + data[end:]


def joined(data: bytes, rng: random.Random) -> bytes:
    """The file with the same file, or half of it, behind it."""
    return data + data[: rng.choice([len(data), len(data) // 2])]


def torn(data: bytes, rng: random.Random) -> bytes:
    """Tags lost, doubled, swapped or opened many times."""
    tags = list(_TAG.finditer(data))
    if not tags:
        return blanked(data, rng)
    for _ in range(rng.choice([1, 3, 10])):
        tag, other = rng.choice(tags), rng.choice(tags)
        new = rng.choice([b"", tag.group() * 2, other.group(), tag.group()[:-1], tag.group() * rng.choice([300, 5000])])
        data = data[: tag.start()] + new + data[tag.end() :]
        tags = list(_TAG.finditer(data)) or [tag]
    return data


def blown_up(data: bytes, rng: random.Random) -> bytes:
    """Numbers made huge, negative or no numbers."""
    numbers = list(_NUMBER.finditer(data))
    for found in sorted(rng.sample(numbers, min(len(numbers), rng.choice([1, 5, 30]))), key=lambda one: -one.start()):
        new = rng.choice(
            [b"99999999999", b"-1", b"0", b"1e308", b"2147483648", b"nan", b"65536", b"&#0;", b"&#x110000;"]
        )
        data = data[: found.start()] + new + data[found.end() :]
    return data


def repacked(data: bytes, rng: random.Random) -> bytes:
    """An archive whose members are damaged, swapped, lost, doubled or renamed, and whose sums are right again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    at, other = rng.randrange(len(members)), rng.randrange(len(members))
    name, content = members[at]
    what = rng.choice(["damage", "damage", "damage", "swap", "lose", "double", "rename", "empty"])
    if what == "damage":
        at = max(range(len(members)), key=lambda one: len(members[one][1])) if rng.random() < 0.5 else at
        name, content = members[at]
        members[at] = name, rng.choice([*PLAIN, torn, blown_up])(content, rng)
    elif what == "swap":
        members[at], members[other] = (name, members[other][1]), (members[other][0], content)
    elif what == "lose":
        del members[at]
    elif what == "double":
        members.append((name, members[other][1]))
    elif what == "rename":
        members[at] = rng.choice(["../" + name, name.upper(), "x" * 5000, name.replace("/", "\\")]), content
    else:
        members[at] = name, b""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # two members of one name are meant
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


Damage = Callable[[bytes, random.Random], bytes]
PLAIN: tuple[Damage, ...] = (flipped, cut, doubled, left_out, moved, blanked, joined)


def damaged(number: int, seed: int) -> tuple[str, str, bytes]:
    """The kind, the damage and the bytes of one file of a run."""
    rng = random.Random(f"{seed} {number}")
    kind = list(KINDS)[number % len(KINDS)]
    data = make(kind, rng.getrandbits(32))
    damages: tuple[Damage, ...] = (*PLAIN, blown_up)
    damages += (torn,) * 4 if kind in MARKED_UP else ()
    damages += (repacked,) * 8 if kind in ARCHIVES else ()
    damage = rng.choice(damages)
    return kind, damage.__name__, damage(data, rng) or b"\n"


class Worker:
    """A process that ingests one file after the other; a new one where it hangs or has died."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._rest = 0

    def ingest(self, path: Path) -> tuple[str, str, float, int]:
        """The outcome, what was said, seconds of a processor and bytes of memory."""
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
        except BrokenPipeError:  # it died after the file before, or while it was started
            self.close()
            return "FAILED", "the process had ended before it was asked", 0.0, 0
        ends, most, begun = time.monotonic() + PATIENCE * SECONDS, 0, _seconds(process.pid)
        spent = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not selector.select(_POLL):
                most = max(most, _memory(process.pid) - self._rest)
                spent = max(spent, _seconds(process.pid) - begun)
                if time.monotonic() > ends or spent > SECONDS:
                    self.close()
                    return "FAILED", f"no answer within {SECONDS:.0f} seconds", spent, most
        line = process.stdout.readline()
        if not line:
            self.close()
            return "FAILED", f"the process ended: {process.wait()}", spent, most
        outcome, said = json.loads(line)
        if most > MEMORY:
            outcome, said = "FAILED", f"it took {most / 2**20:,.0f} MB"
        return outcome, said, spent, most

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.fuzz", "--worker", str(self._folder / "index")]
        pipes = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=pipes, stdout=pipes, text=True, bufsize=1)
        assert self._process.stdout is not None
        self._process.stdout.readline()  # the index is open, the model loaded
        self._rest = _memory(self._process.pid)
        return self._process


def _memory(pid: int) -> int:
    """Bytes that a process and its children hold now; 0 where the system does not say."""
    return sum(int(one) * 4096 for one in _read(pid, "statm", slice(1, 2)))


def _seconds(pid: int) -> float:
    """Seconds of a processor that a process and its children, those that ended too, have taken; 0 where the system does
    not say."""
    return sum(map(int, _read(pid, "stat", slice(13, 17)))) / os.sysconf("SC_CLK_TCK")


def _read(pid: int, name: str, fields: slice) -> list[str]:
    """These fields of this file that the system keeps of a process and of each of its children."""
    found, waiting = [], [pid]
    while waiting:
        one = Path(f"/proc/{waiting.pop()}")
        try:
            found += (one / name).read_text().split()[fields]
            for task in (one / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, ValueError):
            continue
    return found


def work(index_directory: Path) -> None:
    """Ingests the files whose paths come in, a line each, and answers with an outcome each."""
    from ingest.passages import SPLITTER_VERSION
    from ingest.pipeline import ingest
    from vectorstore.embedding.models import load_embedder
    from vectorstore.index import Index

    with Index.open(index_directory, load_embedder(), splitter=SPLITTER_VERSION) as index:
        print("ready", flush=True)
        for line in sys.stdin:
            path = line.rstrip("\n")
            try:
                outcome = judged([(report.error, report.covered) for report in ingest([path], index)], Path(path).name)
            except Exception:
                outcome = "FAILED", traceback.format_exc()
            print(json.dumps(outcome), flush=True)


def judged(reports: Sequence[tuple[str | None, float]], name: str) -> tuple[str, str]:
    """The outcome of the reports on one file, each its error and the per cent of its text in passages."""
    if len(reports) != 1:
        return "FAILED", f"{len(reports)} reports"
    ((error, covered),) = reports
    if error is None:
        return ("READ", "") if covered == 100.0 else ("FAILED", f"{covered} % of the text lies in passages")
    clear = name in error and len(error.splitlines()) == 1 and "Traceback" not in error
    own_fault = "could not be converted (" in error or "broke down" in error or "could not be stored" in error
    return ("REFUSED" if clear and not own_fault else "FAILED"), error


def run(folder: Path, count: int, seed: int, *, first: int = 0, loud: bool = False) -> list[Verdict]:
    """Ingests so many damaged files; those that failed stay in `folder`."""
    worker = Worker(folder)
    verdicts = []
    try:
        for number in range(first, first + count):
            kind, damage, data = damaged(number, seed)
            path = folder / f"damaged.{kind}"
            path.write_bytes(data)
            verdict = Verdict(number, kind, damage, *worker.ingest(path))
            verdicts.append(verdict)
            if verdict.outcome == "FAILED":
                path.rename(folder / f"failed-{seed}-{number}.{kind}")
            if loud and (verdict.outcome == "FAILED" or number % 100 == 99):
                print(f"{number + 1:5} {kind} {damage}: {verdict.outcome} {verdict.said[-300:]}", flush=True)
    finally:
        worker.close()
    return verdicts


def table(verdicts: Sequence[Verdict]) -> str:
    """Outcomes by kind, then every failure, the slowest files and those that took most memory."""
    counted = collections.Counter((verdict.kind, verdict.outcome) for verdict in verdicts)
    outcomes = ("READ", "REFUSED", "FAILED")
    lines = [f"{'':6}" + "".join(f"{name:>9}" for name in outcomes)]
    for kind in KINDS:
        lines.append(f"{kind:6}" + "".join(f"{counted[kind, outcome]:>9}" for outcome in outcomes))
    sums = (sum(verdict.outcome == outcome for verdict in verdicts) for outcome in outcomes)
    lines.append(f"{'all':6}" + "".join(f"{number:>9}" for number in sums))
    lines += [f"FAILED {v.number} {v.kind}, {v.damage}: {v.said}" for v in verdicts if v.outcome == "FAILED"]
    for verdict in sorted(verdicts, key=lambda one: -one.seconds)[:_NAMED]:
        lines.append(f"{verdict.seconds:5.1f} s of a processor: {verdict.number} {verdict.kind}, {verdict.damage}")
    for verdict in sorted(verdicts, key=lambda one: -one.memory)[:_NAMED]:
        lines.append(f"{verdict.memory / 2**20:5.0f} MB: {verdict.number} {verdict.kind}, {verdict.damage}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file, to go on or look again")
    parser.add_argument("--folder", type=Path, help="where to work")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker is not None:
        work(options.worker)
        return 0
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="attest-fuzz-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    print(f"working in {folder}", flush=True)
    verdicts = run(folder, options.count, options.seed, first=options.first, loud=True)
    print(table(verdicts))
    return int(any(verdict.outcome == "FAILED" for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
