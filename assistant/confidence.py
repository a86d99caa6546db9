"""How sure it is that the source answers: measurements of a ranking, turned into a calibrated probability.

The measurements follow Kamath et al. (2020), who show that a small calibrator on such features abstains better than
the model's own highest probability. The probability refers to questions like those it was fitted on.
But: nothing here chooses the sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.calibration import Calibration
from assistant.ranking import ScoredPassage

CONFIDENCE_FEATURES = ("passage", "relevance", "answers", "span", "gap", "similarity", "wanted")


def measure(ranking: Sequence[ScoredPassage]) -> dict[str, float]:
    """The features of a ranking that is not empty, by the names in CONFIDENCE_FEATURES: the best passage's score, the
    reader's highest relevance and answer logits, the best sentence's span margin, its lead over the best sentence of
    another passage, the nearest sentence vector, and whether the best sentence holds the kind of thing asked for.

    Without what a passage gained for lying near the conversation: that says where to look, not that there is an answer.
    """
    read = [(p, p.features.get("near", 0.0)) for p in ranking if p.features]
    sentences = sorted(((s.score - gained, s) for p, gained in read for s in p.sentences), key=lambda pair: -pair[0])
    if not sentences:
        return dict.fromkeys(CONFIDENCE_FEATURES, 0.0)
    top, best = sentences[0]
    others = [score for score, s in sentences if s.passage.id != best.passage.id]
    return {
        "passage": max(p.score - gained for p, gained in read),
        "relevance": max(p.features["relevance"] for p, _ in read),
        "answers": max(p.features["answers"] for p, _ in read),
        "span": best.span_score,
        "gap": min(5.0, top - others[0]) if others else 5.0,
        "similarity": max(p.features["best_sentence"] for p, _ in read),
        "wanted": best.features["wanted"],
    }


def confidence(features: Mapping[str, float], calibration: Calibration) -> float:
    """The probability, 0 to 1, that the source answers."""
    return calibration.confidence.probability([features[name] for name in CONFIDENCE_FEATURES])
