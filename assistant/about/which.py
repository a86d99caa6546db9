"""Which of the documents is meant by some words of a question: "the minutes of March", "The Salt Road", "tool.md"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.about.asks import is_genre, without_containers
from assistant.understanding.question import normal, stem, stems_of
from ingest.layout.letters import DATE
from vectorstore.english import one_of, word_set
from vectorstore.types import Head

MOST_OF_A_TITLE = 0.6
"""Share of a title's words that words must repeat to name the document, unless they say its genre ("the handbook")."""
NEARLY = 0.7
"""Documents that are named nearly as well as the best are meant, too: "the minutes" of several days."""
MANY_WORDS = 3
"""So many words that all stand in a title name the document, however long the title is."""

_FORMATS = {
    ".epub": word_set("book e-book ebook novel"),
    ".eml": word_set("email e-mail mail message"),
    ".emlx": word_set("email e-mail mail message"),
    ".vtt": word_set("transcript video"),
    ".srt": word_set("transcript video"),
}
"""Kinds of document that all files of a format are."""
_MEETINGS = word_set("meeting session sitting hearing")
_OF_A_MEETING = re.compile(r"\b(?:minutes|meeting|session|sitting|hearing)\b", re.I)
_RECORD = re.compile(r"^[^\w\n]*(?:Attend(?:ees|ance|ing)|Present|Minutes)\b", re.M)
"""A line of what was written down at a meeting; such records are often called by their day alone."""
_TOLD_OF = word_set(
    "book e-book ebook novel play poem story tale speech talk lecture biography chronicle diary sermon song"
)
"""Kinds of document of which reviews say "this book", too."""
_ALIKE = (
    r"books?|e-?books?|novels?|volumes?|memoirs?|(?:auto)?biograph(?:y|ies)|stor(?:y|ies)|tales?|poems?|plays?|films?",
    r"papers?|stud(?:y|ies)|thes[ie]s|essays?|reports?|reviews?|surveys?|articles?|dissertations?",
    r"letters?|e?-?mails?|messages?|memo(?:randum)?s?",
)
"""Words by which a text may tell of the same kind of thing."""
_ITSELF = re.compile(r"\b(?:this|these|the present|our) (?:[\w-]+ )?$", re.I)
_BEFORE_ANOTHER = one_of("of on about by from for in to behind through against")
_SAID_OF_IT = one_of("that which who whom whose is was are were has had")


def of_genre(genre: str, heads: Sequence[Head], text_of: Callable[[Head], str]) -> list[Head]:
    """The document that "the book" or "the handbook" means where no title says so: the only one whose format is of that
    kind, or the only one there is, if it calls itself so ("this handbook") or tells of no such thing. None in doubt: in
    an article about a book, "the book" is another one."""
    sure = [head for head in heads if genre in _FORMATS.get(_suffix(head.origin), ())]
    if sure:
        return sure if len(sure) == 1 else []
    if genre in _MEETINGS:
        held = [head for head in heads if any(_OF_A_MEETING.search(name) for name in _names(head))]
        held = held or [head for head in heads if DATE.fullmatch(head.title) and _RECORD.search(text_of(head))]
        return held if len(held) == 1 else []
    if len(heads) != 1:
        return []
    text = text_of(heads[0])
    own = re.search(rf"\b{re.escape(genre)}\b", text, re.I)
    if (
        own is not None
        and genre not in _TOLD_OF
        and _ITSELF.search(" ".join(text[max(0, own.start() - 60) : own.start()].split()) + " ")
    ):
        return list(heads)
    alike = next((words for words in _ALIKE if re.fullmatch(words, genre)), rf"{re.escape(genre)}s?")
    return [] if re.search(rf"\b(?:{alike})\b", text, re.I) else list(heads)


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
    genre = any(is_genre(word) and stem(word) in own and _calls_itself(word, name) for word in words.split())
    return share if genre or share >= MOST_OF_A_TITLE or len(wanted) >= MANY_WORDS else 0.0


def _calls_itself(genre: str, name: str) -> bool:
    """Whether a name says that the document is of this genre ("Minutes of the choir"), not that it is about one ("A
    review of the book", "The book that shook Europe")."""
    words = re.findall(r"[\w’'-]+", name.lower())
    at = next((number for number, word in enumerate(words) if stem(word) == stem(genre)), len(words))
    after = words[at + 1] if at + 1 < len(words) else ""
    another = any(re.fullmatch(_BEFORE_ANOTHER, word) for word in words[:at])
    return not another and not is_genre(after) and not re.fullmatch(_SAID_OF_IT, after)


def _suffix(origin: str) -> str:
    return "." + _file(origin).rpartition(".")[2].lower()


def _names(head: Head) -> list[str]:
    return [head.title, re.sub(r"[\W_]+", " ", _file(head.origin).rpartition(".")[0] or _file(head.origin))]


def _file(origin: str) -> str:
    return re.split(r"[\\/:]", origin.rstrip("/"))[-1]
