"""Follow-up questions against stand-alone rewrites by people, on CANARD (Elgohary, Peskov and Boyd-Graber, 2019).

    python -m eval.lab.followups --data dev.json [--half tuning|held-out] [--show 30]

For every question after a dialogue's first: the words that the rewriter added to the question against those of the
earlier questions that attest puts before it (content words as stems; recall, precision and F1 over all questions
together), the unigram F1 of the whole text (ROUGE-1; Lin, 2004; mean over questions), and how often every name that the
rewriter added is there. Dialogues are halved by a hash of their id.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.types import Answer, Citation, Sentence, Trace, Turn
from assistant.understanding.conversation import Reading, understand
from assistant.understanding.question import content_words, stem

_WORD = re.compile(r"\w+")
NO_ANSWER = "I don't know."


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One question of a dialogue: what came just before it, its rewrite by a person, and how attest understands it."""

    question: str
    rewrite: str
    before: str
    reading: Reading


@dataclass(slots=True)
class Totals:
    """Sums over questions for one way to understand them."""

    n: int = 0
    common: int = 0
    added: int = 0
    wanted: int = 0
    unigram: float = 0.0
    named: int = 0
    names_found: int = 0

    def count(self, question: str, rewrite: str, text: str) -> None:
        """Add one question understood as `text`."""
        wanted, added = added_words(question, rewrite), added_words(question, text)
        self.n += 1
        self.common += len(wanted & added)
        self.added += len(added)
        self.wanted += len(wanted)
        self.unigram += unigram_f1(rewrite, text)
        names = added_names(question, rewrite)
        if names:
            self.named += 1
            self.names_found += names <= {stem(word) for word in content_words(text)}

    def line(self, label: str) -> str:
        """One row of the table."""
        recall = self.common / max(self.wanted, 1)
        precision = self.common / max(self.added, 1)
        f1 = 2 * recall * precision / max(recall + precision, 1e-9)
        return (
            f"{label:24s} n {self.n:5d}   added words: recall {recall:.3f} precision {precision:.3f} F1 {f1:.3f}   "
            f"ROUGE-1 {self.unigram / max(self.n, 1):.3f}   all names {self.names_found / max(self.named, 1):.3f}"
        )


def added_words(question: str, text: str) -> set[str]:
    """The content words (stems) of `text` that `question` does not hold."""
    return {stem(word) for word in content_words(text)} - {stem(word) for word in content_words(question)}


def added_names(question: str, rewrite: str) -> set[str]:
    """The capitalised among the words that a rewrite added, as stems."""
    words = content_words(rewrite)
    return {stem(word) for word in words if word[0].isupper()} & added_words(question, rewrite)


def unigram_f1(reference: str, text: str) -> float:
    """F1 over the words of two texts, lower case, counted as often as they occur (ROUGE-1)."""
    left, right = (Counter(_WORD.findall(t.lower())) for t in (reference, text))
    common = (left & right).total()
    return 2 * common / max(left.total() + right.total(), 1)


def is_held_out(dialogue: str) -> bool:
    """Whether a dialogue belongs to the half that rules are not tuned on."""
    return bool(hashlib.sha256(dialogue.encode()).digest()[0] % 2)


def turn(question: str, answer: str) -> Turn:
    """A turn of a dialogue, the answer as one sentence; no sentence if there is no answer."""
    if not answer or answer == NO_ANSWER:
        return Turn(question, Answer(question, question, (), True, 0.0, (), Trace((), ())))
    cited = Citation("", "", "", 0, len(answer), answer, None, "")
    sentence = Sentence(answer, (cited,))
    return Turn(question, Answer(question, question, (sentence,), False, 1.0, (), Trace((), ())))


def dialogues(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows of each dialogue, in order."""
    together: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        together.setdefault(row["QuAC_dialog_id"], []).append(row)
    for dialogue in together.values():
        yield sorted(dialogue, key=lambda row: int(row["Question_no"]))


def understood(dialogue: list[dict[str, Any]]) -> Iterator[FollowUp]:
    """Every question of a dialogue after its first. The title is what was asked about before."""
    title = re.sub(r"\s*\([^)]*\)", "", dialogue[0]["History"][0])
    history = [turn(title, "")]
    for row, following in zip(dialogue, [*dialogue[1:], None], strict=True):
        if int(row["Question_no"]) > 1:
            reading = understand(row["Question"], history)
            yield FollowUp(row["Question"], row["Rewrite"], history[-1].question, reading)
        if following is not None:
            history.append(turn(row["Question"], following["History"][-1]))


def measure(rows: Iterable[dict[str, Any]]) -> tuple[dict[str, Totals], list[FollowUp]]:
    """Totals for each way to understand a question, and the questions."""
    labels = ("as asked", "last question + asked", "title + asked", "as attest reads it")
    figures = {label: Totals() for label in labels}
    asked: list[FollowUp] = []
    for dialogue in dialogues(rows):
        title = re.sub(r"\s*\([^)]*\)", "", dialogue[0]["History"][0])
        for one in understood(dialogue):
            asked.append(one)
            texts = (
                one.question,
                f"{one.before} {one.question}",
                f"{title} {one.question}",
                one.reading.wordings[-1],
            )
            for label, text in zip(labels, texts, strict=True):
                figures[label].count(one.question, one.rewrite, text)
    return figures, asked


def main() -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.lab.followups", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--data", type=Path, required=True, help="CANARD's dev.json")
    parser.add_argument("--half", choices=("tuning", "held-out"), default="held-out")
    parser.add_argument(
        "--show", type=int, default=0, help="print this many questions of the tuning half, spread evenly"
    )
    options = parser.parse_args()
    rows = json.loads(options.data.read_text(encoding="utf-8"))
    chosen = [row for row in rows if is_held_out(row["QuAC_dialog_id"]) == (options.half == "held-out")]
    figures, asked = measure(chosen)
    for label, row in figures.items():
        print(row.line(label))
    if options.half == "tuning" and options.show:
        for one in asked[:: max(1, len(asked) // options.show)]:
            print(f"\n{one.before}\n  asked   {one.question}\n  person  {one.rewrite}")
            print(f"  attest  {one.reading.searched_for}")


if __name__ == "__main__":
    main()
