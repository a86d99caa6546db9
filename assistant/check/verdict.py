"""From signals to a verdict: two logistic models, whose coefficients and thresholds stand in `verdict.json`.

    supported      does the source support the sentence as a whole
    contradicted   where it does not: does it say otherwise, or nothing of it

A model may leave signals out; the file names those it uses. `eval.lab.check.fit` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.calibration import Logistic
from assistant.check.signals import SIGNALS
from vectorstore.disk.packaged import packaged
from vectorstore.errors import AttestError

HELD = 0.7
"""Which part of a sentence the source has to hold for the network alone to say that it says otherwise, as of a
question's premise (`asked/otherwise.py`)."""
DIFFERING = tuple(name for name in SIGNALS if name.endswith(" differs"))
LACKING = tuple(f"{kind} absent" for kind in ("number", "date", "name"))
FILE = Path(__file__).with_name("verdict.json")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Both models, and from which probability on each says so."""

    supported: Logistic
    contradicted: Logistic
    supported_from: float
    contradicted_from: float

    def support(self, signals: Mapping[str, float]) -> float:
        """The probability, 0 to 1, that the sentence is supported."""
        return self.supported.probability([signals[name] for name in self.supported.features])

    def contradiction(self, signals: Mapping[str, float]) -> float:
        """The probability, 0 to 1, that the source says otherwise, where the sentence is not supported; 0 where no word
        differs and the source lacks some of what it says: the network takes other words for another fact."""
        if not any(signals[name] for name in DIFFERING) and (
            signals["precision"] < HELD or any(signals[name] for name in LACKING)
        ):
            return 0.0
        return self.contradicted.probability([signals[name] for name in self.contradicted.features])


@lru_cache(maxsize=1)
def load_verdicts() -> Verdicts:
    """The models that ship with attest. Raises AttestError where their file is damaged."""
    return read_verdicts(packaged(FILE))


def read_verdicts(content: bytes) -> Verdicts:
    """The models of a file: `{"supported": {"weights": {signal: weight}, "intercept": x, "from": probability},
    "contradicted": {...}}`; what else it holds is for people. Raises AttestError for a signal that does not exist."""
    data = json.loads(content)
    models = {}
    for name in ("supported", "contradicted"):
        weights = data[name]["weights"]
        unknown = set(weights) - set(SIGNALS)
        if unknown:
            raise AttestError(f"{FILE.name} weighs a signal that does not exist: {', '.join(sorted(unknown))}")
        models[name] = Logistic(tuple(weights), tuple(weights.values()), data[name]["intercept"])
    return Verdicts(
        models["supported"], models["contradicted"], data["supported"]["from"], data["contradicted"]["from"]
    )
