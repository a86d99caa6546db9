"""Lessons from other published sets of questions.

Stories (FairytaleQA, Xu et al. 2022), meetings (QMSum, Zhong et al. 2021), lists (MultiSpanQA, Li et al. 2022),
negation (CondaQA, Ravichander et al. 2022), abstracts (PubMedQA, Jin et al. 2019; SciFact, Wadden et al. 2020),
judged sentences (TREC-QA, Wang et al. 2007; SelQA, Jurczyk et al. 2016), conversations (CANARD, Elgohary et al. 2019).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import same_tokens, windows
from assistant.reader.lessons.conversations import conversations
from assistant.reader.lessons.judged import judged_abstracts, judged_sentences
from assistant.reader.lessons.lesson import Lesson, Unit, best_window, heading_for, other_windows, places, words_of

WORDS = 120


def excluded(folder: Path) -> dict[str, set[str]]:
    """The rows of `EXCLUDE.tsv` that may not be learned from, by file."""
    out: dict[str, set[str]] = {}
    with (folder / "EXCLUDE.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t"):
            if len(row) >= 3:
                out.setdefault(f"{row[0]}/{row[1]}", set()).add(row[2])
    return out


def published_lessons(data: Path, rng: random.Random) -> list[Unit]:
    """The units of all sets, in no order. `data` holds `trecqa/`, `selqa/`, `scifact/`, `canard/` and `more/`."""
    more = data / "more"
    dropped = excluded(more)
    units = list(_stories(more / "fairytaleqa", rng))
    units += _meetings(more / "qmsum", rng)
    units += _lists(more / "multispanqa" / "valid.json", dropped, rng)
    units += _negations(more / "condaqa", dropped)
    units += _research(more / "pubmedqa" / "ori_pqal.json", rng)
    units += _conversations_of(data / "canard" / "dev.json", rng)
    judged = judged_sentences(data, rng) + judged_abstracts(data / "scifact", rng)
    by_question: dict[str, Unit] = {}
    for n, example in enumerate(judged):
        belongs = ((0, len(example.text)),) if example.answered else ()
        lesson = Lesson(
            example.question,
            example.text,
            article=f"judged {n}" if example.relevant else f"judged not {n}",
            relevant=example.relevant,
            answered=example.answered,
            evidence=None if example.answered is None else belongs,
        )
        by_question.setdefault(example.question, []).append(lesson)
    for unit in by_question.values():
        units += [unit[n : n + 8] for n in range(0, len(unit), 8)]
    return units


def _stories(folder: Path, rng: random.Random) -> Iterator[Unit]:
    for path in sorted((folder / "questions").glob("*/*-questions.csv")):
        story = folder / "section-stories" / path.parent.name / path.name.replace("-questions", "-story")
        if not story.is_file():
            continue
        with story.open(encoding="utf-8", errors="replace", newline="") as lines:
            sections = {row["section"]: row["text"] for row in csv.DictReader(lines)}
        title = path.name.removesuffix("-questions.csv").replace("-", " ").title()
        with path.open(encoding="utf-8", errors="replace", newline="") as lines:
            for row in csv.DictReader(lines):
                yield from _of_story(row, sections, title, rng)


def _of_story(row: dict[str, str], sections: dict[str, str], title: str, rng: random.Random) -> Iterator[Unit]:
    held = [part.strip() for part in (row["cor_section"] or "").split(",")]
    texts = [sections[part] for part in held if part in sections]
    if not texts or not row["question"]:
        return
    answers = [row[name] for name in ("answer1", "answer2", "answer3") if row.get(name)]
    text = "\n".join(texts)
    found = next((spans for answer in answers if (spans := places(answer.strip(" ."), text))), ())
    if found:
        start, end = next((s, e) for s, e in windows(text, WORDS) if s <= found[0][0] < e)
    else:
        start, end = best_window(text, f"{row['question']} {' '.join(answers)}", WORDS)
    window = text[start:end].strip()
    spans = next((spans for answer in answers if (spans := places(answer.strip(" ."), window))), ())
    heading, article = heading_for(title, rng), f"story {title}"
    question = same_tokens(row["question"])
    whole = len(texts) == 1 and (bool(spans) or end - start >= 0.9 * len(text))
    unit = [Lesson(question, window, heading, article, spans, True, True if whole else None, None, spans or None)]
    others = [
        other[s:e].strip() for part, other in sections.items() if part not in held for s, e in windows(other, WORDS)
    ]
    wrong = other_windows(others, 2, rng, lambda other: not any(answer in other for answer in answers))
    yield unit + [Lesson(question, other, heading, article, (), False, False, None, ()) for other in wrong]


def _meetings(folder: Path, rng: random.Random) -> Iterator[Unit]:
    for path in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(path) as packed:
            for member in packed.getmembers():
                stream = packed.extractfile(member) if member.name.endswith(".json") else None
                if stream:
                    meeting = json.load(io.TextIOWrapper(stream, encoding="utf-8"))
                    yield from _of_meeting(meeting, f"meeting {member.name}", rng)


def _of_meeting(meeting: dict[str, Any], name: str, rng: random.Random) -> Iterator[Unit]:
    turns = [f"{turn['speaker']}: {_plain(turn['content'])}" for turn in meeting["meeting_transcripts"]]
    pieces: list[tuple[int, str]] = []
    for n, turn in enumerate(turns):
        pieces += [(n, turn[s:e].strip()) for s, e in windows(turn, WORDS)]
    for query in meeting.get("specific_query_list", []):
        spans = [(int(a), int(b)) for a, b in query["relevant_text_span"]]
        inside = [text for n, text in pieces if any(a <= n <= b for a, b in spans)]
        outside = [text for n, text in pieces if not any(a - 2 <= n <= b + 2 for a, b in spans) and len(text) > 80]
        if not inside or not outside:
            continue
        sought = words_of(f"{query['query']} {query['answer']}")
        best = max(range(len(inside)), key=lambda n: len(sought & words_of(inside[n])))
        text = " ".join(inside[best : best + 2])
        text = text[: windows(text, WORDS)[0][1]].strip()
        unit = [Lesson(query["query"], text, "", name, (), True, None)]
        yield unit + [
            Lesson(query["query"], other, "", name, (), False, False)
            for other in rng.sample(outside, min(2, len(outside)))
        ]


def _plain(said: str) -> str:
    """What was said, without the marks of noises and with its commas where one writes them."""
    return re.sub(r" ([,.?!])", r"\1", re.sub(r"\{\w+\} ?", "", said)).strip()


def _lists(path: Path, dropped: dict[str, set[str]], rng: random.Random) -> Iterator[Unit]:
    for n, row in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        if {str(n), str(row["id"])} & dropped.get("multispanqa/valid.json", set()):
            continue
        text, offsets = "", []
        for word in row["context"]:
            glue = "" if not text or re.match(r"^[,.;:!?)\]%'’]|^n't$", word) or text.endswith(("(", "[")) else " "
            offsets.append((len(text) + len(glue), len(text) + len(glue) + len(word)))
            text += glue + word
        spans: list[tuple[int, int]] = []
        for (start, end), label in zip(offsets, row["label"], strict=True):
            if label == "B":
                spans.append((start, end))
            elif label == "I" and spans:
                spans[-1] = (spans[-1][0], end)
        if not spans:
            continue
        question = " ".join(row["question"])
        left, right = next((s, e) for s, e in windows(text, 150) if s <= spans[0][0] < e)
        held = tuple((s - left, e - left) for s, e in spans if left <= s and e <= right)
        unit = [Lesson(question, text[left:right], "", f"list {n}", held, True, True, None, held or None)]
        yield unit


def _negations(folder: Path, dropped: dict[str, set[str]]) -> Iterator[Unit]:
    for path in sorted(folder.glob("*.json*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        rows = [json.loads(line) for line in content.decode("utf-8").splitlines() if line.strip()]
        if len(rows) == 1 and isinstance(rows[0], list):
            rows = rows[0]
        named = dropped.get(f"condaqa/{path.name.removesuffix('.gz')}", set())
        groups: dict[str, Unit] = {}
        for n, row in enumerate(rows):
            if str(n) in named:
                continue
            text, label = row["sentence1"], row["label"].strip()
            known = label.casefold() not in ("don't know", "dont know", "don’t know")
            spans = places(label, text) if known and label.casefold() not in ("yes", "no") else ()
            start, end = best_window(text, f"{row['sentence2']} {row.get('original sentence', '')}", 130)
            if spans and not (start <= spans[0][0] and spans[0][1] <= end):
                continue
            moved = tuple((s - start, e - start) for s, e in spans if start <= s and e <= end)
            lesson = Lesson(
                same_tokens(row["sentence2"]),
                text[start:end].strip() if not moved else text[start:end],
                "",
                f"negation {row['PassageID']}",
                moved,
                True if known else None,
                known,
                None,
                moved or None,
            )
            groups.setdefault(f"{row['PassageID']} {row['QuestionID']}", []).append(lesson)
        yield from groups.values()


def _research(path: Path, rng: random.Random) -> Iterator[Unit]:
    rows = list(json.loads(path.read_text(encoding="utf-8")).items())
    for number, row in rows:
        text = " ".join(row["CONTEXTS"])
        start, end = best_window(text, row["LONG_ANSWER"], WORDS)
        answered = None if row["final_decision"] == "maybe" else True
        unit = [Lesson(row["QUESTION"], text[start:end].strip(), "", f"research {number}", (), True, answered)]
        other, wrong = rng.choice(rows)
        if other != number:
            text = wrong["CONTEXTS"][0]
            window = text[: windows(text, WORDS)[0][1]]
            unit.append(Lesson(row["QUESTION"], window, "", f"research {other}", (), False, False))
        yield unit


def _conversations_of(path: Path, rng: random.Random) -> list[Unit]:
    """Twice, since each time the history is given in another of its forms."""
    out = []
    for round_ in range(2):
        for n, unit in enumerate(conversations(path, 10_000, rng)):
            out.append(
                [
                    Lesson(
                        e.question,
                        e.text,
                        article=f"conversation {round_} {n}",
                        relevant=e.relevant,
                        answered=e.answered,
                        evidence=() if e.answered is False else None,
                    )
                    for e in unit
                ]
            )
    return out
