"""Passages by their words: BM25 (bm25s, the Lucene variant) over stemmed English tokens.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; k1 1.2 and b 0.75 as in Lucene.

But: nothing here is stored; the index is made from the passages' texts when it is first asked.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Words so common that sharing one says nothing. Words of negation and number are kept.
_STOP_WORDS = """
    a about after again also an and any are as at be because been before being between both but by can could did do
    does doing during each for from further had has have having he her here hers herself him himself his how i if in
    into is it its itself just me more most my myself of off on once or other our ours out over own same she should so
    some such than that the their theirs them themselves then there these they this those through to too under until up
    upon us very was we were what when where which while who whom whose why will with would you your yours"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_NUMBER = re.compile(r"(?<=\d)[,\u2009\u202f](?=\d{3}\b)")
_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?!\w)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "\u00ad": None, "\u200b": None})
_local = threading.local()


def tokens(text: str) -> list[str]:
    """Stemmed words of a text in their order: lower case, without accents, possessive endings and stop words; hyphens
    part words; "U.S." is one token, "1,000" is "1000"."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = _INITIALS.sub(lambda match: match.group().replace(".", "") + " ", plain)
    plain = _POSSESSIVE.sub("", _NUMBER.sub("", plain))
    words = [word.replace("'", "") for word in _WORD.findall(plain)]
    return list(_stemmer().stemWords([word for word in words if word not in STOP_WORDS]))


def _stemmer() -> Stemmer:  # type: ignore[name-defined]  # noqa: F821
    """PyStemmer's English stemmer, one for each thread: it is not safe to share."""
    import Stemmer

    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english")
    return _local.stemmer


class LexicalIndex:
    """BM25 scores of a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        self._vocabulary: dict[str, int] = {}
        rows = [[self._vocabulary.setdefault(t, len(self._vocabulary)) for t in tokens(text)] for text in texts]
        self._bm25 = None
        if self._vocabulary:
            import bm25s

            self._bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
            self._bm25.index((rows, dict(self._vocabulary)), show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """The BM25 score of every text, (n,), 0 where no word is shared. A word said twice in the query counts
        once."""
        known = sorted({self._vocabulary[token] for token in tokens(query) if token in self._vocabulary})
        if self._bm25 is None or not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores_from_ids(known), dtype=np.float32)
