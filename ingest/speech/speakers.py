"""Who says a quotation: the subject of the verb of saying before or behind it.

`tag_after` reads "...", wrote X or "...", X said; `lead_speaker` reads X wrote: "..." and X warned that the "...".
Each gives up rather than guess: a wrong speaker is worse than none.

But: a pronoun is given as it stands (`Reference.pronoun`); whom it means is found in `context.py`.
"""

from __future__ import annotations

from ingest.speech.names import is_name, name_from, name_to, with_article
from ingest.speech.subjects import Reference, Tokens, is_adverb, main_subject, verb_like
from ingest.speech.vocabulary import (
    AUXILIARIES,
    DETERMINERS,
    DOCUMENTS,
    FINITE,
    OTHERS_WORDS,
    PASSIVE,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    SAYING_BASE,
    SAYING_FINITE,
    SPEECH_BASE,
    SPEECH_ING,
    SPEECH_NOUNS,
    TO_BE,
)
from vectorstore.english import word_set

APPOSITION = 18
NOUN_PHRASE = 5
NAMING = word_set("called dubbed labelled labeled branded portrayed described")
BEFORE_BASE = word_set("to did not would will could can must he she they we")
"""Words behind which a verb stands without an ending: "to say", "did not say", "they say"."""
SINGULAR = {"his": "he", "her": "she", "their": "they", "its": "it"}


def tag_after(tokens: Tokens, comma: bool) -> tuple[Reference, int] | None:
    """The speaker named right behind a quotation, and the index of the token after the tag: for “Come home,” said Roe
    in 1921, "Roe" and 2. `tokens` begin behind the closing mark; `comma`: a comma, dash, question or exclamation mark
    ends the quoted words."""
    at = 0
    if at < len(tokens) and tokens[at].text in (",", "—", "–"):
        comma, at = True, at + 1
    words = _words_of(tokens, at)
    if words is not None:
        return words
    while at < len(tokens) and is_adverb(tokens[at]):
        at += 1
    if at >= len(tokens):
        return None
    verb = tokens[at]
    if not verb.capital and (verb.low in SAYING_FINITE or (verb.low in SAYING_BASE and comma)):
        found = _subject_behind(tokens, at + 1)
        if found is not None and (comma or not found.pronoun):
            return found, _index_at(tokens, found.end)
        return None
    return _subject_then_verb(tokens, at) if comma else None


def _words_of(tokens: Tokens, at: int) -> tuple[Reference, int] | None:
    """ ", to use the words of X", ", in the words of X", ", according to X", ", as X put it"."""
    low = [token.low for token in tokens[at : at + 6]]
    if at < len(tokens) and tokens[at].capital:  # the next sentence
        return None
    for opening in (["according", "to"], ["to", "use", "the", "words", "of"], ["in", "the", "words", "of"]):
        if low[: len(opening)] == opening:
            found = _subject_behind(tokens, at + len(opening))
            return (found, _index_at(tokens, found.end)) if found else None
    if low[:1] == ["as"]:
        found = _subject_behind(tokens, at + 1)
        if found is not None:
            after = _index_at(tokens, found.end)
            if after < len(tokens) and tokens[after].low in FINITE | {"put"}:
                return found, after + 1
    return None


def _subject_behind(tokens: Tokens, at: int) -> Reference | None:
    """The noun phrase that begins at `at`: "Stalin", "the historian Jane Roe", "the document", "he"."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.low in PRONOUNS and not token.capital:
        return Reference(token.start, token.end, token.low)
    if is_name(tokens, at):
        return _named(tokens, at, at)
    first, after = at, at
    while after < len(tokens) and after - at < NOUN_PHRASE + 1 and tokens[after].text[0].isalnum():
        if after > at and is_name(tokens, after):
            article = after - 1 if after - 1 == first and token.low == "the" else after
            return _named(tokens, article, after)
        if tokens[after].low in PREPOSITIONS | AUXILIARIES | RELATIVES or (
            after - at > 1 and tokens[after].low in FINITE
        ):
            break
        after += 1
    if token.low in DETERMINERS and after - first >= 2 and not tokens[after - 1].possessive:
        if token.low in POSSESSIVES and tokens[after - 1].low in SPEECH_NOUNS:
            return Reference(token.start, token.end, SINGULAR[token.low])
        return Reference(tokens[first].start, _with_of(tokens, after))
    return None


def _with_of(tokens: Tokens, after: int) -> int:
    """End of a noun phrase with the "of ..." behind it: "the president of the guild"."""
    if after < len(tokens) and tokens[after].low == "of":
        whole = _subject_behind(tokens, after + 1)
        if whole is not None and not whole.pronoun:
            return whole.end
    return tokens[after - 1].end


def _named(tokens: Tokens, first: int, name: int) -> Reference | None:
    """The name at `name`. What it owns belongs to it ("Smith's lawyer"), unless that is words: "Smith's letter" is
    Smith."""
    after = name_from(tokens, name)
    if not tokens[after - 1].possessive:
        if after + 1 < len(tokens) and tokens[after].low == "and" and is_name(tokens, after + 1):
            other = name_from(tokens, after + 1)
            if not tokens[other - 1].possessive and not verb_like(tokens, other):
                after = other
        return Reference(tokens[first].start, tokens[after - 1].end)
    if after < len(tokens) and not tokens[after].capital and tokens[after].low[0].isalpha():
        if tokens[after].low in SPEECH_NOUNS:
            return Reference(tokens[first].start, tokens[after - 1].end - 2)
        return Reference(tokens[first].start, tokens[after].end)
    return None


def _subject_then_verb(tokens: Tokens, at: int) -> tuple[Reference, int] | None:
    """ "..., Lopez said", "..., the mayor told reporters", "..., he wrote"."""
    found = _subject_behind(tokens, at)
    if found is None:
        return None
    after = _index_at(tokens, found.end)
    if after < len(tokens) and tokens[after].text == ",":
        closing = next(
            (i for i in range(after + 1, min(len(tokens), after + APPOSITION)) if tokens[i].text == ","), None
        )
        if closing is None:
            return None
        after = closing + 1
    while after < len(tokens) and (is_adverb(tokens[after]) or tokens[after].low in AUXILIARIES):
        after += 1
    if after < len(tokens) and tokens[after].low in SAYING_FINITE | (SAYING_BASE if found.pronoun == "they" else set()):
        return found, after + 1
    return None


def lead_speaker(tokens: Tokens, direct: bool) -> Reference | None:
    """The speaker named in the words that lead to a quotation, such as Roe wrote: “Come home.” `tokens` begin with
    the sentence; `direct`: they end in a colon, so that what follows is certainly speech."""
    low = [token.low for token in tokens]
    if "according" in low:
        at = low.index("according")
        if low[at + 1 : at + 2] == ["to"]:
            return _subject_behind(tokens, at + 2)
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.text in (";", "\x01") or token.low in OTHERS_WORDS:
            return None
        if token.capital and index:
            continue
        if _speech_verb(tokens, index):
            return _subject_of(tokens, index)
        if direct and token.low in SPEECH_NOUNS:
            owner = _owner(tokens, index)
            if owner is not None:
                return owner
    return main_subject(tokens) if direct and any(word in SPEECH_NOUNS for word in low) else None


def _speech_verb(tokens: Tokens, index: int) -> bool:
    low = tokens[index].low
    before = tokens[index - 1].low if index else ""
    if low in FINITE:
        return before not in DETERMINERS or before in ("that", "this", "one")
    if low in SPEECH_ING:
        return before not in DETERMINERS and not (index and tokens[index - 1].possessive)
    return low in SPEECH_BASE and before in BEFORE_BASE


def _owner(tokens: Tokens, index: int) -> Reference | None:
    """Whose words: "Smith's letter", "his words", "the reply of the Council"."""
    first = index
    while first > 0 and index - first < 3 and not tokens[first - 1].capital and tokens[first - 1].text[0].isalpha():
        first -= 1
        if tokens[first].low in POSSESSIVES:
            return Reference(tokens[first].start, tokens[first].end, SINGULAR[tokens[first].low])
    if first > 0 and tokens[first - 1].possessive and is_name(tokens, first - 1):
        start = with_article(tokens, name_to(tokens, first - 1))
        return Reference(tokens[start].start, tokens[first - 1].end - 2)
    if index + 1 < len(tokens) and tokens[index + 1].low in ("of", "from", "by"):
        return _subject_behind(tokens, index + 2)
    return None


def _subject_of(tokens: Tokens, verb: int) -> Reference | None:
    """The subject of the speech verb at index `verb`."""
    if verb + 1 < len(tokens) and tokens[verb + 1].low == "by" and tokens[verb].low in PASSIVE:
        return _subject_behind(tokens, verb + 2)
    at = verb - 1
    if tokens[verb].low in SPEECH_ING and (at < 0 or tokens[at].low not in TO_BE):
        return main_subject(tokens[:verb])
    passive = False
    while at >= 0 and (is_adverb(tokens[at]) or tokens[at].low in AUXILIARIES):
        passive = tokens[at].low in TO_BE
        at -= 1
    if passive and tokens[verb].low in PASSIVE:
        return None
    if at < 0:
        return _inverted(tokens, verb)
    if tokens[at].low == "to":
        owner = _owner(tokens, at - 1) if at and tokens[at - 1].low in SPEECH_NOUNS else None
        return owner or main_subject(tokens[:at])
    if tokens[verb].low in NAMING and not tokens[at].capital and tokens[at].low not in PRONOUNS | RELATIVES:
        return None  # "a philosophy called ..."
    return _ending_at(tokens, at) or (_inverted(tokens, verb) if tokens[at].text == "," else None)


def _inverted(tokens: Tokens, verb: int) -> Reference | None:
    """ "In 1913, wrote Smith: ...": the subject behind the verb, where nothing else follows."""
    found = _subject_behind(tokens, verb + 1) if tokens[verb].low in SAYING_FINITE else None
    return found if found is not None and _index_at(tokens, found.end) >= len(tokens) - 1 else None


def _ending_at(tokens: Tokens, at: int) -> Reference | None:
    """The subject whose last word is the token at `at`, looking to the left."""
    token = tokens[at]
    if token.low in PRONOUNS:
        return Reference(token.start, token.end, token.low)
    if token.low in RELATIVES:
        before = at - 1
        if before >= 0 and tokens[before].text == ",":
            before -= 1
        return _ending_at(tokens, before) if before >= 0 and is_name(tokens, before) else None
    if token.text == ",":
        return _before_apposition(tokens, at) or main_subject(tokens[:at])
    if token.low in ("and", "but", "or", "yet"):
        return main_subject(tokens[:at])
    if is_name(tokens, at) and not token.possessive:
        return _name_ending_at(tokens, at)
    if token.text[0].isalpha() and not token.capital:
        return _noun_ending_at(tokens, at)
    return main_subject(tokens[: at + 1])


def _name_ending_at(tokens: Tokens, last: int) -> Reference | None:
    first = name_to(tokens, last)
    start = with_article(tokens, first)
    before = tokens[start - 1].low if start else ""
    if before == "and" and start >= 2 and is_name(tokens, start - 2) and not tokens[start - 2].possessive:
        other = name_to(tokens, start - 2)
        if other and tokens[other - 1].text == ",":
            return None
        if not (other and tokens[other - 1].low in PREPOSITIONS):
            return Reference(tokens[with_article(tokens, other)].start, tokens[last].end)
        return None
    if before in ("of", "for", "from", "at"):
        return _headed(tokens, start - 1, Reference(tokens[start].start, tokens[last].end))
    if before in PREPOSITIONS and before not in ("that", "as", "after", "before", "since", "until", "than"):
        return main_subject(tokens[: start - 1])
    return Reference(tokens[start].start, tokens[last].end)


def _headed(tokens: Tokens, preposition: int, named: Reference) -> Reference | None:
    """ "the reply of the Council" speaks for the Council, "the leader of the Council" for himself."""
    head = preposition - 1
    if head < 0 or not tokens[head].text[0].isalpha():
        return None
    if tokens[head].low in SPEECH_NOUNS | DOCUMENTS:
        return named
    first = head
    while first > 0 and head - first < 3 and tokens[first].low not in DETERMINERS:
        first -= 1
    if tokens[first].low in DETERMINERS and (first == 0 or tokens[first - 1].low not in PREPOSITIONS):
        return Reference(tokens[first].start, named.end)
    return None


def _noun_ending_at(tokens: Tokens, last: int) -> Reference | None:
    """ "the document", "Smith's letter", "his lawyer", with the noun at `last`."""
    owner = _owner(tokens, last) if tokens[last].low in SPEECH_NOUNS else None
    if owner is not None:
        return owner
    first = last
    while first > 0 and last - first < NOUN_PHRASE and tokens[first].text[0].isalnum():
        if tokens[first].low in DETERMINERS or tokens[first].possessive:
            break
        if tokens[first].low in PREPOSITIONS:
            return main_subject(tokens[:last])
        first -= 1
    if tokens[first].possessive and is_name(tokens, first):
        return Reference(tokens[name_to(tokens, first)].start, tokens[last].end)
    if tokens[first].low not in DETERMINERS or (first and tokens[first - 1].low in PREPOSITIONS):
        return main_subject(tokens[:last])
    return Reference(tokens[first].start, tokens[last].end)


def _before_apposition(tokens: Tokens, comma: int) -> Reference | None:
    """ "George Hardy, a leading Communist, admitted": the name before the earlier comma."""
    for index in range(comma - 1, max(0, comma - APPOSITION), -1):
        if tokens[index].text == ",":
            explains = tokens[index + 1]
            if is_name(tokens, index + 1) and name_from(tokens, index + 1) == comma and not tokens[index - 1].capital:
                return Reference(explains.start, tokens[comma - 1].end)
            if is_name(tokens, index - 1) and not explains.capital and not tokens[index - 1].possessive:
                first = name_to(tokens, index - 1)
                if first == 0 or tokens[with_article(tokens, first) - 1].low not in PREPOSITIONS:
                    return Reference(tokens[with_article(tokens, first)].start, tokens[index - 1].end)
            return None
    return None


def _index_at(tokens: Tokens, offset: int) -> int:
    """Index of the first token that begins at or behind `offset`."""
    for index, token in enumerate(tokens):
        if token.start >= offset:
            return index
    return len(tokens)
