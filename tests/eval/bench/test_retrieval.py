"""BEIR folders, Chroma's chunking questions and MTRAG-UN, with the real index beside stock LlamaIndex."""

from __future__ import annotations

import json

import pytest
from llama_index.core.node_parser import SentenceSplitter

from eval.bench.baselines import LlamaIndexBaseline
from eval.bench.corpus import Text
from eval.bench.mtrag import load
from tests.eval.bench.conftest import BELL, MILL, PIER, Bench, Files, cells

CORPUS = [{"_id": str(n), "title": "", "text": text} for n, text in enumerate((PIER, MILL, BELL))]
QRELS = "query-id\tcorpus-id\tscore\n"


def test_beir_scores_the_test_queries_only(write: Files, bench: Bench) -> None:
    write("set/corpus.jsonl", CORPUS)
    queries = [("a", "the price of the pier in crowns"), ("b", "rye ground beside a river"), ("c", "never judged")]
    path = write("set/queries.jsonl", [{"_id": name, "text": text} for name, text in queries])
    # Query b's relevant text is one that nobody puts first; its nDCG is below 1.
    write("set/qrels/test.tsv", f"{QRELS}a\t0\t1\nb\t2\t1\nb\t1\t0\n")
    text = bench("beir", path.parent)
    for system, deep in (("attest: search and reader", False), ("stock LlamaIndex, dense", True)):
        n, ndcg, recall = cells(text, system)
        assert n == "2" and 0.5 < float(ndcg) < 1
        assert recall == ("1.000" if deep else "-")
    assert "set: 2 test queries, 3 texts" in text and "published" not in text


def test_chunking_counts_characters_of_five_chunks(write: Files, bench: Bench) -> None:
    text = "\n\n".join((PIER, MILL, BELL))
    excerpt = "Monks cast it from captured cannons after the siege."
    at = text.index(excerpt)
    piece = {"content": excerpt, "start_index": at, "end_index": at + len(excerpt)}
    write("set/corpora/tales.md", text)
    row = json.dumps([piece]).replace('"', '""')
    path = write(
        "set/questions.csv", f'question,references,corpus_id\nWhat did monks make from cannons?,"{row}",tales\n'
    )
    table = bench("chunking", path.parent)
    n, recall, precision, iou = cells(table, "SentenceSplitter, default 1,024/200, dense")
    assert (n, recall) == ("1", "1.000")
    assert float(precision) == float(iou) == pytest.approx(len(excerpt) / len(text), abs=0.001)
    assert cells(table, "attest: its passages, dense only")[1] == "1.000"


def test_stock_chunks_of_a_repetitive_text_stand_where_they_are() -> None:
    text = "The tide came in. The tide went out again. " * 40
    splitter = SentenceSplitter(chunk_size=32, chunk_overlap=0)
    stock = LlamaIndexBaseline([Text("t", "", text)], lambda done, of: None, splitter=splitter)
    spans = sorted(span for _, span in stock.chunks.values())
    assert len(set(spans)) == len(spans) > 10
    assert sum(end - start for start, end in spans) > 0.9 * len(text)


def task(id: str, last: str, *before: str) -> dict[str, object]:
    turns = [
        turn for words in before for turn in ({"speaker": "user", "text": words}, {"speaker": "agent", "text": "Yes."})
    ]
    return {
        "task_id": id,
        "conversation_id": id.partition("<")[0],
        "contexts": [{"document_id": str(n), "text": text} for n, text in enumerate(_pool())],
        "input": [*turns, {"speaker": "user", "text": last}],
    }


def _pool() -> list[str]:
    others = [f"Pier number {n} was built in 19{n:02d} of iron, and it cost a lot of money." for n in range(20, 40)]
    return [PIER, MILL, BELL, *others]


def test_a_conversation_is_held_before_its_last_turn(write: Files, bench: Bench) -> None:
    tasks = [task("c<::>2", "What did he grind there?", "Who bought the mill on the Varn?")]
    write("set/un-reference.jsonl", tasks)
    path = write("set/un-qrels-x.tsv", f"{QRELS}c<::>2\t1\t1\n")
    write("set/x_rewrite.jsonl", [{"_id": "c<::>2", "text": "|user|: What did Otto Brekke grind at the mill?"}])
    text = bench("mtrag-un", path.parent)
    assert cells(text, "attest: conversation")[:2] == ["1", "1.000"]
    assert cells(text, "attest: rewritten by a person")[:2] == ["1", "1.000"]
    assert "1 of the 1 turns have turns before them" in text


def test_without_rewrites_no_share_of_the_gap_is_given(write: Files, bench: Bench) -> None:
    write("set/un-reference.jsonl", [task("c<::>1", "Who bought the mill on the Varn?")])
    path = write("set/un-qrels-x.tsv", f"{QRELS}c<::>1\t1\t1\n")
    text = bench("mtrag-un", path.parent)
    assert "the data has no rewrites" in text and "rewritten by a person" not in text


def test_rewrites_count_where_every_task_has_one(write: Files) -> None:
    write("set/un-reference.jsonl", [task("c<::>1", "Who?"), task("d<::>1", "When?")])
    path = write("set/un-qrels-x.tsv", f"{QRELS}c<::>1\t1\t1\nd<::>1\t1\t1\n")
    write("set/x_rewrite.jsonl", [{"_id": "c<::>1", "text": "|user|: Who bought it?"}])
    assert [one.rewritten for one in load(path.parent)[1]] == [None, None]
    write("set/y_rewrite.jsonl", [{"_id": "d<::>1", "text": "|user|: When did it freeze?"}])
    assert [one.rewritten for one in load(path.parent)[1]] == ["Who bought it?", "When did it freeze?"]
