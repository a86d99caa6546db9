"""Lessons on conversations: which of their words does a follow-up need?

Learned from what people added when they wrote a follow-up so that it stands alone (QuReTeC, Voskarides et al. 2020):
CANARD (Elgohary et al. 2019), TREC CAsT 2019 and 2020, TREC iKAT, GECOR (Quan et al. 2019), FollowUp (Liu et al. 2019).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.reader.history import history_text
from assistant.reader.lessons.articles import is_held_out
from assistant.reader.lessons.lesson import Lesson, Unit
from assistant.reader.lessons.published import excluded
from assistant.understanding.question import content_words


def leaning_lessons(data: Path, rng: random.Random) -> list[Unit]:
    """The units, in no order. `data` holds `canard/` and `more/`."""
    more = data / "more"
    dropped = excluded(more)
    found = list(_canard(data / "canard" / "dev.json"))
    found += _cast(more / "cast", dropped)
    found += _ikat(more / "ikat", dropped)
    found += _restaurants(more / "gecor" / "CamRest676_annotated.json")
    found += _tables(more / "followup")
    rng.shuffle(found)
    return [[lesson] for lesson in found]


def _lesson(asked: str, rewritten: str, said: Sequence[str]) -> Lesson | None:
    """None where there is no history."""
    text = history_text(said)
    if not text or not asked.strip() or not rewritten.strip():
        return None
    own = {word.casefold() for word in re.findall(r"\w+", asked)}
    added = {word.casefold() for word in content_words(rewritten)} - own
    needed = tuple((m.start(), m.end()) for m in re.finditer(r"\w+", text) if m.group().casefold() in added)
    return Lesson(asked, text, needed=needed)


def _canard(path: Path) -> Iterator[Lesson]:
    for turn in json.loads(path.read_text(encoding="utf-8")):
        if not is_held_out(turn["History"][0]):
            lesson = _lesson(turn["Question"], turn["Rewrite"], turn["History"])
            if lesson:
                yield lesson


def _conversations_of(name: str, dropped: dict[str, set[str]]) -> set[str]:
    """The numbers of the conversations of a file of which a turn, named NUMBER/TURN, may not be learned from."""
    return {row.rpartition("/")[0] for row in dropped.get(name, ())}


def _cast(folder: Path, dropped: dict[str, set[str]]) -> Iterator[Lesson]:
    resolved = {}
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            key, _, text = line.partition("\t")
            resolved[key.strip()] = text.strip()
    for path in sorted(folder.glob("*.json")):
        if "automatic" in path.name:
            continue
        named = _conversations_of(f"cast/{path.name}", dropped)
        for topic in json.loads(path.read_text(encoding="utf-8-sig")):
            if str(topic["number"]) in named:
                continue
            said: list[str] = []
            for turn in topic["turn"]:
                asked = turn.get("raw_utterance", "")
                rewritten = turn.get("manual_rewritten_utterance") or resolved.get(
                    f"{topic['number']}_{turn['number']}"
                )
                if rewritten:
                    lesson = _lesson(asked, rewritten, said)
                    if lesson:
                        yield lesson
                said.append(asked)


def _ikat(folder: Path, dropped: dict[str, set[str]]) -> Iterator[Lesson]:
    for path in sorted(folder.glob("*.json")):
        named = _conversations_of(f"ikat/{path.name}", dropped)
        for topic in json.loads(path.read_text(encoding="utf-8")):
            if str(topic["number"]) in named:
                continue
            said: list[str] = []
            for turn in topic.get("turns") or topic.get("responses") or []:
                asked, rewritten = turn.get("utterance", ""), turn.get("resolved_utterance", "")
                lesson = _lesson(asked, rewritten, said)
                if lesson:
                    yield lesson
                answer = turn.get("response") or next((r.get("text", "") for r in turn.get("responses") or []), "")
                said += [asked, answer]


def _restaurants(path: Path) -> Iterator[Lesson]:
    for dialogue in json.loads(path.read_text(encoding="utf-8")):
        said: list[str] = []
        for turn in dialogue["dial"]:
            user: dict[str, Any] = turn["usr"]
            whole = user["transcript_complete"] or user["transcript"]
            for form in {user["transcript"], user["transcript_with_ellipsis"], user["transcript_with_coreference"]}:
                lesson = _lesson(form, whole, said) if form else None
                if lesson:
                    yield lesson
            said += [whole, turn["sys"]["sent"]]


def _tables(folder: Path) -> Iterator[Lesson]:
    for name in ("train.tsv", "test.tsv"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            parts = line.split("\t")
            if len(parts) >= 3:
                lesson = _lesson(parts[1], parts[2], [parts[0]])
                if lesson:
                    yield lesson
