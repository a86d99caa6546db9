"""Articles are cut into windows of whole sentences; what does not answer a question does not hold its answer."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pytest

from assistant.reader.lessons.articles import (
    answerable_example,
    is_held_out,
    near_miss,
    near_negatives,
    rows_of,
    same_tokens,
    training_articles,
    window_around,
    windows,
)
from tests.assistant.reader.made_up import HELD_OUT, article

TEXT = 'The pier burned. "Nobody was hurt." It rained (for days). Dr. Reyes paid 3.5 pounds! Why? Gulls nest there.'


@pytest.mark.parametrize("words", [1, 6, 12, 500])
def test_windows_tile_the_text(words: int) -> None:
    spans = windows(TEXT, words)
    assert spans[0][0] == 0 and spans[-1][1] == len(TEXT)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))


def test_windows_are_runs_of_whole_sentences_as_long_as_allowed() -> None:
    assert [TEXT[a:b].strip() for a, b in windows(TEXT, 1)][:3] == [
        "The pier burned.",
        '"Nobody was hurt."',
        "It rained (for days).",
    ]
    assert next(TEXT[a:b].strip() for a, b in windows(TEXT, 8)) == 'The pier burned. "Nobody was hurt."'
    assert "3.5 pounds" in next(TEXT[a:b] for a, b in windows(TEXT, 1) if "3" in TEXT[a:b])
    assert windows(TEXT, 500) == [(0, len(TEXT))]


def test_a_window_holds_the_answer_and_whole_sentences() -> None:
    text = article("Arle")["paragraphs"][0]["context"]
    at = text.index("Fishermen")
    found = {window_around(text, at, at + 9, 20, random.Random(seed)) for seed in range(20)}
    for left, right in found:
        assert left <= at and at + 9 <= right
        assert text[:left].strip() == "" or text[:left].rstrip().endswith(".")
        assert text[left:right].rstrip().endswith(".")
        assert len(text[left:right].split()) <= 20
    assert {left for left, _ in found} == {0, at}, "the answer is not always at the same place in its window"


def test_an_answer_across_two_sentences_gets_both() -> None:
    text = article("Arle")["paragraphs"][0]["context"]
    start, end = text.index("Ada Reyes. Fishermen"), text.index("paid")
    left, right = window_around(text, start, end, 5, random.Random(1))
    assert left <= start and end <= right


def test_spacing_does_not_tell_a_made_up_question() -> None:
    assert same_tokens("Why didn't  it cannot?") == "Why did n't it can not?"
    assert same_tokens("Who was ``Ada'' ?") == 'Who was "Ada" ?'


def test_about_one_article_in_eight_is_held_out_and_not_learned_from(data: Path) -> None:
    share = sum(is_held_out(f"Article {n}") for n in range(2000)) / 2000
    assert 0.09 < share < 0.16
    path = data / "squad/train-v1.1.json"
    titles = {each["title"] for each in json.loads(path.read_text(encoding="utf-8"))["data"]}
    kept = {each["title"] for each in training_articles(path)}
    assert HELD_OUT in titles and titles - kept == {title for title in titles if is_held_out(title)}


def test_an_answerable_question_says_where_its_answer_is() -> None:
    for row in rows_of([article("Arle")]):
        example = answerable_example(row, random.Random(1), words=20)
        assert example.answers and {example.text[a:b] for a, b in example.answers} == {row[3]["text"]}
        assert example.relevant and example.answered and example.unsupported == ()


def test_every_occurrence_of_an_answer_is_given() -> None:
    row = next(r for r in rows_of([article("Arle")]) if r[3]["text"] == "Ada Reyes")
    assert len(answerable_example(row, random.Random(1), words=90).answers) == 2


def test_a_near_miss_is_the_likeliest_window_and_says_nothing_of_relevance() -> None:
    context = article("Arle")["paragraphs"][0]["context"]
    miss = near_miss(context, "What else did fishermen pay for?", 8)
    assert miss.text == "Fishermen paid for half of it."
    assert miss.relevant is None and miss.answered is False and not miss.answers


@pytest.mark.parametrize("most", [1, 2])
def test_what_is_near_a_question_does_not_hold_its_answer(most: int) -> None:
    held = article("Arle")
    for row in rows_of([held]):
        near = near_negatives(row, random.Random(3), most)
        assert len(near) == most
        assert all(row[3]["text"] not in example.text and "Arle" in example.text for example in near)
        assert all(example.relevant is False and example.answered is False for example in near)
        assert not any(example.text in held["paragraphs"][row[1]]["context"] for example in near)


def test_where_every_window_holds_the_answer_there_is_no_rival() -> None:
    one = article("Arle")
    one["paragraphs"] = one["paragraphs"][:1]
    assert near_negatives(rows_of([one])[0], random.Random(1), 2) == []
    one["paragraphs"].append({"context": "Gulls were seen in 1850.", "qas": []})
    assert near_negatives(rows_of([one])[0], random.Random(1), 2) == []
    one = article("Brill")
    one["paragraphs"] = [*one["paragraphs"][:1], {"context": "Gulls eat fish.", "qas": []}]
    (only,) = near_negatives(rows_of([one])[0], random.Random(1), 2)
    assert only.text == "Gulls eat fish."


def test_the_rest_of_a_paragraph_that_answers_is_no_rival() -> None:
    one = article("Arle")
    long = one["paragraphs"][0]
    long["context"] += " The pier of Arle was rebuilt by Ada Reyes." * 12
    assert len(windows(long["context"], 80)) > 1
    row = rows_of([one])[0]
    for seed in range(10):
        assert all(
            "1850" not in each.text and "Ada" not in each.text for each in near_negatives(row, random.Random(seed), 2)
        )
