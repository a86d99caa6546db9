"""Whether a question is about a document as a whole, and what it asks: "How long is it?", "Who wrote this article?",
"Summarise the minutes", "Who are the main people?".

Rules for English over the whole question, so that "What is this tax about?" and "Who wrote the letter to Weiss?" stay
questions to the source. Which document is meant by "the minutes" is found out in `which.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Literal

from vectorstore.english import one_of

Kind = Literal[
    "title", "author", "date", "length", "sections", "documents", "overview", "events", "people",
    "recipients", "copied", "subject",
]  # fmt: skip
"""What is asked of a document, or of all of them."""
MAIL_KINDS: frozenset[Kind] = frozenset(("recipients", "copied", "subject"))
"""What is asked of messages alone."""

CONTAINER = one_of(
    """article document text file page web_?page website source content doc pdf write-?up piece upload material reading
    passage paper_here thing"""
)
"""Words for a document of any kind."""
GENRE = one_of(
    """book e-book paper essay report story letter e?-?mail message memo memorandum transcript minutes contract
    agreement lease handbook manual guide guidebook chapter post blog play poem novel speech study thesis law act
    statute bye-?laws? rules
    policy regulations? recipe price_list list newsletter interview diary treaty terms specification spec readme faq
    notes? record judge?ment review proposal plan press_release script tale sermon column account entry presentation
    slides resume cv invoice meeting conversation discussion talk lecture video podcast charter constitution brochure
    leaflet booklet pamphlet chronicle biography protocol declaration directive schedule statement form"""
)
"""Words for a document of one kind."""
_THE = (
    r"(?:(?:the|this|that|these|those|your|my|our|its|whole|entire|full|above|attached|uploaded|given|current|present)"
    r"\s)"
)
_WHOLE = re.compile(rf"{_THE}*(?:(?:all|both|each|\w+)\s{_THE}*)?{CONTAINER}s?(?: here| above)?|everything", re.I)
_PRONOUN = re.compile(rf"it|this|that|these|those|they|them|here|(?:this|these|the present) {GENRE}s?", re.I)

_IT = r"(?P<ref>\S.*?)"
_OF = (
    r"(?: (?:of|in|from|for|on|behind) (?P<ref>\S.*?)"
    r"| (?:described|mentioned|named|covered|discussed)(?: in (?P<in>\S.*?))?)?"
)
_MEETING = r"(?P<ref>(?:the|this) (?:[\w-]+ ){0,3}?(?:meeting|session|sitting|hearing))"
_IS = r"(?:'s| is| was| are| were)"
_MAIN = one_of("main key central principal major core essential chief most_important important leading biggest big")
_SUMMARY = (
    r"(?:an? |the |your |some )?(?:[\w-]+ ){0,2}"
    rf"{one_of('summary overview synopsis abstract gist outline recap digest precis tl;?dr')}"
)
_POINTS = one_of(
    """points? ideas? topics? subjects?(?:_matter)? themes? arguments? facts takeaways? messages? thesis things issues
    aspects content contents"""
)
_PEOPLE = one_of("people persons? characters? figures? protagonists? players? actors? personalities names individuals")
_UNITS = one_of("words pages characters letters sentences paragraphs lines")
_SECTIONS = one_of("sections? chapters? headings? headlines? sub-?headings? section_titles chapter_titles")
_PARTS = one_of("sections? chapters? headings? headlines? parts?")
_FILES = one_of("documents files sources texts articles pdfs things")
_HAVE = (
    rf"(?:do you (?:have|know|hold|see)(?: of| about)?|(?:are|is) (?:there )?in {one_of('the this your')} "
    rf"{one_of('index library collection list database')}|have (?:i|we|you) (?:added|uploaded|indexed|read)|"
    r"(?:can|could|may) i ask(?: you)?(?: about)?|are (?:indexed|loaded|available|uploaded))"
)
_WRITTEN = one_of(
    "written published dated issued posted composed drafted printed released created updated last_updated sent"
)
_WHO_ELSE = r"who(?: else)? (?:was|were|is|are|has been|got|gets)"
_COPIED = r"(?:copied(?: in)?|cc'?e?d|(?:put |named )?(?:in|on) (?:the )?(?:cc|copy))"
_GIVE = r"(?:(?:give|write|make|show|provide|draft|offer|get|send|create|draw)(?: (?:me|us))? |list |name )"

_SHORT: tuple[tuple[Kind, str], ...] = (
    (
        "overview",
        rf"summari[sz]e|{_SUMMARY}|(?:in short|tl;?dr)|(?:the )?{_MAIN} {_POINTS}|{_GIVE}(?:the )?{_MAIN} {_POINTS}",
    ),
    ("events", r"(?:an? |the )?(?:timeline|chronology)|what happened when|list of (?:events|dates)"),
    ("sections", r"(?:the )?table of contents|contents"),
    ("title", r"(?:the )?title"),
    ("author", r"(?:the )?authors?"),
    ("subject", r"(?:the )?subject(?: line)?"),
    ("copied", r"(?:the )?cc|(?:the )?carbon copy"),
    ("recipients", r"(?:the )?(?:recipients?|addressees?)"),
    ("date", r"(?:the )?date(?: of publication)?|(?:the )?publication date"),
    ("length", rf"how many {_UNITS}|(?:the )?(?:word|page) count|(?:the )?length"),
)
_TEMPLATES: tuple[tuple[Kind, str], ...] = (
    ("documents", rf"how many (?:documents|files|sources)(?: {_HAVE}| are there)?|how many {_FILES} {_HAVE}"),
    (
        "documents",
        rf"(?:which|what) (?:documents|files|sources)(?: {_HAVE}| are there| exist)?|(?:which|what) {_FILES} {_HAVE}",
    ),
    (
        "documents",
        rf"(?:list|show|name|give me)(?: me)? (?:all |the |your |my )*(?:documents|files|sources)(?: {_HAVE})?",
    ),
    ("documents", r"what are (?:the|your|these|my) (?:documents|files|sources)"),
    ("documents", rf"what (?:do you (?:have|know)|{_HAVE})|what (?:have i|did i) (?:upload|add|index)(?:ed)?"),
    ("documents", r"what(?:'s| is) in (?:the|this|your|my) (?:index|library|collection)"),
    (
        "title",
        rf"what{_IS} the (?:full |exact )?(?:title|headline){_OF}|what{_IS} {_IT} (?:called|titled|entitled|named)",
    ),
    ("title", rf"what{_IS} {_IT}(?:'s|') (?:title|headline)"),
    ("author", rf"who{_IS} {_IT}(?:'s|') (?:authors?|writers?)"),
    ("date", rf"what{_IS} {_IT}(?:'s|') (?:publication )?date"),
    ("length", rf"what{_IS} {_IT}(?:'s|') (?:length|size|word count)"),
    ("title", rf"what {_IT} is (?:called|titled)|what{_IS} the name of (?P<ref>{_THE}*{CONTAINER})"),
    ("author", rf"who (?:wrote|has written|authored|writes|penned|drafted|compiled|sent|has sent) {_IT}"),
    (
        "author",
        rf"who(?:'s| is| was) {_IT} from|from whom (?:is|was|came|comes) {_IT}|who(?:'s| is| was) the sender{_OF}",
    ),
    ("subject", rf"what{_IS} (?:the |its )?subject(?: line)?{_OF}|what{_IS} {_IT}(?:'s|') subject(?: line)?"),
    ("copied", rf"{_WHO_ELSE} (?:{_COPIED}|(?:sent )?an? copy)(?: (?:on|in|into|to|of) {_IT})?"),
    ("copied", rf"(?:was|were|is|are) \S.*? {_COPIED}"),
    ("copied", r"(?:who|what)(?:'s| is| was| are| were) (?:in|on|under) (?:the )?(?:cc|copy)(?: (?:line|field))?"),
    ("recipients", rf"(?:to whom|who) (?:was|is|were|are) {_IT} (?:sent|addressed|written|mailed)(?: to)?"),
    ("recipients", rf"to whom (?:is|was) {_IT}|who (?:is|was) {_IT} to|who (?:received|got|gets|receives) {_IT}"),
    ("recipients", rf"who{_IS} (?:the |its |their )?(?:recipients?|addressees?|receivers?){_OF}"),
    ("author", rf"who{_IS} (?:the |its |their )?(?:authors?|writers?){_OF}|who{_IS} {_IT} (?:written )?by"),
    ("author", rf"by whom? (?:was|is|were) {_IT} (?:written|authored|drafted)|whose (?:work|text|article) is {_IT}"),
    ("author", rf"what{_IS} (?:the |its )?(?:author's name|(?:name of the )?authors?(?:'s name)?){_OF}"),
    ("date", rf"when (?:was|is|were) {_IT} {_WRITTEN}|when {_IT} (?:was|were) {_WRITTEN}"),
    ("date", rf"when (?:was|is) {_MEETING}(?: held| convened)?|when did {_MEETING} (?:take place|happen|meet)"),
    ("date", rf"(?:in |on )?(?:what|which) (?:year|month|day|date) (?:was|is) {_MEETING}(?: held)?"),
    ("date", rf"(?:in |on )?(?:what|which) (?:year|month|day|date) (?:was|is|were) {_IT} (?:{_WRITTEN}|from)"),
    ("date", rf"what{_IS} the (?:publication |issue )?date(?: of publication| of issue)?{_OF}|how old is {_IT}"),
    ("date", rf"what date (?:is|was|does) {_IT} (?:from|have|bear|carry)|(?:from when|when) is {_IT}(?: from)?"),
    ("length", rf"how (?:long|big|large) (?:is|are) {_IT}|how (?:long|big|large) {_IT} (?:is|are)"),
    (
        "length",
        rf"how many {_UNITS}(?: long)? (?:(?:does|do) {_IT} (?:have|contain|hold|comprise|run to)"
        rf"|(?:are|is)(?: there)? in "
        rf"(?P<in>\S.*?)|(?:is|has) (?P<of>\S.*?))",
    ),
    ("length", rf"what{_IS} the (?:length|size|word count|page count|number of {_UNITS}){_OF}"),
    (
        "sections",
        rf"how many (?:{_SECTIONS}|{_PARTS} (?=(?:does|do|are|is|has)(?: there)?(?: in)? {_THE}?{CONTAINER}))(?: )?"
        rf"(?:(?:does|do) {_IT} (?:have|contain|consist of|comprise)|(?:are|is)(?: there)?(?: in (?P<in>\S.*?))?"
        rf"|has (?P<of>\S.*?))?",
    ),
    ("sections", rf"what{_IS} (?:the|its) (?:\w+ )?(?:{_SECTIONS}|table of contents|contents|structure){_OF}"),
    ("sections", rf"(?:list|name|{_GIVE})(?:all )?(?:the )?(?:{_SECTIONS}|table of contents|contents){_OF}"),
    ("sections", rf"(?:what|which) {_SECTIONS} (?:does {_IT} (?:have|contain)|are there(?: in (?P<in>\S.*?))?)"),
    ("sections", rf"how is {_IT} (?:structured|organi[sz]ed|divided|arranged|built up)"),
    (
        "overview",
        rf"what{_IS} {_IT} (?:all |mainly |mostly |really )?about|what {_IT} is (?:all |mainly |mostly )?about",
    ),
    (
        "overview",
        rf"what (?:does|do|did) {_IT} "
        r"(?:say|cover|discuss|describe|contain|deal with|treat|talk about|tell(?: us| me)?)",
    ),
    (
        "overview",
        rf"(?:summari[sz]e|sum up|recap|condense|outline) {_IT}|(?:explain|describe) (?P<whole>{_THE}*{CONTAINER})",
    ),
    (
        "overview",
        rf"(?:{_GIVE})?{_SUMMARY}{_OF}|what{_IS} (?:the |a )(?:short |brief )?(?:summary|gist|plot|essence){_OF}",
    ),
    ("overview", rf"(?:what{_IS} |{_GIVE})?(?:the )?{_MAIN} {_POINTS}{_OF}|what{_IS} the (?:topic|theme){_OF}"),
    ("overview", r"(?:tell|brief) (?:me|us) (?:something |more )?about (?P<whole>\S.*?)"),
    ("overview", rf"what (?:kind|sort|type) of {CONTAINER} is (?:this|it)|what is (?P<whole>this|{_THE}{CONTAINER})"),
    (
        "overview",
        rf"what (?:can|do|will|could) (?:i|we) (?:learn|find|read|find out) (?:from|in) {_IT}|what(?:'s| is) in {_IT}",
    ),
    ("events", rf"(?:what{_IS} |list |{_GIVE})(?:all )?(?:the |an? )?(?:{_MAIN} )?(?:events|timeline|chronology){_OF}"),
    (
        "events",
        rf"(?:what{_IS} |list |{_GIVE})(?:all )?(?:the )?{_MAIN} (?:dates|milestones|developments|happenings){_OF}",
    ),
    (
        "events",
        rf"what (?:happens|happened|takes place|took place|goes on|went on) in {_IT}|list of (?:events|dates){_OF}",
    ),
    (
        "events",
        rf"(?:what|which) (?:events|dates|years) (?:are|were) "
        rf"(?:mentioned|described|covered|given|there)(?: in {_IT})?",
    ),
    ("people", rf"who{_IS} the (?:{_MAIN} {_PEOPLE}|people|characters|protagonists?){_OF}"),
    ("people", rf"who (?:is|are|was|were|gets?) (?:mentioned|named|featured)(?: in {_IT})?|who is involved in {_IT}"),
    ("people", rf"who (?:appears|occurs|features|figures|plays a (?:role|part)) in {_IT}"),
    (
        "people",
        rf"(?:what|which) {_PEOPLE} (?:(?:are|were) (?:mentioned|named|there|featured)|appear|occur)(?: in {_IT})?",
    ),
    ("people", rf"(?:list|name|{_GIVE})(?:all )?(?:the )?(?:{_MAIN} )?(?:people|persons|names|characters){_OF}"),
)
_TWO: tuple[tuple[tuple[Kind, ...], str], ...] = (
    (("author", "date"), rf"who (?:wrote|has written|authored) {_IT},? and when(?: was it written)?"),
    (("date", "author"), rf"when was {_IT} written,? and by whom?"),
)


def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern with its groups numbered, so that their names may come again in an alternative."""
    numbers = count(1)
    return re.compile(re.sub(r"\(\?P<(\w+)>", lambda match: f"(?P<{match[1]}_{next(numbers)}>", pattern), re.I)


_ALL: list[tuple[tuple[Kind, ...], re.Pattern[str]]] = [
    *((kinds, _compiled(pattern)) for kinds, pattern in _TWO),
    *(((kind,), _compiled(pattern)) for kind, pattern in (*_SHORT, *_TEMPLATES)),
]
_NEEDS_NOTHING: frozenset[Kind] = MAIL_KINDS | {"documents", "overview", "events", "people", "sections"}
"""Kinds that are about the document even where the question does not say so: "What are the main points?"."""
_POLITE = re.compile(
    r"(?:(?:hi|hello|hey|please|ok|okay|so|well|and|now|just|also|then|great|thanks|right)\b[,!.]* )*"
    r"(?:in (?:short|brief|general|(?:(?:a )?(?:few|one|\w+) )(?:words?|sentences?|lines?)),? )?"
    r"(?:(?:can|could|would|will) you (?:please |quickly |briefly |just )*"
    r"|i(?:'d| would) like (?:you to |to (?:know|see|have|get) )?"
    r"|i (?:want|need) (?:you to |to (?:know|see|have|get) )?|let me (?:know|see) |do you know |please )?"
    r"(?:(?:tell|show) me (?=who|what|when|how|which|in))?",
    re.I,
)
_AFTER = re.compile(
    r"(?:,? (?:please|for me|briefly|shortly|quickly|to me|thanks|thank you|then|overall|as a whole|"
    r"in (?:words|pages|short|"
    r"brief|general|a nutshell|detail|your own words|bullet points|simple (?:terms|words)|plain (?:english|words)|"
    r"(?:one|a|two|three|four|five|ten|\d+|a few|few|some) (?:[\w-]+ )?"
    r"(?:words?|sentences?|lines?|paragraphs?|points?))))+$",
    re.I,
)
_THE_GENRE = re.compile(rf"(?:the|that) (?:(?:whole|entire|full) )?(?P<genre>{GENRE})", re.I)
_NAMED_BY = re.compile(r"^(?:the |a |an )|(?: in (?:the|your) index)$", re.I)
MOST_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a document. `name`: the words that name it, "" where none do ("it", "this article"); `sure`:
    it cannot mean anything that was talked of before. `genre`: the word where they are nothing but a kind of document
    with "the"."""

    kinds: tuple[Kind, ...]
    name: str
    sure: bool
    genre: str = ""


def asked_of_document(question: str) -> Ask | None:
    """What a question asks of a document, None where it asks something else. With a `name`, it may be about something
    inside a document as well: that no document is called so says it is."""
    plain = " ".join(question.replace("’", "'").split()).strip(" ?.!")
    if len(plain) > MOST_CHARACTERS:
        return None
    plain = _AFTER.sub("", plain[_end(_POLITE.match(plain)) :].strip(" ,?.!"))
    for kinds, pattern in _ALL:
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        groups = {name.split("_")[0]: words for name, words in match.groupdict().items() if words}
        whole = groups.pop("whole", None)
        words = next((words.strip(" ,\"'“”") for words in groups.values()), None)
        if whole is not None:
            if _WHOLE.fullmatch(whole) or _PRONOUN.fullmatch(whole):
                return Ask(kinds, "", bool(_WHOLE.fullmatch(whole)))
            continue
        if words is None:
            return Ask(kinds, "", all(kind in _NEEDS_NOTHING for kind in kinds))
        if _WHOLE.fullmatch(words):
            return Ask(kinds, "", True)
        if _PRONOUN.fullmatch(words):
            return Ask(kinds, "", bool(re.match(r"summari[sz]e|.*\bsummary\b", plain, re.I)))
        genre = _THE_GENRE.fullmatch(words)
        return Ask(kinds, _NAMED_BY.sub("", words), False, genre["genre"].lower() if genre else "")
    return None


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def is_genre(word: str) -> bool:
    """Whether a word says what kind of document one is: "handbook", "minutes"."""
    return bool(re.fullmatch(rf"{GENRE}s?", word, re.I))


def without_containers(words: str) -> str:
    """The words without "the article", "document", "called" and quotation marks: what is left names the document."""
    return " ".join(re.sub(rf"\b(?:{CONTAINER}s?|called|titled|entitled|named|on|about)\b|[\"“”']", " ", words).split())
