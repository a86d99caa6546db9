"""Conversations in which each turn begins with its speaker's name: interviews, minutes, plays, chats, subtitles.

    MS. ALVAREZ: The crane failed.      Rosa Lindt (0:12)           OLE
    **Rosa:** I signed it.              I signed it.                Then he shall not have it.

A name counts where the text as a whole reads as talk: names come again, what follows them asks or says "I" or "you".

But: lines such as "Cook: Per Lund" or "Note: ..." are no turns, and a turn marked "Q:" or "A:" has no speaker.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.deadline import Check, unchecked
from ingest.layout.paragraphs import line_spans
from ingest.layout.quoted import QUOTE_MARK
from vectorstore.english import word_set
from vectorstore.types import Span

LONGEST_NAME = 40
FEWEST = 3
TALK = 0.2
"""Share of turns that must ask something or hold a word of TALKING; more where no name comes again."""
ALL_TALK = 0.4
_SPOKEN, _ONE_TURN = 0.1, 0.5
"""Share of the text from the first turn to the last that stands in paragraphs with a label, and share that one turn has
at most: where few have one, and most follows a single label, they are fields ("SUMMARY: ..."), and nobody speaks."""
_LONGEST_REPLY = 300

_CAPITAL = r"(?:[A-Z]\.|[^\W\d_a-z][\w’'-]*\.?|\d{1,3}|#\d{1,3})"
_SMALL = r"(?:of|the|de|van|von|der|den|la|le|du|di|da|del|bin|al|and|for|to)"
_NAME = rf"(?:{_CAPITAL})(?:\s(?:{_SMALL}\s){{0,2}}{_CAPITAL}){{0,5}}"
_CAPS_WORD = r"[^\W\d_a-z][^\Wa-z_]*(?:[’'-][^\Wa-z_]+)*\.?"
_CAPS = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|St|The)\.?\s)?"
    rf"[^\W\d_a-z][^\W_a-z]+(?:[’'-][^\Wa-z_]+)*\.?(?:\s(?:of\s|and\s)?{_CAPS_WORD}){{0,4}}?"
)
_ASIDE = r"(?:\s?[\[(_][^\])\n]{1,60}[\])_]\*{0,2})?"
_MARK = r"(?P<mark>\*\*|__|\*|_)?"
INLINE = re.compile(
    rf"(?:[-–•]\s+)?{_MARK}(?P<name>{_NAME}){_ASIDE}\s?(?:(?(mark)(?P=mark))\s?[:：]|[:：](?(mark)\s?(?P=mark)))(?=\s|$)"
)
VOICE = re.compile(rf"(?P<name>[^\W\d_a-z](?:[^<>\n:]{{0,{LONGEST_NAME}}}[^\s<>:])?)>(?=[^\s>])")
"""What is left of a voice tag of subtitles."""
CHAT = re.compile(rf"<(?P<name>[^\s<>][^<>\n]{{0,{LONGEST_NAME}}})>(?=\s)")
STOPPED = re.compile(rf"{_MARK}(?P<name>{_CAPS}){_ASIDE}\.(?:[-—–]+)?(?(mark)(?P=mark))(?=\s|[-—–])\s*(?=\S)")
ALONE = re.compile(rf"{_MARK}(?P<name>{_CAPS}){_ASIDE}[.:]?(?(mark)(?P=mark))$")
NAMED_ALONE = re.compile(rf"\[?(?P<name>{_NAME})\]?{_ASIDE}\s*$")
NAMELESS = re.compile(r"(?P<name>Q|A|Question|Answer)[.:](?=\s)")
REPLY = re.compile(
    rf"(?:On[^\S\n][^\n>]{{6,80}}?(?:\d\s?[AaPp]\.?[Mm]\.?,?|,|\d)\s)?(?P<name>{_NAME})(?:\s<[^\s<>]{{1,80}}>)?,?\s(?:wrote|writes):"
    r"[ \t]*\r?\n(?:[ \t]*\r?\n)?(?=[ \t]*>)"
)
"""The line above what a letter quotes: "On 3 May 2011 at 9:15, Jon Orme <jon@x.org> wrote:"."""
STAGE = re.compile(
    r"[\[(]|[_*]\s?[\[(]|(?:Enter|Exit|Exeunt|Re-enter|Curtain|Blackout|Lights|Pause|Silence|Act|Scene|ACT|SCENE)\b"
)
TALKING = re.compile(
    r"\b(?:I|you|we|me|my|us|our|your|I[’']\w+|you[’']\w+|we[’']\w+|yes|no|thanks?|please)\b|[?!](?![\w=])", re.I
)
_COUNTS = re.compile(r"(?=[IVX]{2})X{0,3}(?:I[XV]|V?I{0,3})\.?")
"""The number of a chapter or clause in capitals, which names nobody: "IV. Loans to directors"."""
_BETWEEN_NAMES = re.compile(r",(?: and)?\s|\s(?:and|&|\+|/)\s")
_ONE_NAME = re.compile(_NAME)
_SPACE = re.compile(r"\s*")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
NO_SPEAKER = word_set("q a question answer frage antwort")
"""Labels of turns that name nobody."""
NOT_NAMES = word_set(
    """note notes warning caution tip tips hint example examples remark important attention nb ps step figure fig table
    source sources chapter section part item action actions agenda date time place venue location subject from to cc
    bcc re present attendees apologies absent title author authors editor abstract keywords summary background
    objective objectives goal goals proposal methods results conclusion conclusions discussion introduction
    purpose scope definition
    definitions motion resolution decision outcome vote votes result pros cons price cost name address phone tel
    email web website url see also update updated edit edited answer-key spoiler disclaimer copyright http https
    isbn doi cast characters persons personae scene setting text words photo photos photograph illustration translation
    usage syntax returns return description parameter parameters argument arguments option options default defaults type
    types since requires requirements input inputs output outputs error errors exceptions raises throws complexity
    availability compatibility limitations features format length size value values key
    number numbers id code reference agency department division salary grade series period locations position duties
    qualifications benefits deadline amount fee fees other others information requirement
    interview story ingredients directions method serves total status version day week month year yes no but and so
    however first second third finally remember listen look thus therefore here there this that contents"""
)

FORMS_OF_ADDRESS = word_set("mr mrs ms miss dr st sir sen rep prof capt col gen rev hon messrs")
"""What names nobody by itself: "MR. PELL, a tailor." is a line of a cast."""


@dataclass(frozen=True, slots=True)
class Label:
    """Where a turn begins: its speaker, None where it names nobody, and the offset behind the label. `reach`: as
    far as the speaker goes on: for the paragraph, up to another label if there is one, or in any case."""

    start: int
    end: int
    speaker: str | None
    reach: Literal["paragraph", "label", "end"] = "label"


def find_labels(text: str, check: Check = unchecked) -> list[Label]:
    """The labels of the turns in a text, in order; none where the text is no conversation."""
    lines = [span for span in line_spans(text, 0, len(text))]
    letters = ("wrote:" in text or "writes:" in text) and ">" in text
    voices: list[Label] = []
    inline: list[Label] = []
    caps: list[Label] = []
    replies: list[Label] = []
    begins, quoting, level = False, "", ""
    for index, (start, end) in enumerate(lines):
        check()
        if start == end:
            begins = True
            continue
        begins, opens = False, begins
        opening = text[start : min(end, start + 3 * LONGEST_NAME)]
        voice = VOICE.match(opening)
        if voice is not None:
            voices.append(Label(start, start + voice.end(), " ".join(voice.group("name").split()), "end"))
            continue
        if voices and opens:  # each paragraph of a voice is marked
            voices.append(Label(start, start, None, "paragraph"))
        reply = REPLY.match(text, start, min(len(text), start + _LONGEST_REPLY)) if letters else None
        if reply is not None:
            mark = QUOTE_MARK.match(text, reply.end())
            replies.append(Label(start, mark.end() if mark else reply.end(), reply["name"], "paragraph"))
            quoting, level = reply["name"], ""
            continue
        if quoting:
            mark = QUOTE_MARK.match(text, start, end)
            now = "".join(mark.group().split()) if mark else ""
            if start < replies[-1].end:  # the first line quoted goes on with the one that says whose it is
                level = now
                continue
            if mark is not None:
                if opens or now != level:
                    replies.append(Label(start, mark.end(), quoting if now == ">" else None, "paragraph"))
                level = now
            elif opens or text[max(0, start - 1) : start] not in (" ", "\t"):  # not a line whose mark is hidden
                if level and not opens:
                    replies.append(Label(start, start, None, "paragraph"))
                level = ""
            if level:
                continue
        match = CHAT.match(opening) or INLINE.match(opening) or NAMELESS.match(opening)
        if match is None and _timed(text, start, end) and _followed(lines, index):
            match = NAMED_ALONE.match(text[start:end])
        if match is not None:
            follows = match.re is NAMED_ALONE or start + match.end() < end or _followed(lines, index)
            if follows and (match.re is CHAT or _may_speak(match.group("name"))):
                inline.append(_label(match, start))
            continue
        if not opening[:1].isupper() and opening[:1] not in "*_[":
            continue
        stopped = STOPPED.match(opening)
        alone = ALONE.match(opening) if end - start <= 2 * LONGEST_NAME and _followed(lines, index) else None
        found = alone or stopped
        if found is not None and _may_speak(found.group("name")) and not _COUNTS.fullmatch(found.group("name")):
            caps.append(replace(_label(found, start), reach="paragraph"))
    inline = _without_fields(text, inline)
    labels = _talk(text, inline, check) if _comes_again(inline, 1) or _all_lines(text, inline, lines) else []
    if _comes_again(caps, 2):
        known = Counter(label.speaker for label in caps)
        if (
            known[caps[0].speaker] == 1
            and not text[: caps[0].start].strip()
            and text[caps[0].end :][:1] in ("\r", "\n")
        ):
            caps = caps[1:]  # the title
        labels = labels + [label for label in caps if known[label.speaker] > 1 or len(known) > 1]
    return sorted([*voices, *replies, *labels], key=lambda label: label.start)


def is_direction(text: str, start: int, end: int) -> bool:
    """Whether a paragraph is a stage direction, which nobody speaks."""
    return bool(STAGE.match(text, start, end))


def _timed(text: str, start: int, end: int) -> bool:
    """Whether a time that is hidden stood beside the words of a line."""
    behind = text[end : end + 5]
    return text[max(0, start - 4) : start] == "    " or (len(behind) > 4 and not behind.strip(" "))


def _followed(lines: Sequence[Span], index: int) -> bool:
    return index + 1 < len(lines) and lines[index + 1][0] < lines[index + 1][1]


def _label(match: re.Match[str], offset: int) -> Label:
    name = " ".join(match.group("name").split()).rstrip(".")
    speaker = None if name.lower() in NO_SPEAKER else name
    return Label(offset, offset + match.end(), speaker)


def _may_speak(name: str) -> bool:
    words = [word.strip(".").lower() for word in name.split()]
    return (
        len(name) <= LONGEST_NAME and not {words[0], words[-1]} & NOT_NAMES and set(words) - FORMS_OF_ADDRESS != set()
    )


def _without_fields(text: str, labels: Sequence[Label]) -> list[Label]:
    """The labels less those that come once, with nothing behind them but names: "Missing: Ada Fell"."""
    counts = Counter(label.speaker for label in labels)

    def is_field(label: Label) -> bool:
        ends = text.find("\n", label.end)
        line = text[label.end : ends if ends >= 0 else len(text)].strip()
        names = _BETWEEN_NAMES.split(line[:_LONGEST_REPLY])
        return line == "None" or all(_ONE_NAME.fullmatch(name) and (len(names) > 1 or " " in name) for name in names)

    return [one for one in labels if one.speaker is None or counts[one.speaker] > 1 or not is_field(one)]


def _comes_again(labels: Sequence[Label], least: int) -> bool:
    """Whether there are turns enough, and at least so many speakers have two of them."""
    counts = Counter(label.speaker for label in labels)
    again = sum(1 for count in counts.values() if count > 1)
    return len(labels) >= FEWEST and len(counts) > 1 and (again >= least or 2 * len(labels) >= 3 * len(counts) > 3)


def _all_lines(text: str, labels: Sequence[Label], lines: Sequence[Span]) -> bool:
    """Whether nearly every line begins a turn."""
    number = sum(1 for start, end in lines if start < end)
    return len(labels) > 1 and len(labels) >= 0.8 * (number - 1)


def _doubtful(speaker: str | None, counts: Counter[str | None]) -> bool:
    """Whether a label before all others may be something else than a name: one word, in small letters, only once."""
    return speaker is not None and counts[speaker] == 1 and " " not in speaker and not speaker.isupper()


def _talk(text: str, labels: list[Label], check: Check) -> list[Label]:
    """The labels, where what follows them is talk; of each turn its first paragraph is looked at, for behind the last
    item of a list of terms stands the rest of the text."""
    counts = Counter(label.speaker for label in labels)
    talking = spoken = longest = 0
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        check()
        end = min(following.start if following is not None else len(text), label.end + 1_000)
        blank = _BLANK_LINE.search(text, _SPACE.match(text, label.end).end(), end)  # type: ignore[union-attr]
        stop = blank.start() if blank is not None else end
        spoken += stop - label.start
        longest = max(longest, following.start - label.start if following is not None else 0)
        talking += bool(TALKING.search(text, label.end, stop))
    whole = labels[-1].start - labels[0].start if labels else 0
    if spoken < _SPOKEN * whole and longest > _ONE_TURN * whole:
        return []
    while len(counts) < len(labels) and labels and _doubtful(labels[0].speaker, counts):
        labels = labels[1:]
    least = TALK if max(counts.values()) > 1 else ALL_TALK
    return labels if talking >= least * len(labels) else []
