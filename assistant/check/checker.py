"""The checker: a text and an index in, a verdict on each sentence out, with what speaks for and against it.

Each sentence is searched for, compared with the nearest windows of the source, alone and two together, and the best of
these decides. A sentence that stands in the source word for word needs no more.
But: nothing here says what a signal counts (`verdict.json`), and no document is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Protocol

import numpy as np

from assistant.check.quotations import judge_quotations
from assistant.check.quoting.places import Sources
from assistant.check.reasons import Mentions, deciding_first, missing_words, places_shown, reason_for
from assistant.check.sentences import Claim, claims_of
from assistant.check.signals import Entailed, held_together, is_whole, signals
from assistant.check.typed.comparing import RULES, Rules, compare_together
from assistant.check.types import Check, CheckedSentence, Finding, Verdict
from assistant.check.verdict import Verdicts, load_verdicts
from assistant.check.windows import Window, stands_under, windows_for
from assistant.check.wording.forms import in_form_of_the_source
from assistant.check.wording.frames import section_in, without_section
from assistant.check.wording.told import ToldPassages
from assistant.check.wording.words import ClaimWords, claim_words
from assistant.reader.runtime import Reader, load_reader
from assistant.types import Citation, Source
from assistant.understanding.question import holds_half_a_pair
from ingest.deadline import unchecked
from vectorstore.embedded_text import Told
from vectorstore.embedding.states import States
from vectorstore.errors import UsageError

CHECKER = "attest"
MAX_CHARACTERS = 100_000
COMPARED = 3
"""Windows of a sentence that are read; two of them also together."""
ALL = 0.98
"""From which part of a sentence on one window holds all of it, so that two together are not tried."""
WITHIN = 0.02
"""How much less of a sentence a place may hold to hold as much."""
CLEAR = 0.9
"""From which probability on no more windows are read."""
AT_BEST = (2.0, -1.5, -2.0)
"""The most that the reader's head says for a sentence, near enough."""
CONTEXT = 2_000
"""Characters before a sentence in which a quotation may have begun."""
LONG, MOST_TOGETHER, ADDS_MUCH = 13, 4, 0.04
"""Content words of a sentence that may bring together more than two places, how many these are at most, and what each
has to add to what is held."""
AT_A_TIME = 4
"""Sentences that the reader's head is given at once, while the next are made ready: a long text lets others read in
between."""


class Judge(Protocol):
    """A model in the place of the reader's head: for each (claim, words of the source) three logits: supported,
    contradicted, neither."""

    name: str

    def entailed(self, pairs: Sequence[tuple[str, str]]) -> list[Entailed]: ...


@dataclass(frozen=True, slots=True)
class _Known:
    """Windows that may support a sentence together, and what is known of them."""

    windows: tuple[Window, ...] = ()
    findings: tuple[Finding, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)
    support: float = 0.0
    contradiction: float = 0.0


@dataclass(slots=True)
class _Asked:
    """A sentence, the groups of windows that may support it, the likeliest first, and what is known of those that were
    read."""

    claim: Claim
    words: ClaimWords
    groups: list[tuple[Window, ...]]
    rules: Rules
    quoted: tuple[Finding, ...] = ()
    known: list[_Known] = field(default_factory=list)
    compared: dict[int, tuple[Finding, ...]] = field(default_factory=dict)

    def findings(self, number: int) -> tuple[Finding, ...]:
        """What is found of its quotations and in comparison with a group."""
        if number not in self.compared:
            found = compare_together(self.claim.said, self.groups[number], self.claim.before, self.rules)
            self.compared[number] = (*self.quoted, *found)
        return self.compared[number]

    def read_as(self, number: int) -> str:
        """The sentence as the network is to read it beside a group."""
        documents = [window.document for window in self.groups[number]]
        return in_form_of_the_source(self.claim.searched, self.claim.said, self.findings(number), documents)

    def is_whole(self, number: int) -> bool:
        """Whether the group holds the sentence word for word, as whole sentences."""
        if not self.words.spans:
            return False
        return any(_is_whole(self.claim, window) for window in self.groups[number])

    @property
    def misquotes(self) -> bool:
        """Whether it gives as somebody's words what are others, or another's."""
        return any(f.outcome == "differs" and f.kind in ("quotation", "speaker") for f in self.quoted)


class Checker:
    """Checks texts against the documents of one open index; safe in several threads. `reader`: the shipped one is
    loaded at first use; `judge`: another model than its head on claims; `rules`: what a claim is compared by. Raises
    AttestError where a shipped file is damaged."""

    def __init__(
        self,
        index: Source,
        *,
        reader: Reader | None = None,
        verdicts: Verdicts | None = None,
        judge: Judge | None = None,
        rules: Rules = RULES,
    ) -> None:
        self.index = index
        self.name = f"{CHECKER} with {judge.name}" if judge else CHECKER
        self._judge = judge
        self._rules = rules
        self._reader = reader
        self._verdicts = verdicts or load_verdicts()
        self._mentions = Mentions(index)

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
        if not any(claim.checkable for claim in claims):
            return [_unchecked(text, claim) for claim in claims]
        asked: list[_Asked | None] = []
        sources, told = Sources(self.index, document_ids), ToldPassages(self.index, self.reader)

        def one_by_one() -> Iterator[_Asked]:
            for number, claim in enumerate(claims):
                is_asked = claim.checkable and _is_new(claims, number)
                before = text[max(0, claim.start - CONTEXT) : claim.start]
                one = self._asked(claim, before, cited, document_ids, sources, told) if is_asked else None
                asked.append(one)
                step()
                if one is not None:
                    yield one

        self._read(one_by_one(), 0, step)
        for number in range(1, COMPARED + 2):
            self._read([one for one in asked if one is not None], number, step)
        same = {claim.said.strip(): one for claim, one in zip(claims, asked, strict=True) if one is not None}
        return [
            self._verdict(text, claim, one or same[claim.said.strip()]) if claim.checkable else _unchecked(text, claim)
            for claim, one in zip(claims, asked, strict=True)
        ]

    def _asked(
        self,
        claim: Claim,
        before: str,
        cited: Sequence[Citation],
        document_ids: Collection[str] | None,
        sources: Sources,
        told: ToldPassages,
    ) -> _Asked:
        """A sentence with the windows that may support it, and what is found of its quotations."""
        words = claim_words(claim.said, self.reader)
        places = [cited[n - 1] for n in claim.cites if 0 < n <= len(cited)] if claim.cites else cited
        section = section_in(claim.said)
        windows = windows_for(
            words,
            claim.searched,
            told,
            cited=places,
            document_ids=document_ids,
            section=section,
        )
        if windows and stands_under(windows[0], section):  # it speaks of that section, and of no other
            said = without_section(claim.said)
            windows = [window for window in windows if window.cited or stands_under(window, section)]
            claim, words = replace(claim, said=said), replace(words, text=said)
        quoted = judge_quotations(
            claim.said, self.index, cited=places, context=before, document_ids=document_ids, sources=sources
        )
        return _Asked(claim, words, _groups(claim, words, windows), self._rules, tuple(quoted))

    def _is_settled(self, asked: _Asked, number: int) -> bool:
        """Whether reading group `number` would change nothing: there is none, what is read supports the sentence
        clearly, or whatever the network said, this group would not."""
        if number >= len(asked.groups):
            return True
        if not number or asked.is_whole(number):
            return False
        if any(known.support >= CLEAR for known in asked.known) or asked.misquotes:
            return True
        best = signals(asked.words, asked.groups[number], asked.findings(number), AT_BEST)
        supported = self._verdicts.supported
        return supported.probability([best[name] for name in supported.features]) < self._verdicts.supported_from

    def _read(self, asked: Iterable[_Asked], number: int, step: Callable[[], None]) -> None:
        """Judges group `number` of those that it may still change. While the network reads for some of them, the next
        are made ready."""
        unsettled = (one for one in asked if not self._is_settled(one, number))
        judge: Callable[[], None] = unchecked
        while some := list(islice(unsettled, AT_A_TIME)):
            begun = self._begun(some, number)
            judge()
            judge = begun
            step()
        judge()

    def _begun(self, asked: Sequence[_Asked], number: int) -> Callable[[], None]:
        """Has the network read group `number` of each, but for whole sentences of the source. What is given back waits
        for it and judges them."""
        open_ones = [one for one in asked if not one.is_whole(number)]
        read = self._entailed([(one.read_as(number), one.groups[number]) for one in open_ones])

        def judge() -> None:
            said = {id(one): entailed for one, entailed in zip(open_ones, read, strict=True)}
            for one in asked:
                self._judged(one, number, said.get(id(one)))

        return judge

    def _judged(self, one: _Asked, number: int, said: Entailed | None) -> None:
        """`said`: what the network says of group `number`; None for whole sentences of the source."""
        windows, findings = one.groups[number], one.findings(number)
        known = signals(one.words, windows, findings, said)
        if said is None and not any(finding.outcome == "differs" for finding in findings):
            support, against = 1.0, 0.0
        else:
            support, against = self._verdicts.support(known), self._verdicts.contradiction(known)
            support, against = (0.0, 1.0) if one.misquotes else (support, against)
        one.known.append(_Known(windows, deciding_first(findings), known, support, against))

    def _entailed(self, pairs: Sequence[tuple[str, tuple[Window, ...]]]) -> Iterable[Entailed]:
        if self._judge is None:
            return self.reader.entailed([(said, *self._told(windows)) for said, windows in pairs])
        return self._judge.entailed([(said, self._told(windows)[0].text) for said, windows in pairs])

    def _told(self, windows: Sequence[Window]) -> tuple[Told, States | None]:
        reads = [window.read for window in windows if window.read]
        told = Told("\n".join(read.text for read in reads))
        return told, States.joined([self.reader.encoder.part(read.told, read.states, read.spans) for read in reads])

    def _verdict(self, text: str, claim: Claim, asked: _Asked) -> CheckedSentence:
        open_ones = _not_outdone(asked.known)
        best = max(open_ones, key=lambda known: known.support, default=_Known())
        verdict: Verdict = "not found"
        if best.windows and best.support >= self._verdicts.supported_from:
            verdict = "supported"
        else:
            against = max(asked.known, key=lambda known: known.contradiction, default=best)
            if against.contradiction >= self._verdicts.contradicted_from:
                verdict, best = "contradicted", against
        cited = places_shown(best.windows, best.findings, asked.words)
        missing = missing_words(asked.words, best.windows, best.findings)
        elsewhere = self._mentions.of(missing) if verdict == "not found" and missing else None
        return CheckedSentence(
            text[claim.start : claim.end],
            claim.start,
            claim.end,
            verdict,
            max((known.support for known in open_ones), default=0.0),
            reason_for(verdict, best.findings, missing, elsewhere),
            cited if verdict != "not found" else (),
            best.findings,
            closest=cited if verdict == "not found" else (),
        )


def check_text(text: str) -> None:
    """Raises UsageError for a text that is too long, or not text."""
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"the text has {len(text):,} characters, {MAX_CHARACTERS:,} are the most: check it in parts")
    if holds_half_a_pair(text):
        raise UsageError("the text is not valid UTF-8: save it again as UTF-8")


def verdict_on(sentences: Sequence[CheckedSentence]) -> Verdict:
    """The verdict on a text: that of its weakest sentence that claims something; "not found" where none does."""
    said = {sentence.verdict for sentence in sentences if sentence.checkable}
    order: tuple[Verdict, ...] = ("contradicted", "not found", "supported")
    return next((verdict for verdict in order if verdict in said), "not found")


def _is_new(claims: Sequence[Claim], number: int) -> bool:
    """Whether a sentence has not been checked before in the same text; one that leans on others, or cites, is."""
    claim = claims[number]
    if claim.before or claim.cites:
        return True
    return not any(c.said.strip() == claim.said.strip() for c in claims[:number] if c.checkable)


def _is_whole(claim: Claim, window: Window) -> bool:
    return is_whole(claim.said, window) or (claim.whole != claim.said and is_whole(claim.whole, window))


def _groups(claim: Claim, words: ClaimWords, windows: Sequence[Window]) -> list[tuple[Window, ...]]:
    """The windows one by one, and the best two of one document together: two documents may speak of two things. A long
    sentence may rest on more places."""
    whole = next((window for window in windows if _is_whole(claim, window)), None)
    if whole is not None:
        return [(whole,)]
    compared = windows[:COMPARED]
    groups: list[tuple[Window, ...]] = [(window,) for window in compared]
    if len(compared) > 1 and compared[0].near < ALL:
        beside = next((w for w in compared[1:] if w.document.id == compared[0].document.id), None)
        together = [tuple(sorted((compared[0], beside), key=lambda w: w.start))] if beside else []
        if len(words.spans) >= LONG:
            several = _together(words, windows)
            together += [several] if len(several) > 1 and several not in together else []
        groups[1:1] = together
    return groups


def _together(words: ClaimWords, windows: Sequence[Window]) -> tuple[Window, ...]:
    """The first window, and those of its document that add the most to what it holds."""
    kept = [windows[0]]
    rest = [w for w in windows[1:] if w.document.id == kept[0].document.id and w.held]
    while rest and len(kept) < MOST_TOGETHER:
        held = held_together(words, kept)
        gains = [float(words.counts @ np.maximum(held, w.held)) - float(words.counts @ held) for w in rest]
        best = int(np.argmax(gains))
        if gains[best] < ADDS_MUCH:
            break
        kept.append(rest.pop(best))
    return tuple(sorted(kept, key=lambda window: window.start))


def _not_outdone(known: Sequence[_Known]) -> list[_Known]:
    """Without what lacks some of a sentence all of which another place holds, only denied or with who does what
    exchanged."""
    turned = [
        one.signals["precision"]
        for one in known
        if one.signals and any(f.kind in ("roles", "polarity") and f.outcome == "differs" for f in one.findings)
    ]
    most = max(turned, default=0.0)
    return [one for one in known if most < ALL or not one.signals or one.signals["precision"] >= most - WITHIN]


def _unchecked(text: str, claim: Claim) -> CheckedSentence:
    reason = "This claims nothing that could be checked."
    return CheckedSentence(
        text[claim.start : claim.end], claim.start, claim.end, "not found", 0.0, reason, checkable=False
    )
