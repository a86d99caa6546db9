"""Kills attest with SIGKILL while it changes an index, and looks at what is left: python -m tests.kills --count 200

The real command line ingests, updates, removes, rebuilds, or makes the networks of the cache; at a random moment of
that, or just after a file has changed, the process and its children are killed. Then:

    each document is the old one or the new one        `ask` answers, `doctor` says sound
    the same command again leads to the state that an uninterrupted one leads to, and nothing is left over

But: a kill is no power cut; what the operating system has been given reaches the disk.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.durability import TEXTS, Ended, Place, prepare, stamp

NEW = {
    f"new-{n}.md": f"# Ferry {n}\n\n"
    + "\n\n".join(
        f"## Year {year}\n\nIn {year} ferry {n} carried {year % 97 * n} people. The fare was {year % 13 + n} pence. "
        f"Its master was called Okoro the {n}th."
        for year in range(1900, 1920)
    )
    for n in (1, 2, 3)
}
EDITED = TEXTS["lighthouse.md"].replace("412 pounds", "418 pounds") + "\n## The end\n\nThe light went out in 1966.\n"
SHARES = {"ingest": 7, "edit": 5, "remove": 3, "rebuild": 4, "networks": 1}
"""Of 20 kills so many for each kind of work; the networks take long to make."""
POLL = 0.0005
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Run:
    """An uninterrupted run: the documents before and after, the names of the files after, seconds from the first change
    on the disk to the end, and how many changes were seen."""

    before: dict[str, Any]
    after: dict[str, Any]
    left: collections.Counter[str]
    seconds: float
    changes: int


@dataclass(frozen=True, slots=True)
class Kill:
    """What a kill left: "old", "new" or "some" (some documents new), and what was wrong with it."""

    work: str
    moment: str
    state: str
    problems: tuple[str, ...]


def set_up(place: Place, work: str) -> list[str]:
    """Brings the place into the state before the work; returns the command."""
    place.restore()
    for name in NEW:
        (place.documents / name).unlink(missing_ok=True)
    (place.documents / "lighthouse.md").write_text(EDITED if work == "edit" else TEXTS["lighthouse.md"], "utf-8")
    if work == "ingest":
        for name, text in NEW.items():
            (place.documents / name).write_text(text, "utf-8")
    if work == "networks":
        for network in place.cache.glob("*.onnx"):
            network.unlink()
        return place.ask
    if work == "rebuild":
        return [*place.doctor, "--rebuild"]
    lighthouse = str(place.documents / "lighthouse.md")
    what = {"ingest": [str(place.documents)], "edit": [lighthouse], "remove": ["--remove", lighthouse]}[work]
    return ["ingest", *what, "--index", str(place.index)]


def watched(place: Place, work: str, command: Sequence[str], kill_now: Callable[[float, int], bool]) -> Ended | None:
    """Runs the command; at each look `kill_now` gets the seconds since the first change on the disk and the number of
    changes so far, and says whether to kill. How it ended; None where it was killed."""
    folder = place.cache if work == "networks" else place.index
    seen, changes, first = look(folder), 0, None
    process = place.start(command)
    while process.poll() is None:
        found = look(folder)
        if found != seen:
            changes, seen, first = changes + 1, found, first or time.perf_counter()
        if first and kill_now(time.perf_counter() - first, changes):
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None if process.returncode == -signal.SIGKILL else Ended(process.returncode, "", "")
        time.sleep(POLL)
    _, messages = process.communicate()
    return Ended(process.returncode, "", messages)


def look(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of every file, as far as they hold still."""
    found = {}
    for directory, _, names in os.walk(folder):
        for name in names:
            try:
                status = os.stat(os.path.join(directory, name))
            except OSError:
                continue
            found[os.path.join(directory, name)] = status.st_size, status.st_mtime_ns
    return found


def left_over(place: Place) -> collections.Counter[str]:
    """The names at the top of index and cache, without numbers."""
    names = [path.name for part in (place.index, place.cache) for path in part.iterdir()]
    return collections.Counter(re.sub(r"\d+", "N", name) for name in names)


def rehearse(place: Place, work: str) -> Run:
    """The work without a kill. Raises SystemExit where it fails."""
    command = set_up(place, work)
    before = state(place)[0]
    command = set_up(place, work)
    last = [0.0, 0.0]

    def note(seconds: float, changes: int) -> bool:
        last[:] = seconds, changes
        return False

    ended = watched(place, work, command, note)
    after, problems = state(place)
    if ended is None or ended.code or problems or not last[1]:
        raise SystemExit(f"{work} does not work uninterrupted: {ended} {problems}")
    return Run(before, after, left_over(place), last[0], int(last[1]))


def state(place: Place, *, swap: bool = False) -> tuple[dict[str, Any], list[str]]:
    """The documents of the index, and what is wrong: `ask` and `doctor` (or the other way round, where `swap`) have to
    work."""
    checks = [place.doctor, place.ask] if swap else [place.ask, place.doctor]
    *ended, exported = (place.run(command) for command in [*checks, ["export", str(place.index)]])
    problems = [f"{end.crash or 'exit ' + str(end.code)}: {end.last}" for end in ended if end.crash or end.code]
    if exported.code or exported.crash:
        problems.append(f"the index cannot be read: {exported.last}")
    return place.exported(exported), problems


def drawn(run: Run, rng: random.Random) -> tuple[str, Callable[[float, int], bool]]:
    """A moment to kill at, in words and as what `watched` asks: any moment of the run, or at most 3 ms after one of
    its changes on the disk."""
    if rng.random() < 0.5:
        at = rng.uniform(0, run.seconds)
        return f"{at:.3f} s of {run.seconds:.3f}", lambda seconds, changes: seconds >= at
    change, late = rng.randint(1, run.changes), rng.uniform(0, 0.003)
    moments: list[float] = []

    def after(seconds: float, changes: int) -> bool:
        if changes >= change:
            moments.append(seconds)
        return bool(moments) and seconds >= moments[0] + late

    return f"change {change} of {run.changes}", after


def kill(place: Place, work: str, run: Run, rng: random.Random) -> Kill:
    """One kill, and what it left."""
    for _ in range(10):
        command = set_up(place, work)
        moment, now = drawn(run, rng)
        if watched(place, work, command, now) is None:
            break
    else:
        return Kill(work, "never", "", ("could not be killed: always too late",))
    found, problems = state(place, swap=rng.random() < 0.5)
    answers = place.answers()
    for name in {*found, *run.before, *run.after}:
        if found.get(name) not in (run.before.get(name), run.after.get(name)):
            problems.append(f"{name} is neither the old one nor the new one")
    new = [name for name in {*run.before, *run.after} if run.before.get(name) != run.after.get(name)]
    turned = sum(found.get(name) == run.after.get(name) for name in new)
    outcome = "new" if new and turned == len(new) else "some" if turned else "old"
    again = place.run(command, SECONDS)
    removed = work == "remove" and turned and again.code == 2
    if again.crash or (again.code and not removed):
        problems.append(f"again: exit {again.code}: {again.last}")
    converged, sound = state(place)
    problems += [f"again: {problem}" for problem in sound]
    if converged != run.after:
        problems.append("again: the index is not what an uninterrupted run makes")
    if place.answers() != answers and not new:
        problems.append("again: the answers differ")
    if left_over(place) != run.left:
        problems.append(f"left over: {dict(left_over(place) - run.left)}, gone: {dict(run.left - left_over(place))}")
    return Kill(work, moment, outcome, tuple(problems))


def run(folder: Path, count: int, seed: int, shares: dict[str, int] = SHARES) -> list[Kill]:
    """`count` kills, printed as they are done."""
    place = prepare(folder, large=False)
    rng = random.Random(seed)
    works: list[str] = []
    while len(works) < count:
        works += rng.sample(list(shares), sum(shares.values()), counts=list(shares.values()))
    works = works[:count]
    runs = {work: rehearse(place, work) for work in sorted(set(works))}
    kills = []
    for number, work in enumerate(works):
        done = kill(place, work, runs[work], random.Random(f"{seed} {number}"))
        kills.append(done)
        state = "; ".join(done.problems) or "ok"
        print(f"{stamp()} {number:3} {work} killed at {done.moment}: {done.state}: {state}", flush=True)
    return kills


def table(kills: Sequence[Kill]) -> str:
    """What was left, by kind of work; then every failure."""
    counted = collections.Counter((kill.work, kill.state) for kill in kills)
    failed = collections.Counter(kill.work for kill in kills if kill.problems)
    lines = [f"{'':10}" + "".join(f"{name:>8}" for name in ("old", "some", "new", "failed"))]
    for work in sorted({kill.work for kill in kills}):
        row = "".join(f"{counted[work, state]:>8}" for state in ("old", "some", "new"))
        lines.append(f"{work:10}{row}{failed[work]:>8}")
    lines += [f"FAILED {kill.work} at {kill.moment}: {problem}" for kill in kills for problem in kill.problems]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; what an earlier run prepared there is used")
    options = parser.parse_args()
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="attest-kills-"))).absolute()
    print(f"working in {folder}", flush=True)
    kills = run(folder, options.count, options.seed)
    print(table(kills))
    return int(any(kill.problems for kill in kills))


if __name__ == "__main__":
    sys.exit(main())
