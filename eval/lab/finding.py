"""How often the evidence is among the first passages of the order in which they are read, by hybrid search alone, by
the nearest words alone, and by both as shipped: `python -m eval.lab.finding SET.jsonl [--article FILE]`.

Of the tuning questions with an answer, in their stand-alone wording. Nothing is judged of the answers, and the reader
does not read: what stands behind the eighth place is never shown, however well it reads.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.calibration import Policy
from assistant.engine import Assistant
from assistant.ranking import with_nearness
from eval.cases import Case
from eval.evaluate import assistant_for
from eval.judge import read_article
from eval.lab.set_command import read_set, set_parser
from eval.metrics.retrieval import finds
from vectorstore.embedded_text import Readable, readable
from vectorstore.embedding.models import load_embedder
from vectorstore.search.hybrid import rank

PLACES = (1, 5, 8)
ORDERS = {"hybrid search": 0.0, "nearest words alone": 1.0, "both": Policy().words_found}
"""The weight of the nearest words in each order."""


def found_at(case: Case, assistant: Assistant) -> dict[str, int | None]:
    """The place, from 1 on, of the first passage with evidence in each order; None where it is not among the
    candidates."""
    index, reader, policy = assistant.index, assistant.reader, assistant.calibration.policy
    question = case.standalone or case.question
    candidates = index.candidates([question], k=policy.candidates)
    texts: dict[str, Readable] = {}
    for name in {c.passage.document_id for c in candidates}:
        texts |= readable(index.document(name), [c.passage for c in candidates if c.passage.document_id == name])
    states = reader.encoder.states([text.told for text in texts.values()], index.kept)
    near = reader.encoder.nearness([question], [states[texts[c.passage.id].told] for c in candidates])
    nearness = {c.passage.id: value for c, value in zip(candidates, near, strict=True)}
    hits = rank(candidates, len(candidates))
    places: dict[str, int | None] = {}
    for order, weight in ORDERS.items():
        scored = with_nearness(hits, nearness, replace(policy, words_found=weight))
        ordered = [hit.passage for hit in sorted(scored, key=lambda hit: -hit.score)]
        places[order] = next(
            (n for n, p in enumerate(ordered, 1) if any(finds((p.start, p.end), piece) for piece in case.evidence)),
            None,
        )
    return places


def shares(places: Sequence[Mapping[str, int | None]]) -> dict[str, NDArray[np.float64]]:
    """For each order the share of questions whose evidence is among the first of PLACES, (len(PLACES),)."""
    return {
        order: np.array([np.mean([(one[order] or np.inf) <= most for one in places]) for most in PLACES])
        for order in ORDERS
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Find, print the table."""
    parser = set_parser("lab.finding", "How often the evidence is among the first passages, by each order.")
    _, case_set, document = read_set(parser, arguments)
    cases = [case for case in case_set.part("tuning") if case.has_answer]
    if not cases:
        print(f"eval: the set {case_set.name} has no question with an answer in its tuning part", file=sys.stderr)
        return 2
    embedder = load_embedder()
    with assistant_for(read_article(document, embedder), embedder) as assistant:
        places = [found_at(case, assistant) for case in cases]
    print(f"{case_set.name}, {len(cases)} tuning questions".ljust(36), *(f"in {most}".rjust(6) for most in PLACES))
    for order, row in shares(places).items():
        print(order.ljust(36), *(f"{share:6.2f}" for share in row))
    return 0


if __name__ == "__main__":
    sys.exit(main())
