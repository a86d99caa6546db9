"""Passages by their words: BM25 (bm25s, the Lucene variant) over stemmed English tokens.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; k1 1.2 and b 0.75 as in Lucene.

The word index is made from the passages' texts when it is first asked. A large one is also written to a file, so that
it need not be made again; the file may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.folding import folded

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
_WORD = re.compile(r"\d+(?:\.\d+)+(?!\w)|[^\W_]+(?:'[^\W_]+)*")
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ`´", "'"),
        **dict.fromkeys("“”«»–—‐‑…", " "),
    }
)
_local = threading.local()

LEXICAL_FILE = "lexical.npz"
LARGE = 2000
_VERSION = "2"  # to be raised whenever `tokens` or the weighting changes
_ARRAYS = ("data", "indices", "indptr")
_DIGEST = hashlib.sha256().digest_size


def tokens(text: str) -> list[str]:
    """Stemmed words of a text in their order: lower case, without accents, possessive endings and stop words; hyphens
    part words; "U.S." and "2.3" are one token, "1,000" is "1000". Letters
    are folded."""
    plain = folded(text).translate(_PLAIN).casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(character for character in decomposed if not unicodedata.combining(character))
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

    def __init__(self, size: int, vocabulary: dict[str, int], arrays: dict[str, NDArray[Any]]) -> None:
        """Use `of` or `read`. `arrays` are bm25s's scores, a sparse matrix with a column for each word: the texts of
        word w and its share in their scores are indices and data from indptr[w] to indptr[w + 1]."""
        self._size = size
        self._vocabulary = vocabulary
        self._arrays = arrays

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalIndex:
        """The index of these texts."""
        import bm25s

        vocabulary: dict[str, int] = {}
        rows = [[vocabulary.setdefault(token, len(vocabulary)) for token in tokens(text)] for text in texts]
        bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        if vocabulary:
            bm25.index((rows, dict(vocabulary)), show_progress=False)
        arrays = {name: np.asarray(bm25.scores[name]) for name in _ARRAYS} if vocabulary else {}
        return cls(len(texts), vocabulary, arrays)

    @classmethod
    def read(cls, file: Path, key: str) -> LexicalIndex | None:
        """The index kept in a file under this key; None where there is none, or where it is not as it was written."""
        try:
            content = memoryview(file.read_bytes())
        except OSError:
            return None
        if bytes(content[:_DIGEST]) != hashlib.sha256(content[_DIGEST:]).digest():
            return None
        with np.load(io.BytesIO(content[_DIGEST:]), allow_pickle=False) as kept:
            if str(kept["key"]) != key:
                return None
            vocabulary = {word: i for i, word in enumerate(str(kept["words"]).split())}
            return cls(int(kept["size"]), vocabulary, {name: kept[name] for name in _ARRAYS if name in kept})

    def write(self, file: Path, key: str) -> None:
        """Keeps the index in a file that appears whole or not at all, behind a digest of the rest of it. Raises
        OSError."""
        kept = io.BytesIO()
        words = " ".join(self._vocabulary)
        values: dict[str, Any] = {"key": key, "size": self._size, "words": words, **self._arrays}
        np.savez(kept, **values)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".lexical-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(hashlib.sha256(kept.getbuffer()).digest())
                stream.write(kept.getbuffer())
            os.replace(temporary, file)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def scores(self, query: str) -> NDArray[np.float32]:
        """The BM25 score of every text, (n,), 0 where no word is shared. A word said twice in the query counts
        once."""
        known = sorted({self._vocabulary[token] for token in tokens(query) if token in self._vocabulary})
        total = np.zeros(self._size, dtype=np.float32)
        for word in known:
            column = slice(*self._arrays["indptr"][word : word + 2].tolist())
            total[self._arrays["indices"][column]] += self._arrays["data"][column]
        return total


def kept_index(texts: Callable[[], Sequence[str]], names: Sequence[str], file: Path | None) -> LexicalIndex:
    """The index of the texts that `texts` gives; a large one (2,000 texts, about a second's work) is read from the file
    without asking for them, or kept there for the next time. `names`: one for each text, ids that change with them."""
    if file is None or len(names) < LARGE:
        return LexicalIndex.of(texts())
    key = hashlib.sha256("\n".join((_VERSION, *names)).encode("utf-8")).hexdigest()
    index = LexicalIndex.read(file, key)
    if index is None:
        index = LexicalIndex.of(texts())
        with contextlib.suppress(OSError):  # a full disk: it is made again next time
            index.write(file, key)
    return index
