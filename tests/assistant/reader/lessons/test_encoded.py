"""Lessons become tokens and labels, each at its own place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from assistant.reader.lessons.arrays import END, PAD, START, Encoded
from assistant.reader.lessons.encoded import HEADING_TOKENS, PASSAGE_TOKENS, QUESTION_TOKENS, encode, passage_ids
from assistant.reader.lessons.lesson import Lesson

QUESTION, TEXT = "When did Otto leave?", "Ada left in 1887. It rained, and 1887 was wet."


def words(tokenizer: Tokenizer, ids: Any) -> list[str]:
    return [str(tokenizer.id_to_token(int(i))) for i in ids]


def one(tokenizer: Tokenizer, **changes: Any) -> Encoded:
    return encode([[Lesson(QUESTION, **({"text": TEXT} | changes))]], tokenizer)


def test_special_tokens_are_the_published_ones(tokenizer: Tokenizer) -> None:
    assert [tokenizer.token_to_id(each) for each in ("<s>", "<pad>", "</s>")] == [START, PAD, END]
    assert tokenizer.get_vocab_size() <= np.iinfo(np.uint16).max


def test_question_and_passage_are_read_apart_the_passage_under_its_heading(tokenizer: Tokenizer) -> None:
    data = one(tokenizer, heading="Gull Rock")
    assert words(tokenizer, data.questions) == ["<s>", "when", "did", "otto", "leave", "?", "</s>"]
    told = words(tokenizer, data.passages)
    assert told[:8] == ["<s>", "gu", "##ll", "rock", "</s>", "</s>", "ada", "left"] and told[-1] == "</s>"
    assert data.first.tolist() == [6]
    assert one(tokenizer).first.tolist() == [1]


@pytest.mark.parametrize("heading", ["", "Gull Rock"])
def test_answers_and_marked_words_become_tokens(tokenizer: Tokenizer, heading: str) -> None:
    data = one(
        tokenizer, heading=heading, answers=((12, 16), (33, 37)), unsupported=((9, 13),), needed=((0, 3), (12, 16))
    )
    told = words(tokenizer, data.passages)
    assert [told[a : b + 1] for a, b in data.answers] == [["1887"], ["1887"]]
    assert data.answers[0].tolist() != data.answers[1].tolist()
    asked = words(tokenizer, data.questions)
    assert [asked[i] for i in np.flatnonzero(data.doubted == 1)] == ["otto"]
    assert [told[i] for i in np.flatnonzero(data.needed == 1)] == ["ada", "1887"]
    assert [asked[i] for i in np.flatnonzero(data.doubted == -1)] == ["<s>", "</s>"]
    unknown = np.flatnonzero(data.needed == -1)
    assert unknown.tolist() == [*range(data.first[0]), len(told) - 1]


def test_what_is_not_known_is_not_marked(tokenizer: Tokenizer) -> None:
    data = one(tokenizer)
    assert set(data.doubted.tolist()) == set(data.needed.tolist()) == {-1}
    assert data.labels.tolist() == [[-1, -1, -1]] and data.groups.tolist() == [[0, -1, 0]]
    assert set(data.sentences[:, 2].tolist()) == {-1}


def test_sentences_that_touch_the_evidence_belong_and_the_others_do_not(tokenizer: Tokenizer) -> None:
    def labels(**changes: Any) -> list[int]:
        data = one(tokenizer, **changes)
        told = words(tokenizer, data.passages)
        assert [told[b] for _, b, _ in data.sentences] == [".", "."]
        assert told[data.sentences[1, 0]] == "it"
        found: list[int] = data.sentences[:, 2].tolist()
        return found

    assert labels(evidence=((12, 16),)) == [1, 0]
    assert labels(evidence=((30, 34),), heading="Gull Rock") == [0, 1]
    assert labels(evidence=()) == [0, 0]


def test_units_articles_and_questions_are_numbered(tokenizer: Tokenizer) -> None:
    first = [Lesson("Who?", "Ada.", article="a", relevant=True), Lesson("Who?", "Gulls.", article="b", relevant=False)]
    second = [Lesson("Why?", "Rain.", article="a", answered=False, support=2), Lesson("Who?", "Rain.")]
    data = encode([first, second], tokenizer)
    assert data.groups[:, 0].tolist() == [0, 0, 1, 1] and data.groups[:, 2].tolist() == [0, 0, 1, 0]
    a, b, again, none = data.groups[:, 1].tolist()
    assert a == again != b and none == -1
    assert data.labels.tolist() == [[1, -1, -1], [0, -1, -1], [-1, 0, 2], [-1, -1, -1]]
    assert len(data) == 4
    for n, (question, text) in enumerate([("who", "ada"), ("who", "gulls"), ("why", "rain"), ("who", "rain")]):
        asked = words(tokenizer, data.questions[data.question_at[n] : data.question_at[n + 1]])
        told = "".join(words(tokenizer, data.passages[data.passage_at[n] : data.passage_at[n + 1]])).replace("##", "")
        assert asked == ["<s>", question, "?", "</s>"] and told == f"<s>{text}.</s>"


def test_long_texts_are_cut_and_a_lesson_whose_answer_is_cut_off_is_left_out(tokenizer: Tokenizer) -> None:
    long = "gull " * 300 + "1887"
    kept = Lesson("tar " * 200, long, "rock " * 90, answers=((0, 4),))
    data = encode([[Lesson(QUESTION, long, answers=((1500, 1504),)), kept]], tokenizer)
    assert len(data) == 1 and data.answers.tolist() == [[data.first[0], data.first[0] + 1]]
    assert len(data.questions) == QUESTION_TOKENS + 2
    assert len(data.passages) == 1 + HEADING_TOKENS + 2 + PASSAGE_TOKENS + 1
    ids, offsets, first = passage_ids(tokenizer, "Rock", TEXT, 4)
    assert words(tokenizer, ids[first:]) == ["ada", "left", "in", "1887", "</s>"]
    assert [TEXT[a:b] for a, b in offsets[first:-1]] == ["Ada", "left", "in", "1887"]


def test_a_text_without_tokens_is_a_lesson_all_the_same(tokenizer: Tokenizer) -> None:
    data = encode([[Lesson("Who?", "", answered=False)]], tokenizer)
    assert len(data) == 1 and len(data.sentences) == 0 and len(data.passages) == 2
