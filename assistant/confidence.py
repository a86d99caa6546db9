"""How sure it is that the source answers: measurements of a ranking, turned into a calibrated probability.

The measurements follow Kamath et al. (2020), who show that a small calibrator on such features abstains better than
the model's own highest probability. The probability refers to questions like those it was fitted on.
But: nothing here chooses the sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.calibration import Calibration
from assistant.question import Question, stems_of
from assistant.ranking import ScoredPassage

CONFIDENCE_FEATURES = (
    "relevance",
    "answers",
    "span",
    "sentence",
    "gap",
    "dense",
    "best_sentence",
    "covered",
    "names",
    "wanted",
)


def measure(question: Question, ranking: Sequence[ScoredPassage], documents: Mapping[str, str]) -> dict[str, float]:
    """The features of a ranking, by the names in CONFIDENCE_FEATURES. `ranking` is not empty."""
    top = ranking[0]
    sentences = sorted((s for p in ranking for s in p.sentences), key=lambda s: -s.score)
    best = sentences[0]
    others = [s.score for s in sentences[1:] if s.passage.id != best.passage.id]
    text = documents[top.passage.document_id][top.passage.start : top.passage.end]
    around = set(stems_of(f"{top.passage.section} {text}"))
    return {
        "relevance": max(p.features["relevance"] for p in ranking if p.features),
        "answers": max(p.features["answers"] for p in ranking if p.features),
        "span": best.span_score,
        "sentence": best.score,
        "gap": best.score - max(others, default=best.score - 5),
        "dense": max(p.features["dense"] for p in ranking if p.features),
        "best_sentence": max(p.features["best_sentence"] for p in ranking if p.features),
        "covered": best.features["covered"],
        "names": sum(name in around for name in question.names) / len(question.names) if question.names else 1.0,
        "wanted": best.features["wanted"],
    }


def confidence(features: Mapping[str, float], calibration: Calibration) -> float:
    """The probability, 0 to 1, that the source answers."""
    return calibration.confidence.probability([features[name] for name in CONFIDENCE_FEATURES])
