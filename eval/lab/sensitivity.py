"""Does the gate see what it should: `python -m eval.lab.sensitivity SET.jsonl [--article F] [--reruns 20]`.

Plants ten regressions, one at a time, compares each run with the run without it, and prints by which metric it was
caught. Then runs the unchanged program again, as often as asked, and counts what the gate raises and how many run files
differ by a byte. Exit 1 where a plant is missed, or a re-run raises something.
Nothing is written.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.engine import Assistant
from assistant.reader.runtime import load_reader
from assistant.settings import Settings
from assistant.types import Answer, Citation, Sentence
from eval import fingerprints
from eval.cases import CaseSet
from eval.evaluate import assistant_for, make_run, run_cases
from eval.gate import compare
from eval.judge import Article, read_article
from eval.lab.set_command import read_set, set_parser
from eval.lab.variants import (
    Change,
    best_alone,
    forgetful,
    with_answers,
    with_search,
    with_threshold,
    with_understanding,
    without_vectors,
    without_words,
)
from eval.runs import Comparison, Run, dumps
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.models import load_embedder
from vectorstore.types import NOT_ANSWERS, Document, Passage


@dataclass(frozen=True, slots=True)
class Plant:
    """A regression: how to make it, and the metrics that should name it."""

    name: str
    make: Change
    named_by: tuple[str, ...]


def plants(article: Article, baseline: Run, case_set: CaseSet) -> list[Plant]:
    """Nine of the ten regressions; the tenth, headings and captions as answers, needs an index of its own."""
    retrieval = ("hit@1", "hit@5", "ndcg@10")
    victim = next(
        case
        for case, result in zip(case_set.cases, baseline.results, strict=True)
        if result.passed and result.sentences and not case.history
    )
    speakers = sorted({c.speaker for r in baseline.results for s in r.sentences for c in s.citations if c.speaker})
    swapped = dict(zip(speakers, [*speakers[1:], *speakers[:1]], strict=True))

    def speaker(citation: Citation) -> Citation:
        return replace(citation, speaker=swapped.get(citation.speaker or "", citation.speaker))

    def shifted(citation: Citation) -> Citation:
        return replace(citation, start=citation.start + 1, end=citation.end + 1)

    def neighbour(citation: Citation) -> Citation:
        after = [span for span in article.sentences if span[0] >= citation.end]
        start, end = after[0] if after else article.sentences[0]
        return replace(citation, start=start, end=end, quote=article.document.text[start:end])

    def other_sentence(answer: Answer) -> Answer:
        if answer.question != victim.question:
            return answer
        start, end = article.sentences[0]
        quote = article.document.text[start:end]
        cited = replace(answer.sentences[0].citations[0], start=start, end=end, quote=quote, speaker=None)
        return replace(answer, sentences=(Sentence(" ".join(quote.split()), (cited,)),))

    return [
        Plant("top-k 1", with_search(best_alone), retrieval),
        Plant("BM25 off", with_search(without_words), retrieval),
        Plant("dense off", with_search(without_vectors), retrieval),
        Plant("citations shifted by one", with_answers(_each(shifted)), ("quote_fidelity",)),
        Plant("neighbouring sentence cited", with_answers(_each(neighbour)), ("citation_recall",)),
        Plant("abstention threshold at 0", with_threshold(0.0), ("refused",)),
        Plant("follow-ups off", with_understanding(forgetful), ("follow_up",)),
        Plant("speakers swapped", with_answers(_each(speaker)), ("speaker",)),
        Plant(f"one question broken ({victim.id})", with_answers(other_sentence), (victim.id,)),
    ]


def structure_as_prose(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages with headings and captions taken for sentences of the prose."""
    return tuple(
        replace(
            passage,
            kind="prose" if passage.kind in NOT_ANSWERS else passage.kind,
            sentences=tuple(replace(s, kind="prose") if s.kind in NOT_ANSWERS else s for s in passage.sentences),
        )
        for passage in passages
    )


def caught_by(comparison: Comparison) -> list[str]:
    """The metrics of the drops, then those of the breaks with the ids, as the gate names them."""
    names = [drop.metric for drop in comparison.drops]
    names += [broken.metric for broken in comparison.breaks]
    return list(dict.fromkeys([*names, *(broken.id for broken in comparison.breaks)]))


def _each(change: Callable[[Citation], Citation]) -> Callable[[Answer], Answer]:
    def alter(answer: Answer) -> Answer:
        changed = tuple(replace(s, citations=tuple(change(c) for c in s.citations)) for s in answer.sentences)
        return replace(answer, sentences=changed)

    return alter


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = set_parser("lab.sensitivity", "Plant regressions; re-run.")
    parser.add_argument("--reruns", type=int, default=0, metavar="N", help="unchanged runs that must raise nothing")
    options, case_set, document = read_set(parser, arguments)
    embedder = load_embedder()
    missed = plant_all(case_set, document, embedder)
    raised = rerun(case_set, document, embedder, options.reruns) if options.reruns else 0
    return 1 if missed or raised else 0


def plant_all(case_set: CaseSet, document: Document, embedder: Embedder) -> int:
    """Prints what catches each plant; returns how many are not caught by a metric that names them."""
    article, missed = read_article(document, embedder), 0
    made_with = fingerprints.of_attest(case_set, embedder, Settings())

    def run(assistant: Assistant) -> Run:
        return make_run(case_set, run_cases(case_set.cases, article, assistant), made_with)

    def show(name: str, planted: Run, named_by: Sequence[str]) -> int:
        comparison = compare(baseline, planted, case_set)
        caught = caught_by(comparison)
        right = comparison.regressed and any(metric in caught for metric in named_by)
        drops = ", ".join(f"{d.metric} {d.before:.2f} -> {d.after:.2f} (p {d.p:.4f})" for d in comparison.drops)
        verdict = "caught" if right else "MISSED"
        print(f"{verdict}  {name}: {len(comparison.breaks)} breaks; drops: {drops or 'none'}", flush=True)
        return 0 if right else 1

    reader = load_reader(remembered=None)
    with assistant_for(article, embedder, reader=reader) as whole:
        baseline = run(whole)
        for plant in plants(article, baseline, case_set):
            missed += show(plant.name, run(plant.make(whole)), plant.named_by)
    careless = replace(article, passages=structure_as_prose(article.passages))
    with assistant_for(careless, embedder, reader=reader) as assistant:
        missed += show("headings and captions as answers", run(assistant), ("structure_shown",))
    return missed


def rerun(case_set: CaseSet, document: Document, embedder: Embedder, times: int) -> int:
    """Runs the unchanged program; prints and returns how often the gate raised something or a byte differed."""
    from eval.evaluate import evaluate

    first = evaluate(case_set, document, embedder, Settings())
    raised = different = 0
    for number in range(times):
        again = evaluate(case_set, document, embedder, Settings())
        raised += compare(first, again, case_set).regressed
        different += dumps(first) != dumps(again)
        print(f"\rre-run {number + 1}/{times}", end="", file=sys.stderr, flush=True)
    print(f"\n{times} re-runs: {raised} raised something, {different} run files differ")
    return raised + different


if __name__ == "__main__":
    sys.exit(main())
