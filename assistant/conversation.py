"""Follow-up questions understood without a language model: what a question means after the turns before it.

`readings` proposes whole questions, the most plausible first; `choose` takes the one that the source supports best.
Rules over closed word classes for English; a follow-up in another language is offered as it is and with the last
question before it. Pure and deterministic, well under 2 ms.
But: nothing here searches; the support of a reading is the caller's to measure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import names
from assistant.clauses import parse, question, strip_lead_in
from assistant.english import AUXILIARIES, DETERMINERS, FUNCTION_WORDS
from assistant.focus import ANYTHING, Focus, focus_of
from assistant.fragments import complete, is_more, more_about, topic
from assistant.mentions import mentions, straighten
from assistant.pronouns import Anaphor, anaphors, as_event, resolve
from assistant.question import content_words, stem
from assistant.types import Turn

MOST = 4
"""The most readings offered: each costs the caller a search."""
PER_WORD = 0.015
PER_RANK = 0.08


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question. `text`: a whole question, as shown under "Searched for"; `added`: its content
    words that the question did not hold; `cue`: how it was understood: "as asked", "pronoun", "ellipsis", "why",
    "more" (tell what was not shown yet), "closest" (show the closest passages), "topic", "last question"."""

    text: str
    added: tuple[str, ...]
    cue: str


def readings(question: str, history: Sequence[Turn]) -> list[Reading]:
    """The ways to understand `question` after `history`, most plausible first, MOST at most; the question itself
    alone where it stands by itself or there is no history."""
    alone = Reading(question, (), "as asked")
    if not history or not question.strip():
        return [alone]
    focus = focus_of(history)
    offered = list(_offer(question, focus))
    distinct: dict[str, Reading] = {}
    for text, cue in offered:
        if text:
            distinct.setdefault(text, Reading(text, _added(question, text), cue))
    return list(distinct.values())[:MOST] or [alone]


def choose(readings: Sequence[Reading], support: Callable[[str], float]) -> Reading:
    """The reading that the source supports best, `support(text)` in 0 to 1. A reading pays PER_WORD for each content
    word it added and PER_RANK for each reading preferred to it; of equals the earlier."""
    if len(readings) == 1:
        return readings[0]
    best, best_score = readings[0], float("-inf")
    for rank, reading in enumerate(readings):
        score = support(reading.text) - PER_WORD * min(len(reading.added), 8) - PER_RANK * rank
        if score > best_score:
            best, best_score = reading, score
    return best


def _added(before: str, after: str) -> tuple[str, ...]:
    known = {stem(word) for word in content_words(before)}
    return tuple(dict.fromkeys(word for word in content_words(after) if stem(word) not in known))


def _offer(asked: str, focus: Focus) -> list[tuple[str, str]]:
    """Texts with their cues, best first."""
    if is_more(asked):
        return _continue(focus)
    named = more_about(asked)
    if named:
        return _more_about(named, focus)
    if not _is_english(asked):
        return [(asked, "as asked"), (f"{focus.last_question} {asked}", "last question")]
    back = re.match(r"^(?:back|returning|coming back|going back) to ([^:,;-]+)[:,;-]+\s*(.+)$", asked, re.I)
    if back:
        return _back_to(back.group(1).strip(), back.group(2), focus)
    text = _capitals(_after_sentences(strip_lead_in(asked)), focus)
    whole, cue = complete(_capitals(asked, focus), focus)
    if whole:
        return [
            (_resolved(whole, focus), cue),
            (f"{text.rstrip('?')} ({topic(focus)})?" if topic(focus) else text, "topic"),
        ]
    found = anaphors(text)
    if found:
        return _pronouns(text, found, focus)
    return _no_cue(asked, text, focus)


def _continue(focus: Focus) -> list[tuple[str, str]]:
    if focus.last_abstained:
        return [(focus.last_question, "closest")]
    if focus.last_question.startswith("More about "):
        return [(focus.last_question, "more")]
    about = topic(focus)
    return [(f"More about {about}" if about else focus.last_question, "more")]


def _more_about(named: str, focus: Focus) -> list[tuple[str, str]]:
    found = anaphors(f"about {named}")
    resolved = resolve(f"about {named}", found, focus) if found else None
    return [(f"More {resolved or 'about ' + named}", "more")]


def _back_to(name: str, rest: str, focus: Focus) -> list[tuple[str, str]]:
    """ "Back to Lenin: when did he die?": the name given is what the pronouns mean."""
    text = question(rest)
    found = anaphors(text)
    if found:
        first = found[0]
        put = name + ("'s" if first.owning else "")
        return [(question(text[: first.start] + put + text[first.end :]), "pronoun")]
    return [(question(f"{text.rstrip('?')} ({name})"), "topic")]


def _pronouns(text: str, found: list[Anaphor], focus: Focus) -> list[tuple[str, str]]:
    offered = []
    last = parse(focus.last_question)
    event = _event_question(text, focus)
    if event:
        offered.append((event, "ellipsis"))
    first = resolve(text, found, focus)
    if first:
        offered.append((_finish(first), "pronoun"))
        second = resolve(text, found, focus, 1)
        if second:
            offered.append((_finish(second), "pronoun"))
        return offered
    happening = as_event(last) if last else ""
    if happening and found[0].after_preposition and found[0].sort in ("it", "this"):
        put = text[: found[0].start] + happening + text[found[0].end :]
        return [*offered, (_finish(put), "pronoun")]
    about = topic(focus)
    if about and about.lower() not in text.lower():
        offered.append((_finish(f"{text.rstrip(' ?.!')} ({about})"), "topic"))
    return [*offered, (_finish(text), "as asked")]


def _event_question(text: str, focus: Focus) -> str:
    """ "When did that happen?": the last question, asked with the new wh-word."""
    if re.match(
        r"^(?:when|where|why|how) (?:did|was|is|does|has) (?:it|this|that|all this|all that)(?: all)? (?:happen|happened|occur|take place|come about|be|the case)\W*$",
        text,
        re.I,
    ):
        return complete(text.split()[0], focus)[0]
    return ""


def _resolved(whole: str, focus: Focus) -> str:
    """A completed fragment may hold a pronoun itself: "And his successor?"."""
    found = anaphors(whole)
    return _finish(resolve(whole, found, focus) or whole) if found else whole


def _no_cue(asked: str, text: str, focus: Focus) -> list[tuple[str, str]]:
    """A question without a word that points back: it stands alone if it has a name of its own; else the topic may be
    meant, and is offered second."""
    raw = (asked, "as asked")
    own = mentions(text)
    if any(m.is_name or (m.kind == "time" and any(c.isdigit() for c in m.text)) for m in own) or '"' in straighten(text):
        return [raw]
    offered = [raw]
    for mention in own:
        if mention.determiner not in ("the", "this", "that", "these", "those") or len(mention.text.split()) > 2:
            continue
        same = [r for r in focus.referents if r.head == mention.head and r.plural == mention.plural and r.age <= 2
                and len(r.text.split()) > len(mention.text.split()) and mention.head not in names.EMPTY_NOUNS]  # fmt: skip
        if same and not same[0].is_name:
            offered.append((_finish(text[: mention.start] + same[0].text + text[mention.end :]), "topic"))
            break
    about = _main_topic(focus, text)
    if about:
        offered.append((_finish(f"{text.rstrip(' ?.!')} ({about})"), "topic"))
    return offered


def _main_topic(focus: Focus, text: str) -> str:
    known = {stem(word) for word in content_words(text)}
    for referent in focus.ranked(ANYTHING):
        if not {stem(word) for word in content_words(referent.text)} <= known:
            return referent.text
    return ""


def _finish(text: str) -> str:
    return question(strip_lead_in(text))


def _after_sentences(text: str) -> str:
    """The last question of a message of several sentences."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)
    return parts[-1] if len(parts) > 1 and parts[-1].rstrip().endswith("?") else text


def _capitals(text: str, focus: Focus) -> str:
    """Names of the conversation written in lower case get their capitals back."""
    known = {
        word.lower(): word
        for referent in reversed(focus.referents)
        if referent.is_name
        for word in re.findall(r"[^\W\d_]+(?:[-'][^\W\d_]+)*", referent.text)
        if word[0].isupper()
    }

    def restore(match: re.Match[str]) -> str:
        word = match.group()
        low = word.lower()
        if (
            not word.islower()
            or low in FUNCTION_WORDS
            or low in DETERMINERS
            or low in names.PERSON_NOUNS | names.GROUP_NOUNS
        ):
            return word
        return known.get(low, word)

    return re.sub(r"[^\W\d_]+(?:-[^\W\d_]+)*", restore, text)


def _is_english(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", straighten(text).lower())
    if not words:
        return True
    if any(ord(c) > 0x24F for c in "".join(words)):
        return False
    foreign = {"der", "die", "das", "und", "wer", "wie", "warum", "wann", "ist", "hat", "qui", "quand", "pourquoi", "est", "les",
               "des", "une", "que", "cuando", "quien", "donde", "los", "las", "por", "el", "mit", "von", "nicht", "quoi", "où", "qué", "comment"}  # fmt: skip
    strange = sum(word in foreign for word in words)
    english = sum(word in FUNCTION_WORDS or word in DETERMINERS or word in AUXILIARIES for word in words)
    return strange == 0 or english >= 2 * strange
