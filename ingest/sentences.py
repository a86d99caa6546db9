"""A stretch of text to sentences, by rules, with exact offsets.

A full stop ends a sentence unless it belongs to an abbreviation, an initial, a number or a list numeral. Closing
quotation marks, brackets and reference numbers stay with their sentence; line wraps never break, blank lines always do.

But: headings, letters and quotations are unknown here; a caller passes one block at a time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from ingest.abbreviations import BEFORE_NUMBER, NEVER_LAST, PERHAPS_LAST, STARTERS
from ingest.deadline import Check, unchecked
from ingest.layout.paragraphs import line_groups, strip_span
from vectorstore.types import Span

CLOSERS = "”’\"'»›)\\]}」』】）"
OPENERS = "“\"‘'«‹„‚([{「『【（"
TERMINATOR = re.compile(  # it looks behind, so that a long row of stops is read once and not from each of them
    rf"(?<![.!?…‽؟۔।])(?P<mark>[.!?…‽؟۔।]++|\.\s\.\s\.)(?:[{CLOSERS}*_]|\[\d{{1,3}}\]|[¹²³⁰⁴-⁹])*(?=\s)|[。！？｡]+[{CLOSERS}]*"
)
OPENING = re.compile(rf"[\s{re.escape(OPENERS)}*_–—-]*")
WORD_BEFORE = re.compile(r"[^\W_](?:[\w.’'-]*[^\W_])?$")
NUMERAL = re.compile(r"[>*+\- \t]*[\[(]?(?:\d{1,3}|[A-Za-z]|[ivxlIVXL]{1,5})$")
INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]$")
ASIDE_END = re.compile(r"[(\[]|[)\]]\s*(?P<next>\S?)")
NEXT_WORD = re.compile(r"[^\W\d_]+")
BEFORE_PART = re.compile(r"[IVXLC]{1,7}\b(?![’'])|[(\[](?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[)\]]")
"""A numeral or a bracketed letter: "Sch. IV", "para. (b)"."""
MAX_ASIDE = 200
MAX_NUMERAL = 12
LAST_WORD_REACH = 48
EXCLAMATION_WORDS = 8


def split_sentences(
    text: str, start: int = 0, end: int | None = None, notes: Sequence[Span] = (), check: Check = unchecked
) -> list[Span]:
    """The sentences of `text[start:end]` in order, as offsets into `text`, without blanks at their ends: "It is. So?"
    gives [(0, 6), (7, 10)]. Every character that is not blank lies in exactly one. `notes`: spans of bracketed source
    notes; one that follows a finished sentence does not begin the next."""
    end = len(text) if end is None else end
    found: list[Span] = []
    for group in line_groups(text, start, end):
        first, last = group[0][0], group[-1][1]
        check()
        cased = any(map(str.isupper, text[first:last]))
        at = first
        for cut in _breaks(text, first, last, notes, cased, check):
            piece = strip_span(text, at, cut)
            if piece[0] < piece[1]:
                found.append(piece)
            at = cut
        piece = strip_span(text, at, last)
        if piece[0] < piece[1]:
            found.append(piece)
    return _join_exclamations(text, found)


def _breaks(text: str, start: int, end: int, notes: Sequence[Span], cased: bool, check: Check) -> Iterator[int]:
    """Offsets, ascending, at which a sentence ends."""
    ends_after_note = _note_ends(text, start, end, notes)
    sentence_start = start
    for cut, mark in _candidates(text, start, end, ends_after_note):
        check()
        if mark is None or _is_break(text, sentence_start, cut, mark, end, cased):
            yield cut
            sentence_start = cut


def _candidates(text: str, start: int, end: int, extra: list[int]) -> Iterator[tuple[int, re.Match[str] | None]]:
    """Where a sentence may end, in order: (offset, terminator), or (offset, None) at the end of a note that stands
    alone."""
    following = 0
    for match in TERMINATOR.finditer(text, start, end):
        while following < len(extra) and extra[following] < match.end():
            yield extra[following], None
            following += 1
        yield match.end(), match
    for cut in extra[following:]:
        yield cut, None


def _note_ends(text: str, start: int, end: int, notes: Sequence[Span]) -> list[int]:
    """Ends of those notes that begin after a finished sentence and are followed by a new one."""
    found: list[int] = []
    for note_start, note_end in notes[bisect_right(notes, (start, 0)) :]:
        if note_start >= end:
            break
        before = text[max(start, note_start - 6) : note_start].rstrip()
        finished = before.rstrip(CLOSERS.replace("\\", ""))[-1:] in ("", ".", "!", "?", "…", "。")
        after = OPENING.match(text, note_end, end)
        following = text[after.end() : after.end() + 1] if after else ""
        if before and finished and note_end < end and text[note_end].isspace() and not following.islower():
            found.append(note_end)
    return found


def _is_break(text: str, sentence_start: int, cut: int, match: re.Match[str], end: int, cased: bool) -> bool:
    """Whether the sentence ends at `cut`, behind the terminator `match`; `cased`: the text has capital letters."""
    mark = match.group("mark")
    if mark is None:  # 。！？ need no blank behind them
        return True
    opening = OPENING.match(text, cut, end)
    at = opening.end() if opening else cut
    if at >= end:
        return True
    if text[at].islower() and cased:
        return False
    if text[at] in ",;:.!?…)]" and text[at - 1].isspace():
        return False
    if text[at - 1] in "([" and _aside(text, at, end):
        return False
    begins = match.start()
    word = _next_word(text, at, end)
    if mark.startswith("…") or mark.startswith(".."):
        inner = begins > sentence_start and (text[begins - 1].isspace() or text[begins - 1] in "([")
        return not inner or word in STARTERS
    if mark != "." or match.end() > match.end("mark"):
        return not (mark == "." and _ends_in_abbreviation_note(text, sentence_start, begins))
    return not _belongs_to_word(text, sentence_start, begins, at, word)


def _aside(text: str, at: int, end: int) -> bool:
    """Whether the bracket open before `at` is closed and the sentence goes on behind it: "Are We Ready?" (June), ..."""
    close = ASIDE_END.search(text, at, min(end, at + MAX_ASIDE))
    if close is None or close.group()[0] in "([":
        return False
    following = close.group("next")
    return bool(following) and (following in ",;:" or following.islower())


def _ends_in_abbreviation_note(text: str, sentence_start: int, stop: int) -> bool:
    """A full stop before a closing bracket that is an abbreviation's: "(Smith et al.) found"."""
    word = _word_before(text, sentence_start, stop)
    return word in NEVER_LAST


def _belongs_to_word(text: str, sentence_start: int, stop: int, at: int, next_word: str) -> bool:
    """Whether the full stop at `stop` is part of an abbreviation, initial or numeral, not the end of a sentence."""
    if stop - sentence_start <= MAX_NUMERAL and NUMERAL.fullmatch(text[sentence_start:stop].strip()):
        return True
    word = _word_before(text, sentence_start, stop)
    if not word:
        return False
    if word in NEVER_LAST:
        return True
    if word in BEFORE_NUMBER and (
        text[at].isdigit()
        or BEFORE_PART.match(text, at - (text[at - 1] in "(["))
        or (len(word) > 1 and word in ("nos", "vol", "vols", "pp", "fig", "figs"))
    ):
        return True
    if word in PERHAPS_LAST or (len(word) <= 16 and INITIALS.fullmatch(word) and _is_initial(text, stop, word)):
        if word == "etc":
            return False
        return next_word not in STARTERS or (len(word) == 1 and next_word in ("a", "i"))
    return False


def _is_initial(text: str, stop: int, word: str) -> bool:
    return "." in word or text[stop - 1].isupper()


def _word_before(text: str, sentence_start: int, stop: int) -> str:
    match = WORD_BEFORE.search(text[max(sentence_start, stop - LAST_WORD_REACH) : stop])
    return match.group().lower() if match else ""


def _next_word(text: str, at: int, end: int) -> str:
    match = NEXT_WORD.match(text, at, min(end, at + LAST_WORD_REACH))
    return match.group().lower() if match else ""


def _join_exclamations(text: str, spans: list[Span]) -> list[Span]:
    """Joins a row of short exclamations ("Peace! Bread!") into one sentence."""
    joined: list[Span] = []
    for span in spans:
        if joined and _exclaims(text, joined[-1]) and _exclaims(text, span) and _words(text, span) <= EXCLAMATION_WORDS:
            between = text[joined[-1][1] : span[0]]
            if between.isspace() and "\n" not in between.replace("\r", "\n"):
                joined[-1] = (joined[-1][0], span[1])
                continue
        joined.append(span)
    return joined


def _exclaims(text: str, span: Span) -> bool:
    return text[max(span[0], span[1] - 4) : span[1]].rstrip("”’\"'»").endswith("!")


def _words(text: str, span: Span) -> int:
    return len(text[span[0] : min(span[1], span[0] + 400)].split())
