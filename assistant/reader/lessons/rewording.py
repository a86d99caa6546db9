"""Claims made from sentences of articles: worded otherwise and still true, or changed in one place and no longer.

True: a number in words, an opening phrase at the end, what stands in brackets or between commas left out, two sentences
joined, a frame before it ("According to the text, ..."). Not borne out: a hedge dropped, a plan told as done, "some" as
"all", a cause made of a mere sequence, two names in each other's place, another number in words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import training_articles, windows
from assistant.reader.lessons.claims import CONTRADICTED, OPEN, SUPPORTED
from assistant.reader.lessons.lesson import Lesson, Span, Unit, heading_for, title_of
from assistant.reader.lessons.variations import WORDS, turned
from vectorstore.english import ONES, TENS

FRAMED = 0.25
"""How often a claim has a frame before it, true or not."""
_ONES, _TENS = ONES.split(), TENS.split()
_FRAMES: list[str] = WORDS["frames"]
_SMALL = re.compile(r"(?<![\w.,$£€-])(\d{1,2})(?= [a-z]{3,})(?! (?:percent|per|million|billion|thousand|degrees))")
_WORDED = re.compile(rf"(?i)\b({'|'.join([*_ONES[2:], *_TENS])})\b(?! (?:million|billion|hundred|thousand))")
_FUNCTION = frozenset(WORDS["opens a sentence"].split())
_OPENING = re.compile(
    r"(?P<phrase>(?:In|On|At|During|After|Before|By|Since|From|With) [^,;:()]{3,60}), (?P<rest>[^;:]{20,})\.$"
)
_ASIDE = re.compile(
    r" \([^()]{2,80}\)|, (?:which|who|where|whose) [^,.;:]{5,80}(?:,|(?=\.$))"
    r"|, [a-z][^,.;:]{5,50}, (?=was|were|is|are|had|has)"
)
_HEDGES = tuple((re.compile(pattern), new) for pattern, new in WORDS["hedges"])
_PLANS = re.compile(
    r" (?:attempted|tried|planned|wanted|hoped|threatened|intended|sought|offered|refused|promised) to ([a-z]+)\b"
)
_DEGREES = tuple((re.compile(pattern), others) for pattern, *others in WORDS["degrees"])
_CAUSED = re.compile(
    r"(?i)\b(?:because|since|due to|therefore|thus|hence|so that|as a result|led to|caused?|consequently)\b"
)


def reworded_lessons(path: Path, most: int, rng: random.Random) -> list[Unit]:
    """Up to `most` units of the training articles of a file in SQuAD's form, in no order."""
    articles = training_articles(path)
    places = [(article, n) for article in articles for n in range(len(article["paragraphs"]))]
    rng.shuffle(places)
    units: list[Unit] = []
    for article, number in places * 3:
        if len(units) == most:
            break
        context = article["paragraphs"][number]["context"]
        spans = windows(context, 1)
        at = rng.randrange(len(spans))
        if 7 <= context.count(" ", *spans[at]) <= 45:
            unit = list(_claims(article, context, spans, at, rng))
            if len(unit) > 1:
                units.append(unit)
    return units


Changed = tuple[str, Span | None]
Change = Callable[[str, str, random.Random], Changed | None]


def _claims(
    article: dict[str, Any], context: str, spans: Sequence[Span], at: int, rng: random.Random
) -> Iterator[Lesson]:
    sentence, following = context[slice(*spans[at])].strip(), None
    if at + 1 < len(spans) and 4 <= context.count(" ", *spans[at + 1]) <= 25:
        following = context[slice(*spans[at + 1])].strip()
    last = spans[at + 1][1] if following else spans[at][1]
    left, right = next((s, e) for s, e in _held(context, rng) if s <= spans[at][0] < e)
    text = context[left : max(right, last)].strip()
    begins = text.find(sentence)
    heading = heading_for(title_of(article["title"]), rng)

    def lesson(claim: str, support: int, wrong: Span | None = None) -> Lesson:
        doubted = () if support == SUPPORTED else (wrong,) if wrong else None
        evidence = ((begins, begins + len(sentence)),) if begins >= 0 and support != OPEN else None
        near = None if support == OPEN else True
        return Lesson(
            claim, text, heading, article["title"], (), near, None, doubted, evidence, support=support, taught=False
        )  # fmt: skip

    true = _first((_spelled, _moved, _shorter), sentence, context, rng)
    if following and rng.random() < 0.25:
        true = joined(sentence, following, rng.choice((", and ", "; ", ", while ")))
    told = true or sentence
    yield lesson(framed(told, rng) if rng.random() < FRAMED else told, SUPPORTED)
    for support, kinds in ((OPEN, (_surer, _done, _other_degree)), (CONTRADICTED, (_turned, _other_spelled))):
        changed = _change(kinds, sentence, context, rng)
        if changed:
            claim, wrong = changed
            if rng.random() < FRAMED:
                claim, wrong = framed(claim, rng), None
            yield lesson(claim, support, wrong)
    if following and not _CAUSED.search(f"{sentence} {following}") and rng.random() < 0.3:
        yield lesson(joined(following, sentence, " because "), OPEN)


def _held(context: str, rng: random.Random) -> list[Span]:
    return windows(context, rng.randint(60, 130))


def _first(
    kinds: Sequence[Callable[[str, random.Random], str | None]], sentence: str, context: str, rng: random.Random
) -> str | None:
    order = list(kinds)
    rng.shuffle(order)
    return next((made for kind in order if (made := kind(sentence, rng))), None)


def _change(kinds: Sequence[Change], sentence: str, context: str, rng: random.Random) -> Changed | None:
    order = list(kinds)
    rng.shuffle(order)
    return next((made for kind in order if (made := kind(sentence, context, rng))), None)


def lowered(sentence: str) -> str:
    """The sentence as it goes on behind other words: a function word at its beginning in small letters."""
    first = sentence.split(" ", 1)[0]
    return sentence[:1].lower() + sentence[1:] if first.lower() in _FUNCTION else sentence


def framed(sentence: str, rng: random.Random) -> str:
    return rng.choice(_FRAMES) + lowered(sentence)


def joined(first: str, second: str, by: str) -> str:
    return first.rstrip(" .") + by + lowered(second)


def number_words(number: int) -> str:
    """A number below 100 in words."""
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10 - 2] + (f"-{_ONES[number % 10]}" if number % 10 else "")


def _spelled(sentence: str, rng: random.Random) -> str | None:
    found = list(_SMALL.finditer(sentence))
    if not found:
        worded = list(_WORDED.finditer(sentence))
        if not worded:
            return None
        match = rng.choice(worded)
        low = match[1].lower()
        value = _ONES.index(low) if low in _ONES else 10 * (_TENS.index(low) + 2)
        after = sentence[match.end() : match.end() + 1]
        return (
            None
            if after == "-" or not match.start()
            else sentence[: match.start()] + str(value) + sentence[match.end() :]
        )
    match = rng.choice(found)
    told = number_words(int(match[1]))
    return sentence[: match.start()] + (told if match.start() else told.capitalize()) + sentence[match.end() :]


def _other_spelled(sentence: str, context: str, rng: random.Random) -> Changed | None:
    found = [m for m in _WORDED.finditer(sentence) if sentence[m.end() : m.end() + 1] != "-" and m.start()]
    if not found:
        return None
    match = rng.choice(found)
    new = rng.choice([word for word in (*_ONES[2:13], "twenty", "thirty") if word != match[1].lower()])
    return sentence[: match.start()] + new + sentence[match.end() :], (match.start(), match.start() + len(new))


def _moved(sentence: str, rng: random.Random) -> str | None:
    match = _OPENING.fullmatch(sentence)
    if not match:
        return None
    phrase, rest = match["phrase"], match["rest"]
    return f"{rest[:1].upper()}{rest[1:]} {phrase[:1].lower()}{phrase[1:]}."


def _shorter(sentence: str, rng: random.Random) -> str | None:
    found = list(_ASIDE.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    return re.sub(
        r"  +", " ", sentence[: match.start()] + (" " if match[0].endswith(", ") else "") + sentence[match.end() :]
    )


def _surer(sentence: str, context: str, rng: random.Random) -> Changed | None:
    for pattern, new in _HEDGES:
        match = pattern.search(sentence)
        if match:
            return sentence[: match.start()] + match.expand(new) + sentence[match.end() :], None
    return None


def _done(sentence: str, context: str, rng: random.Random) -> Changed | None:
    match = _PLANS.search(sentence)
    if not match:
        return None
    past = re.search(rf"\b{match[1][:-1]}\w*ed\b", context)
    new = past[0] if past else f"did {match[1]}"
    return sentence[: match.start()] + f" {new}" + sentence[match.end() :], None


def _other_degree(sentence: str, context: str, rng: random.Random) -> Changed | None:
    found = [(m, others) for pattern, others in _DEGREES for m in pattern.finditer(sentence)]
    if not found:
        return None
    match, others = rng.choice(found)
    new = rng.choice(others)
    return sentence[: match.start()] + new + sentence[match.end() :], (match.start(), match.start() + len(new))


def _turned(sentence: str, context: str, rng: random.Random) -> Changed | None:
    changed = turned(sentence)
    return (changed, None) if changed else None
