"""`python -m eval.lab.adversaries.real --llm MODEL --llm-url URL [--record FILE] [--most 50]`: a real model answers
questions about the bundled article; every sentence is printed with what the check says and what it cites, for a person
to judge, and the counts at last.

With `--record`, each answer is written to a file as soon as it is there, and a later run goes on where that one ended.
`--again` judges what a model said in such a file anew, without the model.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, cast

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.llms import LLM

import eval
from assistant.model.endpoint import open_llm
from assistant.model.guarded import ModelAssistant
from assistant.settings import load_settings
from assistant.types import SOURCE, Answer, Sentence
from eval.cases import Case, load_set
from ingest.loading import bundled
from ingest.passages import SPLITTER_VERSION
from ingest.pipeline import ingest_loaded
from vectorstore.embedding.models import load_embedder
from vectorstore.index import Index

SET = Path(eval.__file__).parent / "sets" / "origins.jsonl"


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer: `sentences` of the model as (support, text, reason, what it cites), also where none of them is shown,
    because the source spoke in its place: `spoke` says whether they are. `words`: what the model said, as it came."""

    case: str
    question: str
    kind: str
    spoke: bool
    notice: str
    sentences: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    seconds: float
    words: str

    @classmethod
    def of(cls, case: Case, answer: Answer, said: Sequence[Sentence], words: str, seconds: float) -> Judged:
        """What a model's answer to a case is, of which it `said` these sentences."""
        spoke = answer.spoken_by != SOURCE
        sentences = tuple((s.support, s.text, s.reason, tuple(c.quote for c in s.citations)) for s in said)
        return cls(case.id, case.question, case.answerable, spoke, answer.notice, sentences, round(seconds, 1), words)

    @classmethod
    def read(cls, row: dict[str, Any]) -> Judged:
        """One that was written down."""
        sentences = tuple((a, b, c, tuple(quotes)) for a, b, c, quotes in row.pop("sentences"))
        return cls(**row, sentences=sentences)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints question by question, and the counts at last."""
    parser = argparse.ArgumentParser(prog="python -m eval.lab.adversaries.real", description=__doc__)
    parser.add_argument("--llm", required=True)
    parser.add_argument("--llm-url", default="http://127.0.0.1:8000/v1")
    parser.add_argument("--most", type=int, default=50, help="so many questions of the tuning part, in all")
    parser.add_argument("--limit", type=int, default=None, help="so many of them in this run")
    parser.add_argument("--record", type=Path, default=None, help="where answers are kept, and taken from")
    parser.add_argument("--again", action="store_true", help="judge what is recorded anew")
    given = parser.parse_args(arguments)
    cases = [case for case in load_set(SET).part("tuning") if not case.history][: given.most]
    known = recorded(given.record)
    left = [case for case in cases if (case.id in known) == given.again][: given.limit]
    words = {name: one.words for name, one in known.items()}
    for judged in answered(left, given.llm, given.llm_url, words):
        known[judged.case] = judged
        if given.record and not given.again:
            with given.record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(judged), ensure_ascii=False) + "\n")
        print("\n".join(lines(judged)), flush=True)
    print(summary([known[case.id] for case in cases if case.id in known], len(cases)))


def recorded(path: Path | None) -> dict[str, Judged]:
    """The answers of a file, by their case; a last line that was not written to its end is left out."""
    if path is None or not path.exists():
        return {}
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    whole = [Judged.read(json.loads(row)) for row in rows if row.endswith("\n")]
    if rows and not rows[-1].endswith("\n"):
        path.write_text("".join(rows[:-1]), encoding="utf-8")
    return {judged.case: judged for judged in whole}


def answered(cases: Iterable[Case], llm: str, url: str, words: Mapping[str, str]) -> Iterator[Judged]:
    """The model's answers to these cases about the bundled article; where its `words` are known, they are taken."""
    settings = load_settings({"llm": llm, "llm_url": url})
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(Path(folder) / "index", load_embedder(), splitter=SPLITTER_VERSION, owner="real") as index,
    ):
        for loaded in bundled():
            ingest_loaded(loaded, index)
        voice = _Voice(open_llm(settings))
        assistant = _Overheard(index, settings, llm=cast(LLM, voice))
        for case in cases:
            assistant.said.clear()
            voice.words, voice.known = "", words.get(case.id)
            started = time.monotonic()
            answer = assistant.ask(case.question)
            yield Judged.of(case, answer, assistant.said, voice.words, time.monotonic() - started)


class _Voice:
    """A model that keeps what it says, or says what is known that it said."""

    def __init__(self, llm: LLM) -> None:
        self._llm = llm
        self.words = ""
        self.known: str | None = None

    def stream_chat(self, messages: Sequence[ChatMessage]) -> Iterator[ChatResponse]:
        """As `LLM.stream_chat`."""
        if self.known is not None:
            self.words = self.known
            message = ChatMessage(role=MessageRole.ASSISTANT, content=self.known)
            yield ChatResponse(message=message, delta=self.known)
            return
        for response in self._llm.stream_chat(messages):
            self.words += response.delta or ""
            yield response


class _Overheard(ModelAssistant):
    """Keeps every sentence that was judged, also those of answers that are not shown."""

    said: list[Sentence]

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.said = []

    def judged(self, *given: Any) -> Sentence | None:
        """As `ModelAssistant.judged`."""
        sentence = super().judged(*given)
        if sentence is not None:
            self.said.append(sentence)
        return sentence


def lines(judged: Judged) -> Iterator[str]:
    """An answer as a person judges it."""
    yield f"\n{judged.question} [{judged.kind}, {judged.seconds:.0f} s] {judged.notice}"
    for support, text, reason, quotes in judged.sentences:
        yield f"  {support}: {text} {reason}"
        yield from (f"      “{' '.join(quote.split())}”" for quote in quotes)


def summary(answers: Sequence[Judged], of: int) -> str:
    """The counts of all answers so far."""
    counts: Counter[str] = Counter()
    for judged in answers:
        counts["answers by the model" if judged.spoke else judged.notice or "the source, unasked"] += 1
        where = "shown as" if judged.spoke else "not shown,"
        counts.update(f"sentences {where} {support}" for support, *_ in judged.sentences)
    seconds = f", {median(one.seconds for one in answers):.0f} s each (median)" if answers else ""
    listed = [f"{count:4}  {name}" for name, count in counts.most_common()]
    return "\n".join((f"\n{len(answers)} of {of} questions answered{seconds}", *listed))


if __name__ == "__main__":
    main()
