"""A BEIR data set (Thakur et al. 2021): corpus.jsonl, queries.jsonl (or queries.SPLIT.jsonl), qrels/test.tsv.

But: the reader orders what the search proposes, a few dozen texts; recall to a depth of 100 is the search's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.calibration import Policy
from assistant.reader.runtime import load_reader
from eval.bench.baselines import Bm25Baseline, LlamaIndexBaseline
from eval.bench.corpus import DEPTH, Text, indexed, ranked_passages, searched_passages, texts_of
from eval.bench.files import found_in, published, read_jsonl, read_table
from eval.bench.options import Options
from eval.bench.table import Row, Table
from eval.metrics.ranked import ndcg_at, recall_at
from eval.statistics import mean_figure
from vectorstore.embedding.models import load_embedder

_PUBLISHED = {
    "scifact": (
        Row("BM25, Anserini (published, 300 queries)", (0.679, None)),
        Row("all-MiniLM-L6-v2, whole abstracts (recomputed, 300 queries)", (0.645, 0.925)),
    )
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query with the gains of its relevant texts."""

    text: str
    gains: Mapping[str, float]


def run_beir(data: Path, options: Options) -> list[Table]:
    """nDCG@10 and recall@100 over the test queries. Raises UsageError unless `data` is a BEIR folder."""
    texts, everything = load(data)
    queries = options.draw(everything)
    embedder, reader, words = load_embedder(), load_reader(), Bm25Baseline(texts)
    with indexed(texts, embedder, options.progress) as index:
        stock = LlamaIndexBaseline(texts, options.progress, depth=2 * DEPTH)
        systems: dict[str, tuple[Callable[[str], list[str]], bool]] = {
            "attest: search and reader": (lambda q: texts_of(ranked_passages(q, index, reader)), False),
            "attest: search alone": (lambda q: texts_of(searched_passages(q, index)), True),
            "stock LlamaIndex, dense": (stock.texts, True),
            "BM25": (words.texts, True),
        }
        rankings: dict[str, list[list[str]]] = {system: [] for system in systems}
        for done, query in enumerate(queries, 1):
            for system, (ranking, _) in systems.items():
                rankings[system].append(ranking(query.text))
            options.progress(done, len(queries))
    clusters = [str(number) for number in range(len(queries))]
    rows = []
    for system, (_, is_deep) in systems.items():
        pairs = list(zip(rankings[system], queries, strict=True))
        ndcg = mean_figure([ndcg_at(ranking, query.gains, 10) for ranking, query in pairs], clusters, options.seed)
        recall = mean_figure(
            [recall_at(ranking, query.gains, DEPTH) for ranking, query in pairs], clusters, options.seed
        )
        rows.append(Row(system, (ndcg, recall if is_deep else None), len(queries)))
    name = data.resolve().name
    notes = [f"attest reads {Policy().read} passages at most, ranks no deeper than its search proposes: no recall@100"]
    if name in _PUBLISHED:
        notes.append("stock's all-MiniLM-L6-v2 was trained on S2ORC, where SciFact's abstracts come from: in-domain")
    return [
        Table(
            f"{name}: {len(everything):,} test queries, {len(texts):,} texts",
            ("nDCG@10", "recall@100"),
            (*rows, *_PUBLISHED.get(name, ())),
            tuple(notes),
        )
    ]


def load(folder: Path) -> tuple[list[Text], list[Query]]:
    """The corpus, and the test queries that have a relevant text, in the order of the qrels. Raises UsageError."""
    (corpus,) = found_in(folder, "corpus.jsonl")
    (qrels,) = found_in(folder, "qrels/test.tsv")
    with published(corpus, "a BEIR corpus"):
        texts = [Text(str(r["_id"]), str(r.get("title") or ""), str(r["text"])) for r in read_jsonl(corpus)]
    words: dict[str, str] = {}
    for path in found_in(folder, "queries.jsonl", "queries.*.jsonl"):
        with published(path, "BEIR queries"):
            words |= {str(row["_id"]): str(row["text"]) for row in read_jsonl(path)}
    gains = read_gains([qrels])
    with published(qrels, "the qrels of these queries and this corpus"):
        ids = {text.id for text in texts}
        strange = next((name for relevant in gains.values() for name in relevant if name not in ids), None)
        if strange is not None:
            raise ValueError(f"no text has the id {strange}")
        return texts, [Query(words[name], relevant) for name, relevant in gains.items()]


def read_gains(files: list[Path]) -> dict[str, dict[str, float]]:
    """query-id -> corpus-id -> score, of qrels with those columns; scores of 0 and below are left out. Raises
    UsageError."""
    gains: dict[str, dict[str, float]] = {}
    for path in files:
        rows = read_table(path, ("query-id", "corpus-id", "score"), tabs=True)
        with published(path, "BEIR qrels"):
            for row in rows:
                if float(row["score"]) > 0:
                    gains.setdefault(row["query-id"], {})[row["corpus-id"]] = float(row["score"])
    return gains
