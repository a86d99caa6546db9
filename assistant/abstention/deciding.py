"""From what was measured in the ranking to the probability that the source answers, and to a decision.

The measurements follow Kamath et al. (2020), who show that a small calibrator on such features abstains better than the
model's own highest probability. The probability refers to questions like those it was fitted on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.calibration import Calibration
from assistant.types import ScoredPassage

CONFIDENCE_FEATURES = ("answers", "span", "wanted", "named", "known")


def is_answered(sure: float, calibration: Calibration) -> bool:
    """Whether an answer is shown at this confidence; "Not in the source." below it."""
    return sure >= calibration.threshold


def measure(ranking: Sequence[ScoredPassage]) -> dict[str, float]:
    """The features of a ranking, by the names in CONFIDENCE_FEATURES and "told": the highest answer logit, of a
    passage that does not say of another what is asked; and of the best sentence its span margin, whether it holds the
    kind of thing asked for, which part of the names in the question stand near it, whether all of them stand in its
    document at all, and whether it is a row of a table or a key line that holds just what is asked for. None of them
    where no sentence that can be shown was read.

    What a passage gained for lying near the conversation is left out: it says where to look, not that there is an
    answer.
    """
    read = [(p, p.features.get("near", 0.0)) for p in ranking if p.features]
    sentences = [(s.score - gained, s) for p, gained in read for s in p.sentences]
    if not sentences:
        return {}
    _, best = max(sentences, key=lambda pair: pair[0])
    around = next(p for p, _ in read if p.passage.id == best.passage.id)
    answers = [p.features["answers"] for p, _ in read if not p.features.get("another")]
    return {
        "answers": max(answers, default=min(p.features["answers"] for p, _ in read)),
        "span": best.span_score,
        "wanted": best.features["wanted"],
        "named": around.features["named"],
        "known": around.features["known"],
        "told": best.features.get("told", 0.0),
    }


def confidence(features: Mapping[str, float], calibration: Calibration) -> float:
    """The probability, 0 to 1, that the source answers; 0 where nothing was measured."""
    if not features:
        return 0.0
    sure = calibration.confidence.probability([features[name] for name in CONFIDENCE_FEATURES])
    return max(sure, calibration.policy.told) if features.get("told") else sure
