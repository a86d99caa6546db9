"""Attribution metrics: whether the one who is quoted is named, and whether a quoted claim is passed off as the text's.

But: speakers are compared by their last name.
"""

from __future__ import annotations

from eval.cases import Case
from eval.metrics.answer import normalised, stands_in
from eval.responses import Response, Said


def speaker_right(case: Case, response: Response) -> float | None:
    """1 where the speaker of a who-said question is named, by a citation or, where that names nobody, in the words
    shown, else 0. None where the case names no speaker, and for an answer that cites nothing. (Attribution accuracy, as
    in quotation attribution, Muzny et al. 2017.)"""
    if case.speaker is None or not any(said.citations for said in response.sentences):
        return None
    return float(any(_names(said, case.speaker) for said in response.sentences))


def voice_error(case: Case, response: Response) -> float | None:
    """1 where a sentence that cites the evidence of a quoted claim names its speaker neither in a citation nor in its
    words, so that the claim reads as the text's own or as another's; else 0. None where the case names no speaker or no
    sentence cites the evidence. (Promise 8 of attest.)"""
    if case.speaker is None:
        return None
    quoting = [said for said in response.sentences if _cites(said, case)]
    return float(any(not _names(said, case.speaker) for said in quoting)) if quoting else None


def _cites(said: Said, case: Case) -> bool:
    here = [cited for cited in said.citations if not cited.foreign]
    return any(cited.start < end and start < cited.end for cited in here for start, end in case.evidence)


def _names(said: Said, speaker: str) -> bool:
    """In its citations; in its words where these name nobody."""
    named = " ".join(cited.speaker or "" for cited in said.citations).strip()
    return stands_in(normalised(speaker).split()[-1], normalised(named or said.text))
