"""Whether stretches of a text support a sentence: offline, deterministic, in microseconds where it is quoted.

Words quoted from the stretches are supported. Other wordings are judged by what they share with them: K-Precision over
content words (Adlakha et al. 2023), with every number, every name and the subject present and the same polarity.
But: no inference is made; a sentence that follows from the text in other words altogether is not recognised, and one
that has the right words in the wrong roles is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.understanding.question import content_words, stem
from eval.metrics.answer import normalised, stands_in

ENOUGH = 0.75
"""The least share of a sentence's content words that the stretches must hold."""

_VOICE = re.compile(r"^[^:“\"]{1,80}, quoted: ")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?“\"‘(] )(?<!^)\b[A-Z][\w’'-]+")
_SUBJECT = re.compile(r"[\"“'‘(]*((?!\w+ly\b)[\w’'-]+)(?!,)\b")
_NEGATION = re.compile(r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|\w+n't)\b")


def supports(text: str, premises: Sequence[str]) -> bool:
    """Whether the premises together support the sentence."""
    said = normalised(_VOICE.sub("", text))
    premise = _joined(tuple(premises))
    if not said or not premise:
        return False
    if stands_in(said, premise):
        return True
    return support_score(text, premises) >= ENOUGH


def support_score(text: str, premises: Sequence[str]) -> float:
    """K-Precision, 0 to 1: the share of the sentence's content words (stems) that the premises hold; 0 where a number
    or a name is missing, the word that the sentence opens with (its subject, often a name), or only one side denies."""
    bare = _VOICE.sub("", text)
    said, premise = normalised(bare), _joined(tuple(premises))
    stems = _stems(premise)
    wanted = [stem(word) for word in content_words(said)]
    if not wanted:
        return 0.0
    if any(number not in _numbers(premise) for number in _NUMBER.findall(said)):
        return 0.0
    subject = _SUBJECT.match(bare)
    names = [*_NAME.findall(bare), *((subject[1],) if subject else ())]
    named = [word for name in names for word in content_words(name)]
    if any(stem(name.lower().removesuffix("'s").removesuffix("’s")) not in stems for name in named):
        return 0.0
    if bool(_NEGATION.search(said)) != bool(_NEGATION.search(premise)):
        return 0.0
    return sum(word in stems for word in wanted) / len(wanted)


@lru_cache(maxsize=4096)
def _joined(premises: tuple[str, ...]) -> str:
    return " ".join(normalised(premise) for premise in premises)


@lru_cache(maxsize=4096)
def _stems(premise: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(premise))


@lru_cache(maxsize=4096)
def _numbers(premise: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(premise))
