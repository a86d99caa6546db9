"""The arrays come back from a file as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.reader.lessons.arrays import Encoded


def test_arrays_survive_their_file(learned: Encoded, tmp_path: Path) -> None:
    learned.save(tmp_path / "lessons.npz")
    back = Encoded.load(tmp_path / "lessons.npz")
    assert len(back) == len(learned) > 40
    for name, value in vars(learned).items():
        found = vars(back)[name]
        assert found.dtype == value.dtype and np.array_equal(found, value)


def test_two_sets_of_lessons_are_one(learned: Encoded) -> None:
    both = learned.and_then(learned)
    size = len(learned)
    assert len(both) == 2 * size
    for n in (0, 7, size - 1):
        for flat, at in (("questions", "question_at"), ("passages", "passage_at"), ("sentences", "sentence_at")):
            values, places = vars(both)[flat], vars(both)[at]
            once, again = (values[places[m] : places[m + 1]] for m in (n, n + size))
            assert np.array_equal(once, again) and len(once)
        assert both.first[n] == both.first[n + size]
    assert not set(both.groups[:size, 0]) & set(both.groups[size:, 0]), "units stay apart"
    strange = learned.groups[:, 1] < 0
    assert np.array_equal(both.groups[size:, 1] < 0, strange), "a text of no article stays one"


def test_the_arrays_fit_together(learned: Encoded) -> None:
    for flat, at in (
        (learned.questions, learned.question_at),
        (learned.doubted, learned.question_at),
        (learned.passages, learned.passage_at),
        (learned.needed, learned.passage_at),
        (learned.answers, learned.answer_at),
        (learned.sentences, learned.sentence_at),
    ):
        assert at[0] == 0 and at[-1] == len(flat) and len(at) == len(learned) + 1
    sizes = np.diff(learned.passage_at)
    for n in range(len(learned)):
        spans = learned.answers[learned.answer_at[n] : learned.answer_at[n + 1]]
        assert np.all((spans >= learned.first[n]) & (spans < sizes[n] - 1))
        assert len(spans) == 0 or learned.labels[n, 1] == 1
