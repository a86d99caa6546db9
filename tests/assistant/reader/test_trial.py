"""The figures of a course are those that one would count by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer

from assistant.reader import trial
from assistant.reader.batches import Batch
from assistant.reader.lessons.arrays import Encoded
from assistant.reader.lessons.encoded import encode
from assistant.reader.lessons.lesson import Lesson
from assistant.reader.teaching import Seen, look
from assistant.reader.trial import LONGEST, area, figures, judge

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import ReaderNetwork

Make = Callable[[int], "ReaderNetwork"]
TEXT = "Otto opened the pier of Arle in 1887."
ANSWER = (32, 36)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_that_under_the_roc_curve(rows: list[tuple[int, bool]]) -> None:
    scores, labels = np.array([float(a) for a, _ in rows]), np.array([b for _, b in rows])
    if 0 < labels.sum() < len(labels):
        assert area(scores, labels) == pytest.approx(roc_auc_score(labels, scores))


@pytest.fixture
def asked(tokenizer: Tokenizer) -> Encoded:
    good = Lesson("When?", TEXT, answers=(ANSWER,), relevant=True, answered=True)
    return encode(
        [[good, Lesson("Who burned it?", TEXT, answered=False)], [Lesson("It rained.", TEXT, support=2)]], tokenizer
    )


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has a network say what is wanted: each argument a field of `Read`, made from the batch."""

    def put(**fields: Callable[[Batch], torch.Tensor]) -> None:
        def seen(network: ReaderNetwork, batch: Batch) -> Seen:
            found = look(network, batch)
            read = replace(found.read, **{name: make(batch) for name, make in fields.items()})
            return replace(found, read=read)

        monkeypatch.setattr(trial, "look", seen)

    return put


def at(*places: int) -> Callable[[Batch], torch.Tensor]:
    """High at the first place of the passage, less so at the others."""

    def make(batch: Batch) -> torch.Tensor:
        out = torch.zeros(len(batch.p), batch.p.shape[1] + 1)
        for n, place in enumerate(places):
            out[:, place + 1] = 9.0 - 2 * n
        return out

    return make


def test_every_lesson_is_judged_in_its_own_row(tiny: Make, asked: Encoded) -> None:
    network = tiny(2)
    whole, one = judge(network, asked), judge(network, asked, 1)
    for name in ("relevance", "answers", "margin", "matched", "vector"):
        assert whole[name].shape == (3,) and np.isfinite(whole[name]).all()
        assert one[name] == pytest.approx(whole[name], abs=0.1), name
    assert whole["support"].sum(1) == pytest.approx([1, 1, 1], abs=1e-3)
    assert np.isnan(whole["f1"]).tolist() == [False, True, True]
    assert np.abs(whole["matched"]).max() <= 1.01 and np.abs(whole["vector"]).max() <= 1.01
    together = judge(tiny(0), asked)
    assert np.isnan(together["matched"]).all() and np.isnan(together["vector"]).all()


def test_the_overlap_with_the_answer_is_counted_in_tokens(
    tiny: Make, asked: Encoded, says: Callable[..., None]
) -> None:
    (place, last) = asked.answers[0]
    assert place == last
    for starts, ends, f1 in (
        (at(place), at(place), 1.0),
        (at(place - 1), at(place), 2 / 3),
        (at(1), at(2), 0.0),
        (at(place), at(2, place), 1.0),
        (at(0, place), at(place + 2, place), 1.0),
    ):
        says(starts=starts, ends=ends)
        assert judge(tiny(0), asked)["f1"][0] == pytest.approx(f1)


def test_the_margin_is_the_best_span_against_no_answer(tiny: Make, asked: Encoded, says: Callable[..., None]) -> None:
    def starts(batch: Batch) -> torch.Tensor:
        out = at(3)(batch)
        out[:, 0] = 4.0
        return out

    says(starts=starts, ends=at(4))
    assert judge(tiny(0), asked)["margin"] == pytest.approx([14.0] * 3)


def test_a_span_is_not_longer_than_the_longest(tiny: Make, tokenizer: Tokenizer, says: Callable[..., None]) -> None:
    data = encode([[Lesson("When?", "gull " * 60 + "in 1887", answers=((300, 302),))]], tokenizer)
    says(starts=at(5, 40), ends=at(5 + LONGEST, 5 + LONGEST - 1))
    assert judge(tiny(0), data)["margin"] == pytest.approx([9.0 + 7.0])


def relevance(batch: Batch) -> torch.Tensor:
    """Prefers texts of many words."""
    return batch.p_mask.sum(1).float()


def test_figures_tell_how_often_the_right_text_is_found(
    tiny: Make, tokenizer: Tokenizer, asked: Encoded, says: Callable[..., None]
) -> None:
    def unit(good: int, *wrong: int) -> list[Lesson]:
        texts = [(n, n == good) for n in (good, *wrong)]
        return [Lesson(f"Which {good}?", "gull " * n, relevant=right) for n, right in texts]

    ranked = encode([unit(9, 2, 3), unit(2, 1, 5), unit(1, 2, 3, 4, 5, 6, 7)], tokenizer)
    (place, _) = asked.answers[0]

    def support(batch: Batch) -> torch.Tensor:
        return torch.tensor([[0.0, 1.0, 5.0]]).repeat(len(batch.p), 1)

    def answers(batch: Batch) -> torch.Tensor:
        return torch.where(batch.labels[:, 1] == 1, 1.0, -1.0)

    said: dict[str, Any] = {"starts": at(place), "ends": at(place), "relevance": relevance}
    says(support=support, answers=answers, **said)
    found = figures(tiny(2), asked, ranked)
    assert {name: found[name] for name in ("f1", "answers_auroc", "support")} == {
        "f1": 1.0,
        "answers_auroc": 1.0,
        "support": 1.0,
    }
    assert (found["margin_auroc"], found["relevance@1"], found["relevance@5"]) == (0.5, 0.3333, 0.6667)
    assert found["read@1"] == 0.3333 and 0 <= found["all@1"] <= found["all@5"] <= 1
    assert {"matched@5", "vector@5"} <= found.keys()
    together = figures(tiny(0), asked, ranked)
    assert "matched@1" not in together and together["all@1"] == together["read@1"]
