"""A sentence with its numbers and dates in the form that the source has: the network, which reads by the letters, takes
"1923-10-15" for another day than "15 October 1923" and "about 110,000" for another number than 113,394.

But: which of them agree is for the comparisons to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.check.typed.dates import dates_in
from assistant.check.types import Finding
from vectorstore.types import Document

_WORD = re.compile(r"[\W_]*(\w*)")


def in_form_of_the_source(searched: str, said: str, findings: Sequence[Finding], documents: Sequence[Document]) -> str:
    """`searched` with what agrees, by the findings on `said`, in the words of the source. A number stays as it is where
    another word follows it there ("two years", "24 months")."""
    texts = {document.id: document.text for document in documents}
    for finding in findings:
        if finding.outcome != "agrees" or finding.kind not in ("number", "date") or not finding.claim:
            continue
        place, own = finding.source, said[slice(*finding.claim)]
        if place is None or place.document_id not in texts or own.casefold() == place.quote.casefold():
            continue
        same = dates_in(own) or _next(said, finding.claim[1]) == _next(texts[place.document_id], place.end)
        if same and searched.count(own) == 1:
            searched = searched.replace(own, place.quote)
    return searched


def _next(text: str, end: int) -> str:
    found = _WORD.match(text, end)
    return found[1].casefold() if found else ""
