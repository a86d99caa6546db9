"""Sentences that people judged for a question (TREC-QA, Wang et al. 2007; SelQA, Jurczyk et al. 2016), and abstracts
that they judged for a claim (SciFact, Wadden et al. 2020), for relevance alone.
"""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import bm25s

from assistant.reader.lessons.articles import Example, same_tokens
from assistant.understanding.question import stems_of

ABSTRACT_WORDS = 110


def judged_sentences(folder: Path, rng: random.Random) -> list[Example]:
    out = []
    with (folder / "trecqa" / "train.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            good = row["label"] == "1"
            out.append(Example(row["qtext"], row["atext"], (), good, good))
    for row in json.loads((folder / "selqa" / "dev.json").read_text(encoding="utf-8")):
        good = set(row["answers"])
        bad = [n for n in range(len(row["candidates"])) if n not in good]
        for n in [*sorted(good), *rng.sample(bad, min(4, len(bad)))]:
            out.append(Example(same_tokens(row["question"]), row["candidates"][n], (), n in good, n in good))
    return out


def judged_abstracts(folder: Path, rng: random.Random) -> list[Example]:
    """Claims with the abstracts that bear on them, and with two that are near in BM25 and do not."""
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    corpus = {row["_id"]: f"{row['title']} {row['text']}" for row in map(json.loads, lines)}
    names = list(corpus)
    index = bm25s.BM25()
    index.index([stems_of(corpus[name]) or ["_"] for name in names], show_progress=False)
    asked = (folder / "queries.train.jsonl").read_text(encoding="utf-8").splitlines()
    claims = {row["_id"]: row["text"] for row in map(json.loads, asked)}
    gold: dict[str, list[str]] = {}
    with (folder / "qrels" / "train.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            gold.setdefault(row["query-id"], []).append(row["corpus-id"])
    out = []
    for claim, abstracts in gold.items():
        query = [s for s in stems_of(claims[claim]) if s in index.vocab_dict]
        order = index.get_scores(query).argsort()[::-1][:10] if query else []
        bad = [names[i] for i in order if names[i] not in abstracts]
        for name in [*abstracts, *rng.sample(bad, min(2, len(bad)))]:
            text = " ".join(corpus[name].split()[:ABSTRACT_WORDS])
            out.append(Example(claims[claim], text, (), name in abstracts, None))
    return out
