"""Reads the advice in a message of attest, and takes it as a user would: runs the commands, deletes what is named.

But: advice that needs a person ("free some space") counts as none.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from tests.durability import Ended, Place, difference

SECONDS = 300
_STEP = re.compile(
    r"`(?P<quoted>attest [^`]+)`|[Rr]un:? (?P<plain>attest [^`;]+?)(?=[.;]?$|[.;] )"
    r"|\b(?:[Dd]elete|[Rr]emove|[Mm]ove) (?P<path>the directory|the index|/\S+)"
)
_PLACEHOLDER = re.compile(r"(PATH|FILE|SOURCE)[A-Z_.]*")


def steps(message: str) -> list[tuple[str, str]]:
    """What a message advises, in its order: ("run", command) or ("delete", path)."""
    found = []
    for match in _STEP.finditer(message):
        command = match["quoted"] or match["plain"]
        found.append(("run", command) if command else ("delete", match["path"].rstrip(".,;:)")))
    return list(dict.fromkeys(found))


def follow(place: Place, answers: str, message: str) -> str:
    """Takes the steps one by one until the answers are again `answers`; says what is wrong with the advice where they
    never are."""
    if not steps(message):
        return "NO ADVICE"
    said = []
    for action, what in steps(message):
        if action == "delete" and place.folder not in _path(place, what).parents:
            return f"BAD ADVICE: to delete {what}"
        ended = _delete(place, _path(place, what)) if action == "delete" else _run(place, what)
        asked = place.run(place.ask, SECONDS)
        found = place.answers()
        if asked.code == 0 and not asked.crash and found == answers:
            return ""
        then = "still refused" if found is None else difference(answers, found) or "no clean end"
        said.append(f"{action} {what!r}: exit {ended.code}, {ended.last}; then {then}: {asked.last}")
    return "BAD ADVICE: " + " | ".join(said)


def _path(place: Place, what: str) -> Path:
    return place.index if what.startswith("the ") else Path(what)


def _delete(place: Place, path: Path) -> Ended:
    """Deletes a file or a directory; after an index, the same documents are ingested again."""
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    if path != place.index:
        return Ended(0, "", "")
    return place.run(["ingest", str(place.documents), "--index", str(place.index)], SECONDS)


def _run(place: Place, command: str) -> Ended:
    """The command as it is printed, the documents in place of PATH_OR_URL."""
    words = shlex.split(command)[1:]
    return place.run([str(place.documents) if _PLACEHOLDER.fullmatch(word) else word for word in words], SECONDS)
