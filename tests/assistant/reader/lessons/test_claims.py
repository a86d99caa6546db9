"""Claims that a text supports, contradicts or leaves open: published, and made from articles."""

from __future__ import annotations

import json
import random
import re
import shutil
from pathlib import Path

import pytest

from assistant.reader.lessons.claims import CONTRADICTED, OPEN, SUPPORTED, claim_lessons
from assistant.reader.lessons.lesson import Lesson, Unit
from tests.assistant.reader.made_up import HELD_OUT
from vectorstore.embedding.network.mpnet import SUPPORT


@pytest.fixture(scope="module")
def published(data: Path) -> list[Lesson]:
    return [lesson for unit in claim_lessons(data, made=0, rng=random.Random(1)) for lesson in unit]


@pytest.fixture(scope="module")
def made(data: Path) -> list[Unit]:
    return [unit for unit in claim_lessons(data, made=200, rng=random.Random(1)) if len(unit) > 1]


def test_labels_are_indices_into_what_the_network_says() -> None:
    assert [SUPPORT[n] for n in (SUPPORTED, CONTRADICTED, OPEN)] == ["supported", "contradicted", "not found"]


@pytest.mark.parametrize(
    ("claim", "text", "support"),
    [
        ("Otto built six piers.", "He built four piers.", CONTRADICTED),
        ("Otto built four piers.", "He built four piers.", SUPPORTED),
        ("Tern is blue .", "Tern is a red boat .", CONTRADICTED),
        ("Tern is red .", "Tern is a red boat .", SUPPORTED),
        ("He sold nets.", "He sold nets and rope.", SUPPORTED),
        ("He ran Gull.", 'He ran "Tern".', CONTRADICTED),
        ("He sold rope.", "He sold nets.", OPEN),
        ("Tar keeps rope dry", "We looked. Tar keeps rope dry. Rain wets it. So we say.", SUPPORTED),
        ("Tar wets rope", "We looked. Tar keeps rope dry. Rain wets it. So we say.", CONTRADICTED),
        ("Tar is cheap", "Rope. We looked. Tar keeps rope dry. Rain wets it. So we say.", OPEN),
        ("Ann sold it.", "Ann: I sold it.\nBob: For how much?", SUPPORTED),
        ("Bob sold it.", "Ann: I sold it.\nBob: For how much?", CONTRADICTED),
        ("A man in a blue coat", "A man in a red coat", CONTRADICTED),
        ("A man in a crimson coat", "A man in a red coat", SUPPORTED),
        ("A tall man", "A man", OPEN),
        ("Tern sailed twice, in May.", "Tern sailed. It was May.", OPEN),
    ],
)
def test_a_published_claim_is_learned_as_it_was_judged(
    published: list[Lesson], claim: str, text: str, support: int
) -> None:
    (found,) = [each for each in published if each.question == claim]
    assert (found.text, found.support) == (text, support)
    assert found.relevant is (None if support == OPEN else True) and found.answered is None


def test_rows_that_are_excluded_or_come_twice_are_not_learned_from(published: list[Lesson]) -> None:
    assert not any("LEAKED" in f"{each.question} {each.text}" for each in published)
    assert len(published) == 16


def test_the_sentences_that_bear_on_a_claim_are_its_evidence(published: list[Lesson]) -> None:
    (paper,) = [each for each in published if each.question == "Tar wets rope"]
    assert [paper.text[a:b] for a, b in paper.evidence or ()] == ["Tar keeps rope dry."]


def test_words_that_are_not_supported_are_marked(published: list[Lesson]) -> None:
    (partly,) = [each for each in published if each.question.startswith("Tern sailed")]
    assert [partly.question[a:b] for a, b in partly.unsupported or ()] == ["twice"]


def test_captions_are_balanced(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    rows = [
        {"sentence1": f"Man {n}", "sentence2": f"Dog {n}", "gold_label": "contradiction" if n else "neutral"}
        for n in range(1800)
    ]
    path = tmp_path / "data/more/breaking-nli/dataset.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = [
        u[0].support for u in claim_lessons(tmp_path / "data", made=0, rng=random.Random(1)) if "Dog" in u[0].question
    ]
    assert (found.count(CONTRADICTED), found.count(OPEN)) == (1500, 1)


def test_the_lessons_are_the_same_for_the_same_seed_and_others_for_another(data: Path) -> None:
    def lessons(seed: int) -> list[Unit]:
        return claim_lessons(data, made=9, rng=random.Random(seed))

    assert lessons(1) == lessons(1) != lessons(2)


def test_a_sentence_as_it_stands_is_supported_and_says_where(made: list[Unit]) -> None:
    assert len(made) == 200
    for good, *_ in made:
        assert good.support == SUPPORTED and good.unsupported == () and good.question in good.text
        assert [good.text[a:b] for a, b in good.evidence or ()] == [good.question]
        assert HELD_OUT not in good.text


def test_a_changed_sentence_is_contradicted_and_says_by_which_word(made: list[Unit]) -> None:
    kinds = {"number": 0, "name": 0, "not": 0}
    for good, *rest in made:
        for changed in (each for each in rest if each.support == CONTRADICTED):
            assert changed.text == good.text and changed.question not in changed.text
            ((start, end),) = changed.unsupported or ()
            word = changed.question[start:end]
            kinds["number" if word.isdigit() else "not" if word == "not" else "name"] += 1
            left = changed.question[:start].removesuffix(" ") if word == "not" else changed.question[:start]
            assert good.question.startswith(left) and good.question.endswith(changed.question[end:])
            if word.isdigit():
                assert len(word) == 4 and word != re.findall(r"\d{4}", good.question)[0]
    assert min(kinds.values()) > 20


def test_a_sentence_of_elsewhere_is_left_open(made: list[Unit]) -> None:
    open_ = [(unit[0], each) for unit in made for each in unit if each.support == OPEN]
    assert len(open_) > 50
    for good, other in open_:
        assert other.question not in other.text and other.text != good.text and other.article == good.article
        assert other.relevant is None and other.evidence is None and other.unsupported is None


def test_a_negation_is_taken_away_where_there_is_one_and_parentheses_are(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    context = "The keeper (a tall man from Brill) did not sell any of his seven boats."
    articles = {"data": [{"title": "Arle", "paragraphs": [{"context": context, "qas": []}]}]}
    (tmp_path / "data/squad/train-v1.1.json").write_text(json.dumps(articles), encoding="utf-8")
    units = [u for u in claim_lessons(tmp_path / "data", made=30, rng=random.Random(1)) if u[0].article == "Arle"]
    assert len(units) == 30
    assert {unit[0].question for unit in units} == {context, context.replace(" (a tall man from Brill)", "")}
    assert {unit[1].question for unit in units} == {context.replace(" not", "")}


def test_articles_without_a_fit_sentence_end_the_making(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    articles = {"data": [{"title": "Arle", "paragraphs": [{"context": "It rained.", "qas": []}]}]}
    (tmp_path / "data/squad/train-v1.1.json").write_text(json.dumps(articles), encoding="utf-8")
    assert all(u[0].article != "Arle" for u in claim_lessons(tmp_path / "data", made=5, rng=random.Random(1)))
