"""Follow-up questions understood without a language model: what a question means after the turns before it.

`readings` proposes whole questions, the most plausible first; `wordings` says in which forms the source is asked.
Rules over closed word classes for English; a follow-up in another language is offered as it is and with the last
question before it. Pure and deterministic, well under 2 ms.
But: nothing here searches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation import names
from assistant.conversation.anaphors import Anaphor, anaphors
from assistant.conversation.clauses import parse, question, strip_lead_in
from assistant.conversation.english import AUXILIARIES, DETERMINERS, FUNCTION_WORDS, possessive, singular, words
from assistant.conversation.focus import ANYTHING, Focus, focus_of
from assistant.conversation.fragments import complete, is_more, more_about, topic
from assistant.conversation.mentions import mentions
from assistant.conversation.parallels import phrase_of, put_in_place, what_about, without_determiner
from assistant.conversation.resolution import as_event, resolve
from assistant.conversation.tokens import straighten
from assistant.question import content_words, normal, stem
from assistant.types import Turn

MOST = 4
"""The most readings offered. The first is asked; that there are others says that the question leans on the talk, and
`eval.lab.followups` scores them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question. `text`: a whole question, as shown under "Searched for"; `cue`: how it was
    understood: "as asked", "pronoun", "ellipsis", "why", "more" (tell what was not shown yet), "closest" (show the
    closest passages), "topic", "last question"."""

    text: str
    cue: str


def readings(question: str, history: Sequence[Turn]) -> list[Reading]:
    """The ways to understand `question` after `history`, most plausible first, MOST at most; the question itself
    alone where it stands by itself or there is no history."""
    alone = Reading(question, "as asked")
    if not history or not question.strip():
        return [alone]
    focus = focus_of(history)
    offered = list(_offer(question, focus))
    distinct: dict[str, Reading] = {}
    for text, cue in offered:
        if text:
            distinct.setdefault(text, Reading(text, cue))
    return list(distinct.values())[:MOST] or [alone]


def wordings(text: str, question: str, history: Sequence[Turn]) -> tuple[str, str]:
    """The forms in which the source is asked a question that leans on the turns before it: `text`, as it is understood
    and shown; and as it was asked, after the last question as understood (the end of that, if long: what reads it,
    reads so many words)."""
    before = history[-1].answer.searched_for.split()[-LONGEST_BEFORE:]
    return text, " ".join([*before, *question.split()])


def leans_back(question: str, history: Sequence[Turn], offered: Sequence[Reading]) -> bool:
    """Whether a question may mean something that the turns before it named: a reading of it adds that, or it opens
    with a word that goes on ("And who paid?"). "More" and "closest" go back to the conversation themselves; "Thanks!"
    asks nothing."""
    if not history or offered[0].cue in ("more", "closest") or _ASKS_NOTHING.fullmatch(question):
        return False
    return bool(_GOES_ON.match(question)) or any(reading.cue != "as asked" for reading in offered)


LONGEST_BEFORE = 40
"""Words of the last question, at most."""
_ASKS_NOTHING = re.compile(
    r"(?:\W*\b(?:thanks|thank you|thx|ok|okay|yes|no|nope|great|sure|right|well|good|nice|fine|cool|hmm+|oh|i see|"
    r"please|hello|hi|hey|bye|goodbye)\b)*\W*",
    re.I,
)
_GOES_ON = re.compile(r"(?:and|but|so|then|also|or|yes|no|ok)\b(?!-| one\b)", re.I)


def _offer(asked: str, focus: Focus) -> list[tuple[str, str]]:
    """Texts with their cues, best first."""
    if is_more(asked):
        return _continue(focus)
    if _ASKS_NOTHING.fullmatch(asked):
        return [(asked, "as asked")]
    if not _is_english(asked):
        return [(asked, "as asked"), (f"{focus.last_question} {asked}", "last question")]
    last_sentence = _last_question(asked)
    named = more_about(asked) if last_sentence == asked else ""
    if named:
        return _more_about(named, focus)
    back = _BACK.match(asked)
    if back:
        return _back_to(back.group(1).strip(), back.group(2), focus)
    restored = _capitals(last_sentence, focus)
    text = strip_lead_in(restored)
    whole, cue = complete(restored, focus)
    if whole:
        return [(_resolved(whole, focus), cue)]
    phrase = phrase_of(restored)
    if phrase:
        whole = put_in_place(phrase, focus)
        return [(_resolved(whole, focus), "ellipsis"), (_resolved(what_about(phrase, focus), focus), "topic")]
    found = anaphors(text)
    offered = _pronouns(text, found, focus) if found else []
    return offered or _no_cue(last_sentence, text, focus)


_BACK = re.compile(r"^(?:ok[ ,]+)?(?:(?:going |coming )?back|returning) to ([^:,;]+)[:,;]+\s*(.+)$", re.I)


def _continue(focus: Focus) -> list[tuple[str, str]]:
    if focus.last_abstained:
        return [(focus.last_question, "closest")]
    if focus.last_question.startswith("More about "):
        return [(focus.last_question, "more")]
    about = topic(focus)
    return [(f"More about {about}" if about else focus.last_question, "more")]


def _more_about(named: str, focus: Focus) -> list[tuple[str, str]]:
    text = _capitals(f"More about {named}", focus)
    found = anaphors(text)
    return [((resolve(text, found, focus) if found else None) or text, "more")]


def _back_to(name: str, rest: str, focus: Focus) -> list[tuple[str, str]]:
    """ "Back to Lenin: when did he die?": the name given is what the first pronoun means."""
    name = _capitals(name, focus)
    text = question(_capitals(rest, focus))
    found = anaphors(text)
    if not found:
        return [(question(f"{text.rstrip('?')} ({name})"), "topic")]
    first = found[0]
    put = possessive(name) if first.owning else name
    return [(question(text[: first.start] + put + text[first.end :]), "pronoun")]


def _pronouns(text: str, found: list[Anaphor], focus: Focus) -> list[tuple[str, str]]:
    """The question with its anaphors resolved, in up to two ways; nothing where all they hold is a word like "this
    book" of which the conversation knows no more."""
    offered = []
    if _HAPPENED.match(text):
        offered.append((complete(text.split()[0], focus)[0], "ellipsis"))
    last = parse(focus.last_question)
    event = as_event(last, focus.last_short) if last and _TAKE.match(text) else ""
    if event:
        offered.append((_finish(re.sub(r"\bit\b", event, text, count=1)), "pronoun"))
    first = resolve(text, found, focus)
    if first:
        second = resolve(text, found, focus, 1)
        return [*offered, (_finish(first), "pronoun"), (_finish(second) if second else "", "pronoun")]
    about = topic(focus)
    if about and about.lower() not in text.lower() and not any(offered):
        return [(_with_topic(text, about), "topic"), (_finish(text), "as asked")]
    return offered


_TAKE = re.compile(r"^how (?:long|much time|many \w+) (?:did|does|will|would) it take\W*$", re.I)
_HAPPENED = re.compile(
    r"^(?:when|where|why|how) (?:did|was|is|does|has) (?:it|this|that|all this|all that)(?: all)? "
    r"(?:happen|happened|occur|take place|come about|the case)\W*$|^why (?:is|was) (?:it|this|that)\W*$",
    re.I,
)


def _resolved(whole: str, focus: Focus) -> str:
    """A completed fragment may hold a pronoun itself: "And his successor?"."""
    found = anaphors(whole) if whole else []
    return _finish(resolve(whole, found, focus) or whole) if found else whole


def _no_cue(asked: str, text: str, focus: Focus) -> list[tuple[str, str]]:
    """A question without a word that points back: it stands alone if it has a name or a date of its own; else what
    the conversation is about may be meant, and is offered too: after the question as asked, unless that says next to
    nothing ("What happened next?")."""
    raw = (asked if text == asked else _finish(text), "as asked")
    own = mentions(text)
    dated = any(m.kind == "time" and any(c.isdigit() for c in m.text) for m in own)
    if dated or any(m.is_name for m in own) or '"' in straighten(text):
        dangling = _DANGLING.search(text) and topic(focus)
        return [(_with_topic(text, topic(focus)), "topic"), raw] if dangling else [raw]
    thin = not [word for word in content_words(text) if singular(normal(word)) not in _THIN]
    about = topic(focus) or _main_topic(focus, text)
    same = [_with_known_noun(text, focus)]
    added = [(_with_topic(text, about), "topic")] if about else []
    return [*added, raw] if thin else [raw, *((t, "topic") for t in same if t), *added]


_DANGLING = re.compile(
    r"^(?:did|does|do|was|is|why|how|would|could|has|had)\b.*\b(?:agree|disagree|refuse|object|respond|react|oppose|"
    r"accept|approve|reply|answer|comply|consent|say|think|want|vote|try|succeed|fail|in favou?r|involved|informed|"
    r"told|opposed|against|surprised)\W*$",
    re.I,
)
"""A question that ends in a verb of which the object is missing: "Did Stalin agree?"."""
_THIN = words(
    """
    next happen happened later afterwards outcome result reason cause reaction response effect consequence
    impact answer conclusion finally end problem change point purpose aim role begin began start started come
    came
    """
)


def _with_known_noun(text: str, focus: Focus) -> str:
    """ "the album" as the album that the conversation named; "" where it named none."""
    for mention in mentions(text):
        if mention.determiner not in ("the", "this", "that", "these", "those") or len(mention.text.split()) > 2:
            continue
        if mention.head in names.EMPTY_NOUNS:
            continue
        for referent in focus.referents:
            longer = (
                len(without_determiner(referent.text).split()) >= len(mention.text.split()) and not referent.is_name
            )
            if longer and referent.head == mention.head and referent.plural == mention.plural and referent.age <= 2:
                put = possessive(referent.text) if mention.genitive else referent.text
                return _finish(text[: mention.start] + put + text[mention.end :])
    return ""


def _main_topic(focus: Focus, text: str) -> str:
    known = {stem(word) for word in content_words(text)}
    for referent in focus.ranked(ANYTHING):
        if not {stem(word) for word in content_words(referent.text)} <= known:
            return referent.text
    return ""


def _with_topic(text: str, about: str) -> str:
    return _finish(f"{text.rstrip(' ?.!')} ({about})")


def _finish(text: str) -> str:
    return question(strip_lead_in(text))


def _last_question(text: str) -> str:
    """The last question of a message of several sentences."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)
    return parts[-1] if len(parts) > 1 and parts[-1].rstrip().endswith("?") else text


_NEVER_CAPITAL = (
    FUNCTION_WORDS
    | DETERMINERS
    | names.PERSON_NOUNS
    | names.GROUP_NOUNS
    | names.PLACE_NOUNS
    | names.EVENT_NOUNS
    | names.WORK_NOUNS
)
_NO_APOSTROPHE = re.compile(r"\b(did|do|does|was|were|is|are|has|have|had|could|would|should)nt\b", re.I)


def _capitals(text: str, focus: Focus) -> str:
    """Names of the conversation written in lower case get their capitals back, "didnt" its apostrophe."""
    known: dict[str, str] = {
        word.lower(): word
        for referent in reversed(focus.referents)
        if referent.is_name
        for word in re.findall(r"[^\W\d_]+(?:[-'][^\W\d_]+)*", referent.text)
        if word[0].isupper()
    }

    def restore(match: re.Match[str]) -> str:
        word: str = match.group()
        low = word.lower()
        if not word.islower() or low in _NEVER_CAPITAL:
            return word
        return known.get(low, word)

    return re.sub(r"[^\W\d_]+(?:-[^\W\d_]+)*", restore, _NO_APOSTROPHE.sub(r"\1n't", text))


_FOREIGN = words(
    """
    der die das und wer wie warum wann ist hat mit von nicht er sie qui quand pourquoi quoi où est les des une que
    comment cuando quien qué donde los las por el
    """
)


def _is_english(text: str) -> bool:
    found = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", straighten(text).lower())
    if not found:
        return True
    if any(ord(c) > 0x24F for c in "".join(found)):
        return False
    strange = sum(word in _FOREIGN for word in found)
    english = sum(word in FUNCTION_WORDS or word in DETERMINERS or word in AUXILIARIES for word in found)
    return strange == 0 or english >= 2 * strange
