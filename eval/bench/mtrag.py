"""MTRAG-UN (IBM; after Katsis et al. 2025): retrieval for the last turn of a conversation, from a folder with the
tasks (*reference*.jsonl), qrels (*qrels*.tsv) and, where published, stand-alone rewrites by people (*rewrite*.jsonl in
BEIR's form).

attest holds each conversation itself: it is asked every user turn in order, with its own answers as the history.
But: the pool is closed. It holds the passages that stand in the tasks, not the full corpora, so that published figures
are lower for that reason alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.engine import Assistant
from assistant.replay import Conversations
from assistant.settings import Settings
from eval.bench.baselines import Bm25Baseline, LlamaIndexBaseline
from eval.bench.beir import read_gains
from eval.bench.corpus import Text, indexed, texts_of
from eval.bench.files import found_in, published, read_jsonl
from eval.bench.options import Options
from eval.bench.table import Row, Table, measured
from eval.metrics.ranked import ndcg_at, recall_at
from vectorstore.embedding.models import load_embedder

DEPTH = 5
_PUBLISHED = (
    Row("BM25, last turn (published, full corpora)", (0.29, None)),
    Row("BM25, rewritten (published, full corpora)", (0.36, None)),
    Row("BGE-base, last turn (published, full corpora)", (0.25, None)),
    Row("BGE-base, rewritten (published, full corpora)", (0.38, None)),
    Row("Elser, last turn (published, full corpora)", (0.40, None)),
    Row("Elser, rewritten (published, full corpora)", (0.49, None)),
)
_LAST, _RESOLVED, _REWRITTEN = "attest: last turn alone", "attest: conversation", "attest: rewritten by a person"


@dataclass(frozen=True, slots=True)
class Task:
    """The last turn of a conversation, the user turns before it, and the gains of the relevant passages. `rewritten`
    is the turn made stand-alone by a person; None where the data has none."""

    id: str
    conversation: str
    question: str
    history: tuple[str, ...]
    gains: Mapping[str, float]
    rewritten: str | None


def run_mtrag(data: Path, options: Options) -> list[Table]:
    """R@5 and nDCG@5 for the last turn alone, in its conversation, and rewritten. Raises UsageError."""
    texts, everything = load(data)
    tasks = options.draw(everything)
    embedder, words = load_embedder(), Bm25Baseline(texts)
    rankings: dict[str, list[list[str]]] = {}
    with indexed(texts, embedder, options.progress) as index:
        stock = LlamaIndexBaseline(texts, options.progress)
        conversations = Conversations(Assistant(index, Settings(passages=100)))

        def ours(question: str, history: tuple[str, ...]) -> list[str]:
            return texts_of(hit.passage for hit in conversations.ask(question, history).passages)

        for done, task in enumerate(tasks, 1):
            rankings.setdefault(_LAST, []).append(ours(task.question, ()))
            rankings.setdefault(_RESOLVED, []).append(ours(task.question, task.history))
            rankings.setdefault("stock LlamaIndex, dense: last turn alone", []).append(stock.texts(task.question))
            rankings.setdefault("BM25: last turn alone", []).append(words.texts(task.question))
            if task.rewritten is not None:
                rankings.setdefault(_REWRITTEN, []).append(ours(task.rewritten, ()))
                stand_alone = stock.texts(task.rewritten)
                rankings.setdefault("stock LlamaIndex, dense: rewritten by a person", []).append(stand_alone)
            options.progress(done, len(tasks))
    clusters = [task.conversation for task in tasks]
    rows, recalls = [], {}
    for system, ranked in rankings.items():
        pairs = list(zip(ranked, tasks, strict=True))
        recall = [recall_at(ranking, task.gains, DEPTH) for ranking, task in pairs]
        ndcg = [ndcg_at(ranking, task.gains, DEPTH) for ranking, task in pairs]
        recalls[system] = sum(recall) / len(recall)
        rows.append(measured(system, (recall, ndcg), clusters, options.seed))
    followed = sum(bool(task.history) for task in tasks)
    return [
        Table(
            f"MTRAG-UN: finding the passage for the last turn, closed pool of {len(texts):,} passages",
            ("R@5", "nDCG@5"),
            (*rows, *_PUBLISHED),
            (f"{followed} of the {len(tasks)} turns have turns before them", _gap(recalls)),
        )
    ]


def load(folder: Path) -> tuple[list[Text], list[Task]]:
    """The pool, and the tasks that have a relevant passage. Rewrites count where every such task has one. Raises
    UsageError for a folder in another form."""
    gains = read_gains(found_in(folder, "*qrels*.tsv"))
    rewritten = _rewritten(folder)
    pool: dict[str, Text] = {}
    tasks = []
    files = found_in(folder, "*reference*.jsonl")
    for path in files:
        with published(path, "MTRAG tasks"):
            for row in read_jsonl(path):
                for context in row["contexts"]:
                    name = str(context["document_id"])
                    pool[name] = Text(name, str(context.get("title") or ""), str(context["text"]))
                id, conversation = str(row["task_id"]), str(row["conversation_id"])
                turns = [str(turn["text"]) for turn in row["input"] if turn["speaker"] == "user"]
                if id in gains:
                    tasks.append(Task(id, conversation, turns[-1], tuple(turns[:-1]), gains[id], rewritten.get(id)))
    with published(files[-1], "the tasks of these qrels"):
        if not tasks:
            raise ValueError("no task is in the qrels")
        strange = next((name for task in tasks for name in task.gains if name not in pool), None)
        if strange is not None:
            raise ValueError(f"the text of passage {strange} is missing")
    if any(task.rewritten is None for task in tasks):
        tasks = [replace(task, rewritten=None) for task in tasks]
    return list(pool.values()), tasks


def _rewritten(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*rewrite*.jsonl")):
        with published(path, "MTRAG rewrites"):
            found |= {str(row["_id"]): str(row["text"]).removeprefix("|user|:").strip() for row in read_jsonl(path)}
    return found


def _gap(recalls: Mapping[str, float]) -> str:
    if _REWRITTEN not in recalls:
        gained = recalls[_RESOLVED] - recalls[_LAST]
        return f"the conversation adds {gained:+.3f} R@5; the data has no rewrites, so no share of the gap can be given"
    gap = recalls[_REWRITTEN] - recalls[_LAST]
    if gap <= 0:
        return "the rewrites find no more than the last turn alone: there is no gap to close"
    closed = (recalls[_RESOLVED] - recalls[_LAST]) / gap
    return f"share of the gap closed by the conversation (R@5, last turn to rewritten): {closed:.2f}"
