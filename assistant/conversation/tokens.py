"""A text as tokens, each with the sort of word that it is as far as closed lists and spelling tell.

But: nothing here joins tokens to phrases; that is `mentions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.conversation import names
from assistant.conversation.english import AUXILIARIES, DETERMINERS, FUNCTION_WORDS, VERBS, is_past, is_plural

_TOKEN = re.compile(
    r"[A-Z]\.(?=\s?[A-Z])|(?:Mr|Mrs|Ms|Dr|Prof|St)\.|\d[\d,.]*\d|[^\W_]+(?:[-'.&/][^\W_]+)*(?:(?<=s)'(?!\w))?|\S"
)
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
QUOTED = re.compile(r"\"([^\"]{2,60})\"|(?<!\w)'([^']{2,60})'(?!\w)")
_YEAR = re.compile(r"(?:1\d|20)\d\d(?:s|'s)?")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign at `start:end`. `sort`: N name, W other word, D determiner, V verb, F function word, # number, T
    time, P punctuation."""

    text: str
    start: int
    end: int
    sort: str


def straighten(text: str) -> str:
    """The text with straight quotes and apostrophes, of the same length."""
    return text.translate(_STRAIGHT)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, a short quotation as one; offsets into it."""
    plain = straighten(text)
    return _tokens(plain, _quotations(plain))


def _quotations(plain: str) -> list[tuple[int, int]]:
    spans = []
    for match in QUOTED.finditer(plain):
        inner = match.group(1) or match.group(2)
        if len(inner.split()) <= 7 and not inner.endswith((".", ",", "?", "!")):
            spans.append(match.span())
    return spans


def _tokens(plain: str, quoted: list[tuple[int, int]]) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    for start, end in [*quoted, (len(plain), len(plain))]:
        for match in _TOKEN.finditer(plain, position, start):
            tokens.append(_token(match.group(), match.start(), tokens))
        if start < end:
            tokens.append(
                Token(
                    plain[start:end], start, end, "N" if " " in plain[start:end] or plain[start + 1].isupper() else "W"
                )
            )
        position = end
    return _settle_sentence_starts(tokens)


def _token(word: str, start: int, before: list[Token]) -> Token:
    low = word.lower()
    bare = low.removesuffix("'s").rstrip("'")
    first = not before or before[-1].text in ".?!:;" or (before[-1].text in "\"'" and len(before) < 2)
    if not word[0].isalnum():
        sort = "P"
    elif _YEAR.fullmatch(word) or (
        bare in names.TIME_WORDS and (word[0].isupper() or bare in ("spring", "summer", "autumn", "winter"))
    ):
        sort = "T"
    elif word[0].isdigit():
        sort = "#"
    elif word[0].isupper() and not (first and (low in FUNCTION_WORDS or low in DETERMINERS)) and low != "i":
        sort = "S" if first else "N"
    elif low in DETERMINERS:
        sort = "D"
    elif low in FUNCTION_WORDS:
        sort = "F"
    elif low in VERBS or is_past(low) or (low.endswith("ing") and len(low) > 5) or low.endswith("n't"):
        sort = "V"
    elif low.endswith("ly") and len(low) > 4 and low not in ("family", "assembly", "monopoly", "ally", "italy", "july"):
        sort = "F"
    else:
        sort = "W"
    return Token(word, start, start + len(word), sort)


def _settle_sentence_starts(tokens: list[Token]) -> list[Token]:
    """A capital that opens a sentence says nothing: a known word in it is taken for that word."""
    settled = []
    for index, token in enumerate(tokens):
        if token.sort == "S":
            low = token.text.lower()
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            named = after is not None and after.sort == "N" and low not in VERBS and not is_past(low)
            if named or low.removesuffix("'s") in names.MALE | names.FEMALE | names.PLACES | names.NATIONALITIES:
                sort = "N"
            elif low in VERBS or is_past(low) or low.endswith("ing"):
                sort = "V"
            elif low.endswith("ly"):
                sort = "F"
            elif is_plural(low) or low in names.PERSON_NOUNS or low in names.GROUP_NOUNS:
                sort = "W"
            else:
                sort = "N"
            token = Token(token.text, token.start, token.end, sort)
        elif token.text.lower() in ("what", "which", "whose", "that") and index + 1 < len(tokens):
            after = tokens[index + 1]
            if token.text.lower() == "that":
                sort = "F" if after.sort == "N" else token.sort
            else:
                sort = (
                    "D"
                    if after.sort in "WV" and after.text.lower() not in AUXILIARIES and not is_past(after.text.lower())
                    else "F"
                )
            token = Token(token.text, token.start, token.end, sort)
        settled.append(token)
    return settled
