"""Whether the source says otherwise than a question takes for granted: the premise as a claim (`premise.py`), held
against the windows of the source that are nearest to it, and the reader's head asked of each.

It costs as many runs of the upper half of the reader as there are windows, COMPARED at most, on states that are kept.
But: where the source says nothing of the premise, nothing is said here; and a denied premise ("Why did X never ...?")
is not judged, because the head takes a "not" on both sides for a contradiction too often.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.check.asked.premise import premise_of
from assistant.check.signals import signals
from assistant.check.windows import Window, windows_for
from assistant.check.wording.told import ToldPassages
from assistant.check.wording.words import claim_words
from assistant.citation import cite
from assistant.reader.runtime import Reader
from assistant.types import Sentence, Source

COMPARED = 3
SUREST = 0.85
"""The confidence from which on a question is not questioned: a source that answers it so clearly bears it out."""
CONTRADICTS, SUPPORTS, HELD = 0.2, 0.2, 0.7
"""A window contradicts from this margin on, in logits, where it holds this part of the premise's words and no window
supports it by more than that margin."""
_DENIED = re.compile(r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without)\b|n't\b", re.I)


def says_otherwise(
    question: str, index: Source, reader: Reader, *, document_ids: Collection[str] | None = None
) -> tuple[Sentence, ...]:
    """The sentences of the source that contradict what the question takes for granted, in their order; none where
    nothing does with certainty. Raises KeyError where a document that was found has been removed since."""
    premise = premise_of(question)
    if premise is None or not premise.whole or _DENIED.search(premise.claim):
        return ()
    words = claim_words(premise.claim, reader)
    found = windows_for(words, premise.claim, ToldPassages(index, reader), document_ids=document_ids)
    windows = [(window, window.read) for window in found[:COMPARED]]
    pairs = [(premise.claim, read.told, reader.part(read.told, read.states, read.spans)) for _, read in windows if read]
    judged = [
        (window, signals(words, (window,), (), entailed))
        for (window, _), entailed in zip([one for one in windows if one[1]], reader.entailed(pairs), strict=True)
    ]
    if any(known["supports"] > SUPPORTS for _, known in judged):
        return ()
    against = [(known["contradicts"], window) for window, known in judged if known["precision"] >= HELD]
    margin, window = max(against, key=lambda one: one[0], default=(float("-inf"), None))
    return _shown(window) if window is not None and margin >= CONTRADICTS else ()


def _shown(window: Window) -> tuple[Sentence, ...]:
    return tuple(cite(window.document, span, window.section) for span in window.sentences)
