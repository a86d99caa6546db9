"""The reader: its spans are the best ones, its numbers do not depend on company or on what was kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reader.judgement import LONGEST_SPAN, Judgement, mean
from assistant.reader.runtime import Reader, load_reader
from vectorstore.disk.kept import KEPT_FILE, Kept
from vectorstore.embedded_text import Told

PIER = "The pier was opened in 1887 by Ada Reyes. It burned down nine years later. Nobody was hurt."
CATS = "Cats sleep for most of the day. They hunt at dusk."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@given(st.integers(2, 40).flatmap(lambda n: st.tuples(*[st.lists(st.floats(-9, 9), min_size=n, max_size=n)] * 2)))
def test_the_best_span_is_the_best_of_all_spans(scores: tuple[list[float], list[float]]) -> None:
    starts, ends = (np.asarray(row, dtype=np.float32) for row in scores)
    size = len(starts)
    offsets = np.array([(2 * i, 2 * i + 1) for i in range(size)])
    judgement = Judgement(0.0, 0.0, 1.5, offsets, starts, ends, starts)
    best = max(float(starts[a] + ends[b]) for a in range(size) for b in range(a, min(size, a + LONGEST_SPAN))) - 1.5
    score, start, end = judgement.best_span(0, 2 * size)
    assert score == pytest.approx(best, abs=1e-4)
    assert start % 2 == 0 and end % 2 == 1 and start < end


def test_a_stretch_without_tokens_has_no_span() -> None:
    empty = np.zeros(0, dtype=np.float32)
    judgement = Judgement(0.0, 0.0, 0.0, np.zeros((0, 2), dtype=np.int64), empty, empty, empty)
    assert judgement.best_span(3, 9) == (float("-inf"), 3, 3)


def test_it_tells_the_passage_that_answers_and_the_words_in_it(reader: Reader) -> None:
    pier, cats = reader.read("When was the pier opened?", [PIER, CATS])
    assert pier.relevance > cats.relevance
    assert pier.answers > cats.answers
    _, start, end = pier.best_span(0, len(PIER))
    assert "1887" in PIER[start:end]


def test_a_judgement_does_not_depend_on_what_is_read_beside_it(reader: Reader) -> None:
    alone = reader.read("Who opened the pier?", [PIER])[0]
    beside = reader.read("Who opened the pier?", [CATS, PIER, PIER * 3])[1]
    assert alone.relevance == pytest.approx(beside.relevance, abs=1e-3)
    assert alone.best_span(0, len(PIER))[1:] == beside.best_span(0, len(PIER))[1:]


def test_what_is_said_for_two_wordings_is_their_mean(reader: Reader) -> None:
    one, two = (reader.read(question, [PIER])[0] for question in ("Who opened the pier?", "pier opened who"))
    both = mean([one, two])
    assert both.relevance == pytest.approx((one.relevance + two.relevance) / 2, abs=1e-4)
    assert both.starts == pytest.approx((one.starts + two.starts) / 2)
    assert np.array_equal(both.offsets, one.offsets)
    assert mean([one]) is one


def test_how_much_of_a_text_is_read_does_not_depend_on_the_question(reader: Reader) -> None:
    long = reader.read("pier " * 300, [PIER * 20])[0]
    short = reader.read("pier", [PIER * 20])[0]
    assert np.array_equal(long.offsets, short.offsets)


@given(st.lists(st.floats(-9, 9), min_size=4, max_size=30))
def test_the_masses_of_stretches_that_tile_a_passage_add_up(scores: list[float]) -> None:
    row = np.asarray(scores, dtype=np.float32)
    offsets = np.array([(2 * i, 2 * i + 1) for i in range(len(row))])
    judgement = Judgement(0.0, 0.0, 0.0, offsets, row, np.zeros_like(row), row)
    middle = len(row) // 2 * 2
    parts = judgement.masses([(0, middle), (middle, 2 * len(row)), (0, 2 * len(row))])
    assert parts[2] == pytest.approx(0.0, abs=1e-3)
    assert max(parts[:2]) <= 0.001
    ends = (len(row) // 2) / len(row)
    starts = np.exp(np.asarray(parts[:2]) - np.log([ends + 1e-4, 1 - ends + 1e-4]))
    assert starts.sum() == pytest.approx(1.0, abs=2e-3)


def test_the_sentence_that_answers_has_the_mass(reader: Reader) -> None:
    (judgement,) = reader.read("When was the pier opened?", [PIER])
    cut = PIER.index("It burned")
    first, rest = judgement.masses([(0, cut), (cut, len(PIER))])
    assert first > rest


def test_the_same_call_gives_the_same_numbers(reader: Reader) -> None:
    first, second = (reader.read("Who opened the pier?", [PIER, CATS]) for _ in range(2))
    assert [j.relevance for j in first] == [j.relevance for j in second]
    assert all(np.array_equal(a.starts, b.starts) for a, b in zip(first, second, strict=True))


def test_long_and_strange_texts_are_read(reader: Reader) -> None:
    texts = ["word " * 2000, "", "🙂" * 50, "誰が灯台を建てましたか。"]
    assert len(reader.read("Who?", texts)) == len(texts)


def test_a_heading_is_read_and_is_no_place_for_an_answer(reader: Reader) -> None:
    text = "Cook: Per Lund"
    (alone,) = reader.read("Who is the cook of the Petrel?", [text])
    (led,) = reader.read_as(["Who is the cook of the Petrel?"], [Told(text, "Crew of the Petrel.")])
    assert led.answers != alone.answers
    assert np.array_equal(led.offsets, alone.offsets) and len(led.starts) == len(alone.starts)
    _, start, end = led.best_span(0, len(text))
    assert text[start:end] == "Per Lund"


def test_what_is_kept_of_a_text_gives_the_same_numbers_as_the_text(reader: Reader, tmp_path: Path) -> None:
    texts = [Told(PIER, "Piers", "a"), Told(CATS, "", "b")]
    kept = Kept(tmp_path / KEPT_FILE, writable=True)
    made: list[object] = []
    fresh = reader.encoder.states(texts, kept, lambda: made.append(None))
    assert len(made) == 2 and kept.names() == {"a", "b"}
    again = reader.encoder.states(texts, kept, lambda: made.append(None))
    assert len(made) == 2
    alone = Reader(reader.encoder, reader._upper)
    for states in (fresh, again, None):
        judged = Reader(reader.encoder, reader._upper).read_as(["Who opened it?"], texts, states)
        expected = alone.read_as(["Who opened it?"], texts)
        assert [(j.relevance, j.answers, j.null) for j in judged] == [
            (j.relevance, j.answers, j.null) for j in expected
        ]


def test_folded_letters_are_read_as_what_they_stand_for_at_their_own_places(reader: Reader) -> None:
    question, plain = "What did the flood destroy?", "The flood of 1931 destroyed the office."
    printed = "The ﬂood of １９３１ de\u00adstroyed the oﬃce."
    (expected,), (found,) = reader.read(question, [plain]), reader.read(question, [printed])
    assert found.answers == expected.answers
    _, start, end = found.best_span(0, len(printed))
    assert printed[start:end] == "the oﬃce"
