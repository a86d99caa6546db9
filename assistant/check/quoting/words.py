"""A text as comparable words, each with its exact place.

    "The co-oper\\xadator’s 1,000 ﬁles[4]" -> the, co, operator's, 1000, files

Case, accents, ligatures, quotation marks, dashes, punctuation, white space, soft hyphens and footnote marks are no
words. What changes a figure is one: "%", "€", a minus before a figure, a raised exponent.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from vectorstore.folding import folded
from vectorstore.types import Document, Span, shown_text

MOST_CHARACTERS = 10_000_000
"""Of the documents whose words are remembered."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_INSIDE = rf"(?:[^\W_{_RAISED}]|[{_INVISIBLE}\u0300-\u036f])"
_SINGLE = "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
_TOKEN = re.compile(
    r"(?P<note>\[(?:\d{1,3}(?:\s?[,–-]\s?\d{1,3})*|[a-z*†‡§])\](?![(:\w]))"
    rf"|(?P<word>{_SINGLE}"
    rf"|\d+(?:[.,\u2009\u202f]\d+)*(?:(?!{_SINGLE}){_INSIDE})*"
    rf"|(?!{_SINGLE})[^\W_{_RAISED}](?:(?!{_SINGLE}){_INSIDE}|['’ʼ‘`](?=[^\W_]))*"
    r"|[%‰°±×]|[$£€¥₹₽¢]|(?<![\w)\]])[-−–+](?=\d))"
    rf"|(?P<raised>(?<=\d)(?:\^-?\d+|[⁻⁺]?[{_RAISED}]+))"
)
_THOUSANDS = re.compile(r"^\d{1,3}(?:[,\u2009\u202f]\d{3})+(?=\D|$)")
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ‘`", "'"))
_LOWERED = str.maketrans(_RAISED + "⁻⁺", "0123456789-+")


@dataclass(frozen=True, eq=False)
class Words:
    """The words of a text in order. `keys`: each as it is compared; `starts`, `ends`: its offsets in the text."""

    keys: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def joined(self) -> str:
        """All words with a blank before and behind each."""
        return f" {' '.join(self.keys)} "

    @cached_property
    def _places(self) -> array[int]:
        """Where each word begins in `joined`."""
        places, at = array("q"), 1
        for key in self.keys:
            places.append(at)
            at += len(key) + 1
        return places

    def find(self, keys: Sequence[str], most: int = 50, first: int = 0) -> list[int]:
        """Indexes of the words at which this row of words begins, from `first` on; `most` of them at the most."""
        found: list[int] = []
        if not keys or first >= len(self.keys):
            return found
        wanted = f" {' '.join(keys)} "
        at = self.joined.find(wanted, self._places[first] - 1)
        while at >= 0 and len(found) < most:
            found.append(bisect_left(self._places, at + 1))
            at = self.joined.find(wanted, at + 1)
        return found

    def find_last(self, keys: Sequence[str], before: int) -> int | None:
        """Index of the last place of this row of words that ends before the word `before`."""
        end = self._places[before] if before < len(self.keys) else len(self.joined)
        at = self.joined.rfind(f" {' '.join(keys)} ", 0, end)
        return bisect_left(self._places, at + 1) if at >= 0 else None

    def span(self, first: int, last: int) -> Span:
        """Offsets of the words `first` to `last`, which is exclusive."""
        return self.starts[first], self.ends[last - 1]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Indexes `first, last` of the words that lie, at least partly, between two offsets of the text."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def words_of(text: str) -> Words:
    """The words of any text."""
    keys: list[str] = []
    starts, ends = array("q"), array("q")
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "note":
            continue
        key = _key(match.group())
        if match.lastgroup == "raised":
            key = "^" + key.lstrip("^").translate(_LOWERED)
        if key:
            keys.append(key)
            starts.append(match.start())
            ends.append(match.end())
    return Words(keys, starts, ends)


@lru_cache(maxsize=100_000)
def _key(word: str) -> str:
    key = folded(word).translate(_APOSTROPHES)
    if not key.isascii():
        key = "".join(c for c in unicodedata.normalize("NFKD", key) if not unicodedata.combining(c))
        key = key.replace("−", "-").replace("–", "-")
    key = key.casefold()
    if key[:1].isdigit():
        key = _THOUSANDS.sub(lambda match: re.sub(r"\D", "", match.group()), key)
    return key


class _Remembered:
    """The words of the documents used last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], tuple[Words, int]] = OrderedDict()
        self._characters = 0

    def of(self, document: Document) -> Words:
        key = (document.sha256, hash(document.hidden))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        words = words_of(shown_text(document))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = (words, len(document.text))
                self._characters += len(document.text)
            while self._characters > MOST_CHARACTERS and len(self._kept) > 1:
                self._characters -= self._kept.popitem(last=False)[1][1]
        return words


_remembered = _Remembered()


def document_words(document: Document) -> Words:
    """The words of a document as it is shown; remembered."""
    return _remembered.of(document)


_ISE = re.compile(r"(?<=\w{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational|able)$)")
_YSE = re.compile(r"(?<=\w{2})ys(?=(?:e|ed|es|ing)$)")
_OUR = re.compile(r"(?<=\w{2})our(?=(?:s|ed|ing|able|ful|ite|ites|less|er|ers|hood)?$)")
_LL = re.compile(r"(?<=\w)([aeiou][a-z]*[^aeiou][aeo])ll(?=(?:ed|ing|er|ers|or|ors)$)")
_TRE = re.compile(r"tre(?=s?$)")
_ENCE = re.compile(r"(?<=\w{3})ence(?=s?$)")
_OGUE = re.compile(r"ogue(?=s?$)")
_AE = re.compile(r"(?<=\w)?[ao]e(?=\w{3})")


@lru_cache(maxsize=10_000)
def spelled(key: str) -> str:
    """The word in one of its spellings, for words that are written in two ways: organise, colour, centre, defence."""
    if not key.isalpha() or len(key) < 5:
        return key
    key = _OUR.sub("or", _YSE.sub("yz", _ISE.sub("iz", key)))
    key = _ENCE.sub("ense", _TRE.sub("ter", _LL.sub(r"\1l", key)))
    return _OGUE.sub("og", _AE.sub("e", key))
