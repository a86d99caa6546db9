"""Where documents differ: the sentences of several documents that answer the same question with another number, date or
name.

    "When was the pier opened?"     Harbour guide: It was opened in 1887.
                                    Town chronicle: The pier was opened in 1891.

Only where it is certain: each sentence answers by itself with the reader's margin, every name of the question stands
near it, and the comparison of the two (`typed/`) says that exactly what answers differs. Copies of a text, and ways to
write the same thing, do not differ.
But: what was not read for the question is not looked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.calibration import Policy
from assistant.check.typed.comparing import compare
from assistant.check.types import Kind
from assistant.check.windows import Window
from assistant.types import ScoredPassage, ScoredSentence
from assistant.understanding.question import Question
from vectorstore.types import Document, shown

KINDS: Mapping[str, tuple[Kind, ...]] = {
    "time": ("date",),
    "number": ("number",),
    "person": ("name",),
    "place": ("name",),
}
MARGIN = 2.0
"""From which margin over "no answer here", in logits, a short answer is sure enough to be set against another."""
MOST = 3
"""Documents that are shown side by side."""


def side_by_side(
    question: Question, ranking: Sequence[ScoredPassage], documents: Mapping[str, Document], policy: Policy
) -> list[ScoredSentence]:
    """The best sentence and those of other documents that answer otherwise, the best first; none where no document
    differs. `documents`: those of the ranking, by their ids."""
    if question.wanted not in KINDS or question.is_list or question.who_said:
        return []
    best: dict[str, ScoredSentence] = {}
    for passage in ranking:
        known_things = passage.features.get("named") == 1.0
        if not known_things or passage.features["answers"] < policy.clear_answers:
            continue
        for sentence in passage.sentences:
            known = best.get(passage.passage.document_id)
            if _is_sure(sentence) and (known is None or sentence.score > known.score):
                best[passage.passage.document_id] = sentence
    answers = sorted(best.values(), key=lambda sentence: -sentence.score)
    if len(answers) < 2:
        return []
    kinds = KINDS[question.wanted]
    chosen = answers[:1]
    for one in answers[1:]:
        if len(chosen) < MOST and all(_differ(one, other, documents, kinds) for other in chosen):
            chosen.append(one)
    return chosen if len(chosen) > 1 else []


def _is_sure(sentence: ScoredSentence) -> bool:
    return bool(sentence.features.get("wanted")) and sentence.span_score >= MARGIN


def _differ(
    one: ScoredSentence, other: ScoredSentence, documents: Mapping[str, Document], kinds: Sequence[Kind]
) -> bool:
    """Whether what answers in the one sentence stands in the other as something else, seen from either side."""
    return _says_else(one, other, documents, kinds) and _says_else(other, one, documents, kinds)


def _says_else(
    one: ScoredSentence, other: ScoredSentence, documents: Mapping[str, Document], kinds: Sequence[Kind]
) -> bool:
    source = documents[other.passage.document_id]
    claim = shown(documents[one.passage.document_id], one.span.start, one.span.end)
    start, end = one.answer[0] - one.span.start, one.answer[1] - one.span.start
    return any(
        finding.outcome == "differs"
        and finding.kind in kinds
        and finding.claim is not None
        and finding.source is not None
        and (finding.claim[0] < end and start < finding.claim[1])
        and (finding.source.start < other.answer[1] and other.answer[0] < finding.source.end)
        for finding in compare(claim, Window(source, other.passage.section, (other.span,)))
    )
