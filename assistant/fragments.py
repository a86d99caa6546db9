"""Questions without their verb, completed from the one before: "And Kamenev?", "In 1928?", "By whom?", "Why not?".

The piece that the fragment stands parallel to is replaced in the last question, or a wh-phrase put before it.
But: pronouns are not resolved here; that is `pronouns`.
"""

from __future__ import annotations

import re

from assistant import names
from assistant.clauses import Clause, ask_instead, ask_who_else, ask_why_not, parse, question
from assistant.english import AUXILIARIES, PREPOSITIONS, VERBS, is_past, is_plural, possessive, singular
from assistant.focus import ANYTHING, Focus
from assistant.mentions import Mention, mentions, straighten

_MORE = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok|okay|please|go on|continue|more|and|then|and then|what else|anything else|next|carry on|keep going|go ahead|"
    r"(?:can you |could you |please )?(?:tell|show|give) me (?:some )?more|(?:tell|say) more|more (?:details|please|info|information)|"
    r"(?:and )?(?:what )?(?:happened )?(?:after that|afterwards)|elaborate|explain(?: more)?|details|interesting|i see|really)"
    r"(?:[ ,.!]+(?:please|yes|do|then|about (?:it|that|this)|go on|tell me more|thanks))*$",
    re.I,
)
_ABOUT = re.compile(
    r"^(?:(?:can you |could you |please )?tell me (?:some )?more|more|say more|go on) (?:about|on) (.+)$", re.I
)
_WHAT_ABOUT = re.compile(r"^(?:what|how) about (.+)$|^(?:and|but|or) (?:what about )?(.+)$", re.I)
_BARE_WH = re.compile(
    r"^(?:(?:by|to|with|for|from|of|about|against|since|until|in|on|at|under|into|through|before|after|between|according to) )?"
    r"(?:who|whom|what|when|where|why|how|which|whose)(?: (?:many|much|long|often|far|old|large|big|exactly|so|come|not|year|day|month|else|"
    r"one|ones|of them|of these|of those|for|from|by|with|to))*$",
    re.I,
)
_PREPOSITION_WH = re.compile(
    r"^(?:by|to|with|for|from|of|about|against|since|until|in|on|at|under|into|through|during) (?:what|which|whose) \S+(?: \S+){0,3}$",
    re.I,
)
_WH_NOUN = re.compile(r"^(?:what|which|whose|how many|how much) (.+)$", re.I)
_IN_PLACE = re.compile(r"\s*\b(?:in|at|near|on|from|to) $", re.I)


def is_more(text: str) -> bool:
    """Whether the reader only wants to hear more of the same."""
    return bool(_MORE.match(_bare(text)))


def more_about(text: str) -> str:
    """What "Tell me more about ..." names; "" for anything else."""
    match = _ABOUT.match(_bare(text))
    return match.group(1).strip() if match else ""


def complete(text: str, focus: Focus) -> tuple[str, str]:
    """The fragment as a whole question and how it was understood ("why", "ellipsis"); ("", "") where it is no
    fragment or the last question cannot complete it."""
    last = parse(focus.last_question)
    bare = _bare(text)
    if not bare or not focus.last_question:
        return "", ""
    if re.fullmatch(r"(?:and |but |so )?why not", bare, re.I) and last:
        return ask_why_not(last, _subject(last, focus)), "why"
    stripped = re.sub(r"^(?:and|but|so|or|then)\s+", "", bare, flags=re.I)
    if _BARE_WH.match(stripped) and len(stripped.split()) <= 5:
        whole = _bare_wh(stripped, last, focus) if last else ""
        return (whole, "why" if stripped.lower().startswith("why") else "ellipsis") if whole else ("", "")
    if _PREPOSITION_WH.match(stripped) and not _has_verb(stripped) and last:
        return ask_instead(last, stripped, _subject(last, focus)), "ellipsis"
    noun = _WH_NOUN.match(stripped)
    if noun and not _has_verb(stripped) and last and len(stripped.split()) <= 4:
        return ask_instead(last, stripped, _subject(last, focus)), "ellipsis"
    phrase = _phrase(bare)
    if phrase:
        return _replace(phrase, last, focus), "ellipsis"
    return "", ""


def _bare(text: str) -> str:
    return " ".join(straighten(text).split()).strip(" ?.!,;:")


def _has_verb(text: str) -> bool:
    words = [word.lower() for word in re.findall(r"[\w']+", text)]
    return any(word in AUXILIARIES or is_past(word) for word in words) or any(
        word in VERBS and not (index and words[index - 1] in ("the", "a", "an", "his", "her", "its", "their", "what", "which"))
        and index not in (len(words) - 1,)
        for index, word in enumerate(words) if index
    )  # fmt: skip


def _subject(last: Clause, focus: Focus) -> str:
    """Who did it, where the last question asked just that: the answer, if it is a name."""
    if last.subject or (last.wh_noun and last.wh.lower().startswith("how")):
        return ""
    people = ("person", "name", "group")
    short = focus.last_short
    inside = [m for m in mentions(short) if m.kind in people] if short else []
    if inside:
        return inside[0].text
    if last.wh_noun:
        return ""
    best = [
        r
        for r in focus.ranked({kind: 1.0 for kind in people})
        if r.age == 0 and r.text not in focus.last_question and r.is_name
    ]
    return best[0].text if best and last.wh.lower().startswith("who") else ""


def _bare_wh(text: str, last: Clause, focus: Focus) -> str:
    low = text.lower()
    if low in (
        "which",
        "which one",
        "which ones",
        "which of them",
        "which of these",
        "which of those",
        "who exactly",
        "what exactly",
    ):
        noun = _many(focus, last)
        if low == "which ones" or low.startswith("which of") or is_plural(noun.split()[-1] if noun else ""):
            return question(f"Which {noun or 'ones'}", *_after_many(last, noun)) if noun else ""
        return question("Which", noun, *_after_many(last, noun)) if noun else ""
    if low in ("how so", "how come", "why exactly", "what for", "for what"):
        return ask_instead(last, "Why", _subject(last, focus))
    if low.endswith(" else"):
        wh = text[0].upper() + text[1:]
        if low.split()[0] in ("when", "where", "how", "why"):
            return ask_instead(last, wh, _subject(last, focus))
        return ask_who_else(last, wh)
    if low in ("who", "what") and (last.wh.lower().startswith(low) or not last.wh):
        return ask_who_else(last, text) if not last.wh else ""
    if low == "how many" and last:
        noun = _many(focus, last)
        return (
            question("How many", noun, *_after_many(last, noun))
            if noun
            else ask_instead(last, "How many", _subject(last, focus))
        )
    if low in (
        "who by",
        "who for",
        "who with",
        "who to",
        "who from",
        "where from",
        "where to",
        "since when",
        "until when",
    ):
        first, second = text.split()
        text = (
            text
            if low.startswith(("since", "until"))
            else f"{second} {'whom' if first.lower() == 'who' else first.lower()}"
        )
    return ask_instead(last, text, _subject(last, focus))


def _many(focus: Focus, last: Clause) -> str:
    """The plural noun that "how many" and "which ones" count: of the last question, else of the answer."""
    for mention in reversed(mentions(" ".join((last.wh_noun, last.subject, last.rest)))):
        if mention.plural and " and " not in mention.text:
            return _without_determiner(mention.text)
    for referent in focus.referents:
        if referent.plural and referent.age == 0 and not referent.is_name:
            return _without_determiner(referent.text)
    return ""


def _without_determiner(text: str) -> str:
    return re.sub(r"^(?:the|any|some|many|all|his|her|its|their|these|those)\s+", "", text, flags=re.I)


def _after_many(last: Clause, noun: str) -> tuple[str, ...]:
    """The rest of the last question behind "How many NOUN", the noun taken out of where it stood."""
    place = re.compile(rf"\s*\b(?:(?:the|any|some|many|all|his|her|its|their)\s+)?{re.escape(noun)}\b", re.I)
    if place.search(last.subject):
        return last.auxiliary.lower(), last.rest
    auxiliary = last.auxiliary.lower()
    if place.search(last.rest):
        rest = place.sub("", last.rest, count=1)
        if auxiliary in ("was", "were", "is", "are") and last.subject.lower() == "there":
            return ("were" if auxiliary in ("was", "were") else "are", "there", rest)
        return auxiliary, last.subject, rest
    return auxiliary, last.subject, last.rest


def _phrase(bare: str) -> str:
    """The phrase of "And Kamenev", "What about in Moscow", "Kamenev's"; "" for a whole clause."""
    match = _WHAT_ABOUT.match(bare)
    phrase = (match.group(1) or match.group(2)).strip() if match else bare
    words = phrase.split()
    low = words[0].lower() if words else ""
    if not words or len(words) > (9 if match else 4) or (_has_verb(phrase) and not (match and match.group(1))):
        return ""
    if low in (
        "who",
        "what",
        "when",
        "where",
        "why",
        "how",
        "which",
        "whose",
        "if",
        "because",
        "he",
        "she",
        "it",
        "they",
        "so",
        "there",
    ):
        return ""
    if low in AUXILIARIES:
        return ""
    if not match:
        found = mentions(phrase)
        covered = (
            bool(found)
            and found[0].start <= (len(words[0]) + 1 if low in PREPOSITIONS else 0)
            and found[-1].end >= len(phrase) - 1
        )
        if not covered or not (
            low in PREPOSITIONS or found[0].is_name or (len(words) <= 2 and low in ("the", "his", "her", "its", "their"))
        ):
            return ""
    return phrase


def _replace(phrase: str, last: Clause | None, focus: Focus) -> str:
    """The last question with the phrase in the place of the piece that it stands parallel to."""
    asked = focus.last_question.rstrip(" ?.!")
    found = mentions(phrase)
    mention = found[0] if found else None
    low = phrase.split()[0].lower()
    if low in PREPOSITIONS:
        return _replace_local(phrase, low, mention, asked)
    others = re.fullmatch(r"(?:the )?(?:other|others|rest)(?: (\w+))?", phrase, re.I)
    if others:
        return _others(others.group(1) or "", asked, focus)
    kind = mention.kind if mention else "name"
    if (kind == "name" and not phrase[0].isupper()) or kind == "name":
        kind = "person" if any(m.kind in ("person", "name") for m in mentions(asked)) else kind
    if mention and mention.kind == "time":
        return _replace_local(
            f"in {phrase}" if phrase[0].isdigit() or phrase[0].isupper() else phrase, "in", mention, asked
        )
    if last and last.is_copular and last.wh and mention and not mention.is_name:
        return question(_wh_for(mention, last), _agree(last.auxiliary.lower(), mention.plural), phrase)
    target = _parallel(kind, mention, asked, last)
    if target is None:
        if kind == "place":
            return question(f"{asked} in {phrase}")
        if last and last.subject:
            return question(asked.replace(last.subject, phrase, 1)) if last.subject in asked else ""
        return ""
    put = phrase
    if target.genitive and not phrase.endswith(("'s", "s'")):
        put = possessive(phrase)
    elif not target.genitive and phrase.endswith("'s"):
        noun = singular(target.head) if not target.is_name else ""
        put = f"{phrase} {noun}".strip()
    return question(asked[: target.start] + put + asked[target.end :])


def _wh_for(mention: Mention, last: Clause) -> str:
    return (
        "Who"
        if mention.kind == "person"
        else "What"
        if last.wh.lower() == "who"
        else last.wh
        if not last.wh_noun
        else "What"
    )


def _agree(auxiliary: str, plural: bool) -> str:
    return (
        {"was": "were", "is": "are"}.get(auxiliary, auxiliary)
        if plural
        else {"were": "was", "are": "is"}.get(auxiliary, auxiliary)
    )


def _parallel(kind: str, mention: Mention | None, asked: str, last: Clause | None) -> Mention | None:
    """The phrase of the last question that a phrase of this kind takes the place of."""
    pieces = [m for m in mentions(asked) if m.kind != "time"]
    pieces = [m for m in pieces if not (last and last.wh and m.start < len(last.wh))]
    if not pieces:
        return None
    groups = {
        "person": ("person", "name"),
        "name": ("name", "person", "group", "place"),
        "group": ("group",),
        "place": ("place",),
        "thing": ("thing",),
    }
    same = [m for m in pieces if m.kind in groups.get(kind, (kind,))]
    if kind == "place" and not same:
        return None
    if mention is not None and mention.head:
        head = [m for m in pieces if m.head == mention.head and mention.head not in names.EMPTY_NOUNS]
        if head:
            return head[-1]
    if same:
        exact = [m for m in same if mention is not None and m.plural == mention.plural and m.is_name == mention.is_name]
        subject = [m for m in exact if last and m.text in last.subject]
        return (subject or exact or same)[0] if kind != "thing" else (exact or same)[-1]
    if last and last.subject:
        subject = [m for m in pieces if m.text in last.subject]
        return subject[0] if subject else None
    return pieces[-1]


def _replace_local(phrase: str, preposition: str, mention: Mention | None, asked: str) -> str:
    """A time or place put in the place of the last question's, or at its end."""
    kind = mention.kind if mention else "thing"
    for piece in mentions(asked):
        same = piece.kind == kind or ({piece.kind, kind} <= {"place", "name"} and piece.preposition in ("in", "at"))
        if piece.preposition and (
            (same
            and piece.kind in ("time", "place", "name"))
            or (piece.preposition == preposition
            and kind not in ("time", "place"))
        ):
            start = asked.rfind(piece.preposition, 0, piece.start)
            return question(asked[:start] + phrase + asked[piece.end :])
    if kind == "time" and re.match(r"(?:when|(?:in )?(?:what|which) (?:year|month|day))\b", asked, re.I):
        return (
            question(
                re.sub(r"^(?:when|(?:in )?(?:what|which) (?:year|month|day))\b", "What happened, or", asked, flags=re.I)
            )
            if False
            else question(asked, phrase)
        )
    return question(asked, phrase)


def _others(noun: str, asked: str, focus: Focus) -> str:
    """ "And the others?": the companions of the one asked about, where an earlier list holds them."""
    named = [m for m in mentions(asked) if m.is_name]
    for referent in focus.referents:
        if " and " not in referent.text:
            continue
        members = [part.strip() for part in re.split(r",\s*|\s+and\s+", referent.text) if part.strip()]
        for mention in named:
            left = [part for part in members if part.split()[-1].lower() != mention.head]
            if left and len(left) < len(members):
                together = left[0] if len(left) == 1 else ", ".join(left[:-1]) + " and " + left[-1]
                return question(
                    asked[: mention.start]
                    + (possessive(together) if mention.genitive else together)
                    + asked[mention.end :]
                )
    if named:
        put = f"the other {noun}" if noun else "the others"
        return question(
            asked[: named[0].start] + (possessive(put) if named[0].genitive else put) + asked[named[0].end :]
        )
    several = [m for m in mentions(asked) if m.plural]
    if several:
        return question(
            asked[: several[0].start] + "the other " + _without_determiner(several[0].text) + asked[several[0].end :]
        )
    return ""


def topic(focus: Focus, most: int = 2) -> str:
    """What the conversation is about, as a phrase: "Stalin and the congress"; "" if about nothing with a name."""
    asked = [r for r in focus.ranked(ANYTHING) if r.age == 0 and r.text in focus.last_question]
    chosen = sorted(asked[:most], key=lambda r: focus.last_question.find(r.text)) or focus.ranked(ANYTHING)[:1]
    parts: list[str] = []
    for referent in chosen:
        if not any(referent.text in part or part in referent.text for part in parts):
            parts.append(referent.text)
    return " and ".join(parts)
