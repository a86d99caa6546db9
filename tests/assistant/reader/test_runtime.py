"""The reader: its weights survive compression, its spans are the best ones, its numbers do not depend on company."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reader.runtime import LONGEST_SPAN, Judgement, Reader, load_reader, mean
from assistant.reader.training.examples import is_held_out, same_tokens, windows
from assistant.reader.weights import compress, expand

PIER = "The pier was opened in 1887 by Ada Reyes. It burned down nine years later. Nobody was hurt."
CATS = "Cats sleep for most of the day. They hunt at dusk."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def test_compression_keeps_each_weight_within_half_a_step(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    base = {
        "encoder.a.weight": random.normal(size=(6, 8)).astype(np.float32),
        "encoder.a.bias": np.zeros(6, np.float32),
    }
    change = random.normal(scale=0.02, size=(6, 8)).astype(np.float32)
    trained = {
        "trunk.encoder.a.weight": base["encoder.a.weight"] + change,
        "trunk.encoder.a.bias": np.full(6, 0.25, np.float32),
        "span.weight": random.normal(size=(2, 8)).astype(np.float32),
    }
    compress(trained, base, tmp_path / "weights.safetensors")
    back = expand((tmp_path / "weights.safetensors").read_bytes(), base)
    assert back.keys() == trained.keys()
    assert np.array_equal(back["span.weight"], trained["span.weight"])
    assert np.array_equal(back["trunk.encoder.a.bias"], trained["trunk.encoder.a.bias"])
    error = ((back["trunk.encoder.a.weight"] - trained["trunk.encoder.a.weight"]) ** 2).sum()
    assert error < 0.02 * (change**2).sum()


@given(st.integers(2, 40).flatmap(lambda n: st.tuples(*[st.lists(st.floats(-9, 9), min_size=n, max_size=n)] * 2)))
def test_the_best_span_is_the_best_of_all_spans(scores: tuple[list[float], list[float]]) -> None:
    starts, ends = (np.asarray(row, dtype=np.float32) for row in scores)
    size = len(starts)
    offsets = np.array([(2 * i, 2 * i + 1) for i in range(size)])
    judgement = Judgement(0.0, 0.0, 1.5, offsets, starts, ends)
    best = max(float(starts[a] + ends[b]) for a in range(size) for b in range(a, min(size, a + LONGEST_SPAN))) - 1.5
    score, start, end = judgement.best_span(0, 2 * size)
    assert score == pytest.approx(best, abs=1e-4)
    assert start % 2 == 0 and end % 2 == 1 and start < end


def test_a_stretch_without_tokens_has_no_span() -> None:
    empty = np.zeros(0, dtype=np.float32)
    judgement = Judgement(0.0, 0.0, 0.0, np.zeros((0, 2), dtype=np.int64), empty, empty)
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


def test_a_wording_that_leaves_less_room_for_the_text_cuts_the_mean(reader: Reader) -> None:
    long = reader.read("pier " * 300, [PIER * 20])[0]
    short = reader.read("pier", [PIER * 20])[0]
    assert len(long.offsets) < len(short.offsets)
    assert len(mean([short, long]).starts) == len(long.offsets)


@given(st.lists(st.floats(-9, 9), min_size=4, max_size=30))
def test_the_masses_of_stretches_that_tile_a_passage_add_up(scores: list[float]) -> None:
    row = np.asarray(scores, dtype=np.float32)
    offsets = np.array([(2 * i, 2 * i + 1) for i in range(len(row))])
    judgement = Judgement(0.0, 0.0, 0.0, offsets, row, np.zeros_like(row))
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


def test_windows_tile_the_text() -> None:
    text = PIER + " " + CATS
    spans = windows(text, 12)
    assert spans[0][0] == 0 and spans[-1][1] == len(text) and len(spans) > 2
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))


def test_spacing_does_not_tell_a_made_up_question() -> None:
    assert same_tokens("Why didn't  it cannot?") == "Why did n't it can not?"


def test_about_one_article_in_eight_is_held_out() -> None:
    share = sum(is_held_out(f"Article {n}") for n in range(2000)) / 2000
    assert 0.09 < share < 0.16


def test_what_is_read_before_a_text_is_no_place_for_an_answer(reader: Reader) -> None:
    lead, text = "Crew of the Petrel. ", "Cook: Per Lund"
    (alone,), (led,) = reader.read("Who is the cook?", [text]), reader.read("Who is the cook?", [lead + text])
    behind = led.behind(len(lead))
    assert behind.answers == led.answers > alone.answers
    assert behind.offsets.min() == 0 and behind.offsets.max() == len(text) and len(behind.starts) < len(led.starts)
    _, start, end = behind.best_span(0, len(text))
    assert text[start:end] == "Per Lund" and led.behind(0) is led


def test_folded_letters_are_read_as_what_they_stand_for_at_their_own_places(reader: Reader) -> None:
    question, plain = "What did the flood destroy?", "The flood of 1931 destroyed the office."
    printed = "The ﬂood of １９３１ de\u00adstroyed the oﬃce."
    (expected,), (found,) = reader.read(question, [plain]), reader.read(question, [printed])
    assert found.answers == expected.answers
    _, start, end = found.best_span(0, len(printed))
    assert printed[start:end] == "the oﬃce"
