"""The checker: a text and an index in, a verdict on each sentence out, with what speaks for and against it.

Each sentence is searched for, compared with the nearest windows of the source, alone and two together, and the best of
these decides. A sentence that stands in the source word for word needs no more.
But: nothing here says what a signal counts (`verdict.json`), and no document is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.check.reasons import reason_for
from assistant.check.sentences import Claim, claims_of
from assistant.check.signals import Entailed, is_whole, merged, signals
from assistant.check.types import Check, CheckedSentence, Finding, Verdict
from assistant.check.verdict import Verdicts, load_verdicts
from assistant.check.windows import Window, windows_for
from assistant.check.words import ClaimWords, claim_words
from assistant.ranking import Source
from assistant.reader.runtime import Reader, Told, load_reader
from assistant.reader.states import States
from assistant.types import Citation
from ingest.deadline import unchecked
from vectorstore.errors import UsageError

CHECKER = "attest"
MAX_CHARACTERS = 100_000
COMPARED = 3
"""Windows of a sentence that are read; two of them also together."""
ALL = 0.98
"""From which part of a sentence on one window holds all of it, so that two together are not tried."""
AT_A_TIME = 16
"""Pairs that the reader's head is given at once: a long text lets others read in between."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Windows that may support a sentence together, and what is known of them."""

    windows: tuple[Window, ...]
    findings: tuple[Finding, ...] = ()
    signals: dict[str, float] | None = None
    support: float = 0.0
    contradiction: float = 0.0


class Checker:
    """Checks texts against the documents of one open index; safe in several threads. `reader`: the shipped one is
    loaded at first use. Raises AttestError where a shipped file is damaged."""

    def __init__(self, index: Source, *, reader: Reader | None = None, verdicts: Verdicts | None = None) -> None:
        self.index = index
        self.name = CHECKER
        self._reader = reader
        self._verdicts = verdicts or load_verdicts()

    @cached_property
    def reader(self) -> Reader:
        """The reader, loaded at first use."""
        return self._reader or load_reader()

    def check(
        self,
        text: str,
        *,
        cited: Sequence[Citation] = (),
        document_ids: Collection[str] | None = None,
        step: Callable[[], None] = unchecked,
    ) -> Check:
        """The text, checked sentence by sentence against the documents named (all, if None). `cited`: the places that
        the text cites: a sentence with marks "[2]" cites the second of them, one without marks all of them. `step` is
        called again and again while it works; what it raises ends the check.

        Raises UsageError for a text of more than MAX_CHARACTERS characters or one that is not text.
        """
        check_text(text)
        claims = claims_of(text)
        while True:
            version = self.index.version
            try:
                sentences = self._checked(text, claims, cited, document_ids, step)
            except KeyError:  # a document that was found has been removed since
                if self.index.version == version:
                    raise
                continue
            if self.index.version == version:
                return Check(text, verdict_on(sentences), tuple(sentences), self.name)

    def _checked(
        self,
        text: str,
        claims: Sequence[Claim],
        cited: Sequence[Citation],
        document_ids: Collection[str] | None,
        step: Callable[[], None],
    ) -> list[CheckedSentence]:
        found: list[tuple[Claim, ClaimWords, list[_Group]] | None] = []
        for claim in claims:
            step()
            if not claim.checkable:
                found.append(None)
                continue
            words = claim_words(claim.said, self.reader)
            places = [cited[n - 1] for n in claim.cites if 0 < n <= len(cited)] if claim.cites else cited
            windows = windows_for(
                words, claim.searched, self.index, self.reader, cited=places, document_ids=document_ids
            )
            found.append((claim, words, _groups(claim, windows)))
        said = self._entailed([one for one in found if one is not None], step)
        checked = []
        for claim, one in zip(claims, found, strict=True):
            step()
            if one is None:
                checked.append(_unchecked(text, claim))
            else:
                checked.append(self._judged(text, *one, said))
        return checked

    def _entailed(
        self, found: Sequence[tuple[Claim, ClaimWords, list[_Group]]], step: Callable[[], None]
    ) -> dict[tuple[int, int], Entailed]:
        """What the reader's head says of each group, by the place of the sentence and the group's number; whole
        sentences of the source are not asked about."""
        wanted: list[tuple[int, int]] = []
        pairs: list[tuple[str, Told, States | None]] = []
        for claim, _, groups in found:
            for n, group in enumerate(groups):
                if not any(is_whole(claim.said, window) for window in group.windows):
                    wanted.append((claim.start, n))
                    pairs.append((claim.searched, *self._read(group)))
        said: list[Entailed] = []
        for first in range(0, len(pairs), AT_A_TIME):
            step()
            said += self.reader.entailed(pairs[first : first + AT_A_TIME])
        return dict(zip(wanted, said, strict=True))

    def _read(self, group: _Group) -> tuple[Told, States | None]:
        reads = [window.read for window in group.windows if window.read]
        told = Told("\n".join(read.text for read in reads))
        states = [self.reader.part(read.told, read.states, read.spans) for read in reads]
        return told, States.joined(states)

    def _judged(
        self,
        text: str,
        claim: Claim,
        words: ClaimWords,
        groups: Sequence[_Group],
        said: dict[tuple[int, int], Entailed],
    ) -> CheckedSentence:
        judged = []
        for n, group in enumerate(groups):
            findings = merged([_compared(claim.said, window) for window in group.windows])
            known = signals(words, group.windows, findings, said.get((claim.start, n)))
            whole = any(is_whole(claim.said, window) for window in group.windows)
            certain = whole and not any(finding.outcome == "differs" for finding in findings)
            support = 1.0 if certain else self._verdicts.support(known)
            against = 0.0 if certain else self._verdicts.contradiction(known)
            judged.append(_Group(group.windows, tuple(findings), known, support, against))
        best = max(judged, key=lambda group: group.support, default=_Group(()))
        verdict: Verdict = "not found"
        if best.windows and best.support >= self._verdicts.supported_from:
            verdict = "supported"
        else:
            against_group = max(judged, key=lambda group: group.contradiction, default=best)
            if against_group.contradiction >= self._verdicts.contradicted_from:
                verdict, best = "contradicted", against_group
        cited = _cited(best)
        return CheckedSentence(
            text[claim.start : claim.end],
            claim.start,
            claim.end,
            verdict,
            best.support,
            reason_for(verdict, words, best.windows, best.findings),
            cited if verdict != "not found" else (),
            best.findings,
            closest=cited if verdict == "not found" else (),
        )


def check_text(text: str) -> None:
    """Raises UsageError for a text that is too long, or not text."""
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"the text has {len(text):,} characters, {MAX_CHARACTERS:,} are the most: check it in parts")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError("the text is not valid UTF-8: save it again as UTF-8")


def verdict_on(sentences: Sequence[CheckedSentence]) -> Verdict:
    """The verdict on a text: that of its weakest sentence that claims something; "not found" where none does."""
    said = {sentence.verdict for sentence in sentences if sentence.checkable}
    order: tuple[Verdict, ...] = ("contradicted", "not found", "supported")
    return next((verdict for verdict in order if verdict in said), "not found")


def _groups(claim: Claim, windows: Sequence[Window]) -> list[_Group]:
    """The windows one by one, and the best with the one that adds most to it."""
    whole = next((window for window in windows if is_whole(claim.said, window)), None)
    if whole is not None:
        return [_Group((whole,))]
    compared = windows[:COMPARED]
    groups = [_Group((window,)) for window in compared]
    if len(compared) > 1 and compared[0].near < ALL:
        ordered = sorted(compared[:2], key=lambda window: (window.document.id, window.start))
        groups.append(_Group(tuple(ordered)))
    return groups


def _compared(said: str, window: Window) -> list[Finding]:
    return []


def _cited(group: _Group) -> tuple[Citation, ...]:
    """The sentences of the windows, those of the one that holds the most first."""
    windows = sorted(group.windows, key=lambda window: -window.near)
    return tuple(dict.fromkeys(citation for window in windows for citation in window.citations()))


def _unchecked(text: str, claim: Claim) -> CheckedSentence:
    reason = "This claims nothing that could be checked."
    return CheckedSentence(
        text[claim.start : claim.end], claim.start, claim.end, "not found", 0.0, reason, checkable=False
    )
