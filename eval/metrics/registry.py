"""The metrics of a run, in the order in which they are reported: name, label, direction, and whether the gate tests it.

How each is measured stands in the module of its group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Metric:
    """`name` as in a run file. `headline`: in the first table, and tested by the gate. `of_set`: of many cases
    together, with no value for one case."""

    name: str
    label: str
    group: str
    better: Direction
    headline: bool
    about: str
    of_set: bool = False

    @property
    def best(self) -> float:
        """What a case without fault has."""
        return 1.0 if self.better == "higher" else 0.0


METRICS: tuple[Metric, ...] = (
    Metric("passed", "right answers and right refusals", "overall", "higher", True, "Cases with nothing wrong."),
    Metric("hit@1", "evidence in the first passage", "retrieval", "higher", True, "Half of a piece of gold or more."),
    Metric("hit@5", "evidence in the first five", "retrieval", "higher", True, "As above, in any of five."),
    Metric("recall@5", "recall@5", "retrieval", "higher", False, "Share of the pieces of gold found by five passages."),
    Metric(
        "recall@10", "recall@10", "retrieval", "higher", False, "Share of the pieces of gold found by ten passages."
    ),
    Metric("mrr", "MRR", "retrieval", "higher", False, "1 / rank of the first passage with evidence."),
    Metric(
        "ndcg@10",
        "nDCG@10",
        "retrieval",
        "higher",
        True,
        "trec_eval's ndcg_cut; each piece of gold a document, at most 1.",
    ),
    Metric(
        "characters@5", "evidence recall@5 by characters", "retrieval", "higher", False, "Characters of gold covered."
    ),
    Metric("nuggets_vital", "vital facts shown", "answer", "higher", True, "Strict vital nugget recall."),
    Metric("nuggets_all", "facts shown", "answer", "higher", False, "Strict nugget recall, vital and okay."),
    Metric("nuggets_vital_lenient", "vital facts shown, lenient", "answer", "higher", False, "Part of a fact is half."),
    Metric("nuggets_all_lenient", "facts shown, lenient", "answer", "higher", False, "Part of a fact is half."),
    Metric("short_em", "short answer, exact match", "answer", "higher", False, "SQuAD EM of the marked words."),
    Metric("short_f1", "short answer, token F1", "answer", "higher", True, "SQuAD F1 of the marked words."),
    Metric("quote_fidelity", "citations exact", "citation", "higher", True, "The quotation stands at its offsets."),
    Metric("citation_recall", "citation recall", "citation", "higher", True, "Sentences that their citations support."),
    Metric("citation_precision", "citation precision", "citation", "higher", True, "Citations that support."),
    Metric("span_precision", "cited characters that are gold", "citation", "higher", False, "Span precision."),
    Metric("span_recall", "gold characters that are cited", "citation", "higher", False, "Span recall."),
    Metric("span_f1", "span F1", "citation", "higher", True, "Of cited against gold characters."),
    Metric("uncited", "sentences without a citation", "citation", "lower", True, "Share of an answer's sentences."),
    Metric("misattribution", "supported, but not where cited", "citation", "lower", True, "Share of cited sentences."),
    Metric(
        "structure_shown", "headings and captions shown as answers", "citation", "lower", True, "Share of sentences."
    ),
    Metric("sentence_support", "sentences the text supports", "grounding", "higher", True, "Anywhere in the text."),
    Metric("strict_response", "answers supported throughout", "grounding", "higher", True, "By their own citations."),
    Metric("answered", "answers where there is an answer", "abstention", "higher", True, "1 - false abstention."),
    Metric("refused", "abstains where there is none", "abstention", "higher", True, "1 - false answer."),
    Metric("coverage", "coverage", "abstention", "higher", False, "Share of all questions answered.", True),
    Metric("selective_risk", "selective risk", "abstention", "lower", False, "Share of answers that are wrong.", True),
    Metric("aurc", "AURC", "abstention", "lower", False, "Area under the risk-coverage curve.", True),
    Metric("augrc", "AUGRC", "abstention", "lower", False, "Area under the generalised curve.", True),
    Metric("auroc", "AUROC, answerable or not", "abstention", "higher", False, "Confidence as the score.", True),
    Metric("ece", "expected calibration error", "abstention", "lower", False, "Ten bins of confidence.", True),
    Metric(
        "rule_threshold",
        "threshold by the rule",
        "abstention",
        "higher",
        False,
        "Clopper-Pearson bound of false abstention, on the tuning part only.",
        True,
    ),
    Metric("follow_up", "follow-ups: evidence first", "conversation", "higher", True, "Topic switches apart."),
    Metric("standalone", "the same asked stand-alone", "conversation", "higher", False, "Evidence first."),
    Metric("raw", "the same without its history", "conversation", "higher", False, "Evidence first."),
    Metric(
        "gap_closed", "gap closed", "conversation", "higher", False, "(follow-up - raw) / (stand-alone - raw).", True
    ),
    Metric("carried_over", "false carry-over on a topic switch", "conversation", "lower", True, "Words dragged along."),
    Metric("speaker", "right speaker named", "attribution", "higher", True, "In who-said questions."),
    Metric("voice_error", "a quoted claim shown as the article's", "attribution", "lower", True, "Voice error rate."),
)

_BY_NAME = {metric.name: metric for metric in METRICS}


def metric(name: str) -> Metric:
    """The metric of that name. Raises KeyError."""
    return _BY_NAME[name]
