"""Which damages a file can take, and how they are spread over the files of an index and its cache.

But: what comes of them is looked at in `damage.py`.
"""

from __future__ import annotations

import os
import random
import re
from dataclasses import dataclass
from pathlib import Path

from tests.durability import Place

KINDS = ("bit", "header", "empty", "half", "last byte", "page", "block", "missing")
IN_PLACE = ("bit", "header", "block")
"""These leave size and time of change as they were, as a failing disk does."""
PAGE = 4096


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to one file, named relative to the place. The same seed does the same."""

    number: int
    file: str
    kind: str
    seed: int

    def apply(self, path: Path) -> str:
        """Damages the file; returns what was done, and where."""
        rng, times, size = random.Random(self.seed), path.stat(), path.stat().st_size
        content = bytearray(path.read_bytes())
        path.unlink()  # it may be a link to the master copy
        at = 0
        if self.kind == "missing":
            return "missing"
        if self.kind == "grown":
            content += b"\x00"
        elif self.kind == "bit":
            at = rng.randrange(size)
            content[at] ^= 1 << rng.randrange(8)
        elif self.kind == "header":
            at = rng.randrange(min(size, 64))
            content[at] ^= rng.randrange(1, 256)
        elif self.kind == "block":
            at = rng.choice([n for n in range(0, size, PAGE) if any(content[n : n + PAGE])])
            content[at : at + PAGE] = bytes(len(content[at : at + PAGE]))
        else:
            page = rng.randrange(1, size // PAGE + 1) * PAGE if size > PAGE else size // 3
            at = {"empty": 0, "half": size // 2, "last byte": size - 1, "page": min(page, size - 1)}[self.kind]
            del content[at:]
        path.write_bytes(content)
        if self.kind in IN_PLACE:
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        return f"{self.kind} at {at:,} of {size:,}"


def label(file: str) -> str:
    """A file's name without what differs from index to index."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", re.sub(r"-[0-9a-f]{16}", "-*", file))


def plan(place: Place, count: int, seed: int) -> list[Damage]:
    """`count` damages, spread evenly over the files, and in each file over the kinds."""
    rng = random.Random(seed)
    parts = [path for part in ("index", "cache") for path in sorted((place.master / part).rglob("*")) if path.is_file()]
    files = sorted((path.relative_to(place.master).as_posix() for path in parts), key=lambda file: (label(file), file))
    kinds = {file: _possible(place.master / file, rng) for file in files}
    order = [files[i % len(files)] for i in range(count)]
    rounds = [i // len(files) for i in range(count)]
    seeds = [rng.getrandbits(32) for _ in range(count)]
    return [
        Damage(i, file, kinds[file][turn % len(kinds[file])], own)
        for i, (file, turn, own) in enumerate(zip(order, rounds, seeds, strict=True))
    ]


def _possible(path: Path, rng: random.Random) -> list[str]:
    """The kinds that change this file, in a drawn order."""
    content = path.read_bytes()
    if not content:
        return ["missing", "grown"]
    no_change = {"page": len(content) <= PAGE, "block": not any(content)}
    offered = [kind for kind in KINDS if not no_change.get(kind)]
    return rng.sample(offered, len(offered))
