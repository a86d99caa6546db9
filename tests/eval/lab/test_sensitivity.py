"""The gate sees regressions that are planted into the real assistant, and names the right metric for each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.reader.runtime import load_reader
from eval.cases import CaseSet, load_set
from eval.evaluate import assistant_for, make_run, run_cases
from eval.gate import compare
from eval.judge import Article, read_article
from eval.lab.sensitivity import Plant, caught_by, plants
from eval.runs import Comparison, Run
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import Document, text_sha256

BUILT = (
    ("pier", "1887", "Anna Lund"), ("school", "1859", "Nils Dahl"), ("mill", "1733", "Ole Brandt"),
    ("bridge", "1904", "Marta Oduya"), ("chapel", "1612", "Jon Falk"), ("lighthouse", "1861", "Ines Haan"),
    ("theatre", "1926", "Karl Moe"),
)  # fmt: skip
FILLER = (
    "Its walls were of grey stone from the quarry by the river, and its roof was of slate. It stood on a low hill a "
    "little way out of the town, and people came on foot to see it on Sundays. In winter the road to it was closed."
)
RUIN = "“The harbour will ruin the town of Holm, and our children will pay for it”"
COAL = "“The railway will bring coal and bread to the town of Holm in the worst of winters”"
QUARREL = f"""

The quarrel about the harbour went on for years. {RUIN}, said Peter Vass.

Not everybody agreed about the railway. {COAL}, said Greta Sund.
"""
INTRODUCTION = "Holm is a small town by the sea, and this is what there is to see in it."
BUILDINGS = "\n\n".join(f"The {what} of Holm was built in {year} by {who}. {FILLER}" for what, year, who in BUILT)
TEXT = f"{INTRODUCTION}\n\n{BUILDINGS}{QUARREL}"
HOLM = Document("holm", "Holm", TEXT, text_sha256(TEXT), "holm.txt")


def row(id: str, question: str, fact: str | None, words: str = "", **fields: object) -> str:
    start = TEXT.index(words) if fact else 0
    evidence = [{"start": start, "end": start + len(words)}] if fact else []
    whole = {
        "id": id, "question": question, "kind": "who", "answerable": "answerable" if fact else "out of domain",
        "nuggets": [{"accepted": [fact], "vital": True}] if fact else [], "evidence": evidence,
        "sha256": HOLM.sha256, "part": "tuning",
    }  # fmt: skip
    return json.dumps(whole | fields)


def rows() -> Iterator[str]:
    for what, year, who in BUILT:
        words = f"The {what} of Holm was built in {year} by {who}."
        first, then = f"Who built the {what} of Holm?", "When was it built?"
        if what == "pier":
            yield row(what, first, who, words)
        yield row(f"{what}, then", then, year, words, history=[first], kind="pronoun")
    said = "What would the harbour do to the town of Holm?", "What will the railway bring to the town of Holm?"
    yield row("harbour", said[0], "ruin", RUIN, speaker="Peter Vass", kind="who-said")
    yield row("railway", said[1], "coal", COAL, speaker="Greta Sund", kind="who-said")
    yield row("tungsten", "What is the boiling point of tungsten?", None)
    yield row("violin", "How many strings does a violin have?", None)


@dataclass(frozen=True)
class Planted:
    """The whole assistant, its run, and what there is to plant."""

    whole: Assistant
    article: Article
    case_set: CaseSet
    baseline: Run
    plants: dict[str, Plant]

    def run(self, assistant: Assistant) -> Run:
        results = run_cases(self.case_set.cases, self.article, assistant)
        return make_run(self.case_set, results, dict(self.baseline.fingerprints))

    def broken(self, name: str) -> Assistant:
        (plant,) = [plant for known, plant in self.plants.items() if known.startswith(name)]
        return plant.make(self.whole)

    def comparison(self, name: str) -> Comparison:
        return compare(self.baseline, self.run(self.broken(name)), self.case_set)


@pytest.fixture(scope="module")
def holm(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    path: Path = tmp_path_factory.mktemp("sensitivity") / "holm.jsonl"
    path.write_text("\n".join(rows()), encoding="utf-8")
    case_set, article = load_set(path), read_article(HOLM, embedder)
    with assistant_for(article, embedder) as whole:
        whole.reader = load_reader(remembered=None)
        results = run_cases(case_set.cases, article, whole)
        baseline = make_run(case_set, results, {"set": case_set.sha256, "article": HOLM.sha256, "code": "1"})
        found = {plant.name: plant for plant in plants(article, baseline, case_set)}
        yield Planted(whole, article, case_set, baseline, found)


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("citations shifted by one", "quote_fidelity"),
        ("neighbouring sentence cited", "citation_recall"),
        ("abstention threshold at 0", "refused"),
        ("speakers swapped", "speaker"),
        ("follow-ups off", "follow_up"),
    ],
)
def test_a_planted_regression_is_caught_by_its_metric(holm: Planted, name: str, metric: str) -> None:
    comparison = holm.comparison(name)
    assert comparison.regressed and metric in caught_by(comparison)


def test_one_broken_question_is_named(holm: Planted) -> None:
    comparison = holm.comparison("one question broken")
    (victim,) = comparison.breaks
    assert comparison.regressed and not comparison.drops
    assert f"one question broken ({victim.id})" in holm.plants


def test_nothing_planted_raises_nothing(holm: Planted) -> None:
    again = holm.run(holm.whole)
    assert again == holm.baseline
    commented = replace(again, fingerprints={**again.fingerprints, "code": "2"})
    comparison = compare(holm.baseline, commented, holm.case_set)
    assert not comparison.regressed and comparison.changed == (("code", "1", "2"),)


def test_a_plant_breaks_one_part_and_leaves_the_assistant_whole(holm: Planted) -> None:
    question = "Who built the pier of Holm?"
    whole = holm.whole.ask(question)
    assert len(whole.passages) > 1
    assert len(holm.broken("top-k 1").ask(question).passages) == 1
    without_words = holm.broken("BM25 off").index.candidates([question], k=10)
    assert without_words and all("dense" in c.found_by and not c.lexical for c in without_words)
    without_vectors = holm.broken("dense off").index.candidates([question], k=10)
    assert without_vectors and all("lexical" in c.found_by and not c.dense for c in without_vectors)
    assert holm.whole.ask(question) == whole


def test_a_shifted_citation_keeps_its_quotation(holm: Planted) -> None:
    question = "Who built the pier of Holm?"
    right, shifted = (a.ask(question).sentences[0].citations[0] for a in (holm.whole, holm.broken("citations shifted")))
    assert (shifted.start, shifted.end, shifted.quote) == (right.start + 1, right.end + 1, right.quote)
