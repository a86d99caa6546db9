"""Doc2Dial reading comprehension (Feng et al. 2020): a dialogue, one document, and the span of it that the next reply
rests on; a CSV (gzip or not) with the columns id, question, context, answers.

A question is the whole dialogue, latest turn first. attest gets it as a conversation: earlier user turns, each with
the agent's reply, then the latest turn; it ranks the passages of that document and takes the best sentence.
But: attest is made to answer always here; how often it would rather not is printed beside the figures.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import Assistant
from assistant.types import Turn
from assistant.understanding.question import MAX_QUESTION_CHARACTERS
from eval.bench.corpus import Text, indexed
from eval.bench.files import published, read_table
from eval.bench.options import Options
from eval.bench.table import Row, Table, measured
from eval.lab.followups import turn
from eval.metrics.answer import exact_match, token_f1
from vectorstore.embedding.models import load_embedder

_PUBLISHED = (
    Row("BERT-base, trained on it (published, whole set)", (0.397, 0.563)),
    Row("BERT-large-wwm, trained on it (published, whole set)", (0.505, 0.630)),
)


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """The latest user turn, the turns before it as (user, agent) in order, the document, and the gold spans."""

    question: str
    before: tuple[tuple[str, str], ...]
    document: str
    golds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurnPrediction:
    """The best sentence, the best span inside it, and whether attest would have abstained."""

    sentence: str
    span: str
    abstained: bool


def run_doc2dial(data: Path, options: Options) -> list[Table]:
    """EM and F1 of the predicted span. Raises UsageError for a file in another form."""
    texts, everything = load(data)
    asked = options.draw(everything)
    wanted = {one.document for one in asked}
    predicted = []
    with indexed([text for text in texts if text.id in wanted], load_embedder(), options.progress) as index:
        assistant = Assistant(index)
        for done, one in enumerate(asked, 1):
            predicted.append(_predict(one, assistant))
            options.progress(done, len(asked))
    clusters = [one.document for one in asked]
    golds = [one.golds for one in asked]

    def row(system: str, answers: Sequence[str]) -> Row:
        exact = [exact_match(answer, gold) for answer, gold in zip(answers, golds, strict=True)]
        f1 = [token_f1(answer, gold) for answer, gold in zip(answers, golds, strict=True)]
        return measured(system, (exact, f1), clusters, options.seed)

    abstained = sum(p.abstained for p in predicted) / len(predicted)
    return [
        Table(
            "Doc2Dial: the span of the document that the reply rests on, per cent",
            ("EM", "F1"),
            (
                row("attest: the best sentence", [p.sentence for p in predicted]),
                row("attest: the reader's span in it", [p.span for p in predicted]),
                *_PUBLISHED,
            ),
            (
                "gold spans are sentences or clauses; attest was not trained on Doc2Dial",
                f"made to answer always: it would have abstained in {100 * abstained:.0f} % of these turns",
            ),
            percent=True,
        )
    ]


def load(path: Path) -> tuple[list[Text], list[DialogueTurn]]:
    """The documents and the turns put to them. Raises UsageError for a file in another form."""
    rows = read_table(path, ("id", "question", "context", "answers"))
    documents: dict[str, Text] = {}
    asked = []
    with published(path, "Doc2Dial reading comprehension"):
        for row in rows:
            context = row["context"]
            title = (row.get("title") or "").partition("#")[0]
            text = documents.setdefault(context, Text(f"document-{len(documents)}", title, context))
            golds = tuple(str(gold) for gold in ast.literal_eval(row["answers"])["text"])
            question, before = _turns(row["question"])
            asked.append(DialogueTurn(question, before, text.id, golds))
    return list(documents.values()), asked


def _turns(dialogue: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The latest user turn, and what came before it in order. A user turn without a reply gets an empty one; an agent
    turn without a user's before it is left out."""
    parts = [part.strip() for part in dialogue.split("\t") if part.strip()]
    said = [(speaker.strip(), words.strip()) for speaker, _, words in (part.partition(":") for part in parts)]
    if not said or said[0][0] != "user" or any(speaker not in ("user", "agent") for speaker, _ in said):
        raise ValueError("a question is not a dialogue of user: and agent:, latest first")
    before: list[tuple[str, str]] = []
    for speaker, words in reversed(said[1:]):
        if speaker == "user":
            before.append((words, ""))
        elif before:
            user, earlier = before[-1]
            before[-1] = (user, f"{earlier} {words}".strip())
    return said[0][1], tuple(before)


def _predict(one: DialogueTurn, assistant: Assistant) -> TurnPrediction:
    history: list[Turn] = []
    for question, reply in one.before:
        history.append(turn(question, reply))
    question = one.question[:MAX_QUESTION_CHARACTERS]
    answer = assistant.ask(question, history, document_ids=[one.document])
    ranking = assistant.search(question, history, document_ids=[one.document]).ranking
    sentences = [sentence for passage in ranking for sentence in passage.sentences]
    if not sentences:
        return TurnPrediction("", "", answer.abstained)
    best = max(sentences, key=lambda sentence: sentence.score)
    text = assistant.index.document(one.document).text
    return TurnPrediction(
        text[best.span.start : best.span.end], text[best.answer[0] : best.answer[1]], answer.abstained
    )
