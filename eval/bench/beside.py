"""attest beside stock LlamaIndex on a set: `python -m eval.bench.beside SET.jsonl [--article F]`.

Stock LlamaIndex (`eval.bench.baselines`) runs in the same process with all-MiniLM-L6-v2: retrieval alone, chunks of 256
tokens with 32 of overlap. A follow-up is put to it as it was asked and, in its second row, reworded to stand
alone. Printed are, for both parts, how often the evidence is in the first passage and in the first five; and the time
of one warm question, attest's whole answer against stock's retrieval: median, 95th percentile and ratio, with and
without a history.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
from llama_index.core.node_parser import SentenceSplitter

from assistant.replay import Conversations
from eval import silent
from eval.bench.baselines import LlamaIndexBaseline
from eval.bench.corpus import Text
from eval.cases import Case, CaseSet
from eval.evaluate import assistant_for
from eval.judge import read_article
from eval.lab.set_command import read_set, set_parser
from eval.metrics.retrieval import hit_at
from eval.statistics import Figure, mean_figure
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.models import load_embedder
from vectorstore.types import Document, Span

CHUNK, OVERLAP, DEPTH = 256, 32, 10
"""Stock's chunks in tokens, and how many it returns."""

Search = Callable[[Case], Sequence[Span]]


def beside(case_set: CaseSet, document: Document, embedder: Embedder) -> list[str]:
    """The table and the times, as lines of text."""
    stock = LlamaIndexBaseline(
        [Text(document.id, document.title, document.text)],
        silent,
        splitter=SentenceSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP),
        depth=DEPTH,
    )
    seconds: dict[str, list[float]] = {"attest": [], "stock": []}
    alone: list[bool] = []
    with assistant_for(read_article(document, embedder), embedder) as assistant:
        conversations = Conversations(assistant)
        assistant.ask("Is everything loaded?")
        stock.found("Is everything loaded?")

        def answered(case: Case) -> Sequence[Span]:
            for at, question in enumerate(case.history):
                conversations.ask(question, case.history[:at])
            started = time.perf_counter()
            answer = conversations.ask(case.question, case.history)
            seconds["attest"].append(time.perf_counter() - started)
            alone.append(not case.history)
            return [(hit.passage.start, hit.passage.end) for hit in answer.passages]

        def found(case: Case) -> Sequence[Span]:
            started = time.perf_counter()
            spans = [span for _, span in stock.found(case.question)]
            seconds["stock"].append(time.perf_counter() - started)
            return spans

        def found_alone(case: Case) -> Sequence[Span]:
            return [span for _, span in stock.found(case.standalone or case.question)]

        lines = [f"{'':34}{'part':8}{'evidence first':26}in five"]
        searches: tuple[tuple[str, Search], ...] = (
            ("attest", answered),
            ("stock LlamaIndex", found),
            ("stock, follow-ups stand-alone", found_alone),
        )
        for name, search in searches:
            for part in ("tuning", "sealed"):
                cases = [case for case in case_set.cases if case.part == part and case.has_answer]
                rankings = [search(case) for case in cases]
                cells = [str(_figure(cases, rankings, k)) for k in (1, 5)]
                lines.append(f"{name:34}{part:8}{cells[0]:26}{cells[1]}")
    return [*lines, "", *times(seconds, alone)]


def _figure(cases: Sequence[Case], rankings: Sequence[Sequence[Span]], k: int) -> Figure:
    hits = [hit_at(ranking, case.evidence, k) for case, ranking in zip(cases, rankings, strict=True)]
    return mean_figure(hits, [case.conversation for case in cases])


def times(seconds: dict[str, list[float]], alone: list[bool]) -> list[str]:
    """Medians and 95th percentiles of all questions, of those that open a conversation, and of those that follow."""
    ours, theirs = (np.array(seconds[name]) * 1000 for name in ("attest", "stock"))
    first = np.array(alone)
    lines = []
    for name, chosen in (("all", first | ~first), ("no history", first), ("with history", ~first)):
        for q, percentile in ((50, "median"), (95, "95th percentile")):
            if chosen.any():
                a, b = (float(np.percentile(times[chosen], q)) for times in (ours, theirs))
                lines.append(
                    f"{name}, {percentile}: attest's whole answer {a:.1f} ms, stock's retrieval alone {b:.1f} ms, "
                    f"ratio {a / b:.1f} (n = {chosen.sum()})"
                )
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    _, case_set, document = read_set(set_parser("bench.beside", "attest beside stock LlamaIndex."), arguments)
    print("\n".join(beside(case_set, document, load_embedder())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
