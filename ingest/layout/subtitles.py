"""Subtitles (WebVTT, SubRip): which characters are numbers, times and tags, and no words.

A cue's words go on in the next cue; a new paragraph begins where the speaker changes, or where a sentence has ended and
nothing is said for a while.

A voice tag that is not closed holds for the cues without one behind it, a closed one does not.

But: who speaks is read in `ingest.speech.turns`; for it the name and the bracket of a voice tag ("Ada>") stay wherever
a paragraph of that voice begins, and one without them is nobody's. A second voice within one line is not seen.
"""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import pairwise

from ingest.deadline import Check, unchecked
from ingest.layout.paragraphs import line_spans
from vectorstore.types import Span

PAUSE = 2.0
"""Seconds of silence after a sentence that begin a paragraph."""
PARAGRAPH = 600
"""Characters after which the next end of a sentence begins one."""
_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
TIMES = re.compile(rf"(?P<start>{_CLOCK})\s*--?>\s*(?P<end>{_CLOCK})(?:\s++\S[^\s:]*+:\S++)*+\s*+$")
HEADER = re.compile(r"\ufeff?WEBVTT\b")
NO_WORDS = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]++(?P<name>[^<>\n]{1,80}?)(?<![ \t])[ \t]*+>")
TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,80}>|<\d[\d:.]*>|\{\\[^{}\n]{1,40}\}|</[vcbiu]>")
ENDS = re.compile(r"[.!?…。！？♪][”’\"'»)\]]*$")
NEW_SPEAKER = re.compile(r"(?:[-–—]\s?|>>\s?)\S|[A-Z][\w .'’-]{0,40}:\s|[\[(♪]")
CLOSED = re.compile(r"</v>")
REFERENCE = re.compile(
    r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,30});(?=(?P<tag>/?[A-Za-z]|\d[\d:.]*(?:>|&gt;))?)"
)
FIRST_LINES = 40
FEWEST = 2
_NOT_SPELT = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def find_cue_marks(text: str, check: Check = unchecked) -> tuple[Span, ...]:
    """What is no word of a text of subtitles, in order and apart; empty where the text is something else. A span that
    joins two cues of one paragraph holds the blanks between them."""
    if not is_subtitles(text):
        return ()
    hidden: list[Span] = []
    words: list[tuple[int, int, bool]] = []  # lines of words, and whether each begins a paragraph
    voice, spoken_until, since = "", 0.0, 0
    skipping = breaks = in_cue = closed = False
    lines = list(line_spans(text, 0, len(text)))
    for index, (start, end) in enumerate(lines):
        check()
        line = text[start:end]
        if start == end:
            skipping = in_cue = False
            continue
        times = TIMES.match(line)
        if times:
            breaks = _seconds(times.group("start")) - spoken_until > PAUSE
            spoken_until = _seconds(times.group("end"))
            in_cue = True
        names_cue = not in_cue and index + 1 < len(lines) and bool(TIMES.match(text, *lines[index + 1]))
        if not in_cue and (NO_WORDS.match(line) or HEADER.match(line)):
            skipping = True
        if times or skipping or names_cue or not in_cue:
            hidden.append((start, end))
            continue
        speaker = VOICE.match(line)
        now = speaker.group("name") if speaker else "" if closed else voice
        ended = bool(words) and bool(ENDS.search(text[max(0, words[-1][1] - 4) : words[-1][1]]))
        pauses = ended and (breaks or start - since > PARAGRAPH) and (speaker is not None or not now)
        turns = now != voice or pauses or bool(NEW_SPEAKER.match(text, start + speaker.end() if speaker else start))
        first, last = _without_tags(text, start, end, hidden, speaker, turns)
        if first >= last:
            continue
        new = turns or bool(NEW_SPEAKER.match(text, first))
        voice = now if speaker or not new else ""
        closed = bool(CLOSED.search(line)) or (closed and speaker is None)
        words.append((first, last, new))
        since = first if new else since
        breaks = False
    return _joined(text, hidden, words)


def is_subtitles(text: str) -> bool:
    """Whether a text is a file of subtitles: it opens with WEBVTT or, numbered or not, with the times of a cue."""
    if HEADER.match(text):
        return "-->" in text
    opening = [text[a : min(b, a + 80)] for a, b in line_spans(text, 0, min(len(text), 4_000)) if a < b][:FIRST_LINES]
    if not any(TIMES.match(line) for line in opening[:2]):
        return False
    return sum(1 for _, line in zip(range(FEWEST), filter(TIMES.match, text.splitlines()), strict=False)) == FEWEST


def spelt_out(text: str) -> tuple[str, int]:
    """Subtitles with their character references ("&amp;") spelt out, and how many there were. One stays that would
    become a control character, a line end, or the beginning of a tag."""
    number = 0

    def sign_of(reference: re.Match[str]) -> str:
        nonlocal number
        written = reference.group()
        sign = html.unescape(written)
        stays = sign == written or (sign == "<" and reference["tag"])
        if stays or not sign or any(unicodedata.category(one) in _NOT_SPELT for one in sign):
            return written
        number += 1
        return sign

    return REFERENCE.sub(sign_of, text), number


def _without_tags(
    text: str, start: int, end: int, hidden: list[Span], speaker: re.Match[str] | None, named: bool
) -> Span:
    """The line without its tags, which become hidden. "Name>" stays of a voice tag, where it is to be `named`."""
    offset = 0
    if speaker is not None:
        hidden.append((start, start + (speaker.start("name") if named else speaker.end())))
        offset = speaker.end()
    tags = [(tag.start(), tag.end()) for tag in TAG.finditer(text, start + offset, end)]
    hidden += tags
    first = start if speaker is not None and named else start + offset
    for at, after in tags:
        if at != first:
            break
        first = after
        while first < end and text[first].isspace():
            first += 1
    last = end
    while tags and tags[-1][1] == last and tags[-1][0] >= first:
        last = tags.pop()[0]
        while first < last and text[last - 1].isspace():
            last -= 1
    return first, last


def _joined(text: str, hidden: list[Span], words: list[tuple[int, int, bool]]) -> tuple[Span, ...]:
    """The hidden spans, those between two lines of one paragraph as one that holds all that stands between."""
    gaps = [(before[1], after[0]) for before, after in pairwise(words) if not after[2]]
    found: list[Span] = []
    for start, end in sorted([*gaps, *hidden]):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end and text[start:end].strip():
            found.append((start, end))
    return tuple(found)


def _seconds(clock: str) -> float:
    *hours, minutes, seconds = clock.replace(",", ".").split(":")
    return (int(hours[0]) * 60 if hours else 0) * 60 + int(minutes) * 60 + float(seconds)
