"""Whom "he" or "she" means, where the text leaves little choice: the one of whom the sentences before speak; and
whether a deed is somebody else's.

    "Anna Roe was a potter. She married Karl Doe; her sister Marta stayed. In 1902 she left."     she: Anna Roe

But: only a name with which a sentence begins, and goes on about, is taken; nothing is said of sex or number.
"""

from __future__ import annotations

from functools import lru_cache

from assistant.check.typed.aligned import Pair
from assistant.check.typed.naming import Name, Vocabulary, are_one, names_in
from assistant.check.typed.words import Words, words_of
from assistant.check.wording.parts import acts_in
from assistant.check.wording.verbs import is_verb
from ingest.sentences import split_sentences
from vectorstore.english import word_set

MOST_BEFORE = 1_500
"""Characters before a pronoun in which the one that it means is looked for, within the paragraph."""
_GOES_ON = word_set("he she his her")


def meant_by(pair: Pair, at: int, vocabulary: Vocabulary) -> tuple[Name, Words] | None:
    """The name that the pronoun at a token of the source means, and the words it stands in."""
    document = pair.window.document.text
    place = pair.window.start + pair.source.tokens[at].start
    start = max(0, place - MOST_BEFORE, document.rfind("\n\n", 0, place) + 1)
    own = pair.window.start + pair.source.sentences[pair.source.tokens[at].sentence][0]
    return _spoken_of(document[start:place], own - start, vocabulary)


def is_anothers_deed(pair: Pair, at: int, place: int) -> bool:
    """Whether a verb of the claim and one of the source have doers with names, none of whom may be the same."""
    ours = next((act.parts.get("doer") for act in acts_in(pair.claim, pair.vocabulary) if act.verb == at), None)
    theirs = next((act.parts.get("doer") for act in acts_in(pair.source, pair.vocabulary) if act.verb == place), None)
    if not ours or not theirs or not ours.names or not theirs.names:
        return False
    return not any(
        are_one(one, pair.claim, other, pair.source, pair.vocabulary) for one in ours.names for other in theirs.names
    )


@lru_cache(maxsize=4_000)
def _spoken_of(text: str, own: int, vocabulary: Vocabulary) -> tuple[Name, Words] | None:
    """The name of which the last sentences of a text speak; from `own` on it is the pronoun's own sentence."""
    meant: tuple[Name, Words] | None = None
    for first, last in split_sentences(text, 0, len(text)):
        words = words_of(text[first:last])
        if not words.tokens:
            continue
        names = names_in(words, vocabulary)
        opens = next((name for name in names if name.first == 0), None)
        if opens is not None and not any(words.tokens[n].key in vocabulary.names for n in opens.telling):
            opens = None  # "Voices were heard"
        if opens is not None and _is_subject(words, opens):
            meant = opens, words
        elif first < own and names and not any(token.low in _GOES_ON for token in words.tokens):
            meant = None  # it speaks of others
    return meant


def _is_subject(words: Words, name: Name) -> bool:
    """Whether a name that opens a sentence is what it speaks of: it owns nothing, and no other is joined to it."""
    if words.tokens[name.after - 1].text.endswith(("'s", "’s")) or name.after >= len(words.tokens):
        return False
    if words.tokens[name.after].low in ("and", "or"):
        return False
    return any(
        is_verb(words, n) or words.tokens[n].low in ("was", "is", "had") for n in range(name.after, len(words.tokens))
    )
