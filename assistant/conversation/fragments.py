"""Questions without their verb, completed from the one before: "By whom?", "Why not?", "How many?", "Who else?".

A wh-phrase takes the place of the last question's; a phrase ("And Kamenev?") is left to `parallels`.
But: pronouns are not resolved here; that is `resolution`.
"""

from __future__ import annotations

import re

from assistant.conversation.clauses import Clause, ask_instead, ask_who_else, ask_why_not, parse, question
from assistant.conversation.english import AUXILIARIES, VERBS, is_past, is_plural
from assistant.conversation.focus import ANYTHING, Focus
from assistant.conversation.mentions import mentions
from assistant.conversation.parallels import without_determiner
from assistant.conversation.tokens import straighten

_MORE = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok|okay|please|go on|continue|more|and|then|and then|next|carry on|keep going|go ahead|"
    r"(?:is there |was there )?anything (?:else|more)|what else|"
    r"(?:can you |could you |please )?(?:tell|show|give) me (?:some )?more|(?:tell|say) more|"
    r"more (?:details|please|info|information)|(?:and )?(?:after that|afterwards)|elaborate|explain(?: more)?|"
    r"details|interesting|i see|really)"
    r"(?:[ ,.!]+(?:please|yes|do|then|about (?:it|that|this)|go on|tell me more|thanks|interesting))*$",
    re.I,
)
_ABOUT = re.compile(
    r"^(?:(?:can you |could you |please |yes |ok )?(?:tell me|say|give me)(?: some)? more|more|go on)"
    r" (?:about|on) (.+)$",
    re.I,
)
_BARE_WH = re.compile(
    r"^(?:(?:by|to|with|for|from|of|about|against|since|until|in|on|at|under|into|through|before|after|between|"
    r"according to) )?(?:who|whom|what|when|where|why|how|which|whose)"
    r"(?: (?:many|much|long|often|far|old|large|big|exactly|so|come|else|year|day|month|one|ones|of them|of these|"
    r"of those|for|from|by|with|to))*$",
    re.I,
)
_WH_NOUN = re.compile(
    r"^(?:(?:by|to|with|for|from|of|about|against|since|until|in|on|at|under|into|through|during) )?"
    r"(?:what|which|whose|how many|how much) (?!about\b|else\b|if\b)\S+(?: \S+){0,2}$",
    re.I,
)
_PRONOUN = re.compile(r"\b(?:he|she|it|they|we|you|i|him|her|them|this|that|there)\b", re.I)
_OF_SEVERAL = frozenset(("which", "which one", "which ones", "which of them", "which of these", "which of those"))


def is_more(text: str) -> bool:
    """Whether the reader only wants to hear more of the same."""
    return bool(_MORE.match(_bare(text)))


def more_about(text: str) -> str:
    """What "Tell me more about ..." names; "" for anything else."""
    match = _ABOUT.match(_bare(text))
    return match.group(1).strip() if match else ""


def complete(text: str, focus: Focus) -> tuple[str, str]:
    """A wh-fragment as a whole question and how it was understood ("why", "ellipsis"); ("", "") where it is none or the
    last question cannot complete it."""
    last = parse(focus.last_question)
    bare = re.sub(r"^(?:(?:and|but|so|or|then|ok|yes|well)[ ,]+)+(?=\S)", "", _bare(text), flags=re.I)
    return _wh_fragment(bare, last, focus) if last is not None else ("", "")


def _wh_fragment(bare: str, last: Clause, focus: Focus) -> tuple[str, str]:
    if bare.lower() == "why not":
        return ask_why_not(last, subject_of(last, focus)), "why"
    if re.fullmatch(
        r"(?:what (?:was|were|is|are) the )?(?:reasons?|causes?|motives?)(?: for (?:it|that|this))?", bare, re.I
    ):
        return ask_instead(last, "Why", subject_of(last, focus)), "why"
    if _BARE_WH.match(bare):
        return _bare_wh(bare, last, focus), "why" if bare.lower().startswith(
            ("why", "how so", "how come")
        ) else "ellipsis"
    if _WH_NOUN.match(bare) and not _has_verb(bare) and not _PRONOUN.search(bare):
        return ask_instead(last, bare, subject_of(last, focus)), "ellipsis"
    return "", ""


def _bare(text: str) -> str:
    return " ".join(straighten(text).split()).strip(" ?.!,;:")


def _has_verb(text: str) -> bool:
    words = [word.lower() for word in re.findall(r"[\w']+", text)]
    return any(
        word in AUXILIARIES or is_past(word) or (word in VERBS and 1 < index < len(words) - 1)
        for index, word in enumerate(words)
    )


def subject_of(last: Clause, focus: Focus) -> str:
    """Who did it, where the last question asked just that: its answer, if that is a name; else ""."""
    if last.subject or (last.wh_noun and last.wh.lower().startswith("how")):
        return ""
    people = ("person", "name", "group")
    inside = [m for m in mentions(focus.last_short) if m.kind in people]
    if inside:
        return inside[0].text
    if not last.wh.lower().startswith("who"):
        return ""
    named = [r for r in focus.ranked(dict.fromkeys(people, 1.0)) if r.age == 0 and not r.asked and r.is_name]
    return named[0].text if named else ""


def _bare_wh(text: str, last: Clause, focus: Focus) -> str:
    low = text.lower()
    subject = subject_of(last, focus)
    if low in _OF_SEVERAL:
        noun = _several(focus, last)
        return question("Which", noun, *_without(last, noun)) if noun else ""
    if low == "how many":
        noun = _several(focus, last)
        return question("How many", noun, *_without(last, noun)) if noun else ask_instead(last, text, subject)
    if low in ("how so", "how come", "why exactly", "what for", "for what"):
        return ask_instead(last, "Why", subject)
    if low.endswith(" else") and low.split()[0] in ("who", "what", "whom"):
        return ask_who_else(last, text)
    if low in ("who", "what", "who exactly", "what exactly"):
        return ask_who_else(last, text) if not last.wh else ""
    turned = re.fullmatch(r"(who|whom|where|what) (by|for|with|to|from)", low)
    if turned:
        text = f"{turned.group(2)} {'whom' if turned.group(1) == 'who' else turned.group(1)}"
    return ask_instead(last, text, subject)


def _several(focus: Focus, last: Clause) -> str:
    """The plural noun that "how many" and "which ones" count: of the last question, else of the answer."""
    for mention in reversed(mentions(" ".join((last.wh_noun, last.subject, last.rest)))):
        if mention.plural and " and " not in mention.text:
            return without_determiner(mention.text)
    for referent in focus.referents:
        if referent.plural and referent.age == 0 and not referent.is_name:
            return without_determiner(referent.text)
    return ""


def _without(last: Clause, noun: str) -> tuple[str, ...]:
    """The rest of the last question behind "How many NOUN", the noun taken out of where it stood."""
    place = re.compile(rf"\s*\b(?:(?:the|any|some|many|all|his|her|its|their)\s+)?{re.escape(noun)}", re.I)
    auxiliary = last.auxiliary.lower()
    if last.wh_noun and place.search(last.wh_noun):
        return auxiliary, last.subject, last.rest
    if place.search(last.subject):
        return ("", _as_statement(auxiliary, last.rest)) if auxiliary == "did" else (auxiliary, last.rest)
    rest = place.sub("", last.rest, count=1)
    if last.subject.lower() == "there" and is_plural(noun.split()[-1]):
        auxiliary = {"was": "were", "is": "are"}.get(auxiliary, auxiliary)
    return auxiliary, last.subject, rest


def _as_statement(auxiliary: str, rest: str) -> str:
    return ask_who_else(Clause("", auxiliary, "", rest), "").rstrip("?").lower() if rest else rest


def topic(focus: Focus, most: int = 2) -> str:
    """What the last question was about, as a phrase: "Stalin and the congress"; "" if about nothing with a name."""
    last = re.sub(r"[\"]|(?<!\w)'|'(?!\w)", "", straighten(focus.last_question))
    asked = [r for r in focus.ranked(ANYTHING) if r.age == 0 and r.asked and r.text in last]
    chosen = sorted(asked[:most], key=lambda r: last.find(r.text)) or focus.ranked(ANYTHING)[:1]
    parts: list[str] = []
    for referent in chosen:
        if not any(referent.text in other.text for other in chosen if other is not referent):
            parts.append(referent.text)
    return " and ".join(parts)
