"""The fit asks the tuning parts of the sets that ship with attest."""

from __future__ import annotations

import json
import re
from pathlib import Path

from assistant.reader.lessons.articles import is_held_out
from eval.cases import load_set
from eval.lab.calibration_questions import SETS, from_squad


def test_the_sets_are_where_the_fit_looks_for_them() -> None:
    sets = [load_set(SETS / f"{name}.jsonl") for name in ("origins", "original")]
    assert all(one.part("tuning") for one in sets)


def test_what_is_asked_of_another_is_asked_with_a_name_that_the_article_never_names(tmp_path: Path) -> None:
    people = ["Adara", "Bertil", "Corinna", "Dagmar", "Eskil", "Florentin", "Gudrun", "Hjalmar", "Ismene", "Jokum"]
    titles = [title for n in range(99) if is_held_out(title := f"Harbour_{n}")]
    articles = []
    for title, name in zip(titles, people, strict=False):
        text = f"The pier was opened by {name} in 1887."
        answers = [{"text": "1887", "answer_start": text.index("1887")}]
        asked = [{"question": q, "answers": answers} for q in (f"When did {name} open it?", *["When was that?"] * 4)]
        articles.append({"title": title, "paragraphs": [{"context": text, "qas": asked}]})
    for file in ("train-v1.1.json", "train-unanswerable.json"):
        (tmp_path / file).write_text(json.dumps({"data": articles}))
    documents, questions = from_squad(tmp_path, seed=1, most=9)
    others = [one for one in questions if one.sort == "another's"]
    assert len(others) == len(documents) == min(9, len(articles)) > 1
    for one in others:
        (name,) = re.findall(r"When did (\w+) open it", one.question)
        assert name in people and name not in documents[one.article].text and not one.gold
