"""The fitted numbers behind ranking and abstention, read from `calibration.json`.

Written by `python -m eval.lab.calibrate`, which says on what data. Four logistic models (a passage holds the answer, a
sentence holds it, what was read answers, the source answers at all) and the threshold of abstention.
But: nothing here is fitted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vectorstore.disk.packaged import packaged

FILE = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: features by name, one weight each, and an intercept."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float

    def logit(self, values: Sequence[float]) -> float:
        """The log-odds for one row of features, in the order of `features`."""
        total = self.intercept + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return round(total, 6)

    def probability(self, values: Sequence[float]) -> float:
        """The probability for one row of features, 0 to 1."""
        logit = max(-30.0, min(30.0, self.logit(values)))
        return round(1 / (1 + math.exp(-logit)), 4)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The four models, and `threshold`: the confidence below which attest abstains."""

    passage: Logistic
    sentence: Logistic
    verdict: Logistic
    confidence: Logistic
    threshold: float


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """The calibration that ships with attest. Raises AttestError where its file is damaged."""
    data = json.loads(packaged(FILE))
    models = {
        name: Logistic(tuple(data[name]["weights"]), tuple(data[name]["weights"].values()), data[name]["intercept"])
        for name in ("passage", "sentence", "verdict", "confidence")
    }
    return Calibration(**models, threshold=data["threshold"])
