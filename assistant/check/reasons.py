"""Why a verdict is what it is: one plain line that a person can act on, and the places of the source to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from assistant.check.signals import held_together
from assistant.check.types import Finding, Verdict
from assistant.check.windows import Window
from assistant.check.wording.stems import Spellings
from assistant.check.wording.words import ClaimWords
from assistant.types import Citation, Source
from assistant.understanding.question import WORD, stem
from vectorstore.folding import folded
from vectorstore.types import shown_text

MOST_CHARACTERS = 2_000_000
"""In how many characters a word is looked for."""
MISSING = 0.5
"""A word that is held less than this is not in the source."""

ADDS = 0.3
"""By how much a further window has to hold a word better, so that it is shown."""


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
        return as_sentence(differing[0].reason)
    if verdict == "contradicted":
        return "The source says otherwise."
    nowhere = [word for word in missing if elsewhere is not None and word not in elsewhere]
    if nowhere:
        return f"Nothing in the source mentions {_listed(nowhere)}."
    absent = [finding for finding in findings if finding.outcome == "absent"]
    if absent:
        return as_sentence(absent[0].reason)
    if missing:
        return f"Where the source speaks of this, it does not mention {_listed(missing)}."
    return "The source has these words, but does not say this."


class Mentions:
    """Which words stand anywhere in the documents of an index. These are looked through when it is first asked, and
    again when the index has changed. Safe in several threads."""

    def __init__(self, index: Source) -> None:
        self._index = index
        self._known: tuple[int, _Vocabulary | None] | None = None

    def of(self, words: Sequence[str]) -> set[str] | None:
        """Those of some words that are mentioned; None where there are too many documents to look through. Raises
        KeyError where one has been removed meanwhile."""
        version = self._index.version
        if self._known is None or self._known[0] != version:
            self._known = (version, self._looked_through())
        vocabulary = self._known[1]
        return None if vocabulary is None else {word for word in words if vocabulary.mentions(word)}

    def _looked_through(self) -> _Vocabulary | None:
        heads = self._index.heads()
        if sum(head.characters for head in heads) > MOST_CHARACTERS:
            return None
        return _Vocabulary(shown_text(self._index.document(head.id)) for head in heads)


class _Vocabulary:
    """The stems of some texts, and in which of them each stands."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._where: dict[str, list[int]] = {}
        for number, text in enumerate(texts):
            for one in {stem(word) for word in set(WORD.findall(folded(text)))}:
                self._where.setdefault(one, []).append(number)
        self._spellings = Spellings(self._where)

    def mentions(self, word: str) -> bool:
        """Whether one text holds all parts of a word or name, each as it is or in another spelling."""
        parts = [self._texts(stem(part)) for part in WORD.findall(word)]
        return bool(parts) and bool(set.intersection(*parts))

    def _texts(self, own: str) -> set[int]:
        return {number for one in (own, *self._spellings.of(own)) for number in self._where.get(one, ())}


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


def places_shown(windows: Sequence[Window], findings: Sequence[Finding], words: ClaimWords) -> tuple[Citation, ...]:
    """The sentences of the windows: those that the deciding finding is about, then those of the one that holds the
    most; a window that holds nothing the others lack is left out."""
    kept: list[Window] = []
    for window in sorted(windows, key=lambda window: -window.near):
        before = held_together(words, kept) if kept else None
        if before is None or any(now >= held + ADDS for now, held in zip(window.held, before.tolist(), strict=True)):
            kept.append(window)
    found = list(dict.fromkeys(citation for window in kept for citation in window.citations()))
    place = next((f.source for f in findings if f.outcome == "differs" and f.source), None)
    if place is not None:
        about = [c for c in found if _meet(c, place)]
        found = [*(about or [place]), *(c for c in found if c not in about)]
    return tuple(found)


def _meet(one: Citation, other: Citation) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def as_sentence(reason: str) -> str:
    """A finding's reason as a sentence of its own."""
    return reason[:1].upper() + reason[1:] + "." * (not reason.endswith((".", "!", "?")))


def _listed(words: Sequence[str]) -> str:
    quoted = [word if word[:1].isupper() else f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def deciding_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What differs, then what is absent, then what agrees; a wrong place cited counts least."""
    order = {"differs": 0, "absent": 1, "agrees": 2}
    return tuple(sorted(findings, key=lambda finding: (finding.kind == "citation", order[finding.outcome])))
