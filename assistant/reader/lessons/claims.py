"""Lessons on claims: does the text support it, contradict it, or leave it open?

Published pairs (Fool Me Twice, Eisenschlos et al. 2021; FEVER Symmetric, Schuster et al. 2019; ConjNLI, Saha et al.
2020; Check-COVID, Wang et al. 2023; SummEdits, Laban et al. 2023; Breaking NLI, Glockner et al. 2018; WiCE, Kamoi et
al. 2023) and pairs made from articles: a sentence as it stands or shortened; with another number, with another name,
negated; and a sentence of elsewhere in the article.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import training_articles, windows
from assistant.reader.lessons.lesson import Lesson, Unit, heading_for, title_of
from assistant.reader.lessons.published import excluded
from assistant.reader.lessons.variations import names_in

SUPPORTED, CONTRADICTED, OPEN = range(3)
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_TO_BE = re.compile(r"(?<=\s)(was|were|is|are|had|has|could|can|would|will|did|does)(?=\s)")
_NOT = re.compile(r" (?:not|never)(?=\s)")


def claim_lessons(data: Path, *, made: int, rng: random.Random) -> list[Unit]:
    """The units, in no order. `data` holds `squad/`, `fm2/` and `more/`; `made`: how many sentences are varied."""
    more = data / "more"
    dropped = excluded(more)
    units = [[lesson] for lesson in _two_sided(data / "fm2" / "dev.jsonl")]
    units += [[lesson] for lesson in _symmetric(more / "fever-symmetric", dropped)]
    units += [[lesson] for lesson in _conjunctions(more / "conjnli", dropped, rng)]
    units += [[lesson] for lesson in _covid(more / "check-covid", dropped)]
    units += [[lesson] for lesson in _summaries(more / "summedits")]
    units += [[lesson] for lesson in _captions(more / "breaking-nli" / "dataset.jsonl", rng)]
    units += [[lesson] for lesson in _partly(more / "wice-train" / "non_supported_tokens-train.jsonl", dropped)]
    return units + list(_made(data / "squad" / "train-v1.1.json", made, rng))


def _claim(claim: str, text: str, support: int, article: str) -> Lesson:
    near = None if support == OPEN else True
    return Lesson(claim, text, article=article, relevant=near, support=support)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if line.strip():
            yield json.loads(line)


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file that holds a list, or one object a line."""
    text = path.read_text(encoding="utf-8-sig").lstrip()
    if text.startswith("["):
        return list(json.loads(text))
    return list(_lines(path))


def _two_sided(path: Path) -> Iterator[Lesson]:
    for n, row in enumerate(_lines(path)):
        text = " ".join(piece["text"] for piece in row["gold_evidence"])
        if text:
            yield _claim(row["text"], text, SUPPORTED if row["label"] == "SUPPORTS" else CONTRADICTED, f"claim {n}")


def _symmetric(folder: Path, dropped: dict[str, set[str]]) -> Iterator[Lesson]:
    seen = set()
    for path in sorted(folder.glob("*.jsonl")):
        named = dropped.get(f"fever-symmetric/{path.name}", set())
        for n, row in enumerate(_lines(path)):
            if {str(n), str(row.get("id"))} & named:
                continue
            text = row.get("evidence_sentence") or row.get("evidence") or ""
            label = (row.get("label") or row.get("gold_label") or "").upper()
            if text and (row["claim"], text) not in seen and label[:1] in "SR":
                seen.add((row["claim"], text))
                yield _claim(row["claim"], text, SUPPORTED if label[0] == "S" else CONTRADICTED, f"symmetric {n}")


def _conjunctions(folder: Path, dropped: dict[str, set[str]], rng: random.Random) -> Iterator[Lesson]:
    labels = {"entailment": SUPPORTED, "contradiction": CONTRADICTED, "neutral": OPEN}
    for path in sorted(folder.glob("*.tsv")):
        named = dropped.get(f"conjnli/{path.name}", set())
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for n, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)):
                if str(n) not in named and row["Label"] in labels and row["Premise"] and row["Hypothesis"]:
                    claim, text = (row[name].strip('"').replace('""', '"') for name in ("Hypothesis", "Premise"))
                    yield _claim(claim, text, labels[row["Label"]], f"conjunction {n}")


def _covid(folder: Path, dropped: dict[str, set[str]]) -> Iterator[Lesson]:
    named = dropped.get("check-covid/corpus.json", set())
    corpus = {row["cord_id"]: row for n, row in enumerate(_rows(folder / "corpus.json")) if str(n) not in named}
    labels = {"SUPPORT": SUPPORTED, "REFUTE": CONTRADICTED}
    for row in _rows(folder / "covidCheck_train_composed+extracted.json"):
        held = corpus.get(row["cord_id"])
        if held is None or row["cord_id"] in named:
            continue
        abstract = held["abstract"]
        at = [piece["sent_index"] for piece in row.get("evidence_set") or [] if piece["sent_index"] < len(abstract)]
        first = max(0, min(at, default=0) - 1)
        text = " ".join(abstract[first : first + 5])
        belongs = tuple(
            (text.index(abstract[n]), text.index(abstract[n]) + len(abstract[n])) for n in at if abstract[n] in text
        )
        support = labels.get(row["label"], OPEN)
        yield replace(_claim(row["claim"], text, support, f"covid {row['cord_id']}"), evidence=belongs or None)


def _summaries(folder: Path) -> Iterator[Lesson]:
    """A sentence of a summary with the part of the text that shares most words with it."""
    for path in sorted(folder.glob("*.json")):
        for row in _rows(path):
            if len(row["doc"].split()) <= 260:
                yield _claim(row["summary"], row["doc"].strip(), SUPPORTED if row["label"] else CONTRADICTED, row["id"])


def _captions(path: Path, rng: random.Random) -> Iterator[Lesson]:
    labels = {"entailment": SUPPORTED, "contradiction": CONTRADICTED, "neutral": OPEN}
    rows = list(_lines(path))
    rng.shuffle(rows)
    against = 0
    for n, row in enumerate(rows):
        support = labels[row["gold_label"]]
        against += support == CONTRADICTED
        if support != CONTRADICTED or against <= 1500:
            yield _claim(row["sentence2"], row["sentence1"], support, f"caption {n}")


def _partly(path: Path, dropped: dict[str, set[str]]) -> Iterator[Lesson]:
    named = dropped.get(f"wice-train/{path.name}", set())
    for n, row in enumerate(_lines(path)):
        if str(n) in named:
            continue
        kept = sorted({i for group in row["supporting_sentences"][:1] for i in group})
        text = " ".join(row["evidence"][i] for i in kept)
        if text and len(text.split()) < 200:
            words, spans, at = row["claim_tokens"], [], 0
            for word, missing in zip(words, row["non_supported_spans"], strict=True):
                start = row["claim"].find(word, at)
                if start < 0:
                    break
                at = start + len(word)
                spans += [(start, at)] if missing else []
            lesson = _claim(row["claim"], text, OPEN, f"partly {n}")
            yield replace(lesson, unsupported=tuple(spans)) if spans else lesson


def _made(path: Path, most: int, rng: random.Random) -> Iterator[Unit]:
    articles = training_articles(path)
    paragraphs = [(a, p["context"]) for a in articles for p in a["paragraphs"]]
    rng.shuffle(paragraphs)
    made = 0
    before = -1
    while before < made < most:
        before = made
        for article, context in paragraphs:
            spans = [(s, e) for s, e in windows(context, 1) if 7 <= context.count(" ", s, e) <= 45]
            if not spans:
                continue
            start, end = rng.choice(spans)
            unit = list(_variants(context, (start, end), article, rng))
            if len(unit) < 2:
                continue
            yield unit
            made += 1
            if made == most:
                return


def _variants(context: str, span: tuple[int, int], article: dict[str, Any], rng: random.Random) -> Iterator[Lesson]:
    """The sentence, and what is made of it, each held against the window that it stands in."""
    sentence = context[slice(*span)].strip()
    left, right = next((s, e) for s, e in windows(context, rng.randint(60, 130)) if s <= span[0] < e)
    text = context[left:right].strip()
    at = text.find(sentence)
    heading = heading_for(title_of(article["title"]), rng)

    def lesson(claim: str, support: int, against: str = text, wrong: tuple[int, int] | None = None) -> Lesson:
        told = at >= 0 and against is text and support != OPEN
        return Lesson(
            claim,
            against,
            heading,
            article["title"],
            relevant=None if support == OPEN else True,
            unsupported=(wrong,) if wrong else () if support == SUPPORTED else None,
            evidence=((at, at + len(sentence)),) if told else None,
            support=support,
        )

    shorter = re.sub(r" \([^()]*\)|, (?:however|therefore|also|for example|in addition),", "", sentence)
    yield lesson(shorter if rng.random() < 0.6 else sentence, SUPPORTED)
    kinds = [_other_number, _other_name, _negated]
    rng.shuffle(kinds)
    changed = next((c for kind in kinds if (c := kind(sentence, context, rng))), None)
    if changed:
        claim, wrong = changed
        yield lesson(claim, CONTRADICTED, wrong=wrong)
    elsewhere = rng.choice(article["paragraphs"])["context"]
    if elsewhere != context:
        s, e = rng.choice(windows(elsewhere, rng.randint(60, 130)))
        yield lesson(sentence, OPEN, elsewhere[s:e].strip())


Changed = tuple[str, tuple[int, int] | None]


def _other_number(sentence: str, context: str, rng: random.Random) -> Changed | None:
    found = list(_NUMBER.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    old = match.group()
    others = [m.group() for m in _NUMBER.finditer(context) if m.group() not in sentence and len(m.group()) == len(old)]
    if others and rng.random() < 0.5:
        new = rng.choice(others)
    else:
        digits = [n for n, c in enumerate(old) if c.isdigit()]
        n = rng.choice(digits[-2:])
        new = old[:n] + rng.choice([d for d in "123456789" if d != old[n]]) + old[n + 1 :]
    return sentence[: match.start()] + new + sentence[match.end() :], (match.start(), match.start() + len(new))


def _other_name(sentence: str, context: str, rng: random.Random) -> Changed | None:
    mine = [name for name in names_in(sentence) if len(name) > 2]
    others = [name for name in names_in(context) if len(name) > 2 and name not in sentence]
    if not mine or not others:
        return None
    name, other = rng.choice(mine), rng.choice(others)
    if set(name.split()) & set(other.split()):
        return None
    start = sentence.index(name)
    return sentence[:start] + other + sentence[start + len(name) :], (start, start + len(other))


def _negated(sentence: str, context: str, rng: random.Random) -> Changed | None:
    match = _NOT.search(sentence)
    if match:
        return sentence[: match.start()] + sentence[match.end() :], None
    match = _TO_BE.search(sentence)
    if not match:
        return None
    return sentence[: match.end()] + " not" + sentence[match.end() :], (match.end() + 1, match.end() + 4)
