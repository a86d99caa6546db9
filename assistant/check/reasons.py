"""Why a verdict is what it is: one plain line that a person can act on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from assistant.check.signals import held_together
from assistant.check.types import Finding, Verdict
from assistant.check.windows import Window
from assistant.check.wording.words import ClaimWords, misspelt
from assistant.ranking import Source
from assistant.understanding.question import WORD, stem
from vectorstore.folding import folded
from vectorstore.types import Document, shown_text

MOST_CHARACTERS = 2_000_000
"""In how many characters a word is looked for."""
MISSING = 0.5
"""A word that is held less than this is not in the source."""


def reason_for(
    verdict: Verdict, findings: Sequence[Finding], missing: Sequence[str], elsewhere: Collection[str] | None
) -> str:
    """The reason: what the deciding finding says, else which words the source does not hold. "" where the source
    supports it. `missing`: the words that the best windows lack, and `elsewhere` those of them that the documents hold
    in other places, None where they were not looked through."""
    if verdict == "supported":
        return ""
    differing = [finding for finding in findings if finding.outcome == "differs"]
    if differing:
        return _sentence(differing[0].reason)
    if verdict == "contradicted":
        return "The source says otherwise."
    nowhere = [word for word in missing if elsewhere is not None and word not in elsewhere]
    if nowhere:
        return f"Nothing in the source mentions {_listed(nowhere)}."
    absent = [finding for finding in findings if finding.outcome == "absent"]
    if absent:
        return _sentence(absent[0].reason)
    if missing:
        return f"Where the source speaks of this, it does not mention {_listed(missing)}."
    return "The source has these words, but does not say this."


def mentioned(words: Sequence[str], index: Source, near: Sequence[Document]) -> set[str] | None:
    """Those of some words that stand anywhere in the documents of the index; None where these are too many to look
    through. `near`: documents that are at hand."""
    heads = index.heads()
    if sum(head.characters for head in heads) > MOST_CHARACTERS:
        return None
    known = {document.id: document for document in near}
    texts = [shown_text(known.get(head.id) or index.document(head.id)) for head in heads]
    return {
        word
        for word in words
        if any(all(_holds(text, part) for part in map(stem, WORD.findall(word))) for text in texts)
    }


def _holds(text: str, own: str) -> bool:
    stems = _stems(text)
    return own in stems or misspelt(own, stems)


@lru_cache(maxsize=32)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in set(WORD.findall(folded(text))))


def missing_words(words: ClaimWords, windows: Sequence[Window], findings: Sequence[Finding] = ()) -> list[str]:
    """The words that the windows do not hold, names first, at most three; words side by side are one."""
    held = held_together(words, windows, findings)
    runs: list[tuple[int, int]] = []
    for n, (start, end) in enumerate(words.spans):
        if held[n] >= MISSING:
            continue
        if runs and not words.text[runs[-1][1] : start].strip():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    found = [words.text[a:b] for a, b in runs]
    return sorted(found, key=lambda word: not word[:1].isupper())[:3]


def _sentence(reason: str) -> str:
    """A finding's reason as a sentence of its own."""
    return reason[:1].upper() + reason[1:] + "." * (not reason.endswith((".", "!", "?")))


def _listed(words: Sequence[str]) -> str:
    quoted = [word if word[:1].isupper() else f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
