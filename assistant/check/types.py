"""What a check gives: a verdict for each sentence of a text, the reasons for it, and exact places on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.types import Citation
from vectorstore.types import Span

Verdict = Literal["supported", "contradicted", "not found"]

Outcome = Literal["agrees", "differs", "absent"]
"""What a comparison of one thing shows: the source says the same; it says something else of the same thing; or it says
nothing of it."""

Kind = Literal[
    "quotation",  # words in quotation marks, or all of a sentence, against the source's words
    "number",  # a count or measure, in figures or words, with its unit
    "date",  # a date, a year, a duration
    "name",  # a person, place or organisation
    "polarity",  # whether something is said or denied; an opposite word
    "roles",  # who did what to whom
    "speaker",  # who says it
    "hedge",  # "reportedly", "would have", "planned to": how sure it is
    "cause",  # because of it, or only after it
    "quantity",  # all, some, most, none, only
    "citation",  # right words, wrong place cited
    "words",  # content words that the source does not hold
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of a sentence compared with the source, as a receipt. `claim`: where it stands in the sentence, in code
    points from its beginning; None where it is the sentence as a whole, or missing in it. `source`: where the source
    says the same or something else; None where it says nothing of it. `reason`: one plain line for a reader, which
    says what the claim says and what the source says."""

    kind: Kind
    outcome: Outcome
    reason: str
    claim: Span | None = None
    source: Citation | None = None

    def is_of(self, others: Iterable[Finding]) -> bool:
        """Whether one of the others is of the same kind, in the same words of the sentence."""
        alike = (other.claim for other in others if other.kind == self.kind and other.claim)
        return self.claim is not None and any(a < self.claim[1] and self.claim[0] < b for a, b in alike)


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """One sentence of a text: `text == checked_text[start:end]`.

    `support`: the calibrated probability, 0 to 1, that the source supports it as a whole. `citations`: the sentences of
    the source that it rests on or that contradict it, best first; none where nothing of it was found. `findings`:
    what was compared, the one that decided first. `reason`: why the verdict is what it is, in one line; "" only for a
    sentence that is supported in the source's own words. `checkable`: False for what claims nothing (a question, a
    greeting, a heading), which takes no part in the verdict on the text. `closest`: where nothing was found, the
    sentences that come nearest, if any; they do not support it.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    support: float
    reason: str
    citations: tuple[Citation, ...] = ()
    findings: tuple[Finding, ...] = ()
    checkable: bool = True
    closest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A checked text. `verdict` is that of its weakest sentence: contradicted before not found before supported;
    "not found" for a text that claims nothing. `checker`: what judged, with the names of models ("attest", or "attest
    with NAME")."""

    text: str
    verdict: Verdict
    sentences: tuple[CheckedSentence, ...]
    checker: str
