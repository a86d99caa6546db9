"""How well attest answers a set: `python -m eval.measure SET.jsonl --article FILE [--part tuning] [--failures]`.

Prints, by kind of question, with n: evidence in the first / in the first five passages, the expected facts inside the
shown answer, abstention where there is no answer, and whether every citation is exact; beside it the evidence found
by a stock LlamaIndex index (SentenceSplitter 256/32, the same embedding model, dense only) in the same process.
But: no gate and no baseline.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import Assistant
from assistant.types import Answer, Turn
from eval.cases import Case, load_cases
from ingest.loading import load_file
from ingest.passages import SPLITTER_VERSION, split_passages
from vectorstore.embedding import Embedder, load_embedder
from vectorstore.errors import AttestError, UsageError
from vectorstore.index import Index
from vectorstore.types import Document

HALF = 0.5
"""A passage finds a piece of evidence when it holds at least this share of its characters."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, its answer, and what was found.

    `rank`: of the first passage that holds evidence, from 1; None where none of the first ten does. `stock_rank`: the
    same for the stock index. `facts`: the share of vital nuggets shown.
    """

    case: Case
    answer: Answer
    rank: int | None
    stock_rank: int | None
    facts: float | None
    speaker_right: bool | None
    exact: bool
    seconds: float


def normalised(text: str) -> str:
    """Lower case, straight quotes and dashes, single spaces: how nuggets are looked for in an answer."""
    plain = text.translate(str.maketrans("‘’“”–—", "''\"\"--"))
    return re.sub(r"\s+", " ", plain).casefold()


def finds(passages: Iterable[Span], evidence: Sequence[Span], share: float = HALF) -> int | None:
    """The rank, from 1, of the first passage that holds at least `share` of the characters of a piece of evidence."""
    for rank, (start, end) in enumerate(passages, 1):
        if any(min(end, e) - max(start, s) >= share * (e - s) for s, e in evidence):
            return rank
    return None


def facts_shown(case: Case, answer: Answer) -> float:
    """The share of the case's vital nuggets whose spelling stands in the answer (nugget recall, Voorhees 2003)."""
    text = normalised(answer.text)
    vital = [n for n in case.nuggets if n.vital] or list(case.nuggets)
    return sum(any(normalised(a) in text for a in n.accepted) for n in vital) / len(vital)


def stock_retriever(document: Document, embedder: Embedder) -> Callable[[str], list[Span]]:
    """A LlamaIndex index as its starter tutorial builds it, as a function from a question to five chunks' offsets."""
    from llama_index.core import Document as LlamaDocument
    from llama_index.core import VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.schema import TextNode

    from assistant.llamaindex import AttestEmbedding

    index = VectorStoreIndex.from_documents(
        [LlamaDocument(text=document.text)],
        transformations=[SentenceSplitter(chunk_size=256, chunk_overlap=32)],
        embed_model=AttestEmbedding(embedder),
    )
    retriever = index.as_retriever(similarity_top_k=5)

    def search(question: str) -> list[Span]:
        nodes = [hit.node for hit in retriever.retrieve(question)]
        return [(n.start_char_idx or 0, n.end_char_idx or 0) for n in nodes if isinstance(n, TextNode)]

    return search


def run(cases: Sequence[Case], document: Document, embedder: Embedder, *, stock: bool = True) -> list[Outcome]:
    """Ask every case in its conversation."""
    outcomes = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        Index.open(Path(scratch) / "index", embedder, splitter=SPLITTER_VERSION) as index,
    ):
        index.upsert(document, split_passages(document, embedder))
        assistant = Assistant(index)
        search = stock_retriever(document, embedder) if stock else None
        assistant.ask("Is everything loaded?")
        for case in cases:
            turns: list[Turn] = []
            for question in case.history:
                turns.append(Turn(question, assistant.ask(question, turns)))
            begun = time.perf_counter()
            answer = assistant.ask(case.question, turns)
            seconds = time.perf_counter() - begun
            spans = [(h.passage.start, h.passage.end) for h in answer.passages]
            citations = [c for s in answer.sentences for c in s.citations]
            outcomes.append(
                Outcome(
                    case=case,
                    answer=answer,
                    rank=finds(spans, case.evidence),
                    stock_rank=finds(search(case.question), case.evidence) if search else None,
                    facts=facts_shown(case, answer) if case.has_answer and case.nuggets else None,
                    speaker_right=_speaker_right(case, answer) if case.speaker and citations else None,
                    exact=all(document.text[c.start : c.end] == c.quote for c in citations),
                    seconds=seconds,
                )
            )
    return outcomes


def _speaker_right(case: Case, answer: Answer) -> bool:
    named = " ".join(c.speaker or "" for s in answer.sentences for c in s.citations)
    return normalised(str(case.speaker)).split()[-1] in normalised(f"{named} {answer.text}")


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """The figures by kind, as lines of text. An undefined figure is a dash."""
    lines = ["kind                n   first   five  stock 1 stock 5   facts    all  abstains"]
    kinds = list(dict.fromkeys(o.case.kind for o in outcomes))
    groups = [(kind, [o for o in outcomes if o.case.kind == kind]) for kind in kinds]
    groups.append(("all answerable", [o for o in outcomes if o.case.has_answer]))
    groups.append(("all without", [o for o in outcomes if not o.case.has_answer]))
    for name, group in groups:
        with_answer = [o for o in group if o.case.has_answer]
        facts = [o.facts for o in group if o.facts is not None]
        lines.append(
            f"{name:16} {len(group):4}  {_share([o.rank == 1 for o in with_answer])} "
            f"{_share([o.rank is not None and o.rank <= 5 for o in with_answer])}  "
            f" {_share([o.stock_rank == 1 for o in with_answer])} "
            f" {_share([o.stock_rank is not None and o.stock_rank <= 5 for o in with_answer])}  "
            f"{_share(facts)} {_share([f == 1 for f in facts])}   {_share([o.answer.abstained for o in group])}"
        )
    said = [o.speaker_right for o in outcomes if o.speaker_right is not None]
    answers = [o for o in outcomes if not o.answer.abstained]
    words = [len(o.answer.text.split()) for o in answers]
    seconds = sorted(o.seconds for o in outcomes)
    lines += [
        f"speaker named rightly {_share(said).strip()} (n = {len(said)}), citations exact "
        f"{_share([o.exact for o in outcomes]).strip()} (n = {sum(len(o.answer.sentences) for o in outcomes)})",
        f"words in an answer: median {statistics.median(words) if words else 0:.0f}, most {max(words, default=0)}; "
        f"seconds: median {statistics.median(seconds):.3f}, "
        f"95th percentile {seconds[int(0.95 * (len(seconds) - 1))]:.3f}",
    ]
    return lines


def _share(values: Sequence[float | bool]) -> str:
    return f"{sum(values) / len(values):6.2f}" if values else "     -"


def failures(outcomes: Sequence[Outcome]) -> list[str]:
    """One line for each case that went wrong, with what was shown."""
    lines = []
    for o in outcomes:
        wrong = (o.facts is not None and o.facts < 1) or (not o.case.has_answer and not o.answer.abstained)
        if wrong:
            wanted = "; ".join(n.accepted[0] for n in o.case.nuggets) or "no answer"
            lines.append(
                f"{o.case.id} [{o.case.kind}] {o.case.question}\n    searched: {o.answer.searched_for}\n"
                f"    wanted: {wanted}; rank {o.rank}; confidence {o.answer.confidence:.2f}\n    shown: {o.answer.text}"
            )
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 2 for a set or an article that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m eval.measure", description="Measure attest on a set of questions.")
    parser.add_argument("set", type=Path)
    parser.add_argument("--article", type=Path, required=True, help="the text that the set is about")
    parser.add_argument("--part", choices=("tuning", "sealed", "all"), default="all")
    parser.add_argument("--failures", action="store_true", help="list what went wrong (not with the sealed part)")
    options = parser.parse_args(arguments)
    try:
        cases = load_cases(options.set)
        document = load_file(options.article).document
        wrong = next((case for case in cases if case.sha256 != document.sha256), None)
        if wrong:
            raise UsageError(
                f"{options.article} is another text than the set {options.set} is about (SHA-256 "
                f"{document.sha256[:12]}..., expected {wrong.sha256[:12]}...): pass the right one with --article"
            )
        if options.failures and options.part != "tuning":
            raise UsageError("failures are listed for the tuning part only: add --part tuning")
        chosen = [case for case in cases if options.part in ("all", case.part)]
        outcomes = run(chosen, document, load_embedder())
    except AttestError as error:
        print(f"eval: {error}", file=sys.stderr)
        return error.exit_code
    print("\n".join(table(outcomes)))
    if options.failures:
        print("\n".join(failures(outcomes)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
