"""Which of the documents is meant by some words of a question: "the minutes of March", "The Salt Road", "tool.md"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.about.asks import is_genre, without_containers
from assistant.understanding.question import normal, stem, stems_of
from vectorstore.types import Head

MOST_OF_A_TITLE = 0.6
"""Share of a title's words that words must repeat to name the document, unless they say its genre ("the handbook")."""
NEARLY = 0.7
"""Documents that are named nearly as well as the best are meant, too: "the minutes" of several days."""
MANY_WORDS = 3
"""So many words that all stand in a title name the document, however long the title is."""


def named(words: str, heads: Sequence[Head]) -> list[Head]:
    """The documents that `words` name, best first those that they name best; none where they name something else."""
    plain = without_containers(words)
    wanted = frozenset(stems_of(plain))
    exact = [head for head in heads if normal(words) in (normal(head.title), normal(_file(head.origin)))]
    if exact or not wanted:
        return exact
    found = [(share, head) for head in heads if (share := max(_share(wanted, plain, name) for name in _names(head)))]
    best = max((share for share, _ in found), default=0.0)
    return [head for share, head in found if share > NEARLY * best]


def _share(wanted: frozenset[str], words: str, name: str) -> float:
    """How much of a document's name the words repeat, 0 where they do not name it."""
    own = frozenset(stems_of(name))
    if not own or not wanted <= own:
        return 0.0
    share = len(wanted) / len(own)
    genre = any(is_genre(word) and stem(word) in own for word in words.split())
    return share if genre or share >= MOST_OF_A_TITLE or len(wanted) >= MANY_WORDS else 0.0


def _names(head: Head) -> list[str]:
    return [head.title, re.sub(r"[\W_]+", " ", _file(head.origin).rpartition(".")[0] or _file(head.origin))]


def _file(origin: str) -> str:
    return re.split(r"[\\/:]", origin.rstrip("/"))[-1]
