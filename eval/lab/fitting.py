"""Fits the logistic models of `calibration.json`.

`choice` learns to put the right one of a question's candidates first: a conditional logit (McFadden 1974), in which
any of several right ones will do. `logistic` learns a probability. Both on standardised features with a ridge penalty,
the weights put back to the features' own scale afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.calibration import Logistic

DIGITS = 5
RIDGE = 0.5


@dataclass(frozen=True, slots=True)
class CandidateRows:
    """The candidates of one question: `rows` (n, features), `right` (n,), and what the question counts."""

    rows: NDArray[np.float64]
    right: NDArray[np.bool_]
    weight: float


def choice(
    questions: Sequence[CandidateRows], features: Sequence[str], *, at_least_zero: Sequence[str] = ()
) -> Logistic:
    """The weights that put a right candidate first; the scores are on the scale of log-odds (Platt 1999).

    Questions whose candidates are all right, or all wrong, teach nothing and are left out. `at_least_zero`: features
    whose weight may not fall below zero.
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    useful = [q for q in questions if q.right.any() and not q.right.all()]
    pooled = np.concatenate([q.rows for q in useful])
    scale = pooled.std(axis=0) + 1e-9
    scaled = [q.rows / scale for q in useful]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for q, rows in zip(useful, scaled, strict=True):
            scores = rows @ weights
            everything, right = logsumexp(scores), logsumexp(scores[q.right])
            total += q.weight * float(everything - right)
            expected = np.exp(scores - everything) @ rows
            among_right = np.exp(scores[q.right] - right) @ rows[q.right]
            gradient = gradient + q.weight * (expected - among_right)
        return total, gradient

    bounds = [(0.0, None) if name in at_least_zero else (None, None) for name in features]
    found = minimize(loss, np.zeros(len(features)), jac=True, method="L-BFGS-B", bounds=bounds)
    weights = found.x / scale
    scores = pooled @ weights
    labels = np.concatenate([q.right for q in useful])
    counts = np.concatenate([np.full(len(q.right), q.weight) for q in useful])
    platt = logistic([[score] for score in scores.tolist()], labels.tolist(), ("score",), counts.tolist())
    return Logistic(
        tuple(features),
        tuple(round(float(weight) * platt.weights[0], DIGITS) for weight in weights),
        platt.intercept,
    )


def logistic(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], features: Sequence[str], counts: Sequence[float]
) -> Logistic:
    """A logistic regression; `counts`: what each row counts."""
    from sklearn.linear_model import LogisticRegression

    x = np.asarray(rows, dtype=float)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=1 / (2 * RIDGE), max_iter=2000)
    model.fit((x - mean) / scale, np.asarray(labels), sample_weight=np.asarray(counts))
    weights = model.coef_[0] / scale
    return Logistic(
        tuple(features),
        tuple(round(float(w), DIGITS) for w in weights),
        round(float(model.intercept_[0] - weights @ mean), DIGITS),
    )
