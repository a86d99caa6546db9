"""Damages one file of an index or a cache at a time, and judges what a user is told: python -m tests.damage --count 300

Each damage is met twice, on a fresh copy: by `attest ask`, and by `attest doctor`. Then the advice that was printed is
followed, and the questions are asked again. What may come of it:

    SAME      the same answers, byte for byte        MENDED   the same, and the damage is gone or was mentioned
    REFUSED   one line with advice that works        REDUCED  other answers, and a warning that names the document

Everything else is a failure: other answers without a word, a crash, advice that fails, a false word of `doctor`.
But: bytes that hold nothing (SQLite's free space, a lock file, the reserve) may be damaged without a word; in a
network, a search graph or a word index there are none.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.advice import follow, steps
from tests.durability import Place, difference, prepare, stamp
from tests.file_damage import Damage, label, plan

HAS_DEAD_BYTES = (".sqlite", ".sqlite3", ".json", ".lock", "/reserve")
LIMITS = {"index": 30, "cache": 240}
"""Seconds for a command; a network may have to be made again."""
WORDS = 6
"""So many words in a row of a document are text of the document."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a damage; `problems` is empty where all went well."""

    number: int
    label: str
    what: str
    outcome: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """What the undamaged place says."""

    answers: str
    sound: tuple[str, ...]
    rows: dict[str, object]
    texts: frozenset[str]
    names: tuple[str, ...]


def refer(place: Place) -> Reference:
    place.restore()
    asked, healthy = place.run(place.ask), place.run(place.doctor)
    answers = place.answers()
    exported = place.run(["export", str(place.index)])
    if asked.code or healthy.code or answers is None or exported.code:
        raise SystemExit(f"the undamaged index cannot be used: {asked} {healthy} {exported.err}")
    rows = place.exported(exported)
    documents = [row for value in rows.values() for row in value if row["type"] == "document"]
    words = [line.split() for row in documents for line in row["text"].splitlines() if not line.startswith("#")]
    texts = {" ".join(line[i : i + WORDS]) for line in words for i in range(len(line) - WORDS + 1)}
    names = tuple(str(row[key]) for row in documents for key in ("title", "id", "origin"))
    sound = tuple(line for line in healthy.out.splitlines() if line.startswith("sound"))
    return Reference(answers, sound, rows, frozenset(texts), names)


def as_asked(place: Place, reference: Reference, damage: Damage) -> tuple[str, list[str], str]:
    """The outcome, the problems and the message of `ask` on the damaged place."""
    ended = place.run(place.ask, LIMITS[damage.file.split("/")[0]])
    answers = place.answers()
    message = ended.err.strip()
    problems = [f"LEAK: {message[:300]}"] if leaks(message, reference) else []
    if ended.crash:
        return "CRASH", [f"CRASH: ask {ended.crash}: {ended.last}"], message
    if ended.code == 0 and answers == reference.answers:
        return "MENDED" if message or mended(place, damage) else "SAME", problems, message
    if ended.code == 0:
        if not any(name in message for name in reference.names):
            said = f"{difference(answers, reference.answers)}: {message[:200] or 'no message'}"
            return "SILENT", [*problems, f"SILENT: {said}"], message
        outcome = "REDUCED"
    else:
        outcome = "REFUSED"
        problems += [] if len(message.splitlines()) == 1 else [f"NOT ONE LINE: {message[:300]}"]
    followed = follow(place, reference.answers, message)
    return outcome, problems + ([f"{followed} <- {message[:300]}"] if followed else []), message


def as_examined(place: Place, reference: Reference, damage: Damage, outcome: str, known: str) -> list[str]:
    """What is wrong with what `doctor` says of the damaged place. `known` is the message of `ask`."""
    ended = place.run(place.doctor, LIMITS[damage.file.split("/")[0]])
    message = f"{ended.out}\n{ended.err}".strip()
    problems = [f"LEAK: doctor: {message[:300]}"] if leaks(message, reference) else []
    if ended.crash:
        return [f"CRASH: doctor {ended.crash}: {ended.last}"]
    if ended.code != 0:
        if outcome in ("REFUSED", "REDUCED") and steps(ended.err) == steps(known):
            return problems  # followed already
        followed = follow(place, reference.answers, ended.err)
        return problems + ([f"{followed} <- doctor: {message[-300:]}"] if followed else [])
    if not all(line in ended.out for line in reference.sound):
        problems.append(f"FALSE: doctor: {message[:300]}")
    if outcome not in ("SAME", "MENDED"):
        again = place.run(place.ask, LIMITS["cache"])
        found = place.answers()
        if again.code != 0 or found != reference.answers:
            found = difference(found, reference.answers) or again.last
            problems.append(f"FALSE: doctor says sound, then ask: exit {again.code}, {found}")
    elif outcome == "SAME" and not mended(place, damage):
        exported = place.run(["export", str(place.index)])
        if place.exported(exported) != reference.rows:
            problems.append("FALSE: doctor says sound, the stored documents differ")
        elif not damage.file.endswith(HAS_DEAD_BYTES):
            problems.append("UNSEEN: the damage is still there, and doctor says sound")
    return problems


def mended(place: Place, damage: Damage) -> bool:
    """Whether the file is again what it was; where it was missing, whether it is there again."""
    file, master = place.folder / damage.file, place.master / damage.file
    return file.exists() and (damage.kind == "missing" or _digest(file) == _digest(master))


def leaks(message: str, reference: Reference) -> bool:
    words = message.split()
    return any(" ".join(words[i : i + WORDS]) in reference.texts for i in range(len(words) - WORDS + 1))


def judge(place: Place, reference: Reference, damage: Damage) -> Verdict:
    """Damages two fresh copies and judges what is said of them."""
    place.restore()
    what = damage.apply(place.folder / damage.file)
    outcome, problems, message = as_asked(place, reference, damage)
    place.restore()
    damage.apply(place.folder / damage.file)
    problems += as_examined(place, reference, damage, outcome, message)
    return Verdict(damage.number, label(damage.file), what, outcome, tuple(problems))


def run(folder: Path, count: int, seed: int, workers: int, *, large: bool) -> list[Verdict]:
    """Judges all damages, printing each as it is done; those that an earlier run noted in `folder` are taken from
    there."""
    places = [prepare(folder, number, large=large) for number in range(workers)]
    kept = {place.folder.name: _stats(place) for place in places}
    references = [refer(place) for place in places]
    notes = folder / f"damages-{seed}.jsonl"
    lines = notes.read_text("utf-8").splitlines() if notes.exists() else []
    done = {row["number"]: Verdict(**{**row, "problems": tuple(row["problems"])}) for row in map(json.loads, lines)}
    todo = [damage for damage in plan(places[0], count, seed) if damage.number not in done]

    def work(number: int) -> None:
        for damage in todo[number::workers]:
            verdict = judge(places[number], references[number], damage)
            done[verdict.number] = verdict
            with notes.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(verdict)) + "\n")
            state = "; ".join(verdict.problems)[:160] or "ok"
            print(
                f"{stamp()} {verdict.number:3} {verdict.label}: {verdict.what}: {verdict.outcome}: {state}", flush=True
            )

    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
    if any(_stats(place) != kept[place.folder.name] for place in places):
        raise SystemExit("the master copy was written to: a network is not replaced, but written in place")
    return [done[number] for number in sorted(done)][:count]


def table(verdicts: Sequence[Verdict]) -> str:
    """Outcomes by file, then every failure."""
    counted = collections.Counter((v.label, v.outcome) for v in verdicts)
    failed = collections.Counter(v.label for v in verdicts if v.problems)
    outcomes = ["SAME", "MENDED", "REFUSED", "REDUCED", "SILENT", "CRASH"]
    lines = [f"{'':52}" + "".join(f"{name:>9}" for name in [*outcomes, "failed"])]
    for name in sorted({v.label for v in verdicts}):
        row = "".join(f"{counted[name, outcome] or '':>9}" for outcome in outcomes)
        lines.append(f"{name:52}{row}{failed[name] or '':>9}")
    sums = [sum(v.outcome == outcome for v in verdicts) for outcome in outcomes]
    lines.append(f"{'all':52}" + "".join(f"{n:>9}" for n in [*sums, sum(failed.values())]))
    for v in verdicts:
        lines += [f"FAILED {v.number} {v.label}: {v.what} ({v.outcome}): {problem}" for problem in v.problems]
    return "\n".join(lines)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _stats(place: Place) -> dict[str, tuple[int, int]]:
    files = [path for path in place.master.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where to work; a run that was cut short is taken up there")
    options = parser.parse_args()
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="attest-damage-"))).absolute()
    print(f"working in {folder}", flush=True)
    verdicts = run(folder, options.count, options.seed, options.workers, large=True)
    print(table(verdicts))
    return int(any(verdict.problems for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
