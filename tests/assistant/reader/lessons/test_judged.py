"""Sentences and abstracts that people judged."""

from __future__ import annotations

import random
from pathlib import Path

from assistant.reader.lessons.judged import ABSTRACT_WORDS, judged_abstracts, judged_sentences


def test_a_sentence_answers_or_does_not_as_it_was_judged(data: Path) -> None:
    found = judged_sentences(data, random.Random(1))
    good = {(each.question, each.text) for each in found if each.relevant}
    assert good == {("Who kept the light ?", "Ada Reyes kept it ."), ("Who sang?", "Otto sang.")}
    assert all(each.relevant == each.answered and not each.answers for each in found)


def test_few_of_many_wrong_candidates_are_taken(data: Path) -> None:
    wrong = [
        {each.text for each in judged_sentences(data, random.Random(seed)) if each.question == "Who sang?"}
        - {"Otto sang."}
        for seed in range(6)
    ]
    assert {len(each) for each in wrong} == {4} and len(set(map(frozenset, wrong))) > 1


def test_a_claim_has_its_abstract_and_two_that_are_near(data: Path) -> None:
    good, *near = judged_abstracts(data / "scifact", random.Random(1))
    assert good.text.startswith("Gulls 2 ") and good.relevant and good.answered is None
    assert len({each.text for each in near}) == 2 and not any(each.relevant for each in near)


def test_a_long_abstract_is_cut(data: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(data / "scifact", tmp_path / "scifact")
    corpus = tmp_path / "scifact/corpus.jsonl"
    corpus.write_text(corpus.read_text(encoding="utf-8").replace("in spring", "in spring " * 90), encoding="utf-8")
    assert {len(each.text.split()) for each in judged_abstracts(tmp_path / "scifact", random.Random(1))} == {
        ABSTRACT_WORDS
    }
