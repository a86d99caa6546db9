"""Fits find the weights that made the data, and leave out what teaches nothing."""

from __future__ import annotations

import numpy as np
import pytest

from eval.lab.fitting import CandidateRows, choice, logistic


def questions(seed: int, *, noise: float, number: int = 300) -> list[CandidateRows]:
    """Questions of five candidates; the right one has the highest first feature, less some noise."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(number):
        rows = rng.normal(size=(5, 3)) * [1.0, 1.0, 50.0]
        right = np.zeros(5, dtype=bool)
        right[int(np.argmax(rows[:, 0] + noise * rng.normal(size=5)))] = True
        out.append(CandidateRows(rows, right, 1.0))
    return out


def first(model_weights: tuple[float, ...], some: list[CandidateRows]) -> float:
    return sum(bool(q.right[int(np.argmax(q.rows @ np.array(model_weights)))]) for q in some) / len(some)


def test_choice_puts_the_right_candidate_first_on_questions_it_has_not_seen() -> None:
    model = choice(questions(1, noise=0.2), ("signal", "noise", "large noise"))
    assert first(model.weights, questions(2, noise=0.2)) > 0.75
    assert first((0.0, 1.0, 0.0), questions(2, noise=0.2)) < 0.4
    assert abs(model.weights[0]) > 10 * abs(model.weights[2])


def test_choice_gives_log_odds() -> None:
    some = questions(3, noise=0.5)
    model = choice(some, ("signal", "noise", "large noise"))
    probabilities = [model.probability(list(row)) for q in some for row in q.rows]
    assert np.mean(probabilities) == pytest.approx(0.2, abs=0.02)


def test_a_bound_keeps_a_weight_from_turning_negative() -> None:
    turned = [CandidateRows(-q.rows, q.right, q.weight) for q in questions(4, noise=0.2)]
    assert choice(turned, ("signal", "noise", "large noise")).weights[0] < 0
    assert choice(turned, ("signal", "noise", "large noise"), at_least_zero=["signal"]).weights[0] == 0


def test_any_of_several_right_candidates_will_do() -> None:
    both = [CandidateRows(np.array([[3.0], [3.1], [0.0]]), np.array([True, True, False]), 1.0)] * 20
    assert choice(both, ("signal",)).weights[0] > 0


def test_questions_without_a_contrast_are_left_out() -> None:
    some = questions(5, noise=0.5)
    useless = [CandidateRows(np.ones((4, 3)) * 1e3, np.full(4, right), 1.0) for right in (True, False)]
    names = ("signal", "noise", "large noise")
    assert choice([*some, *useless], names).weights == choice(some, names).weights


def test_a_question_that_counts_twice_counts_as_two() -> None:
    some = questions(6, noise=0.8, number=60)
    twice = [CandidateRows(q.rows, q.right, 2.0) for q in some[:30]] + some[30:]
    names = ("signal", "noise", "large noise")
    assert choice(twice, names).weights == pytest.approx(choice([*some[:30], *some], names).weights, abs=1e-3)


def test_logistic_gives_the_share_of_positives() -> None:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(4000, 2))
    labels = rng.random(4000) < 1 / (1 + np.exp(-(1.5 * x[:, 0] - 0.5)))
    model = logistic(x.tolist(), labels.tolist(), ("a", "b"), [1.0] * 4000)
    assert model.weights[0] == pytest.approx(1.5, abs=0.15)
    assert model.weights[1] == pytest.approx(0.0, abs=0.15)
    assert model.intercept == pytest.approx(-0.5, abs=0.15)
