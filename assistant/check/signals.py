"""What is known of a sentence and some windows of the source that may support it together, as numbers with fixed names.

`supports` and `contradicts` are margins of the reader's head, in logits. `precision`: the part of what the words count
that the windows hold; `weakest`, `second`: how well the word is held that is held worst, and the next; so that one
wrong word is never averaged away. A word in what a comparison found to agree ("Forty-six" and "46") is held. The others
count findings by kind and outcome, two at most. `apart`: two words that the sentence has side by side and the source
only in two places: how well it holds both, less how well one place does. The length of a sentence is no signal, and
neither is that part of a sentence stands there word for word: it changed nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import get_args

import numpy as np

from assistant.check.types import Finding, Kind
from assistant.check.windows import Window
from assistant.check.wording.words import ClaimWords
from vectorstore.folding import folded
from vectorstore.types import SentenceSpan

Entailed = tuple[float, float, float]
"""Logits: supported, contradicted, neither."""
COUNTED = tuple(f"{kind} {outcome}" for kind in get_args(Kind) for outcome in ("differs", "absent"))
SIGNALS = ("supports", "contradicts", "precision", "weakest", "second", "apart", *COUNTED)
AGREEING = ("number", "date", "name", "polarity", "quantity")
MOST = 2
NEAR_BY = 0.3
"""What it counts that two words stand side by side in no sentence, but in one window."""
_BETWEEN = re.compile(
    r"[,;:()\[\]—–“”\"]|\.\s|\b(?:and|or|but|while|when|who|which|that|where|because|although|before|after|until|if|as)\b",
    re.I,
)
"""What divides two words: they may well stand in two places."""
_WORDS = re.compile(r"\w+")


def signals(
    words: ClaimWords, windows: Sequence[Window], findings: Sequence[Finding], entailed: Entailed | None
) -> dict[str, float]:
    """The signals of a sentence and the windows taken together, by the names in SIGNALS. `findings`: what was compared
    with them (see `merged`); `entailed`: what the reader's head says of them, None where it was not asked."""
    supported, contradicted, neither = entailed or (0.0, 0.0, 0.0)
    held = held_together(words, windows, findings)
    worst = sorted(held.tolist())[:2]
    counted = Counter(f"{finding.kind} {finding.outcome}" for finding in findings)
    return {
        "supports": round(supported - _log_sum(contradicted, neither), 5),
        "contradicts": round(contradicted - _log_sum(supported, neither), 5),
        "precision": round(float(words.counts @ held), 5),
        "weakest": round(worst[0] if worst else 1.0, 5),
        "second": round(worst[1] if len(worst) > 1 else 1.0, 5),
        "apart": round(_apart(words, windows, findings), 5),
        **{name: float(min(MOST, counted[name])) for name in COUNTED},
    }


def held_together(
    words: ClaimWords, windows: Sequence[Window], findings: Sequence[Finding] = ()
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Of each word how well the window holds it that holds it best; all of a word that a comparison found to agree."""
    size = len(words.spans)
    rows = [window.held for window in windows if window.held]
    held = np.max(np.array(rows, dtype=np.float64), axis=0) if rows and size else np.zeros(size)
    agreed = [f.claim for f in findings if f.outcome == "agrees" and f.kind in AGREEING and f.claim]
    for n, (start, end) in enumerate(words.spans):
        if any(start < b and a < end for a, b in agreed):
            held[n] = 1.0
    return held


def _apart(words: ClaimWords, windows: Sequence[Window], findings: Sequence[Finding]) -> float:
    """How far the two neighbours of the sentence stand apart that stand farthest apart, 0 to 1. A name is held by all
    sentences of a window that has it, since the others have pronouns; a word that a comparison found to agree by the
    sentence where it did."""
    pairs = [
        n
        for n in range(len(words.spans) - 1)
        if not _BETWEEN.search(words.text[words.spans[n][1] : words.spans[n + 1][0]])
    ]
    windows = [window for window in windows if window.rows]
    if not pairs or not windows:
        return 0.0
    agreed = [f for f in findings if f.outcome == "agrees" and f.kind in AGREEING and f.claim and f.source]
    names = [n for n, (start, _) in enumerate(words.spans) if words.text[start].isupper()]
    held = []
    for window in windows:
        rows = np.array(window.rows, dtype=np.float64)
        rows[:, names] = rows[:, names].max(axis=0)
        for finding in agreed:
            for sentence, row in zip(window.sentences, rows, strict=True):
                if _lies_in(finding, window, sentence):
                    row[[n for n, (a, b) in enumerate(words.spans) if _meets(finding, a, b)]] = 1.0
        held.append(rows)
    first, second = pairs, [n + 1 for n in pairs]
    whole = np.array([rows.max(axis=0) for rows in held])
    anywhere, by_window = whole.max(axis=0), np.minimum(whole[:, first], whole[:, second]).max(axis=0)
    rows = np.concatenate(held)
    by_sentence = np.minimum(rows[:, first], rows[:, second]).max(axis=0)
    both = np.minimum(anywhere[first], anywhere[second])
    return float(np.max(both - by_window + NEAR_BY * (by_window - by_sentence)))


def _lies_in(finding: Finding, window: Window, sentence: SentenceSpan) -> bool:
    place = finding.source
    return (
        place is not None
        and place.document_id == window.document.id
        and place.start < sentence.end
        and sentence.start < place.end
    )


def _meets(finding: Finding, start: int, end: int) -> bool:
    return finding.claim is not None and start < finding.claim[1] and finding.claim[0] < end


def merged(findings: Sequence[Sequence[Finding]]) -> list[Finding]:
    """What was compared with several windows, one finding for each kind and place: one that agrees before one that
    differs, before one that is absent; those that differ first."""
    rank = {"agrees": 0, "differs": 1, "absent": 2}
    best: dict[tuple[object, ...], Finding] = {}
    for finding in (f for some in findings for f in some):
        key = (finding.kind, finding.claim)
        if key not in best or rank[finding.outcome] < rank[best[key].outcome]:
            best[key] = finding
    order = {"differs": 0, "absent": 1, "agrees": 2}
    return sorted(best.values(), key=lambda finding: order[finding.outcome])


def is_whole(said: str, window: Window) -> bool:
    """Whether a sentence is, word for word, one or more whole sentences of the window."""
    text, spans = _read(window), window.read.spans if window.read else ()
    words = plain(said)
    pieces = [plain(window.read.told.text[a:b]) for a, b in spans] if window.read else [plain(text)]
    runs = (" ".join(pieces[a:b]) for a in range(len(pieces)) for b in range(a + 1, len(pieces) + 1))
    return bool(words) and words in runs


def plain(text: str) -> str:
    """The words of a text in lower case, with a blank between them."""
    return " ".join(_WORDS.findall(folded(text).casefold().replace("’", "'").replace("'", "")))


def _read(window: Window) -> str:
    return window.read.text if window.read else window.text


def _log_sum(one: float, other: float) -> float:
    top = max(one, other)
    return top + math.log(math.exp(one - top) + math.exp(other - top))
