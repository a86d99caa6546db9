"""Claims made from questions with their answers: "When was the pier opened?", "1887": "The pier was opened in 1887."

People word a question otherwise than the text (Demszky et al. 2018), so that what is made of it is a paraphrase that
the text supports; with another answer of the same shape, or another name, it is one that the text does not.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.reader.lessons.articles import Row, answerable_example, near_negatives, rows_of, training_articles
from assistant.reader.lessons.claims import CONTRADICTED, OPEN, SUPPORTED
from assistant.reader.lessons.lesson import Lesson, Span, Unit, heading_for, title_of
from assistant.reader.lessons.variations import WORDS, names_in
from vectorstore.english import MONTHS, one_of

SAME_PARAGRAPH = 0.6
"""How often another answer is taken from the same paragraph."""
_PREPOSITION = "in|on|at|by|from|during|after|before|since|until|around|near|for|with|to|of|through|under|between"
_BEFORE = re.compile(rf"\b({_PREPOSITION})(?: the)? $")
_BEGINS = re.compile(rf"(?i)^(?:{_PREPOSITION}|because|due|over|as|about|outside|inside|within|along) ")
_TRAILING = re.compile(
    rf"(?P<head>.+?) (?:(?P<prep>{_PREPOSITION}) )?(?:what|which)"
    r"(?: (?P<noun>year|month|day|date|city|country|state))?$"
)
_ASKS = re.compile(
    r"(?:(?P<prep>In|On|At|By|From|During|To|For|With|Under|Near) )?"
    r"(?P<wh>(?i:who|whom|what|when|where|why|which|how many|how much|how long))\b ?(?P<rest>.+)$"
)
_DO = frozenset({"did", "does", "do"})
_BE = frozenset({"was", "were", "is", "are"})
_MODAL = frozenset({"can", "could", "will", "would", "has", "have", "had", "must", "may", "might", "should"})
_OPENS_A_NAME = frozenset(WORDS["begins a name"].split())
_PARTICIPLES = frozenset(WORDS["participles"].split())
_PAST: dict[str, str] = dict(pair.split("/") for pair in WORDS["past"].split())


@dataclass(frozen=True)
class Verbs:
    """Words that the texts use as verbs: `base` forms, and all `words` there are, with how often."""

    base: frozenset[str]
    words: Counter[str]

    @staticmethod
    def of(texts: Iterable[str]) -> Verbs:
        after: Counter[str] = Counter()
        words: Counter[str] = Counter()
        for text in texts:
            words.update(re.findall(r"[a-z]+", text))
            after.update(re.findall(r"\b(?:to|not|would|could|can|will|must|should|may|might) ([a-z]+)\b", text))
        left = {
            "the",
            "be",
            "a",
            "only",
            "an",
            "his",
            "her",
            "their",
            "its",
            "this",
            "that",
            "all",
            "one",
            "other",
            "have",
        }
        return Verbs(frozenset(w for w, n in after.items() if n > 3 and n * 12 > words[w] and w not in left), words)

    def past(self, verb: str) -> str:
        """ "opened" of "open"; "did open" where no such form is known."""
        if verb in _PAST:
            return _PAST[verb]
        doubled = verb + verb[-1] + "ed"
        forms = [verb + "d"] if verb.endswith("e") else [verb + "ed", verb[:-1] + "ied", doubled]
        best = max(forms, key=lambda form: self.words[form])
        return best if self.words[best] else f"did {verb}"


def statement(question: str, answer: str, before: str, verbs: Verbs) -> str | None:
    """The question with its answer as a sentence; None where its form is not one that is understood. `before`: the text
    before the answer."""
    asked = " ".join(question.strip().rstrip("?. ").split())
    led = _BEFORE.search(before)
    trailing = _TRAILING.fullmatch(asked)
    if trailing and not _ASKS.match(asked):
        head, prep = trailing["head"], trailing["prep"] or ""
        return _sentence(head, prep if prep and not _BEGINS.match(answer) else "", answer)
    match = _ASKS.fullmatch(asked)
    if not match:
        return None
    wh, words, prep = match["wh"].lower(), match["rest"].split(), (match["prep"] or "").lower()
    noun: list[str] = []
    if wh in ("what", "which", "how many", "how much"):
        while words and len(noun) < 5 and not _opens(words, verbs):
            noun.append(words.pop(0))
    if len(words) < 2:
        return None
    things = (
        f"{answer} {' '.join(noun)}"
        if wh.startswith("how") and noun and not set(noun) & set(answer.split())
        else answer
    )
    first = words[0].lower()
    adverb = bool(prep) or wh in ("when", "where", "why", "how long") or noun in (["year"], ["month"], ["day"])
    if first in _DO | _BE | _MODAL and (adverb or first in _DO or not _is_subject(words[1], first, verbs)):
        if first in _BE and not adverb:
            return _copula(words, things)
        return _inverted(words, things, adverb, prep or (led[1] if led else ""), wh, verbs)
    if adverb:
        return None
    return _sentence(things, "", " ".join(words))


def _opens(words: Sequence[str], verbs: Verbs) -> bool:
    """Whether what is asked for ends before these words: with a verb."""
    first = words[0].lower()
    if first in _DO | _BE | _MODAL:
        return True
    third = first.endswith("s") and (first[:-1] in verbs.base or first[:-2] in verbs.base)
    return first.endswith("ed") or first in _PAST.values() or (third and len(words) > 2)


def _is_subject(word: str, verb: str, verbs: Verbs) -> bool:
    """Whether "Who was elected ..." asks for its subject."""
    low = word.lower()
    if verb in _BE:
        return low.endswith(("ed", "ing")) or low in _PARTICIPLES or low in ("responsible", "able", "in", "on", "not")
    return low in verbs.base or low.endswith(("ed", "en")) or low in ("been", "be", "not")


def _copula(words: Sequence[str], things: str) -> str | None:
    verb, rest = words[0], words[1:]
    if rest[0].lower() not in _OPENS_A_NAME and not rest[0][:1].isupper():
        return None
    if re.fullmatch(rf"{_PREPOSITION}|called|named|known|as|like", rest[-1]) or any(w.endswith("ed") for w in rest[2:]):
        return (
            f"{_sentence(' '.join(rest[:-1]), verb + ' ' + rest[-1], things)}"
            if rest[-1] in ("called", "named")
            else None
        )
    return _sentence(" ".join(rest), verb, things)


def _inverted(words: Sequence[str], things: str, adverb: bool, prep: str, wh: str, verbs: Verbs) -> str | None:
    helper, rest = words[0].lower(), list(words[1:])
    at = next((n for n in range(1, len(rest)) if _is_main(rest, n, helper, verbs)), None)
    if at is None:
        if helper not in _BE or not adverb or wh == "why":
            return None
        subject, behind = " ".join(rest), ""
    else:
        subject, behind = " ".join(rest[:at]), " ".join(rest[at + 1 :])
    if helper == "did" and at is not None:
        told = verbs.past(rest[at])
    elif helper in ("do", "does") and at is not None:
        told = rest[at] if helper == "do" else _third(rest[at])
    else:
        told = f"{helper} {rest[at]}" if at is not None else helper
    if not adverb:
        if behind.split(" ")[0] in ("the", "a", "an"):
            return None
        return _sentence(subject, told, f"{things} {behind}".strip())
    if wh == "why" and not _BEGINS.match(things):
        return None
    led = "" if _BEGINS.match(things) or wh == "how long" else prep or ("in" if re.fullmatch(r"\d{4}", things) else "")
    if wh == "where" and not led and not _BEGINS.match(things):
        return None
    return _sentence(subject, f"{told} {behind}".strip(), f"{led} {things}".strip())


def _is_main(words: Sequence[str], n: int, helper: str, verbs: Verbs) -> bool:
    word, previous = words[n], words[n - 1].lower()
    if previous in ("the", "a", "an", "of", "to", "his", "her", "its", "their") or not word.islower():
        return False
    if helper in _DO | {"can", "could", "will", "would", "must", "may", "might", "should"}:
        return word in verbs.base or word in _PAST
    return (
        word.endswith("ed") or word in _PARTICIPLES or (helper in _BE and word.endswith("ing") and n == len(words) - 1)
    )


def _third(verb: str) -> str:
    if verb == "have":
        return "has"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "o")) else "s")


def _sentence(*parts: str) -> str:
    whole = " ".join(part.strip() for part in parts if part.strip()).rstrip(" .,")
    return whole[:1].upper() + whole[1:] + "."


def _shape(question: str, answer: str) -> str:
    """What an answer looks like; another of the same shape may stand in its place."""
    if re.fullmatch(r"(?:1[0-9]|20)\d\d", answer):
        return "year"
    if re.search(rf"\b{one_of(MONTHS)}\b", answer):
        return "date"
    if re.search(r"\d", answer):
        return "number" if len(answer.split()) < 3 else "phrase with a number"
    if not answer[:1].isupper():
        return f"words {min(3, len(answer.split()))}"
    asked = re.search(r"(?i)\b(who|whom|where|what|which)\b", question)
    return f"{asked[1].lower() if asked else 'some'} with a capital"


def statement_lessons(path: Path, most: int, rng: random.Random) -> list[Unit]:
    """Up to `most` units of the training articles of a file in SQuAD's form, in no order: the claim, the claim with
    another answer, and sometimes one with another name or the claim held against another text of the article."""
    articles = training_articles(path)
    verbs = Verbs.of(paragraph["context"] for article in articles for paragraph in article["paragraphs"])
    rows = rows_of(articles)
    rng.shuffle(rows)
    answers: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for article, number, question, answer in rows:
        answers.setdefault((id(article), _shape(question, answer["text"])), []).append((number, answer["text"]))
    units: list[Unit] = []
    for row in rows:
        if len(units) == most:
            break
        unit = list(_claims(row, answers[(id(row[0]), _shape(row[2], row[3]["text"]))], verbs, rng))
        if len(unit) > 1:
            units.append(unit)
    return units


def _claims(row: Row, others: Sequence[tuple[int, str]], verbs: Verbs, rng: random.Random) -> Iterator[Lesson]:
    article, number, question, answer = row
    context, answered = article["paragraphs"][number]["context"], answer["text"].rstrip(" .,;")
    before = context[: answer["answer_start"]][-20:]
    claim = statement(question, answered, before, verbs)
    good = answerable_example(row, rng, words=rng.randint(40, 120))
    if not claim or not good.answers or not 4 <= len(claim.split()) <= 40:
        return
    heading, title = heading_for(title_of(article["title"]), rng), article["title"]

    def lesson(said: str, text: str, support: int, wrong: tuple[Span, ...] | None) -> Lesson:
        evidence = good.answers if text is good.text and support != OPEN else None
        near = None if support == OPEN else True
        return Lesson(
            said, text, heading, title, (), near, None, wrong, evidence, support=support, taught=False
        )  # fmt: skip

    yield lesson(claim, good.text, SUPPORTED, ())
    pool = [other for place, other in others if (place == number) == (rng.random() < SAME_PARAGRAPH)]
    held = {word.casefold() for word in re.findall(r"\w+", f"{answered} {question}")}
    fit = [o for o in pool if not held & {word.casefold() for word in re.findall(r"\w+", o)}]
    if fit:
        other = rng.choice(fit).rstrip(" .,;")
        false = statement(question, other, before, verbs)
        if false and other in false:
            start = false.index(other)
            yield lesson(false, good.text, CONTRADICTED, ((start, start + len(other)),))
    draw = rng.random()
    if draw < 0.3:
        for stray in near_negatives(row, rng, 1):
            yield lesson(claim, stray.text, OPEN, None)
    elif draw < 0.6:
        named = [name for name in names_in(claim) if name not in answered and len(name) > 2]
        strange = [name for name in names_in(context) if len(name) > 2 and name not in claim and name not in answered]
        if named and strange:
            name, other = rng.choice(named), rng.choice(strange)
            if not set(name.split()) & set(other.split()):
                start = claim.index(name)
                changed = claim[:start] + other + claim[start + len(name) :]
                yield lesson(changed, good.text, OPEN, ((start, start + len(other)),))
