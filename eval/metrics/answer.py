"""Answer metrics: which facts an answer shows (nuggets), and how well its marked words match the short answer (SQuAD).

But: a fact is looked for by its accepted spellings; a paraphrase that nobody listed is not found.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

from assistant.understanding.question import content_words
from eval.cases import Nugget
from eval.metrics.metric import HardBreak, Judged, Metric

PARTIAL = 0.5
"""What a partly supported nugget counts in the lenient score."""

_PLAIN = str.maketrans("‘’‚‛“”„‟–—‑", "''''\"\"\"\"---")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = set(string.punctuation)


def normalised(text: str) -> str:
    """Lower case, straight quotes and dashes, single spaces: how facts are looked for in an answer."""
    return " ".join(text.translate(_PLAIN).casefold().split())


def stands_in(words: str, text: str) -> bool:
    """Whether `words` stand in `text` (both normalised) at word boundaries: "16" does not stand in "1916"."""
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    after = r"(?!\w)" if words[-1:].isalnum() else ""
    return re.search(f"{before}{re.escape(words)}{after}", text) is not None


def nugget_recall(nuggets: Sequence[Nugget], text: str, *, strict: bool, vital: bool) -> float | None:
    """The share of the nuggets that the text shows (nugget recall, Voorhees 2003; support graded as in AutoNuggetizer,
    Pradeep et al. 2024: 1 where an accepted spelling stands in the text, and in the lenient score 0.5 where at least
    half of the content words of a spelling of several words do).

    `vital` counts the vital nuggets only, or all where none is. None where there is no nugget.
    """
    counted = [nugget for nugget in nuggets if nugget.vital] if vital else list(nuggets)
    counted = counted or list(nuggets)
    if not counted:
        return None
    said = normalised(text)
    words = {word.casefold() for word in content_words(said)}
    return sum(_support(nugget, said, words, strict) for nugget in counted) / len(counted)


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """1 where the prediction equals a gold answer after SQuAD's normalisation, else 0 (Rajpurkar et al. 2016, official
    evaluation script). No gold at all is the empty answer (SQuAD 2.0, Rajpurkar et al. 2018)."""
    return max(float(squad_normalise(prediction) == squad_normalise(gold)) for gold in golds or ("",))


def token_f1(prediction: str, golds: Sequence[str]) -> float:
    """The F1 over tokens with the nearest gold answer (same source). Where one side is empty: 1 if both are, else 0."""
    return max(_token_f1(squad_normalise(prediction).split(), squad_normalise(gold).split()) for gold in golds or ("",))


def squad_normalise(text: str) -> str:
    """Lower case, without punctuation, articles and needless white space, in the order of SQuAD's script."""
    bare = "".join(character for character in text.lower() if character not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def _support(nugget: Nugget, said: str, words: set[str], strict: bool) -> float:
    spellings = [normalised(spelling) for spelling in nugget.accepted]
    if any(stands_in(spelling, said) for spelling in spellings):
        return 1.0
    if strict:
        return 0.0
    partly: Callable[[list[str]], bool] = lambda parts: (  # noqa: E731
        len(parts) > 1 and 2 * sum(part.casefold() in words for part in parts) >= len(parts)
    )
    return PARTIAL if any(partly(content_words(spelling)) for spelling in spellings) else 0.0


def _token_f1(prediction: Sequence[str], gold: Sequence[str]) -> float:
    if not prediction or not gold:
        return float(prediction == gold)
    common = (Counter(prediction) & Counter(gold)).total()
    return 2 * common / (len(prediction) + len(gold))


def _nuggets(*, strict: bool, vital: bool) -> Callable[[Judged], float | None]:
    """An abstention where there is an answer shows no fact: 0, not undefined."""

    def measured(judged: Judged) -> float | None:
        said = "" if judged.response.abstained else judged.response.text
        nuggets = judged.case.nuggets
        return nugget_recall(nuggets, said, strict=strict, vital=vital) if judged.case.has_answer else None

    return measured


def _short(measure: Callable[[str, Sequence[str]], float]) -> Callable[[Judged], float | None]:
    """Of the first words that are marked; undefined where none are, and unless one fact is vital."""

    def measured(judged: Judged) -> float | None:
        vital = [nugget for nugget in judged.case.nuggets if nugget.vital]
        marked = [short for sentence in judged.response.sentences for short in sentence.short_answers]
        single = judged.case.has_answer and len(vital) == 1 and bool(marked)
        return measure(marked[0], vital[0].accepted) if single else None

    return measured


METRICS = (
    Metric(
        "nuggets_vital",
        "vital facts shown",
        "Strict vital nugget recall.",
        _nuggets(strict=True, vital=True),
        headline=True,
        required=True,
        breaks=HardBreak(11, "an answer that was right lacks a fact", of_right_answers=True),
        column="facts",
    ),
    Metric("nuggets_all", "facts shown", "Strict nugget recall, vital and okay.", _nuggets(strict=True, vital=False)),
    Metric(
        "nuggets_vital_lenient",
        "vital facts shown, lenient",
        "Part of a fact is half.",
        _nuggets(strict=False, vital=True),
    ),
    Metric(
        "nuggets_all_lenient", "facts shown, lenient", "Part of a fact is half.", _nuggets(strict=False, vital=False)
    ),
    Metric("short_em", "short answer, exact match", "SQuAD EM of the marked words.", _short(exact_match)),
    Metric("short_f1", "short answer, token F1", "SQuAD F1 of the marked words.", _short(token_f1), headline=True),
)
