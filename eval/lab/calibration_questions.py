"""The questions that `eval.lab.calibrate` asks: of SQuAD's articles that the reader was not trained on, and of the
tuning parts of `eval/sets`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import is_held_out, same_tokens
from assistant.reader.lessons.variations import names_in
from eval.cases import Case, load_set
from eval.evaluate import find_article
from eval.metrics.retrieval import finds
from vectorstore.errors import UsageError
from vectorstore.types import Document, Span, text_sha256

SETS = Path(__file__).parents[1] / "sets"
ANSWERABLE, NEAR_MISSES, OFF_TOPIC, ANOTHERS = 24, 14, 8, 6
"""How many questions of each sort are put to an article of SQuAD, at most."""


@dataclass(frozen=True, slots=True)
class ArticleQuestion:
    """A question put to an article. `gold`: the places of its answer, none where it has none; `fits`: whether it is
    for fitting; `case`: the case of a set, None for SQuAD."""

    article: str
    question: str
    gold: tuple[Span, ...]
    sort: str
    fits: bool
    case: Case | None

    def is_answered_in(self, start: int, end: int) -> bool:
        """Whether start..end holds an answer: the whole of it for SQuAD, half of a piece of evidence for a case."""
        if self.case is not None:
            return any(finds((start, end), piece) for piece in self.gold)
        return any(start <= left and right <= end for left, right in self.gold)


def from_squad(folder: Path, *, seed: int, most: int) -> tuple[dict[str, Document], list[ArticleQuestion]]:
    """Held-out articles by name, and the questions put to them; every other article is for fitting.

    Raises UsageError where the files are not there.
    """
    rng = random.Random(seed)
    answered = _articles(folder, "train-v1.1.json")
    missed = {a["title"]: a for a in _articles(folder, "train-unanswerable.json")}
    chosen = [a for a in answered if is_held_out(a["title"]) and a["title"] in missed][:most]
    everything = [qa["question"].strip() for a in chosen for p in a["paragraphs"] for qa in p["qas"]]
    documents, asked = {}, []
    for number, article in enumerate(chosen):
        name, title = f"squad-{number}", article["title"].replace("_", " ")
        text = ""
        own = []
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                for answer in qa["answers"][:1]:
                    start = len(text) + answer["answer_start"]
                    own.append((qa["question"].strip(), ((start, start + len(answer["text"])),)))
            text += paragraph["context"] + "\n\n"
        near = [qa["question"].strip() for p in missed[article["title"]]["paragraphs"] for qa in p["qas"]]
        mine = {question for question, _ in own}
        other = [question for question in rng.sample(everything, 30) if question not in mine][:OFF_TOPIC]
        fits = number % 2 == 0
        documents[name] = Document(name, title, text, text_sha256(text), f"squad:{number}", "plain")
        for question, gold in rng.sample(own, min(ANSWERABLE, len(own))):
            asked.append(ArticleQuestion(name, question, gold, "answerable", fits, None))
        for sort, questions in (("near miss", rng.sample(near, min(NEAR_MISSES, len(near)))), ("off topic", other)):
            asked += [ArticleQuestion(name, question, (), sort, fits, None) for question in questions]
    return documents, [*asked, *_anothers(chosen, seed)]


def _anothers(articles: Sequence[dict[str, Any]], seed: int) -> Iterator[ArticleQuestion]:
    """Questions that an article answers, with one of their names exchanged for one that it never names: people ask of
    each of many alike."""
    rng = random.Random(seed)
    asked = [[qa["question"].strip() for p in a["paragraphs"] for qa in p["qas"] if qa["answers"]] for a in articles]
    everywhere = sorted({name for questions in asked for question in questions for name in names_in(question)})
    for number, (article, own) in enumerate(zip(articles, asked, strict=True)):
        text = " ".join([article["title"], *(p["context"] for p in article["paragraphs"])]).casefold()
        strange = [n for n in everywhere if n.isascii() and not any(w.casefold() in text for w in n.split())]
        named = [question for question in own if any(name.casefold() in text for name in names_in(question))]
        for question in rng.sample(named, min(ANOTHERS, len(named))):
            name = rng.choice([name for name in names_in(question) if name.casefold() in text])
            changed = question.replace(name, rng.choice(strange))
            yield ArticleQuestion(f"squad-{number}", changed, (), "another's", number % 2 == 0, None)


def pairs_from_squad(folder: Path, *, seed: int, most: int) -> list[tuple[str, str, bool]]:
    """Questions with a paragraph of the held-out articles each, and whether it answers: half of each sort, the
    unanswerable ones by people. Raises UsageError where the files are not there."""
    rng = random.Random(seed)
    pairs: list[tuple[str, str, bool]] = []
    for answered, file in ((True, "train-v1.1.json"), (False, "train-unanswerable.json")):
        articles = [a for a in _articles(folder, file) if is_held_out(a["title"])]
        found = [
            (same_tokens(qa["question"]), p["context"], answered)
            for a in articles
            for p in a["paragraphs"]
            for qa in p["qas"]
        ]
        pairs += rng.sample(found, min(most // 2, len(found)))
    return pairs


def _articles(folder: Path, file: str) -> list[dict[str, Any]]:
    try:
        return list(json.loads((folder / file).read_text("utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"--data {folder} does not hold SQuAD's training files ({error}): see the docstring") from None


def from_sets(article: Path) -> Iterator[tuple[str, Document, list[ArticleQuestion]]]:
    """The tuning parts of the two sets: name, text, questions. Raises UsageError where `article` is another text."""
    for name, path in (("origins", None), ("original", article)):
        case_set = load_set(SETS / f"{name}.jsonl")
        document = find_article(case_set, path)
        asked = [
            ArticleQuestion(name, case.standalone or case.question, case.evidence, case.kind, True, case)
            for case in case_set.part("tuning")
        ]
        yield name, document, asked
