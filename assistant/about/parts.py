"""A question in parts: two questions in one, or a comparison. Each part becomes a question of its own.

    "When was the road laid out and when did the inn close?"  "When was the road laid out?", "When did the inn close?"
    "Who built the pier and when?"                            "Who built the pier?", "When?"
    "When and where was she born?"                            "When was she born?", "Where was she born?"
    "Which is older, the mill or the church?"                 "How old is the mill?", "How old is the church?"

Only where the syntax is certain: a second question word with its verb behind "and", a comparative before "A or B".
What a part leans on ("When?", "his") is the part before it; `assistant.understanding.conversation` sees to that.
But: "What did Brandt and Lund say?" is one question, and so is all that is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from assistant.about.talk import is_talk
from assistant.types import Answer, Trace
from assistant.understanding.question import stems_of
from vectorstore.english import one_of, word_set
from vectorstore.types import Hit

MOST = 4
"""Parts of a question; one with more is read as a whole."""
MOST_CHARACTERS = 500

_AUX = one_of(
    """is are was were do does did has have had can could will would shall should may might must isn't aren't wasn't
    weren't don't doesn't didn't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't"""
)
_PREP = r"(?:(?:by|to|for|with|from|in|on|at|of|since|until|about|against|under|through) )?"
_HOW = one_of("many much long old far often big large tall high deep wide fast heavy soon strong")
_NOT_A_VERB = (
    r"(?!(?:he|she|it|they|we|you|i|the|a|an|his|her|its|their|my|your|our|this|that|these|those|to|of|in|on|and|or|else|"
    r"not|exactly|all|both)\b)"
)
_NOUNS = rf"(?: {_NOT_A_VERB}[\w'-]+){{0,3}}"
_ASKS = (
    rf"{_PREP}(?:who|whom|whose{_NOUNS}|what{_NOUNS}|which{_NOUNS}|when|where|why|how(?: {_HOW}{_NOUNS})?"
    rf"|how {_NOT_A_VERB}[\w'-]+)"
)
_INVERTED = rf"{_ASKS} {_AUX}\b(?! (?:who|what|when|where|why|how)\b)"
_SUBJECT = (
    rf"(?:who|whose [\w'-]+|which [\w'-]+|what) {_NOT_A_VERB}[\w'-]+ \S|"
    r"what (?:happened|became|caused|followed|came|led)\b|"
    rf"how (?:many|much)(?: [\w'-]+){{1,3}} {_NOT_A_VERB}[\w'-]+"
)
_ALONE = (
    rf"{_PREP}(?:who|whom|when|where|why|how|what|how (?:much|many|long|often|far)|"
    r"(?:what|which) (?:year|price|place|day|date|month|town|city|reason))(?: exactly| for)?"
)
_AND = re.compile(rf",? and (?:also |then |if so,? )?(?=(?:{_INVERTED}|{_SUBJECT}|{_ALONE}\W*$))", re.I)
_SURE = re.compile(rf"(?:{_INVERTED})", re.I)
_ALONE_AT_END = re.compile(rf"{_ALONE}\W*", re.I)
_LISTED = re.compile(rf"(?P<before>.+\w), (?P<last>{_ALONE})", re.I)
_OPENS = re.compile(
    rf"(?:(?:ok|okay|so|well|yes|no|right|sure|fine|good|and|but|then|please|now)\b,? )*"
    rf"(?:{_PREP}(?:who|whom|whose|what|which|when|where|why|how)|(?P<aux>{_AUX}))\b",
    re.I,
)
_ANOTHER = re.compile(r"\b(?:who|whom|whose|what|when|where|why|how)\b", re.I)
_FRONT = re.compile(
    rf"(?P<first>(?:{_ALONE}, )*{_ALONE}),? and (?P<last>{_ALONE})(?P<rest> (?:{_AUX})\b.+)",
    re.I,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’(?!\w)|\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a question, each as a question; none where it is one. `sides`: of a comparison, the words for each
    of the things compared, which an answer to the whole question would have to name. `open`: it does not say in what
    they are compared."""

    questions: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    open: bool = False

    @property
    def named(self) -> list[frozenset[str]]:
        """For each part, the stems that tell its side from the others, where any sentence that names it will do."""
        return _apart(self.sides) if self.open else [frozenset() for _ in self.questions]


def parts_of(question: str) -> Parts:
    """The question in parts, where it certainly has some. Pure; about 100 microseconds."""
    plain = " ".join(question.replace("’", "'").split())
    if not 8 <= len(plain) <= MOST_CHARACTERS:
        return Parts()
    sides = _compared(plain)
    if sides is not None:
        return sides if 2 <= len(sides.questions) <= MOST else Parts()
    found = [part for one in _questions(plain) for part in _split(one)]
    return Parts(tuple(found)) if 2 <= len(found) <= MOST else Parts()


def _questions(text: str) -> list[str]:
    """The questions of a message that holds several, each with its question mark; what merely greets is left out."""
    masked = _masked(text)
    starts = [0, *(match.end() for match in re.finditer(r"\?+\s+(?=\S)", masked))]
    found = [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    found = [one for one in found if not is_talk(one)]
    sure = all(_OPENS.match(one) or _ALONE_AT_END.fullmatch(one) for one in found)
    return found if len(found) > 1 and sure else [text]


def _split(text: str) -> list[str]:
    """One question in its parts, itself where it has none."""
    front = _FRONT.fullmatch(_masked(text))
    if front:
        words = [*re.split(r", ", front["first"]), front["last"]]
        return [_asked(word + text[front.start("rest") : front.end("rest")]) for word in words]
    masked = _masked(text)
    opening = _OPENS.match(masked)
    if opening is None:
        return [text]
    cuts = [match for match in _AND.finditer(masked, opening.end()) if _is_sure(masked, opening, match)]
    starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(text)]
    parts = [text[a:b] for a, b in zip(starts, ends, strict=True)]
    if len(parts) == 2 and _ALONE_AT_END.fullmatch(parts[1]):  # "Who built it, when, and why?"
        while listed := _LISTED.fullmatch(parts[0]):
            parts[0:1] = [listed["before"], listed["last"]]
    return [_asked(part) for part in parts]


def _is_sure(text: str, opening: re.Match[str], cut: re.Match[str]) -> bool:
    """Whether a second question begins behind this "and": it has its verb before its subject, or nothing before it is a
    question inside the question ("What did he say of who came and who left?")."""
    before = re.sub(rf"(?:, {_ALONE})+$", "", text[opening.end() : cut.start()], flags=re.I)
    if not re.search(r"\w", before):
        return False
    if _SURE.match(text, cut.end()):
        return True
    return opening["aux"] is None and not _ANOTHER.search(re.sub(rf".*,? and {_ASKS} {_AUX}\b", "", before, flags=re.I))


def _asked(words: str) -> str:
    """The words as a question: a capital at the beginning, a question mark at the end."""
    plain = words.strip(" ,;.?!")
    return f"{plain[:1].upper()}{plain[1:]}?"


def _masked(text: str) -> str:
    """The text with what is quoted or in brackets blotted out."""
    return _QUOTED.sub(lambda match: "_" * len(match.group()), text)


_LESS_OR_MORE = r"(?:(?:more|less|most|least) [\w-]+|better|worse|best|worst|farther|further|[a-z]{2,}(?:er|est))"
_COMPARATIVE = rf"(?:the )?(?P<than>{_LESS_OR_MORE})(?! than)(?: [\w-]+)?"
_BE = "(?P<be>is|are|was|were)"
_LIST = r"(?P<list>[^?]{3,160}? or [^?]{2,80}?)"
_TOPIC = (
    r"(?: (?:in|on|by|for|with|regarding|as to|with regard to|in terms of|when it comes to) (?P<topic>[^?]{2,60}?))?"
)
_COMPARES = (
    re.compile(rf"(?:which|what|who)(?: one)?(?: [\w-]+)? {_BE} {_COMPARATIVE}(?:,|:|\s-|\s–)? {_LIST}", re.I),
    re.compile(rf"(?:which|who) of (?P<both>[^?]{{3,160}}? and [^?]{{2,80}}?) {_BE} {_COMPARATIVE}", re.I),
    re.compile(
        rf"(?:of|between) (?P<both>[^?]{{3,160}}? and [^?]{{2,80}}?),? (?:which|who)(?: one)? {_BE} {_COMPARATIVE}",
        re.I,
    ),
    re.compile(rf"{_BE} {_LIST} {_COMPARATIVE}", re.I),
    re.compile(rf"{_BE} (?P<head>[^?]{{2,80}}?) {_COMPARATIVE},? (?=(?:for|in|at|on|with|from|to|by) ){_LIST}", re.I),
    re.compile(rf"{_BE} (?P<a>[^?]{{2,80}}?) (?P<than>{_LESS_OR_MORE}) than (?P<b>[^?]{{2,80}})", re.I),
    re.compile(
        rf"(?:which|what|who)(?: one)? (?P<verb>(?:(?:has|have|had|was|were|is|are) )?[\w-]+)"
        rf"(?P<object> [\w -]{{1,30}}?)?? "
        rf"(?P<how>more(?: [\w-]+)?|less(?: [\w-]+)?|most|least|first|last|earlier|later|longer|sooner|"
        rf"faster|higher|further)"
        rf"(?:,|:|\s-|\s–) {_LIST}",
        re.I,
    ),
    re.compile(rf"(?:please )?compare (?P<both>[^?]{{2,80}}? (?:and|with|to|against) [^?]{{2,80}}?){_TOPIC}", re.I),
    re.compile(
        rf"(?:what(?:'s| is| are| was| were)(?: the)? differences? between|how do|how did) "
        rf"(?P<both>[^?]{{2,80}}? and [^?]{{2,80}}?)(?: (?P<differ>differ|compare))?{_TOPIC}",
        re.I,
    ),
    re.compile(
        rf"how (?:does|do|did|is|are|was) (?P<a>[^?]{{2,80}}?) (?:differ|different|compare) (?:from|with|to) "
        rf"(?P<b>[^?]{{2,80}}?){_TOPIC}",
        re.I,
    ),
)
_NO_COMPARATIVE = re.compile(
    r"(?:the )?(?:other|either|neither|under|over|after|her|never|ever|number|river|water|paper|order|father|mother|"
    r"brother|sister|letter|member|matter|power|winter|summer|together|rather|whether|however|user|owner|leader|writer|master|"
    r"minister|corner|former|latter|forest|interest|request|test|guest|west|rest|best-known|priest|harvest|honest)\b",
    re.I,
)
_IRREGULAR = {
    "better": "good",
    "best": "good",
    "worse": "bad",
    "worst": "bad",
    "farther": "far",
    "further": "far",
    "farthest": "far",
    "furthest": "far",
    "elder": "old",
    "eldest": "old",
    "less": "much",
}
_ENDS_WITH_E = word_set(
    """large wide late safe nice fine close brave wise simple strange rare pure dense loose pale ripe blue true free
    gentle noble humble little rude crude sure tame lame"""
)
_WHEN = word_set("early late soon recent")


def _compared(text: str) -> Parts | None:
    """The question for each side of a comparison; None where the question is none."""
    plain = text.strip(" ?.!")
    for pattern in _COMPARES:
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        found = {name: words for name, words in match.groupdict().items() if words}
        if "than" in found and (_NO_COMPARATIVE.match(found["than"]) or not found["than"].islower()):
            continue
        if plain.lower().startswith(("how do ", "how did ")) and "differ" not in found:
            continue
        sides = _sides(found)
        if len(sides) >= 2:
            asks = tuple(_asked(_side(found, side)) for side in sides)
            return Parts(asks, tuple(sides), not found.keys() & {"than", "verb", "topic"})
    return None


def _sides(found: dict[str, str]) -> list[str]:
    if "a" in found:
        sides = [found["a"], found["b"]]
    elif "list" in found:
        sides = re.split(r",? or |, ", found["list"])
    else:
        sides = re.split(r",? (?:and|with|to|against) ", found["both"], maxsplit=1)
    sides = [re.sub(r"^(?:either|both|between|of) ", "", side.strip(" ,;:"), flags=re.I) for side in sides]
    if "head" in found:
        return [f"{found['head']} {side}" for side in sides]
    return [_whole(sides[0], side) for side in sides] if all(sides) else []


def _whole(first: str, side: str) -> str:
    """A side with the words that it shares with the first one: "a ticket for the boat" and "for the bus"."""
    if side == first:
        return side
    preposition = re.match(r"(?:for|of|in|from|to|at|on|with|by|under) ", side)
    if preposition:
        at = first.rfind(" " + preposition.group())
        return first[: at + 1] + side if at > 0 else side
    owner = re.fullmatch(r".+'s (?P<what>.+)", first)
    if owner and re.fullmatch(r".+'s", side):
        return f"{side} {owner['what']}"
    tail = re.fullmatch(r"(?P<what>(?:an? |the )?[a-z][a-z ]+ (?:for|of|in|from|to|at|on|by)) (?:the )?[A-Z].*", first)
    return f"{tail['what']} {side}" if tail and re.fullmatch(r"(?:the )?[A-Z][\w '-]*", side) else side


def _side(found: dict[str, str], side: str) -> str:
    """The question for one side of a comparison."""
    if "than" in found:
        quality = _quality(found["than"])
        return f"{'when' if quality in _WHEN else f'how {quality}'} {found['be'].lower()} {side}"
    if "verb" in found:
        how = found["how"].lower()
        asks = "when" if how in ("first", "last", "earlier", "later", "sooner") else f"how {_quality(how)}"
        if how.startswith(("more ", "less ")):
            asks = f"how much or how many {how[5:]}"
        *before, verb = found["verb"].split()
        third = re.fullmatch(r"([\w-]+[^s])s", verb)
        if third and not before:
            base = re.sub(r"ie$", "y", re.sub(r"(?<=[sxzho])e$", "", third[1]))
            before, verb = ["does"], base
        return " ".join([asks, *before, side, verb]) + found.get("object", "")
    return f"what is the {found['topic']} of {side}" if "topic" in found else f"what is said about {side}"


def _quality(comparative: str) -> str:
    """The adjective of a comparative or superlative: "heavier" -> "heavy", "more useful" -> "useful"."""
    word = re.sub(r"^the ", "", comparative.lower())
    if word in ("more", "most", "less", "least"):
        return "much"
    if word.startswith(("more ", "most ", "less ", "least ")):
        return word.split(" ", 1)[1]
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    root = re.sub(r"(?:er|est)$", "", word)
    if root.endswith("i"):
        return root[:-1] + "y"
    if root + "e" in _ENDS_WITH_E:
        return root + "e"
    return root[:-1] if re.search(r"([bdgmnt])\1$", root) else root


def names_all(answer: Answer, sides: Sequence[str]) -> bool:
    """Whether an answer speaks of every side of a comparison: of the words in which it differs from the others."""
    told = frozenset(stems_of(answer.text))
    return bool(answer.sentences) and all(own <= told for own in _apart(sides))


def _apart(sides: Sequence[str]) -> list[frozenset[str]]:
    """The stems of each side that it does not share with all others."""
    stems = [frozenset(stems_of(side)) for side in sides]
    return [own - frozenset.intersection(*stems) for own in stems]


def joined(question: str, answers: Sequence[Answer], most: int) -> Answer:
    """The answers to the parts of a question as one: as sure as the least sure of them, an abstention where all are.
    `most` passages, in turn from each ranking, the best of each first."""
    sentences = {tuple(s.citations): s for answer in answers for s in answer.sentences}
    least = min(answers, key=lambda answer: answer.confidence)
    wordings = tuple(dict.fromkeys(wording for answer in answers for wording in answer.trace.wordings))
    return Answer(
        question=question,
        searched_for=question,
        sentences=tuple(sentences.values()),
        abstained=all(answer.abstained for answer in answers),
        confidence=least.confidence,
        passages=_in_turn([answer.passages for answer in answers])[:most],
        trace=Trace(wordings, least.trace.features),
        said=" ".join(dict.fromkeys(answer.said for answer in answers if answer.said)),
        parts=tuple(answers),
    )


def _in_turn(rankings: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """One ranking of several. Their scores are not comparable, so the places count; the scores never rise."""
    hits: dict[str, Hit] = {}
    lowest = float("inf")
    for place in zip_longest(*rankings):
        for hit in place:
            if hit is not None and hit.passage.id not in hits:
                lowest = min(lowest, hit.score)
                hits[hit.passage.id] = replace(hit, score=lowest)
    return tuple(hits.values())
