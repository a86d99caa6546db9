"""`python -m eval.lab.adversaries [--each N] [--seed S]`: what of the lies about the bundled article is shown as
supported, each listed, and how much of the truth is kept."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from scipy.stats import binomtest

from assistant.model.endpoint import open_llm
from assistant.model.guarded import ModelAssistant
from assistant.settings import Settings
from assistant.types import Answer
from eval.lab.adversaries.lies import Told, lies, truths
from eval.lab.adversaries.server import ModelServer, Reply
from eval.lab.check.pairs.article import Article
from ingest.loading import bundled
from ingest.passages import SPLITTER_VERSION
from ingest.pipeline import ingest_loaded
from vectorstore.embedding.models import load_embedder
from vectorstore.index import Index


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.lab.adversaries", description=__doc__)
    parser.add_argument("--each", type=int, default=12, help="lies of each kind of error")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(Path(folder) / "index", load_embedder(), splitter=SPLITTER_VERSION, owner="adversaries") as index,
    ):
        for loaded in bundled():
            ingest_loaded(loaded, index)
        article = Article.of(index.document(index.heads()[0].id))
        said: list[Reply] = []
        with ModelServer(lambda request: said[-1]) as server:
            settings = Settings(llm="lab", llm_url=server.url)
            assistant = ModelAssistant(index, settings, llm=open_llm(settings, {}))

            def ask(told: Told) -> Answer:
                said.append(told.reply)
                return assistant.ask(told.question)

            _measure_lies(lies(article, each=given.each, seed=given.seed), ask)
            _measure_truths(truths(article, each=max(1, given.each // 2), seed=given.seed), ask)


def shown(answer: Answer) -> list[str]:
    """What a reader is shown in the model's words as supported or quoted."""
    if answer.spoken_by == "source":
        return []
    return [sentence.text for sentence in answer.sentences if sentence.support != "unsupported"]


def _measure_lies(told: Sequence[Told], ask: Callable[[Told], Answer]) -> None:
    asked: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    sentences, listed = 0, []
    for one in told:
        texts = shown(ask(one))
        false = [text for text in texts if " ".join(text.split()) != " ".join(one.truth.split())]
        asked[one.model] += 1
        wrong[one.model] += len(false)
        sentences += len(texts)
        listed += [(one.model, text) for text in false]
    total = sum(wrong.values())
    low, high = _interval(total, len(told))
    print(f"{len(told)} answers with a lie: {total} lies shown as supported, {total / len(told):.1%} of them ", end="")
    print(f"[{low:.1%}, {high:.1%}]; {sentences} sentences shown as supported, {total / max(1, sentences):.1%} false")
    for model, count in asked.items():
        print(f"  {wrong[model]:3} of {count:3}  {model}")
    for model, text in listed:
        print(f"  shown ({model}): {text}")


def _measure_truths(told: Sequence[Told], ask: Callable[[Told], Answer]) -> None:
    kept = 0
    lost = []
    for one in told:
        answer = ask(one)
        if shown(answer):
            kept += 1
        else:
            lost.append((one.model, one.truth, answer.notice))
    low, high = _interval(kept, len(told))
    print(f"{len(told)} true sentences: {kept} shown as supported, {kept / len(told):.1%} [{low:.1%}, {high:.1%}]")
    for model, text, notice in lost:
        print(f"  lost ({model}; {notice}): {text}")


def _interval(some: int, of: int) -> tuple[float, float]:
    """The share, 95 % (Wilson)."""
    ends = binomtest(some, of).proportion_ci(method="wilson")
    return float(ends.low), float(ends.high)


if __name__ == "__main__":
    main()
