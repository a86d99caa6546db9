"""Words around a claim that only say where it stands: "According to the article, ...", "As the author notes, ...".

    "The text says that the pier burned down."      the pier burned down.
    "The pier burned down, the article reports."    The pier burned down
    "Yes, in short: the pier burned down."          the pier burned down.

But: who is named is no frame ("According to Roe, ..."), and neither is what the text is said not to say, or to reject.
"""

from __future__ import annotations

import re
from functools import cache

from vectorstore.english import one_of
from vectorstore.types import Span

_NOUNS = """article text source document passage page chapter section paragraph excerpt extract author authors writer
narrator context transcript source_text article_text texts documents sources articles passages"""
_MORE_NOUNS = "report study book account paper essay story reporter writers record records file material summary piece"
"""These may as well be told of in the source: "The report blamed the pilot." """


def _the(nouns: str) -> str:
    text = one_of(nouns)
    given = one_of("above itself here provided given in_question")
    return (
        rf"(?:the|this|that|our|its|these) (?:(?:provided|given|cited|original) )?{text}(?:['’]s {text})?(?: {given})?"
    )


_HOW = (
    r"(?:(?:also|further|then|later|explicitly|clearly|simply|even|itself|themselves|does|do|goes on to|go on to"
    r"|makes clear|additionally|specifically|directly|first|once|again|already|briefly) )*"
)
_SAYS = one_of(
    """say says said state states stated tell_us tells_us tell tells told_us note notes noted report reports reported
    mention mentions mentioned write writes wrote explain explains explained point_out points_out pointed_out add adds
    added observe observes observed remark remarks remarked relate relates related recount recounts recounted record
    records recorded show shows showed make_clear makes_clear made_clear make_it_clear makes_it_clear indicate indicates
    indicated reveal reveals revealed describe describes described assert asserts asserted recall recalls recalled
    specify specifies specified confirm confirms confirmed stress stresses stressed emphasise emphasises emphasize
    emphasizes highlight highlights highlighted inform_us informs_us reminds_us let_us_know lets_us_know puts_it put_it
    has_it tells_the_reader informs_the_reader argue argues argued maintain maintains maintained claim claims claimed
    suggest suggests suggested conclude concludes concluded hold holds held believe believes contend contends"""
)
_SAID = one_of(
    """said stated told reported noted mentioned written explained pointed_out described recorded shown claimed
    indicated recounted added observed"""
)


@cache  # compiled when first asked for: questions need neither, and both are long
def _patterns(nouns: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A frame at the beginning of a sentence, and one at its end."""
    the = _the(nouns)
    before = (
        rf"(?:according to|as per|per|following|based on|going by|judging by|from|in the words of|in the view of)"
        rf" (?:what )?{the}(?: {_SAYS})?\s*[,:]",
        rf"(?:as|like) {the} {_HOW}{_SAYS}(?: it)?\s*[,:]",
        rf"as (?:it )?(?:is |has been )?{_SAID} (?:in|by) {the}\s*,",
        rf"(?:in|within|throughout|elsewhere in|later in|earlier in) {the}\s*,(?: it is {_SAID} that\b)?",
        rf"{the} {_HOW}{_SAYS}(?: in (?:passing|detail|full))?(?: that\b|\s*[:,]\s)",
        rf"it (?:is|was|has been) (?:also |further |clearly |explicitly )?{_SAID} (?:in|by) {the} that\b",
        rf"(?:we|readers?|the readers?|you|one) (?:also )?(?:are told|is told|learns?|reads?|finds?(?: out)?|sees?)"
        rf"(?: (?:from|in|by) {the})? that\b",
    )
    behind = (
        rf"(?:(?:as |so )?{the} {_HOW}{_SAYS}(?: it)?|(?:according to|as per|per) {the}"
        rf"|as (?:it )?(?:is )?{_SAID} (?:in|by) {the}|{_SAYS} {the})"
    )
    return (
        re.compile(rf"\s*(?:{'|'.join(before)})", re.I),
        re.compile(rf",\s*{behind}(?P<end>\s*[.!]?[\s\"”’')\]]*)$", re.I),
    )


_OPENING = one_of(
    """yes yeah yep yup no nope well right sure ok okay oh ah indeed certainly of_course correct exactly true absolutely
    so anyway basically overall in_short in_summary in_conclusion in_essence in_other_words in_brief in_fact in_sum
    in_addition in_particular to_sum_up to_summarise to_summarize to_conclude to_be_precise to_put_it_simply to_be_clear
    all_in_all that_said for_example for_instance as_mentioned as_noted as_stated as_mentioned_above as_noted_above
    as_stated_above as_mentioned_earlier additionally furthermore moreover finally lastly notably importantly
    interestingly specifically similarly likewise to_begin_with first_of_all on_the_other_hand good_question
    great_question"""
)
_OPENER = re.compile(rf"\s*{_OPENING}\b(?:\s*[,;]\s*|\s+[–—-]\s+|:\s+|(?<!no)[.!]\s+)", re.I)
_SECTION = re.compile(
    rf"\s*(?:(?:in|under|within|according to|as per) )?the (?:"
    rf"(?:sub)?(?:section|chapter|part) (?:on|about|called|titled|entitled|headed|dealing with|covering|concerning)"
    rf" [“\"‘']?(?P<named>[^,;:.”\"’']{{2,80}}?)[”\"’']?|[“\"‘']?(?P<before>[^,;:.”\"’']{{2,60}}?)[”\"’']?"
    rf" (?:section|chapter))(?:\s*[,:]| {_HOW}{_SAYS}(?: that)?\b)",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
LONGEST = 160
"""Characters of a sentence within which a frame ends, or begins at its end."""


def frames_in(said: str, *, possible: bool = False) -> list[Span]:
    """The stretches of a sentence that are frames, in order; none where nothing else would be left. `possible`: those,
    too, whose report or book may be one that the source tells of, and those that name a section."""
    found: list[Span] = []
    first, last = _patterns(f"{_NOUNS} {_MORE_NOUNS}" if possible else _NOUNS)
    at = 0
    for pattern in (_OPENER, _OPENER, first, first):  # "In the article, the author says that ..."
        match = pattern.match(said, at, at + LONGEST)
        at = match.end() if match else at
    if at:
        found.append((0, at))
    section = _SECTION.match(said, 0, LONGEST) if possible else None
    if section and section.end() > at:
        found = [(0, section.end())]
    start = max(found[0][1] if found else 0, len(said) - LONGEST)
    behind = last.search(said, start)
    if behind:
        found.append((behind.start(), behind.start("end")))
    left = "".join(
        said[a:b] for a, b in zip([0, *(b for _, b in found)], [*(a for a, _ in found), len(said)], strict=True)
    )
    return found if _WORD.search(left) else []


def section_in(said: str) -> str:
    """The section that a claim speaks of: "In the section on the harbour, ..." -> "the harbour"; "" for none."""
    match = _SECTION.match(said, 0, LONGEST)
    return (match["named"] or match["before"]).strip() if match else ""


def without_section(said: str) -> str:
    """The claim without the words that name its section, which are blanked."""
    match = _SECTION.match(said, 0, LONGEST)
    return " " * match.end() + said[match.end() :] if match else said


def without_frames(said: str) -> str:
    """The sentence with its frames blanked: as many characters."""
    for start, end in frames_in(said):
        said = said[:start] + " " * (end - start) + said[end:]
    return said
