"""Who says it: the speaker that a claim names against the one whom the source quotes.

claim  "Weiss called it a betrayal."    source  "Roth said: “It is a betrayal.”"     differs
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.check.typed.aligned import Pair
from assistant.check.typed.naming import Name, Vocabulary, names_in, places_of
from assistant.check.typed.words import Words, words_of
from assistant.check.types import Finding
from assistant.check.wording.parts import acts_in
from ingest.speech.vocabulary import SAYING_FINITE
from vectorstore.english import word_set
from vectorstore.types import Span

ENOUGH, ENOUGH_WORDS = 0.45, 2
_PERSONS = word_set("he she")
_BETWEEN = word_set("later also once then had has himself herself publicly openly repeatedly the who")
_NO_SPEECH = word_set("read reads points pointed notes noted continued continues appealed observed recalled remembered")
_SPEECH = (
    SAYING_FINITE | word_set("called calls described describes denounced dubbed labelled labeled spoke")
) - _NO_SPEECH
_PROPOSED = word_set("proposed suggested demanded asked urged warned promised ordered requested insisted")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A name and the verb of speech that it has: tokens."""

    name: Name
    verb: int


def spoken_in(words: Words, vocabulary: Vocabulary) -> list[Spoken]:
    """Who is said to say something in a text, by name: "Weiss said", "said Weiss", "according to Weiss"."""
    tokens = words.tokens
    found: list[Spoken] = []
    names = names_in(words, vocabulary)
    for before, name in zip((None, *names), names, strict=False):
        at = name.first - 1
        if at > 0 and tokens[at].low == "to" and tokens[at - 1].low == "according":
            found.append(Spoken(name, at - 1))
            continue
        at = name.after
        while (
            at < len(tokens) and at - name.after < 3 and (tokens[at].low in _BETWEEN or tokens[at].low.endswith("ly"))
        ):
            at += 1
        if at < len(tokens) and _says(words, at) and tokens[at].sentence == tokens[name.first].sentence:
            found.append(Spoken(name, at))
            if before and tokens[name.first - 1].low == "and" and before.after == name.first - 1:
                found.append(Spoken(before, at))
        elif name.first and _says(words, name.first - 1) and _quote_before(words, name.first - 1):
            found.append(Spoken(name, name.first - 1))
    return found


def _says(words: Words, at: int) -> bool:
    return words.tokens[at].low in _SPEECH


def _quote_before(words: Words, at: int) -> bool:
    """Whether a quotation ends before a verb: “It is,” said Weiss."""
    return words.text[: words.tokens[at].start].rstrip()[-1:] in ("”", '"', "’", "'", ",")


def compare_speakers(pair: Pair) -> Iterator[Finding]:
    """A finding for the speaker whom the claim names, where the source has words of the same by a speaker."""
    vocabulary = pair.vocabulary
    tokens = pair.claim.tokens
    finding: Finding | None = None
    named = spoken_in(pair.claim, vocabulary)
    if named:
        name, verb = named[0].name, named[0].verb
        about = (min(name.first, verb), max(name.after, verb + 1))
        finding = _compared(pair, pair.claim, name, about, (tokens[name.first].start, tokens[name.after - 1].end))
    elif len(tokens) > 1 and tokens[0].low in _PERSONS and _says(pair.claim, 1):
        meant = _meant(pair, vocabulary)
        if meant is not None:
            finding = _compared(pair, pair.context, meant, (0, 2), (tokens[0].start, tokens[0].end))
    if finding is not None:
        yield finding


def _meant(pair: Pair, vocabulary: Vocabulary) -> Name | None:
    """Whom "he" or "she" stands for: the one name of the text before the claim; None where it has several."""
    names = names_in(pair.context, vocabulary)
    heads = {pair.context.tokens[name.telling[-1]].key for name in names}
    return names[-1] if len(heads) == 1 else None


def _compared(pair: Pair, words: Words, name: Name, about: Span, place: Span) -> Finding | None:
    """The finding for a speaker, whose `name` stands in `words`; `about`: the tokens of the claim that say who speaks;
    `place`: where the claim names the speaker."""
    vocabulary = pair.vocabulary
    said = _text_of(words, name)
    sentence = _sentence_of_the_words(pair, about)
    if sentence is None:
        return None
    span = pair.window.sentences[sentence]
    theirs = [s for s in spoken_in(pair.source, vocabulary) if pair.source.tokens[s.verb].sentence == sentence]
    names = [_text_of(pair.source, s.name) for s in theirs] + ([span.speaker] if span.speaker else [])
    if not names:
        return None
    start, end = span.start - pair.window.start, span.end - pair.window.start
    if any(places_of(name, words, words_of(f"by {other}"), vocabulary) for other in names):
        reason = f"in the source, too, it is {said} who says it"
        return Finding("speaker", "agrees", reason, place, pair.citation(start, end))
    if not theirs and _is_told_of(pair, words, name, sentence, vocabulary):
        return None
    reason = f"the claim has {said} say it; in the source it is {_joined(names)}"
    return Finding("speaker", "differs", reason, place, pair.citation(start, end))


def _is_told_of(pair: Pair, words: Words, name: Name, sentence: int, vocabulary: Vocabulary) -> bool:
    """Whether somebody who is quoted tells there what the named one said: “Roth proposed a ban,” said Weiss."""
    for act in acts_in(pair.source, vocabulary):
        token, doer = pair.source.tokens[act.verb], act.parts.get("doer")
        if token.sentence == sentence and token.low in _SPEECH | _PROPOSED and doer is not None:
            told = (words_of(f"by {_text_of(pair.source, other)}") for other in doer.names)
            if any(places_of(name, words, other, vocabulary) for other in told):
                return True
    return False


def _sentence_of_the_words(pair: Pair, span: Span) -> int | None:
    """The sentence of the source that holds most of what the claim has somebody say: all but the tokens in `span`."""
    if not any(t.content for t in (*pair.claim.tokens[: span[0]], *pair.claim.tokens[span[1] :])):
        return None
    shares = [(*pair.shared(at, span), at) for at in range(len(pair.source.sentences))]
    share, count, at = max(shares, key=lambda one: (one[0], one[1], -one[2]))
    return at if share >= ENOUGH and count >= ENOUGH_WORDS else None


def _text_of(words: Words, name: Name) -> str:
    return words.text[words.tokens[name.first].start : words.tokens[name.after - 1].end]


def _joined(names: Sequence[str]) -> str:
    return " and ".join(dict.fromkeys(names))
