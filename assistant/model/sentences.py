"""What a model says, to sentences of plain text, as it arrives; and which passages each cites.

    "He left in 1902 [2]. **Her** letter"   ->   Spoken("He left in 1902.", (2,)), and the rest is waited for

Mark-up, links, pictures and HTML are taken out, and what a model thinks before it speaks (`<think>`) is never heard.
But: whether the passages exist and say so is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.sentences import split_sentences
from vectorstore.printable import printable_line

_NUMBERS = r"\^?\d{1,4}(?:\s*(?:[,;–-]|and|&)\s*\^?\d{1,4})*"
_NAMED = r"(?:passages?|sources?|references?|citations?|no\.?|p\.)"
_CITE = (
    rf"(?:\[+\s*{_NAMED}?\s*{_NUMBERS}\s*\]+(?!\()|【\s*{_NUMBERS}(?:†[^】\n]*)?】"
    rf"|\(\s*{_NAMED}\s*{_NUMBERS}\s*\)|\[n\])"
)
_CITED = re.compile(rf"\s*{_CITE}", re.I)
_ONLY_CITED = re.compile(rf"(?:{_CITE}|\s)*", re.I)
_BEHIND = re.compile(rf"(?P<end>[.!?…。]+[\"'”’)]*)(?P<cited>(?:[ \t]*{_CITE})+)", re.I)
_LEADS = re.compile(rf"\s*{_CITE}\s*\w", re.I)
_BEGUN = re.compile(r"[\[【(][^\]】)\n]{0,40}$")
"""A bracket that is not closed yet, and may become a citation."""
_ACCORDING = re.compile(
    rf"(?:according to|as (?:stated|mentioned|described|noted) in|based on|in|from) (?:the )?{_NAMED} "
    rf"(?P<n>{_NUMBERS}),?\s+(?P<first>\w)",
    re.I,
)
_STATES = re.compile(
    rf"(?:the )?(?:passage|source|reference)(?: (?P<n>{_NUMBERS}))? (?:(?:also|further|clearly|explicitly) )?"
    r"(?:says|states|notes|reports|explains|mentions|shows|indicates|tells us),? that,? (?P<first>\w)",
    re.I,
)
"""What a passage states is what is claimed: "Passage 2 states that he left." """
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.S | re.I)
_THOUGHT_END = re.compile(r".*</(?:think|thinking|reasoning)>", re.S | re.I)
_PICTURE = re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])?")
_LINK = re.compile(r"\[(?P<words>[^\]\n]+)\]\([^)\n]*\)")
_TAG = re.compile(r"</?[a-zA-Z!][^<>\n]*>|<!--|-->")
_MARKS = re.compile(r"\*{1,3}|`+|~~|(?<!\w)_{1,3}(?=\w)|(?<=[\w.,;!?])_{1,3}(?!\w)")
_OPENING = re.compile(r"\s*(?:>\s*)*(?:#{1,6}\s+|[-*+•‣–]\s+|\(?\d{1,2}[.)]\s+)?")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ENDS = re.compile(r"[.!?…。！？][\"'”’)\]*_]*$")
_MAY_END = re.compile(r"[.!?…。！？\n]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence in plain text on one line, and the numbers of the passages that it cites. `ended`: it has its end, or
    its line has."""

    text: str
    cited: tuple[int, ...] = ()
    ended: bool = True


class Listener:
    """Takes the pieces of an answer; gives each sentence once it is complete with the citations behind it."""

    def __init__(self) -> None:
        self._heard = ""
        self._leads: bool | None = None

    def hear(self, piece: str) -> list[Spoken]:
        """The sentences that this piece completes."""
        self._heard += piece
        if not _MAY_END.search(self._heard):
            return []
        self._heard = _THOUGHT_END.sub("", self._heard)
        if _THOUGHT.search(self._heard):  # not over yet
            return []
        self._move_inside()
        raw = _pieces(self._heard)
        while raw and (raw[-1][1] == len(self._heard) or _is_citing(self._heard[raw[-1][0] :])):
            raw.pop()
        if raw and _is_citing(self._heard[raw[-1][1] :]):
            raw.pop()  # what cites it may still come
        if not raw:
            return []
        end = raw[-1][1]
        heard, self._heard = self._heard[:end], self._heard[end:]
        return _spoken(heard, raw)

    def rest(self) -> list[Spoken]:
        """What is left when the answer ends; its last sentence may lack its end."""
        self._heard = _THOUGHT.sub("", _THOUGHT_END.sub("", self._heard))
        self._move_inside()
        heard, self._heard = self._heard, ""
        return _spoken(heard, _pieces(heard))

    def _move_inside(self) -> None:
        """Citations behind the end of a sentence are moved before it ("so. [1]" is "so [1]."), unless the answer cites
        at the beginning of its sentences."""
        if self._leads is None:
            self._leads = bool(_LEADS.match(self._heard))
        if not self._leads:
            self._heard = _BEHIND.sub(r"\g<cited>\g<end>", self._heard)


def _is_citing(text: str) -> bool:
    """Whether this is nothing but citations, the last perhaps not complete."""
    return bool(_ONLY_CITED.fullmatch(_BEGUN.sub("", text)))


def _pieces(text: str) -> list[tuple[int, int]]:
    """The sentences of a text, line by line, with the line's end where one ends it."""
    found = []
    at = 0
    for line in text.splitlines(keepends=True):
        spans = split_sentences(text, at, at + len(line))
        for n, (start, end) in enumerate(spans):
            last = n == len(spans) - 1 and line != line.rstrip("\r\n")
            found.append((start, at + len(line) if last else end))
        at += len(line)
    return found


def _spoken(text: str, spans: list[tuple[int, int]]) -> list[Spoken]:
    """The sentences in plain text."""
    found: list[Spoken] = []
    for start, end in spans:
        raw = text[start:end]
        if _FENCE.match(raw):
            continue
        leading = _ONLY_CITED.match(raw)
        before = _numbers(leading.group()) if leading else ()
        said, cited = _plain(raw[leading.end() if leading else 0 :])
        if re.search(r"\w", said):
            ended = bool(_ENDS.search(said)) or raw.endswith(("\n", "\r"))
            found.append(Spoken(said, tuple(dict.fromkeys((*before, *cited))), ended))
    return found


def _plain(raw: str) -> tuple[str, tuple[int, ...]]:
    opening = _OPENING.match(raw)
    text = raw[opening.end() if opening else 0 :]
    cited = _numbers(text)
    for pattern, by in ((_PICTURE, ""), (_LINK, r"\g<words>"), (_TAG, " "), (_CITED, ""), (_MARKS, "")):
        text = pattern.sub(by, text)
    text = printable_line(text)
    according = _ACCORDING.match(text) or _STATES.match(text)
    if according:
        cited = (*cited, *_counted(according["n"] or ""))
        text = according["first"].upper() + text[according.end() :]
    return text.strip(), cited


def _numbers(text: str) -> tuple[int, ...]:
    cited = (re.sub(r"†[^】]*", "", match.group()) for match in _CITED.finditer(text))
    return tuple(n for numbers in cited for n in _counted(numbers))


def _counted(numbers: str) -> tuple[int, ...]:
    """The numbers of "1, 3", "1 and 3" and "1-3"."""
    found: list[int] = []
    for part in re.split(r"[,;&]|and", numbers):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        found += range(ends[0], min(ends[-1], ends[0] + 20) + 1) if len(ends) > 1 else ends
    return tuple(found)
