"""The numbers behind ranking, selection and abstention: those that were fitted, and those that were chosen.

Fitted are four logistic models (a passage holds the answer, a sentence holds it, what was read answers, the source
answers at all) and the threshold of abstention: `python -m eval.lab.calibrate` writes them to `calibration.json` and
says on what data. Chosen are those of `Policy`.
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
class Policy:
    """Numbers that were chosen on the tuning parts of `eval/sets`; what the parts that they belong to are worth, is
    measured by `python -m eval.lab.ablation`.

    How much is read. Each search proposes `candidates` passages, which are ordered by the search's score and, with the
    weight `words_found`, by how near their words are; of these the reader reads `read` at most, `at_a_time`
    after each other until the answer is clear or hopeless, at least `read_at_least` where it may need more than one
    sentence (a name, a date, a number or a place may be found in the first round). Clear is one passage that reaches
    the logits `clear_relevance` and `clear_answers`; hopeless are passages of which none reaches the relevance
    `hopeless`.

    What a follow-up adds. A passage around what the last turns showed gains `near` in log-odds once it is read, and
    `near_found` of the search's score (0 to 1) before; `near_turns` turns count, and `near_passages` passages to each
    side. A sentence that was shown before loses `seen` in log-odds.

    How sure. A row of a table that the question names by its cells, where it asks for a column by its header and says
    nothing else, is the answer by the form of the question, and so is a key line, of those found, that alone has the
    key that it says: its confidence is `told` at least.

    What is shown. Beside the best sentence, another is shown whose odds are at least `beside_list`, `beside_reason` or
    `beside_fact` of the best's, by what is asked for. A short answer is marked where its margin over "no answer here"
    is at least `mark` in logits.
    """

    candidates: int = 40
    words_found: float = 0.7
    read: int = 8
    at_a_time: int = 2
    read_at_least: int = 4
    clear_relevance: float = 2.0
    clear_answers: float = 0.0
    hopeless: float = -1.0
    near: float = 1.0
    near_found: float = 0.1
    near_turns: int = 3
    near_passages: int = 2
    seen: float = 1.0
    beside_list: float = 0.1
    beside_reason: float = 0.1
    beside_fact: float = 0.2
    mark: float = -4.0
    told: float = 0.9


@dataclass(frozen=True, slots=True)
class Calibration:
    """The four models; `threshold`: the confidence below which attest abstains."""

    passage: Logistic
    sentence: Logistic
    verdict: Logistic
    confidence: Logistic
    threshold: float
    policy: Policy = Policy()


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """The calibration that ships with attest. Raises AttestError where its file is damaged."""
    data = json.loads(packaged(FILE))
    models = {
        name: Logistic(tuple(data[name]["weights"]), tuple(data[name]["weights"].values()), data[name]["intercept"])
        for name in ("passage", "sentence", "verdict", "confidence")
    }
    return Calibration(threshold=data["threshold"], policy=Policy(), **models)
