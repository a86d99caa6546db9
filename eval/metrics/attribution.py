"""Attribution metrics: whether the one who is quoted is named, and whether a quoted claim is passed off as the text's.

But: speakers are compared by their last name.
"""

from __future__ import annotations

from eval.cases import Case
from eval.metrics.answer import normalised, stands_in
from eval.metrics.metric import HardBreak, Metric
from eval.responses import Response, ResponseSentence


def speaker_right(case: Case, response: Response) -> float | None:
    """1 where the speaker of a who-said question is named, by a citation or, where that names nobody, in the words
    shown, else 0. None where the case names no speaker, and for an answer that cites nothing. (Attribution accuracy, as
    in quotation attribution, Muzny et al. 2017.)"""
    if case.speaker is None or not any(sentence.citations for sentence in response.sentences):
        return None
    return float(any(_names(sentence, case.speaker) for sentence in response.sentences))


def voice_error(case: Case, response: Response) -> float | None:
    """1 where a sentence that cites the evidence of a quoted claim names its speaker neither in a citation nor in its
    words, so that the claim reads as the text's own or as another's; else 0. None where the case names no speaker or no
    sentence cites the evidence. (Promise 8 of attest.)"""
    if case.speaker is None:
        return None
    quoting = [sentence for sentence in response.sentences if _cites(sentence, case)]
    return float(any(not _names(sentence, case.speaker) for sentence in quoting)) if quoting else None


def _cites(sentence: ResponseSentence, case: Case) -> bool:
    here = [citation for citation in sentence.citations if not citation.foreign]
    return any(citation.start < end and start < citation.end for citation in here for start, end in case.evidence)


def _names(sentence: ResponseSentence, speaker: str) -> bool:
    """In its citations; in its words where these name nobody."""
    named = " ".join(citation.speaker or "" for citation in sentence.citations).strip()
    return stands_in(normalised(speaker).split()[-1], normalised(named or sentence.text))


METRICS = (
    Metric(
        "speaker",
        "right speaker named",
        "In who-said questions.",
        lambda judged: speaker_right(judged.case, judged.response),
        headline=True,
        required=True,
        breaks=HardBreak(6, "the speaker was named rightly and is not"),
    ),
    Metric(
        "voice_error",
        "a quoted claim shown as the article's",
        "Voice error rate.",
        lambda judged: voice_error(judged.case, judged.response),
        better="lower",
        headline=True,
        required=True,
        breaks=HardBreak(7, "a quoted claim is shown as the article's own"),
    ),
)
