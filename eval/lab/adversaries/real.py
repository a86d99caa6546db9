"""`python -m eval.lab.adversaries.real --llm MODEL --llm-url URL [--most 50]`: a real model answers questions about the
bundled article; every sentence is printed with what the check says and what it cites, for a person to judge."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import eval
from assistant.model.endpoint import open_llm
from assistant.model.guarded import ModelAssistant
from assistant.settings import load_settings
from eval.cases import load_set
from ingest.loading import bundled
from ingest.passages import SPLITTER_VERSION
from ingest.pipeline import ingest_loaded
from vectorstore.embedding.models import load_embedder
from vectorstore.index import Index

SET = Path(eval.__file__).parent / "sets" / "origins.jsonl"


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints question by question, and the counts at last."""
    parser = argparse.ArgumentParser(prog="python -m eval.lab.adversaries.real", description=__doc__)
    parser.add_argument("--llm", required=True)
    parser.add_argument("--llm-url", required=True)
    parser.add_argument("--most", type=int, default=50, help="so many questions of the tuning part")
    given = parser.parse_args(arguments)
    settings = load_settings({"llm": given.llm, "llm_url": given.llm_url})
    counts: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(Path(folder) / "index", load_embedder(), splitter=SPLITTER_VERSION, owner="real") as index,
    ):
        for loaded in bundled():
            ingest_loaded(loaded, index)
        assistant = ModelAssistant(index, settings, llm=open_llm(settings))
        cases = [case for case in load_set(SET).part("tuning") if not case.history]
        for case in cases[: given.most]:
            answer = assistant.ask(case.question)
            spoke = answer.spoken_by != "source"
            counts["answers by the model" if spoke else answer.notice or "the source, unasked"] += 1
            print(f"\n{case.question} [{case.answerable}] {answer.notice}", flush=True)
            for sentence in answer.sentences if spoke else ():
                counts[f"sentences {sentence.support}"] += 1
                print(f"  {sentence.support}: {sentence.text} {sentence.reason}")
                for citation in sentence.citations:
                    print(f"      “{' '.join(citation.quote.split())}”")
    print()
    for name, count in counts.most_common():
        print(f"{count:4}  {name}")


if __name__ == "__main__":
    main()
