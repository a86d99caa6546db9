"""What each part is worth: `python -m eval.lab.ablation SET.jsonl [--article F] [--part sealed] [--only WORDS]
[--switched]`.

Runs attest as it is, then with one part off at a time, and prints the headline figures of each beside it. With
--switched, the questions that stand alone are asked, each after a conversation of the part about something else. The
same on a public set is `attest bench parts` (`eval.bench.parts`).
But: nothing is fitted again without the part, so the loss shown is an upper bound of what the part is worth.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import replace

from assistant.calibration import Calibration, Logistic
from assistant.engine import Assistant
from assistant.reader.runtime import load_reader
from assistant.understanding.conversation import leans_back
from eval.cases import Case
from eval.evaluate import assistant_for, run_cases
from eval.figures import figures
from eval.judge import Article, read_article
from eval.lab.set_command import read_set, set_parser
from eval.lab.variants import (
    Change,
    always_leaning,
    forgetful,
    with_calibration,
    with_policy,
    with_search,
    with_understanding,
    without_vectors,
    without_words,
)
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.models import load_embedder
from vectorstore.types import Document

SHOWN = ("passed", "hit@1", "hit@5", "nuggets_vital", "span_f1", "answered", "refused", "follow_up")
HEADINGS = ("right", "first", "in five", "facts", "span F1", "answers", "abstains", "follow-up")


def without(model: Logistic, *names: str) -> Logistic:
    """The model with the weights of some features at zero."""
    weights = zip(model.features, model.weights, strict=True)
    return replace(model, weights=tuple(0.0 if name in names else weight for name, weight in weights))


def _passage(*names: str) -> Change:
    def changed(calibration: Calibration) -> Calibration:
        return replace(calibration, passage=without(calibration.passage, *names))

    return with_calibration(changed)


def _sentence(*names: str) -> Change:
    def changed(calibration: Calibration) -> Calibration:
        return replace(calibration, sentence=without(calibration.sentence, *names))

    return with_calibration(changed)


PARTS: tuple[tuple[str, Change], ...] = (
    ("as it is", lambda whole: whole),
    ("passages: the reader's relevance", _passage("relevance")),
    ("passages: the reader's span", _passage("span")),
    ("passages: both", _passage("relevance", "span")),
    ("passages: BM25 in the score", _passage("lexical")),
    ("passages: the nearest words in the score", _passage("nearness")),
    ("search by the nearest words", with_policy(words_found=0.0)),
    ("search by words", with_search(without_words)),
    ("search by vectors", with_search(without_vectors)),
    ("sentences: where the reader sees the answer", _sentence("mass")),
    ("sentences: the passage's score", _sentence("passage")),
    ("stopping when it is clear", lambda whole: with_policy(at_a_time=whole.calibration.policy.read)(whole)),
)
"""What is off, by name, and the assistant without it: parts of answering a question that stands alone."""

FOLLOW_UPS: tuple[tuple[str, Change], ...] = (
    ("follow-ups: near what was shown", with_policy(near=0.0, near_found=0.0)),
    ("follow-ups: no rules, after the last two always", with_understanding(always_leaning)),
    ("follow-ups: any", with_understanding(forgetful)),
)


def ablate(cases: Sequence[Case], document: Document, embedder: Embedder, only: str = "") -> list[str]:
    """The table, as lines of text: attest as it is, and without each part whose name holds `only`."""
    article = read_article(document, embedder)
    chosen = [row for row in (*PARTS, *FOLLOW_UPS) if row is PARTS[0] or only in row[0]]
    lines = [f"{'without':50}" + "".join(f"{heading:>10}" for heading in HEADINGS)]
    with assistant_for(article, embedder, reader=load_reader(remembered=None)) as whole:
        lines += [_row(name, change(whole), cases, article) for name, change in chosen]
    return [*lines, "", f"{len(cases)} cases, {sum(case.has_answer for case in cases)} of them with an answer"]


def switched(cases: Sequence[Case], seed: int = 0) -> list[Case]:
    """Those of `cases` that begin a conversation and stand alone, each after another one's questions, drawn by
    `seed`: changes of topic."""
    conversations = [(*case.history, case.question) for case in cases if case.history]
    drawn = random.Random(seed)
    return [
        replace(case, history=drawn.choice(conversations), kind="topic switch")
        for case in cases
        if not case.history and not leans_back(case.question)
    ]


def _row(name: str, assistant: Assistant, cases: Sequence[Case], article: Article) -> str:
    measured = figures(cases, run_cases(cases, article, assistant))["all"]
    print(".", end="", file=sys.stderr, flush=True)
    return f"{name:50}" + "".join(
        f"{'-' if (value := measured[metric].value) is None else f'{value:.3f}':>10}" for metric in SHOWN
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = set_parser("lab.ablation", "What each part is worth.")
    parser.add_argument("--part", choices=("tuning", "sealed"), default="tuning", help="which cases are asked")
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose name holds these words")
    parser.add_argument("--switched", action="store_true", help="ask what stands alone after another conversation")
    options, case_set, document = read_set(parser, arguments)
    cases: Sequence[Case] = case_set.part(options.part)
    cases = switched(cases) if options.switched else cases
    print("\n" + "\n".join(ablate(cases, document, load_embedder(), options.only)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
