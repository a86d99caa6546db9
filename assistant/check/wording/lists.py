"""A part of a list is not the whole of it.

    claim  "The ten were Roe and Doe."            source  "Among the ten were Roe and Doe."       differs
    claim  "The ten were Roe and Doe."            source  "The ten were Roe, Doe, Lind, ..."      differs
    claim  "Among the ten was Lind."              source  "The ten were Roe, Doe, Orr, ..."       differs
    claim  "All ten could swim."                  source  "Two of the ten could swim."            differs
    claim  "The ten included Roe."                source  "Among the ten were Roe and Doe."       nothing

But: only where a sentence says by its form that it names all, or some of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.check.typed.aligned import Pair
from assistant.check.typed.amounts import value_of
from assistant.check.typed.lexicon import is_past, opposites
from assistant.check.typed.naming import names_in
from assistant.check.typed.words import Words, words_of
from assistant.check.types import Finding, Kind
from vectorstore.types import Span

_THE = r"(?:the|these|those|its|his|her|their|our)"
_MANY = (
    r"(?:some|several|many|most|few|part|half|a number|a handful|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|dozens?|twenty|thirty|forty|fifty|\d+)"
)
_PART = re.compile(
    rf"\bamong(?:st)?\b|\binclud(?:e|es|ed|ing)\b|\bsuch as\b|\bfor (?:example|instance)\b|\be\.g\."
    rf"|\b{_MANY} of (?:{_THE}\b|them\b|whom\b|which\b)|\b(?:and|or) (?:\w+ )?others\b|\betc\b",
    re.I,
)
"""What says that not all are named."""
_WHOLE = re.compile(
    rf"(?P<all>all (?:of )?)?(?:{_THE} )?(?P<group>[^,;:()“”\"]{{1,80}}?) "
    r"(?:(?:(?:were|are|was|is)(?! (?:made|made up|composed)\b))|consist(?:s|ed)? of|comprise[sd]?"
    r"|(?:were|was|is|are) (?:made|made up|composed) (?:of|from)) "
    r"(?P<list>[^;:()“”\"]+)",
    re.I,
)
"""A sentence that names all of something; what it calls them, and whom it names."""
_MEMBER = re.compile(
    rf"(?:among(?:st)? (?:{_THE} )?(?P<group>[^,;:()]{{1,80}}?),? (?P<be>was|were|is|are) (?P<list>.+)"
    rf"|(?:{_THE} )?(?P<group2>[^,;:()]{{1,80}}?) (?P<be2>(?:did not |do not |does not |never )?includ(?:e|es|ed)) "
    rf"(?P<list2>.+)"
    rf"|(?P<list3>[^;:()]{{1,120}}?) (?P<be3>(?:was|were|is|are)(?: not| never)?) (?:among(?:st)?|one of) "
    rf"(?:{_THE} )?(?P<group3>[^,;:()]{{1,80}}))",
    re.I,
)
_ALL_OF = re.compile(rf"(?:(?<!\w)all (?:of )?(?:{_THE} )?|^the )(?P<number>\d+|[a-z]+(?:-[a-z]+)?)\b", re.I)
_SOME_OF = re.compile(rf"\b(?P<some>{_MANY}) of {_THE} (?P<number>\d+|[a-z]+(?:-[a-z]+)?)\b", re.I)
_DENIED = re.compile(r"\b(?:not|never)\b", re.I)
_JOINED = re.compile(r",? and |, ?")
MOST_OF_A_THING = 3
"""Words of a thing without an article that is named."""
MOST_WORDS = 9
"""Words of one that is named, at most: more is a clause."""
# Below, words are read behind an "x", since the first word of a text is not known for a name.


def compare_lists(pair: Pair) -> Iterator[Finding]:
    """A finding where the claim names some for all, one that is not among them, or says of all what is said of some."""
    claim = pair.claim.text.strip().rstrip(".!")
    start = len(pair.claim.text) - len(pair.claim.text.lstrip())
    found = _all_for_some(pair, start, claim) or _whole(pair, start, claim) or _member(pair, start, claim)
    if found is not None:
        yield found


def _all_for_some(pair: Pair, start: int, claim: str) -> Finding | None:
    match = None if _PART.search(claim) else _ALL_OF.search(claim)
    number = value_of(match["number"].lower()) if match else None
    if match is None or number is None:
        return None
    for n, (a, b) in enumerate(pair.source.sentences):
        for other in _SOME_OF.finditer(pair.source.text, a, b):
            some = value_of(other["some"].lower())
            share = 0.5 if match[0].lower().startswith("all") else 0.75
            if value_of(other["number"].lower()) == number != some and n == pair.best and pair.shared(n)[0] >= share:
                return _finding(pair, (start + match.start(), start + match.end()), other.span(), "quantity")
    return None


def _whole(pair: Pair, start: int, claim: str) -> Finding | None:
    """Of a claim that names all: what is wrong with it."""
    match = _WHOLE.fullmatch(claim)
    if match is None or _PART.search(claim):
        return None
    items, group = _items(match["list"]), words_of(match["group"])
    if not items or not any(token.content for token in group.tokens):
        return None
    place = start + match.start("group"), start + match.end("list")
    keys = [{t.key for t in words_of(f"x {item}").tokens if t.content} for item in items]
    thing = {t.key for t in group.tokens if t.content and value_of(t.low) is None}
    number = next((v for t in group.tokens if (v := value_of(t.low)) is not None), None)
    short = number is not None and len(items) < number and all(item[0].isupper() for item in items)
    for a, b in pair.source.sentences:
        text = pair.source.text[a:b]
        held = words_of(f"x {text}").keys
        if not all(own and own <= held for own in keys):
            continue
        if _names_all(text, match["group"]):
            more = _more(pair, (a, b), match["list"]) or _more_things(pair, (a, b), match["list"])
            return _finding(pair, place, more, "quantity") if more and thing <= held else None
        part = _PART.search(text)
        if part and (short or (len(items) > 1 and _is_left_over(part)) or _stands_beside(text, part.span(), items)):
            return _finding(pair, place, (a + part.start(), a + part.end()), "quantity")
    return None


def _member(pair: Pair, start: int, claim: str) -> Finding | None:
    """Of a claim that names some of a group: that the source names all, and they are not among them; or the reverse of
    a denial."""
    match = _MEMBER.fullmatch(claim)
    if match is None:
        return None
    group, be, listed = (match[f"{name}{n}"] for n in _numbered(match) for name in ("group", "be", "list"))
    denied = bool(_DENIED.search(be))
    thing = {t.key for t in words_of(group).tokens if t.content}
    words = words_of(f"x {listed}")
    names = names_in(words, pair.vocabulary)
    own = [{words.tokens[at].key for at in name.telling} for name in names]
    if not names and denied:
        own = [{t.key for t in words_of(f"x {item}").tokens if t.content} for item in _JOINED.split(listed)]
    if not thing or not own or not all(own):
        return None
    place = start, start + len(claim)
    for a, b in pair.source.sentences:
        text = pair.source.text[a:b]
        held = words_of(f"x {text}").keys
        if not thing <= held:
            continue
        part = _PART.search(text)
        in_it = [bool(one & held) for one in own]
        if denied:
            if all(in_it) and part and not _DENIED.search(text):
                return _finding(pair, place, (a + part.start(), a + part.end()), "polarity")
            if all(in_it) and _names_all(text, group) and not _DENIED.search(text):
                return _finding(pair, place, (a, b), "polarity")
        elif _names_all(text, group) and not part and not all(in_it):
            return _finding(pair, place, (a, b), "quantity")
    return None


def _numbered(match: re.Match[str]) -> list[str]:
    return [n for n in ("", "2", "3") if match[f"list{n}"] is not None]


def _names_all(text: str, group: str) -> bool:
    """Whether a sentence of the source says who all of a group are."""
    sentence = text.strip().rstrip(".!")
    match = _WHOLE.search(sentence)
    if match is None or _PART.match(sentence):
        return False
    same = {t.key for t in words_of(match["group"]).tokens if t.content}
    wanted = {t.key for t in words_of(group).tokens if t.content}
    return bool(same & wanted) and len(_items(match["list"])) > 1


def _more(pair: Pair, span: Span, listed: str) -> Span | None:
    """The first name of a list of the source that a list of the claim leaves out."""
    vocabulary = pair.vocabulary
    match = _WHOLE.search(pair.source.text, *span)
    if match is None:
        return None
    begins, words = match.start("list"), pair.source
    own = {t.key for t in words_of(f"x {listed}").tokens}
    for name in names_in(words, vocabulary):
        first, last = words.tokens[name.first], words.tokens[name.after - 1]
        if begins <= first.start < match.end("list") and not own & {words.tokens[at].key for at in name.telling}:
            return first.start, last.end
    return None


def _more_things(pair: Pair, span: Span, listed: str) -> Span | None:
    """The first thing of a list of the source that a list of the claim leaves out."""
    match = _WHOLE.search(pair.source.text.rstrip(" .\n"), *span)
    own = {t.key for t in words_of(f"x {listed}").tokens}
    if match is None or len(own) < 3:
        return None
    at = match.start("list")
    for item in _items(match["list"]):
        at = pair.source.text.find(item, at)
        if at >= 0 and not own & {t.key for t in words_of(f"x {item}").tokens if t.content}:
            return at, at + len(item)
    return None


def _is_left_over(part: re.Match[str]) -> bool:
    """Whether a list ends with those whom it does not name: "Roe, Doe and three others"."""
    return part[0].lower().endswith("others") or part[0].lower() == "etc"


def _items(listed: str) -> list[str]:
    """Those that are named, each a name or a thing with an article or number, or three things and more in a word or
    two; none where it is no list of such."""
    items = [item.strip().rstrip(".") for item in _JOINED.split(listed.strip())]
    if not all(items) or any(len(item.split()) > MOST_WORDS for item in items):
        return []
    opens = (item.split()[0] for item in items)
    named = all(w[0].isupper() or w.lower() in ("a", "an", "the") or value_of(w.lower()) is not None for w in opens)
    return items if named or _are_things(items) else []


def _are_things(items: list[str]) -> bool:
    """Whether items in a word or two are things: "tin, lead and coal", and not "old, large and cold"."""
    if len(items) < 3 or any(len(item.split()) > MOST_OF_A_THING for item in items):
        return False
    words = [token for item in items for token in words_of(f"x {item}").tokens[-1:]]
    if any(is_past(token.low) or token.low.endswith("ly") for token in words):
        return False
    return 2 * sum(bool(opposites(token.key)) for token in words) < len(items)  # "old" has an opposite, "coal" none


def _stands_beside(text: str, part: Span, items: list[str]) -> bool:
    """Whether those named stand behind the words that say that not all are, or right before them."""
    low, own = text.casefold(), _last(items[0])
    at = low.find(own)
    return at >= part[1] or (low.find(_last(items[-1])) < part[0] and "among" in low[slice(*part)])


def _last(item: str) -> str:
    words: Words = words_of(item)
    return next((token.text for token in reversed(words.tokens) if token.content), item).casefold()


def _finding(pair: Pair, claim: Span, source: Span, kind: Kind) -> Finding:
    said, words = pair.claim.text[slice(*claim)], pair.source.text[slice(*source)]
    return Finding(
        kind, "differs", f"the claim says “{said}”; the source says “{words}”", claim, pair.citation(*source)
    )
